"""A client of the rooms, as a browser is one: y-websocket's protocol over a real socket."""

import asyncio
import contextlib
import json
from typing import Any

import pycrdt
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tilios.core.documents import yjs
from tilios.core.documents.rooms import protocol
from tilios.core.documents.tests.standing import Typist

WITHIN_S = 20


class Browser(Typist):
    """`async with Browser(7).at(url, cookie) as bob`: typing is sent; what comes is applied."""

    def __init__(self, client: int) -> None:
        super().__init__(client)
        self.sent = self.stored = 0
        self.said_in_order: list[str] = []  # the words of each change sent, "" for one that repeats others
        self.cursors: dict[int, Any] = {}
        self.said: list[dict[str, Any]] = []
        self.code = 0
        self.synced = False
        self.socket: ClientConnection
        self._changed = asyncio.Event()

    @contextlib.asynccontextmanager
    async def at(self, url: str, cookie: str = "", origin: str = "") -> Any:
        base = "http" + url.removeprefix("ws").split("/rooms/")[0]
        headers = {"Cookie": f"tilios_session={cookie}"} if cookie else {}
        self.socket = await connect(
            url,
            origin=origin or base,
            additional_headers=headers,
            max_size=None,
            compression=None,  # type: ignore[arg-type]
        )
        self.sent = self.stored = self.code = 0
        self.said_in_order = []
        self.synced = False
        listening = asyncio.ensure_future(self._listen())
        with contextlib.suppress(ConnectionClosed):  # refused already: `code` says why
            await self.socket.send(protocol.sync(protocol.STEP_1, self.doc.get_state()))
        try:
            yield self
        finally:
            await self.socket.close()
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    async def _listen(self) -> None:
        try:
            async for data in self.socket:
                await self._take(bytes(data))  # type: ignore[arg-type]
                self._changed.set()
        except ConnectionClosed:
            pass
        self.code = self.socket.close_code or 0
        self._changed.set()

    async def _take(self, data: bytes) -> None:
        kind, at = yjs.read_number(data)
        if kind == protocol.STORED:
            self.stored, _at = yjs.read_number(data, at)
        elif kind == protocol.SAID:
            size, at = yjs.read_number(data, at)
            self.said.append(json.loads(data[at : at + size]))
        elif kind == protocol.AWARENESS:
            for one in protocol.read_cursors(protocol.read(data).body, most=10_000):
                self.cursors[one.client] = one.state
        else:
            message = protocol.read(data)
            if message.step == protocol.STEP_1:
                missing = self.doc.get_update(message.body)
                if missing != yjs.NOTHING:
                    await self.change(missing, protocol.STEP_2)
            else:
                self.doc.apply_update(message.body)
                self.synced |= message.step == protocol.STEP_2

    async def change(self, update: bytes, step: int = protocol.UPDATE, words: str = "") -> None:
        self.sent += 1
        self.said_in_order.append(words)
        await self.socket.send(protocol.sync(step, update))

    async def write(self, words: str) -> None:
        await self.change(self.type(words), words=words)

    async def point(self, clock: int, **state: Any) -> None:
        await self.socket.send(protocol.awareness([protocol.Cursor(self.doc.client_id, clock, state)]))

    async def until(self, true: Any) -> None:
        """Wait until `true()`. Raises TimeoutError with what is known."""
        try:
            async with asyncio.timeout(WITHIN_S):
                while not true():
                    await self._changed.wait()
                    self._changed.clear()
        except TimeoutError:
            raise AssertionError(f"{self.text[:300]} {self.said} {self.stored}/{self.sent} {self.code}") from None

    @property
    def kept(self) -> set[str]:
        """The words that this browser shows as stored."""
        return set(self.said_in_order[: self.stored]) - {""}

    @property
    def saved(self) -> bool:
        return self.stored == self.sent


def words_of(doc: pycrdt.Doc) -> list[str]:
    """The paragraphs of a text, sorted: the order in which people meet is not ours."""
    return sorted("".join(str(piece) for piece in child.children) for child in yjs.root(doc).children)  # type: ignore[union-attr]
