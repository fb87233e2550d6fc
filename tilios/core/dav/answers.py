"""Write answers: 207 Multi-Status, errors with their condition."""

from collections.abc import Iterable, Iterator
from functools import cache
from http import HTTPStatus
from itertools import chain
from xml.sax.saxutils import escape, quoteattr

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse

from tilios.core.dav.errors import Refusal

XML = "application/xml; charset=utf-8"
HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
OPEN = HEAD + '<D:multistatus xmlns:D="DAV:">'
CLOSE = "</D:multistatus>"
PIECE = 256 * 1024  # characters


def multistatus(responses: Iterable[str], *, token: str = "") -> HttpResponseBase:
    """One XML `response` after the other, given as they are made: memory does not grow with a collection.

    What fits in one piece is given whole, with its length: half a millisecond less than a stream.
    """
    tail = f"<D:sync-token>{escape(token)}</D:sync-token>{CLOSE}" if token else CLOSE
    pieces = _pieces(responses, tail)
    first, second = next(pieces), next(pieces, None)
    if second is None:
        return HttpResponse(first, status=207, content_type=XML)
    return StreamingHttpResponse(chain((first, second), pieces), status=207, content_type=XML)


def _pieces(responses: Iterable[str], tail: str) -> Iterator[bytes]:
    waiting, size = [OPEN], 0
    for response in responses:
        waiting.append(response)
        size += len(response)
        if size > PIECE:
            yield "".join(waiting).encode()
            waiting, size = [], 0
    yield "".join([*waiting, tail]).encode()


def escaped(text: str) -> str:
    """`text` in XML. Most of it holds nothing to escape, which three looks tell twenty times faster than a pattern."""
    return escape(text) if "&" in text or "<" in text or ">" in text else text


@cache
def status_line(status: int) -> str:
    return f"<D:status>HTTP/1.1 {status} {HTTPStatus(status).phrase}</D:status>"


def response(href: str, propstats: Iterable[tuple[int, str]]) -> str:
    """One resource: its properties by status."""
    parts = "".join(
        f"<D:propstat><D:prop>{props}</D:prop>{status_line(status)}</D:propstat>"
        for status, props in propstats
        if props
    )
    return f"<D:response><D:href>{escaped(href)}</D:href>{parts}</D:response>"


def failure(href: str, status: int, condition: str = "") -> str:
    """One resource that could not be treated."""
    error = f"<D:error><D:{condition}/></D:error>" if condition else ""
    return f"<D:response><D:href>{escape(href)}</D:href>{status_line(status)}{error}</D:response>"


def element(name: str, xml: str | None = None) -> str:
    """A property called {namespace}local, empty or around `xml`."""
    space, local = split(name)
    if space == "DAV:":
        return f"<D:{local}/>" if not xml else f"<D:{local}>{xml}</D:{local}>"
    opening = f"<{local} xmlns={quoteattr(space)}"
    return f"{opening}/>" if not xml else f"{opening}>{xml}</{local}>"


def tags(name: str) -> tuple[str, str]:
    """What opens and what closes a property called {namespace}local."""
    space, local = split(name)
    if space == "DAV:":
        return f"<D:{local}>", f"</D:{local}>"
    return f"<{local} xmlns={quoteattr(space)}>", f"</{local}>"


def split(name: str) -> tuple[str, str]:
    """Namespace and local name of {namespace}local."""
    if name.startswith("{"):
        space, _brace, local = name[1:].partition("}")
        return space, local
    return "", name


def refused(error: Refusal) -> HttpResponse:
    """The answer of a request that was stopped."""
    body = ""
    if error.condition:
        hrefs = "".join(f"<D:href>{escape(href)}</D:href>" for href in error.hrefs)
        said = f"<D:responsedescription>{escape(error.reason)}</D:responsedescription>" if error.reason else ""
        inside = element(f"{error.space}{error.condition}", hrefs)
        body = f'{HEAD}<D:error xmlns:D="DAV:">{inside}{said}</D:error>'
    answer = HttpResponse(body, status=error.status, content_type=XML if body else "text/plain; charset=utf-8")
    for name, value in error.headers.items():
        answer[name] = value
    return answer
