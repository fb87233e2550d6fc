"""The stream itself: server-sent events (WHATWG HTML, 9.2), as a bare ASGI application.

It stands beside the pages, not behind them: a stream kept open would hold one of the threads that serve pages.
"""

import asyncio
import contextlib
from typing import Any

from tilios.core.live.announcing import topic_at
from tilios.core.live.hub import hub

MOST_STREAMS = 2000  # of one process; whoever comes after asks again by the clock
BEAT_S = 20  # proxies close what is silent
REST_S = 0.4  # many changes at once are one
LASTS_S = 60 * 60
CHANGED = b"event: changed\ndata:\n\n"
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
]


async def stream(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer a request below PATH: 404 for an address that is not ours or too old, 503 when too many listen."""
    topic = topic_at(scope["path"])
    if scope["method"] != "GET":
        await _refuse(send, 405)
    elif topic is None:
        await _refuse(send, 404)
    elif hub.closed or hub.streams >= MOST_STREAMS:
        await _refuse(send, 503)
    else:
        await _follow(topic, receive, send)


async def _refuse(send: Any, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"cache-control", b"no-store")]})
    await send({"type": "http.response.body", "body": b""})


async def _follow(topic: str, receive: Any, send: Any) -> None:
    gone = asyncio.ensure_future(_until_gone(receive))
    ends_at = asyncio.get_running_loop().time() + LASTS_S
    with hub.listening(topic) as listener:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await _say(send, b"retry: 3000\n\n")
        try:
            while not gone.done() and not hub.closed and asyncio.get_running_loop().time() < ends_at:
                await _wait(listener.changed, gone)
                if gone.done() or hub.closed:
                    break
                if not listener.changed.is_set():
                    await _say(send, b":\n\n")
                    continue
                listener.changed.clear()
                await _say(send, CHANGED)
                await asyncio.wait({gone}, timeout=REST_S)
        finally:
            gone.cancel()
    with contextlib.suppress(OSError):
        await send({"type": "http.response.body", "body": b""})


async def _wait(changed: asyncio.Event, gone: asyncio.Future[None]) -> None:
    """Until something changes, the reader leaves, or it is time for a beat."""
    waiting: asyncio.Future[Any] = asyncio.ensure_future(changed.wait())
    either: set[asyncio.Future[Any]] = {waiting, gone}
    await asyncio.wait(either, timeout=BEAT_S, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()


async def _until_gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _say(send: Any, words: bytes) -> None:
    await send({"type": "http.response.body", "body": words, "more_body": True})
