"""OPTIONS: what this server can do."""

from django.http import HttpResponse

from tilios.core.dav.call import Call

#: Office programs of Windows open for writing only where this header stands.
HEADERS = {"DAV": "1, 2, 3", "MS-Author-Via": "DAV"}


def answer(call: Call) -> HttpResponse:
    from tilios.core.dav.verbs import METHODS

    return HttpResponse(headers={**HEADERS, "Allow": ", ".join(METHODS), "Content-Length": "0"})
