"""One process for everything: web pages (WSGI in threads), streams, websockets, and the worker.

Django's sync views run about twice as fast under its WSGI handler as under its ASGI one (docs/decisions/0003), so HTTP
goes through a2wsgi; websockets come with the live texts.
"""

import os
from typing import Any

from a2wsgi import WSGIMiddleware

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tilios.config.settings")

from tilios.config.wsgi import application as pages
from tilios.core.live.announcing import PATH as LIVE
from tilios.core.live.streaming import stream

THREADS = int(os.environ.get("TILIOS_THREADS", "16"))
_http = WSGIMiddleware(pages, workers=THREADS)  # type: ignore[arg-type]


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The ASGI application uvicorn serves."""
    if scope["type"] == "http" and scope["path"].startswith(LIVE):
        await stream(scope, receive, send)
    elif scope["type"] == "http":
        await _http(scope, _noting_cuts(scope, receive), send)  # type: ignore[arg-type]
    elif scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
    else:
        raise RuntimeError(f"unexpected {scope['type']}")


def _noting_cuts(scope: dict[str, Any], receive: Any) -> Any:
    """SECURITY: WSGI cannot tell a body that ended from a client that went away. The scope, which a view finds in
    `environ["asgi.scope"]`, says "tilios.cut" when a body was not whole.
    """
    whole = False

    async def noting() -> Any:
        nonlocal whole
        message = await receive()
        if message["type"] == "http.disconnect" and not whole:
            scope["tilios.cut"] = True
        elif not message.get("more_body", False):
            whole = True
        return message

    return noting
