"""MKCOL: a new collection, with no body (RFC 4918, 9.3)."""

from django.http import HttpResponse

from tilios.core.dav.bodies import read_whole
from tilios.core.dav.call import Call
from tilios.core.dav.errors import Refusal
from tilios.core.dav.tree import Node


def answer(call: Call) -> HttpResponse:
    if call.here.node is not None:
        raise Refusal(405)
    if call.here.parent is None:
        raise Refusal(409)
    if read_whole(call.request):
        raise Refusal(415)
    call.require_condition()
    call.require_unlocked(call.here, parent=True)

    def check(node: Node | None) -> None:
        if node is not None:
            raise Refusal(405)

    call.tree.make_collection(call.here.parent, call.here.name, check=check)
    return HttpResponse(status=201)
