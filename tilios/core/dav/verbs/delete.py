"""DELETE: the whole of it, or nothing."""

from django.db import transaction
from django.http import HttpResponse

from tilios.core.dav import locks
from tilios.core.dav.call import Call
from tilios.core.dav.conditions import check_etags
from tilios.core.dav.errors import Refusal


def answer(call: Call) -> HttpResponse:
    node = call.found()
    if not call.names:
        raise Refusal(403)
    if node.is_collection and call.request.headers.get("Depth", "infinity").strip().lower() != "infinity":
        raise Refusal(400)
    call.require_condition()
    call.require_unlocked(call.here, deep=True, parent=True)
    with transaction.atomic():
        locks.forget(call.tree, node, call.held)
        call.tree.delete(node, check=lambda there: check_etags(call.request, there))
    return HttpResponse(status=204)
