"""The way from uvicorn's loop to Django's threads and back: one passage each way for a request of a plain page.

With a2wsgi, whose reading of requests this keeps, a thread waits for each part of a body: sixteen people on slow lines
held all of them. A form takes a quarter of a millisecond less, too; a request without a body takes as long.
"""

import asyncio
import contextvars
import io
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from a2wsgi.wsgi import Body, build_environ

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Start = Callable[..., Any]

#: Bytes of a body that is read whole before a thread is taken for it: forms, and what programs ask. A sender who is
#: slow then holds no thread.
SMALL = 64 * 1024
END = b""


class Passage:
    """An ASGI application that runs `app`, a WSGI one whose answers have Django's `streaming`, in `workers` threads."""

    def __init__(self, app: Callable[[dict[str, Any], Start], Any], workers: int) -> None:
        self.app = app
        self.threads = ThreadPoolExecutor(workers, thread_name_prefix="WSGI")

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        small = _is_small(scope)
        body: Any = io.BytesIO(await _whole(receive)) if small else Body(loop, receive)
        environ: Any = build_environ(scope, body)  # type: ignore[arg-type]
        run = contextvars.copy_context().run
        head, content = await loop.run_in_executor(self.threads, run, self._answer, environ, loop, send)
        if head:
            await send(head)
        await send({"type": "http.response.body", "body": content})

    def _answer(self, environ: Any, loop: asyncio.AbstractEventLoop, send: Send) -> tuple[Any, bytes]:
        """In a thread: the head and the whole content of an answer. Of one that streams, all but its end is sent."""
        head: dict[str, Any] = {}

        def start(status: str, headers: Iterable[tuple[str, str]], _error: Any = None) -> None:
            names = [(name.lower().encode("latin1"), value.encode("latin1")) for name, value in headers]
            head.update(type="http.response.start", status=int(status[:3]), headers=names)

        answer = self.app(environ, start)
        try:
            if not answer.streaming:
                return head, b"".join(answer)
            _wait(loop, send(head))
            for part in answer:
                _wait(loop, send({"type": "http.response.body", "body": part, "more_body": True}))
            return None, END
        finally:
            answer.close()


def _wait(loop: asyncio.AbstractEventLoop, sending: Any) -> None:
    """Until the loop has sent it: whoever reads slowly slows down what is made for them."""
    asyncio.run_coroutine_threadsafe(sending, loop).result()


def _is_small(scope: dict[str, Any]) -> bool:
    """Whether the body, of a length that is said, may be read before anybody decides of the request.

    Whoever asks first ("Expect: 100-continue") is told to go on when somebody reads: the view decides.
    """
    length = 0
    for name, value in scope["headers"]:
        if name in (b"expect", b"transfer-encoding"):
            return False
        if name == b"content-length":
            length = int(value)
    return length <= SMALL


async def _whole(receive: Receive) -> bytes:
    """The body, or what came of it before its sender went away."""
    parts = []
    more = True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)
