"""GET and HEAD: the bytes, or a plain list of a collection for whoever opens the address in a browser."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render

from tilios.core.dav.call import Call


def answer(call: Call) -> HttpResponseBase:
    node = call.found()
    if not node.is_collection:
        return call.tree.read(call.request, node)
    if call.request.method == "HEAD":
        return HttpResponse(headers={"ETag": f'"{node.etag}"'} if node.etag else {})
    members = sorted(call.tree.members(node), key=lambda one: (not one.is_collection, one.name.casefold()))
    rows = [(one, call.href((*call.names, one.name), is_collection=one.is_collection)) for one in members[:5000]]
    return render(call.request, "dav/listing.html", {"node": node, "rows": rows, "names": call.names})
