"""MKCOL: a new collection, with no body (RFC 4918, 9.3), or, of calendars and address books, with the properties it
begins with (RFC 5689); MKCALENDAR is the same (RFC 4791, 5.3.1).
"""

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from django.db import transaction
from django.http import HttpResponse

from tilios.core.dav.bodies import DAV, read_whole, xml_of
from tilios.core.dav.call import Call
from tilios.core.dav.errors import Refusal
from tilios.core.dav.tree import Node
from tilios.core.dav.verbs.proppatch import judged


def answer(call: Call) -> HttpResponse:
    if call.here.node is not None:
        raise Refusal(405)
    if call.here.parent is None:
        raise Refusal(409)
    given = _given(call)
    call.require_condition()
    call.require_unlocked(call.here, parent=True)

    def check(node: Node | None) -> None:
        if node is not None:
            raise Refusal(405)

    with transaction.atomic():
        node = call.tree.make_collection(call.here.parent, call.here.name, check=check)
        if any(status != 200 for status in judged(call.tree, node, given).values()):
            raise Refusal(403)
    return HttpResponse(status=201)


def _given(call: Call) -> Sequence[tuple[str, Element | None]]:
    """The properties in the body. Raises Refusal(415) where a collection has none to begin with."""
    if not call.tree.makes_with_properties:
        if read_whole(call.request):
            raise Refusal(415)
        return ()
    document = xml_of(call.request)
    if document is None:
        return ()
    found = [child for prop in document.iterfind(f"{DAV}set/{DAV}prop") for child in prop]
    call.tree.require_types([child for child in found if child.tag == f"{DAV}resourcetype"])
    return [(child.tag, child) for child in found if child.tag != f"{DAV}resourcetype"]
