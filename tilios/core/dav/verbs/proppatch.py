"""PROPPATCH: store and remove dead properties, all of them or none (RFC 4918, 9.2)."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from django.db import transaction
from django.http import HttpResponseBase

from tilios.core.dav.answers import element, multistatus, response
from tilios.core.dav.bodies import DAV, as_text, xml_of
from tilios.core.dav.call import Call
from tilios.core.dav.errors import Refusal
from tilios.core.dav.properties import Live, change_dead
from tilios.core.dav.tree import Node, Tree
from tilios.core.errors import require

LONGEST_NAME, LONGEST_VALUE, MOST_CHANGES = 500, 100_000, 200
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def answer(call: Call) -> HttpResponseBase:
    node = call.found()
    call.require_condition()
    call.require_unlocked(call.here)
    require(node.is_writable)
    changes = _changes(xml_of(call.request))
    statuses = judged(call.tree, node, changes)
    href = call.href(call.names, is_collection=node.is_collection)
    by_status: dict[int, str] = {}
    for name, status in statuses.items():
        by_status[status] = by_status.get(status, "") + element(name)
    return multistatus([response(href, sorted(by_status.items()))])


@transaction.atomic
def judged(tree: Tree, node: Node, changes: Sequence[tuple[str, Element | None]]) -> dict[str, int]:
    """Change the properties, all of them or none: the status of each."""
    statuses: dict[str, int] = {}
    dead = []
    own = tree.set_values(node, changes) or {}
    for name, value in changes:
        xml = as_text(value) if value is not None else None
        if name in own:
            statuses[name] = own[name]
        elif name.startswith(DAV) and name.removeprefix(DAV) in Live.NAMED:
            statuses[name] = 403
        elif len(name) > LONGEST_NAME or len(xml or "") > LONGEST_VALUE:
            statuses[name] = 507
        else:
            statuses[name] = 200
            dead.append((name, xml))
    if all(status == 200 for status in statuses.values()):
        if change_dead(node, dead):
            return statuses
        statuses.update((name, 507) for name, _xml in dead)
    transaction.set_rollback(True)
    return {name: 424 if status == 200 else status for name, status in statuses.items()}


def _changes(document: Element | None) -> list[tuple[str, Element | None]]:
    """Names and their elements, None to remove; in the order given. Raises Refusal(400)."""
    if document is None or document.tag != f"{DAV}propertyupdate":
        raise Refusal(400)
    changes: list[tuple[str, Element | None]] = []
    for instruction in document:
        if instruction.tag not in {f"{DAV}set", f"{DAV}remove"}:
            continue
        for prop in instruction.findall(f"{DAV}prop"):
            language = prop.get(XML_LANG)
            for child in prop:
                if language and child.get(XML_LANG) is None:
                    child.set(XML_LANG, language)
                changes.append((child.tag, child if instruction.tag == f"{DAV}set" else None))
    if not changes or len(changes) > MOST_CHANGES:
        raise Refusal(400)
    return changes
