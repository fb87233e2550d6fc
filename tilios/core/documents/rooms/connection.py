"""One socket: what may come in, what waits to go out."""

import asyncio
from collections import deque
from typing import Any

from tilios.core.documents import limits, yjs
from tilios.core.documents.access import Access, Writer
from tilios.core.documents.rooms import protocol
from tilios.core.documents.rooms.joining import Admission, Pass
from tilios.core.documents.rooms.room import Piece, Room
from tilios.core.documents.rooms.storing import Storing

LAST_WORDS_S = 5  # for a browser to hear that it is put out, once it is told to come back
UNSTORED = 500  # changes of one browser on their way to the disk, before the next is read


class Connection:
    """Somebody in a room. `run` lasts until they leave or are put out."""

    MOST_CURSORS = 4

    def __init__(self, room: Room, shown: Pass, admission: Admission, storing: Storing) -> None:
        self.room, self.shown, self.writer, self.access = room, shown, admission.writer, admission.access
        self._storing = storing
        self._waiting: deque[bytes] = deque()
        self._behind = 0  # bytes of `_waiting`
        self._something = asyncio.Event()
        self._room_for_more = asyncio.Event()
        self._room_for_more.set()
        self._code = 0
        self._sent = self._stored = 0  # changes that came in; those that are on the disk
        self._tokens = float(limits.BURST)
        self._counted_at = asyncio.get_running_loop().time()

    @property
    def user(self) -> dict[str, Any]:
        """SECURITY: who a cursor is, as the server knows it; what the browser claims is written over."""
        writer = self.writer
        return {"name": writer.name, "colour": writer.colour, "person": writer.person.pk if writer.person else None}

    @property
    def account(self) -> int | None:
        """The account of the human at the keyboard."""
        person = self.writer.person
        return (person.acted_by or person).account_id if person else None

    def send(self, message: bytes) -> None:
        """Have `message` sent when its turn comes. A reader too far behind is asked to come back."""
        if self._code:
            return
        self._waiting.append(message)
        self._behind += len(message)
        if self._behind > limits.BEHIND:
            self.close(protocol.COME_BACK)
        self._something.set()

    def close(self, code: int) -> None:
        """Put the connection out, once what waits is sent; unless it is too much."""
        if not self._code:
            self._code = code
            if self._behind > limits.BEHIND:
                self._waiting.clear()
        self._room_for_more.set()
        self._something.set()

    def is_stored(self, count: int) -> None:
        self._stored += count
        self.send(protocol.stored(self._stored))
        if self._sent - self._stored < UNSTORED:
            self._room_for_more.set()

    def changed(self, writer: Writer, access: Access) -> None:
        """Rights were asked again, and still open the text."""
        self.writer = writer
        if access != self.access:
            before, self.access = self.access, access
            self.send(protocol.said({"access": int(access)}))
            if before < Access.WRITE <= access:
                self._ask_for_changes()

    def _ask_for_changes(self) -> None:
        self.send(protocol.sync(protocol.STEP_1, self._state))

    async def run(self, receive: Any, send: Any, thread: Any) -> None:
        """Speak with the browser until one of the two ends. `thread` runs a function that reads the database."""
        self._state = await thread(self.room.state)
        self.send(protocol.said({"access": int(self.access)}))
        if self.access >= Access.WRITE:
            self._ask_for_changes()
        self.room.enter(self)
        sending = asyncio.ensure_future(self._send_all(send))
        reading = asyncio.ensure_future(self._read_all(receive, thread))
        try:
            await asyncio.wait({sending, reading}, return_when=asyncio.FIRST_COMPLETED)
            # Nobody is there to be told any more, or the server stops: what was sent before is still read to its end.
            if self._code in (0, protocol.COME_BACK):
                await asyncio.wait({reading}, timeout=LAST_WORDS_S if self._code else None)
        finally:
            self.room.leave(self)
            self._code = self._code or protocol.COME_BACK
            for task in (sending, reading):
                task.cancel()
            await asyncio.gather(sending, reading, return_exceptions=True)

    async def _send_all(self, send: Any) -> None:
        while True:
            await self._something.wait()
            self._something.clear()
            while self._waiting:
                message = self._waiting.popleft()
                self._behind -= len(message)
                await send({"type": "websocket.send", "bytes": message})
            if self._code:
                await send({"type": "websocket.close", "code": self._code})
                return

    async def _read_all(self, receive: Any, thread: Any) -> None:
        while True:
            await self._room_for_more.wait()
            event = await receive()
            if event["type"] != "websocket.receive":
                return
            if self._code not in (0, protocol.COME_BACK):
                continue
            data = event.get("bytes")
            if not self._in_time():
                self._refuse("too_fast", protocol.TOO_FAST)
            elif data is None:
                self.close(protocol.UNREADABLE)
            elif len(data) > limits.MESSAGE:
                self._refuse("too_large", protocol.TEXT_TOO_LARGE)
            else:
                await self._take(data, thread)

    def _refuse(self, why: str, code: int = 0) -> None:
        self.send(protocol.said({"refused": why}))
        if code:
            self.close(code)

    def _in_time(self) -> bool:
        now = asyncio.get_running_loop().time()
        self._tokens = min(limits.BURST, self._tokens + (now - self._counted_at) * limits.MESSAGES_A_SECOND)
        self._counted_at = now
        self._tokens -= 1
        return self._tokens >= 0

    async def _take(self, data: bytes, thread: Any) -> None:
        try:
            message = protocol.read(data)
            if message.kind == protocol.AWARENESS:
                self.room.moved(self, protocol.read_cursors(message.body, most=limits.CURSOR))
            elif message.kind == protocol.ASK:
                self.send(protocol.awareness([cursor for cursor, _of in self.room.cursors.values()]))
            elif message.step == protocol.STEP_1:
                lacking = await thread(self.room.whole_since, message.body)
                self.send(protocol.sync(protocol.STEP_2, lacking))
            else:
                self._change(message)
        except yjs.Malformed:
            self.close(protocol.UNREADABLE)

    def _change(self, message: protocol.Message) -> None:
        if message.step == protocol.STEP_2 and message.body == yjs.NOTHING:
            return
        # SECURITY: whoever only reads changes nothing, whatever their browser sends.
        if self.access < Access.WRITE:
            self._refuse("read_only")
            return
        self._sent += 1
        if self._sent - self._stored >= UNSTORED:
            self._room_for_more.clear()
        self._storing.put(Piece(self.room, message.body, self, message.step == protocol.STEP_2))
