"""COPY and MOVE (RFC 4918, 9.8 and 9.9)."""

from django.db import transaction
from django.http import HttpResponse

from tilios.core.dav import locks, properties
from tilios.core.dav.bodies import depth_of, overwrites
from tilios.core.dav.call import Call, Place
from tilios.core.dav.conditions import check_etags
from tilios.core.dav.errors import Exists, Refusal
from tilios.core.dav.tree import Node


def answer(call: Call) -> HttpResponse:
    node, moves = call.found(), call.request.method == "MOVE"
    to = call.destination()
    depth = depth_of(call.request)
    if depth == "1" or (moves and depth == "0" and node.is_collection):
        raise Refusal(400)
    if to.names == call.names or not to.names or not call.names:
        raise Refusal(403)
    if node.is_collection and to.names[: len(call.names)] == call.names:
        raise Refusal(403)  # into itself
    if call.names[: len(to.names)] == to.names:
        raise Refusal(403)  # over what holds it
    if to.parent is None:
        raise Refusal(409)
    if to.node is not None and not overwrites(call.request):
        raise Exists
    call.require_condition()
    if moves:
        call.require_unlocked(call.here, deep=True, parent=True)
    call.require_unlocked(to, deep=True, parent=True)
    with transaction.atomic():
        is_new = _move(call, node, to) if moves else _copy(call, node, to, deep=depth == "infinity")
    location = call.href(to.names, is_collection=node.is_collection)
    return HttpResponse(status=201 if is_new else 204, headers={"Location": location})


def _move(call: Call, node: Node, to: Place) -> bool:
    assert to.parent is not None
    if to.node is not None:
        locks.forget(call.tree, to.node, call.held)
    # A lock belongs to an address, not to what stood there.
    locks.forget(call.tree, node, call.held)
    _moved, is_new = call.tree.move(
        node,
        to.parent,
        to.name,
        overwrite=overwrites(call.request),
        check=lambda there: check_etags(call.request, there),
    )
    return is_new


def _copy(call: Call, node: Node, to: Place, *, deep: bool) -> bool:
    assert to.parent is not None
    _made, is_new, pairs = call.tree.copy(
        node,
        to.parent,
        to.name,
        overwrite=overwrites(call.request),
        deep=deep,
        check=lambda there: check_etags(call.request, there),
    )
    properties.copy_dead(pairs)
    return is_new
