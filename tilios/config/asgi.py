"""One process for everything: web pages (WSGI in threads), streams, websockets, and the worker.

Django's sync views run about twice as fast under its WSGI handler as under its ASGI one (docs/decisions/0003), so HTTP
goes to threads (`passage.py`). Websockets are those of live texts.
"""

import asyncio
import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tilios.config.settings")

from tilios.config.passage import Passage
from tilios.config.wsgi import application as pages
from tilios.core.documents.rooms.serving import serve as rooms
from tilios.core.live.announcing import PATH as LIVE
from tilios.core.live.streaming import stream

#: A sender who says nothing for so long in the middle of a body has gone, even if nobody told us: a phone that changes
#: networks leaves its line open behind it, and a thread that waits.
SILENCE_S = 120
THREADS = int(os.environ.get("TILIOS_THREADS", "16"))
http = Passage(pages, workers=THREADS)


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The ASGI application uvicorn serves."""
    if scope["type"] == "http" and scope["path"].startswith(LIVE):
        await stream(scope, receive, send)
    elif scope["type"] == "http":
        await http(scope, _noting_cuts(scope, receive), send)
    elif scope["type"] == "websocket":
        await rooms(scope, receive, send)
    else:
        raise RuntimeError(f"unexpected {scope['type']}")


def _noting_cuts(scope: dict[str, Any], receive: Any) -> Any:
    """SECURITY: WSGI cannot tell a body that ended from a client that went away. The scope, which a view finds in
    `environ["asgi.scope"]`, says "tilios.cut" when a body was not whole.
    """
    whole = False

    async def noting() -> Any:
        nonlocal whole
        try:
            async with asyncio.timeout(None if whole else SILENCE_S):
                message = await receive()
        except TimeoutError:
            message = {"type": "http.disconnect"}
        if message["type"] == "http.disconnect" and not whole:
            scope["tilios.cut"] = True
        elif not message.get("more_body", False):
            whole = True
        return message

    return noting
