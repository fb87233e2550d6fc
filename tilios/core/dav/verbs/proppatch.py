"""PROPPATCH: store and remove dead properties, all of them or none (RFC 4918, 9.2)."""

from xml.etree.ElementTree import Element

from django.http import HttpResponseBase

from tilios.core.dav.answers import element, multistatus, response
from tilios.core.dav.bodies import DAV, as_text, xml_of
from tilios.core.dav.call import Call
from tilios.core.dav.errors import Refusal
from tilios.core.dav.properties import Live, change_dead
from tilios.core.errors import require

LONGEST_NAME, LONGEST_VALUE, MOST_CHANGES = 500, 100_000, 200
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def answer(call: Call) -> HttpResponseBase:
    node = call.found()
    call.require_condition()
    call.require_unlocked(call.here)
    require(node.is_writable)
    changes = _changes(xml_of(call.request))
    names = list(dict.fromkeys(name for name, _xml in changes))
    protected = [name for name in names if name.startswith(DAV) and name.removeprefix(DAV) in Live.NAMED]
    too_long = [name for name, xml in changes if len(name) > LONGEST_NAME or len(xml or "") > LONGEST_VALUE]
    wrong = set(protected) | set(too_long)
    full = False
    if not wrong:
        full = not change_dead(node, changes)
    href = call.href(call.names, is_collection=node.is_collection)
    if not wrong and not full:
        return multistatus([response(href, [(200, "".join(map(element, names)))])])
    others = "".join(element(name) for name in names if name not in wrong)
    status = [(403, "".join(map(element, protected))), (507, "".join(element(name) for name in too_long))]
    status.append((507 if full else 424, others))
    return multistatus([response(href, status)])


def _changes(document: Element | None) -> list[tuple[str, str | None]]:
    """Names and their XML, None to remove; in the order given. Raises Refusal(400)."""
    if document is None or document.tag != f"{DAV}propertyupdate":
        raise Refusal(400)
    changes: list[tuple[str, str | None]] = []
    for instruction in document:
        if instruction.tag not in {f"{DAV}set", f"{DAV}remove"}:
            continue
        for prop in instruction.findall(f"{DAV}prop"):
            language = prop.get(XML_LANG)
            for child in prop:
                if language and child.get(XML_LANG) is None:
                    child.set(XML_LANG, language)
                changes.append((child.tag, as_text(child) if instruction.tag == f"{DAV}set" else None))
    if not changes or len(changes) > MOST_CHANGES:
        raise Refusal(400)
    return changes
