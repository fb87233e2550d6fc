"""PUT: the bytes are received aside first; whether they may take their place is judged once nobody else can."""

from django.http import HttpResponse

from tilios.core.dav.bodies import Incoming, mtime_of
from tilios.core.dav.call import Call
from tilios.core.dav.conditions import check_etags
from tilios.core.dav.errors import Refusal
from tilios.core.dav.tree import Node


def answer(call: Call) -> HttpResponse:
    here, request = call.here, call.request
    if "Content-Range" in request.headers:
        raise Refusal(400)  # RFC 9110, 14.5: a part must not replace the whole
    if here.node is not None and here.node.is_collection:
        raise Refusal(405)
    if here.parent is None:
        raise Refusal(409)
    call.require_condition()
    call.require_unlocked(here, parent=here.node is None)
    # Told now what will be refused anyway, before the bytes come; judged again below.
    check_etags(request, here.node)
    incoming = Incoming(request)
    content = call.tree.receive(incoming, name=here.name, media_type=request.content_type or "", length=incoming.length)
    incoming.refuse_cut(None)

    def check(node: Node | None) -> None:
        check_etags(request, node)
        _still(call)

    modified_ms = mtime_of(request)
    if modified_ms is not None:
        content.extra["modified_ms"] = modified_ms
    node, is_new = call.tree.write(here.parent, here.name, content, check=check)
    headers = {"ETag": f'"{node.etag}"'}
    if modified_ms is not None and node.modified_ms == modified_ms:
        headers["X-OC-Mtime"] = "accepted"
    return HttpResponse(status=201 if is_new else 204, headers=headers)


def _still(call: Call) -> None:
    """Somebody may have locked the place while the bytes came in."""
    call.__dict__.pop("held", None)
    call.require_unlocked(call.here, parent=call.here.node is None)
