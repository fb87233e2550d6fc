"""One module a method; each gives `answer(call)`. This is the table."""

from collections.abc import Callable
from importlib import import_module

from django.http import HttpResponseBase

from tilios.core.dav.call import Call

METHODS = (
    "OPTIONS", "GET", "HEAD", "PUT", "DELETE", "MKCOL", "COPY", "MOVE", "PROPFIND", "PROPPATCH", "LOCK", "UNLOCK",
    "REPORT", "MKCALENDAR",
)  # fmt: skip

_modules = {"HEAD": "get", "COPY": "transfer", "MOVE": "transfer", "MKCALENDAR": "mkcol"}
_answers: dict[str, Callable[[Call], HttpResponseBase]] = {
    method: import_module(f"{__name__}.{_modules.get(method, method.lower())}").answer for method in METHODS
}


def answer(call: Call) -> HttpResponseBase:
    """The answer of the method of the request; raises Refusal and the named errors of core/errors.py."""
    return _answers[call.request.method or "GET"](call)
