"""The door of the rooms: `/rooms/<number>?ticket=…`, a bare ASGI application beside the pages."""

import re
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings

from tilios.core.documents import tickets
from tilios.core.documents.rooms import protocol
from tilios.core.documents.rooms.connection import Connection
from tilios.core.documents.rooms.house import House, house
from tilios.core.documents.rooms.joining import admit

_PATH = re.compile(re.escape(tickets.PATH) + r"([0-9]{1,18})")
POLICY = 1008  # RFC 6455, 7.4.1


async def serve(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Take a websocket, or close it with the code that says why. Refused before it opens: 403, saying nothing more."""
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    await receive()
    path = _PATH.fullmatch(scope["path"])
    if path is None or not same_origin(headers):
        await send({"type": "websocket.close", "code": POLICY})
        return
    await send({"type": "websocket.accept"})
    ticket = parse_qs(scope["query_string"].decode("latin-1")).get("ticket", [""])[0]
    ours = house()
    with ours.arriving():
        code = await _join(ours, int(path[1]), ticket, _session_key(headers), receive, send)
        if code:
            await send({"type": "websocket.close", "code": code})


async def _join(ours: House, number: int, ticket: str, session_key: str, receive: Any, send: Any) -> int:
    """Stay in the room of the text `number` until the end; or the code to close with."""
    found = await ours.thread(admit, number, ticket, session_key)
    if isinstance(found, int):
        return found
    shown, admission = found
    room = ours.room(admission.structure, admission.document)
    if room is None:
        return protocol.COME_BACK
    try:
        await Connection(room, shown, admission, ours.storing).run(receive, send, ours.thread)
    finally:
        ours.left(room)
    return 0


def same_origin(headers: dict[str, str]) -> bool:
    """SECURITY: a page of another site may open a socket here, and the browser sends our cookies with it: the origin
    is asked for, as Django does for what changes things.
    """
    origin = urlsplit(headers.get("origin", ""))
    if f"{origin.scheme}://{origin.netloc}" in settings.CSRF_TRUSTED_ORIGINS:
        return True
    return bool(origin.netloc) and origin.netloc.lower() == headers.get("host", "").lower()


def _session_key(headers: dict[str, str]) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return found.value if found else ""
