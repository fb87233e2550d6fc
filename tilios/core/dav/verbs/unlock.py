"""UNLOCK: give a lock back (RFC 4918, 9.11)."""

from django.http import HttpResponse

from tilios.core.dav.call import Call
from tilios.core.dav.errors import Refusal


def answer(call: Call) -> HttpResponse:
    call.found()
    token = call.request.headers.get("Lock-Token", "").strip()
    if not (token.startswith("<") and token.endswith(">")):
        raise Refusal(400)
    call.require_condition()
    lock = next((one for one in call.held.over(call.here.chain) if one.token == token[1:-1]), None)
    if lock is None:
        raise Refusal(409, "lock-token-matches-request-uri")
    # SECURITY: tokens are no secret; a lock is given back by whoever took it.
    if lock.person_id != call.person.pk:
        raise Refusal(403)
    lock.delete()
    return HttpResponse(status=204)
