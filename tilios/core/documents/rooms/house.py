"""The rooms of this process, and the ear that hears the other processes."""

import asyncio
import base64
import logging
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import close_old_connections, connection

from tilios.core.documents import actions, limits, watching
from tilios.core.documents.models import Document
from tilios.core.documents.rooms import joining, protocol, telling
from tilios.core.documents.rooms.room import Piece, Room
from tilios.core.documents.rooms.storing import Storing
from tilios.core.live.listening import listen
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope

logger = logging.getLogger("tilios.rooms")
T = TypeVar("T")
THREADS = 2
ASKED_EVERY_S = 20
EMPTY_FOR_S = 30
SUMMED_EVERY = 1000  # updates
CLOSES_WITHIN_S = 10


class House:
    """What one event loop serves. Everything but `heard` is called in that loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.name = base64.b16encode(os.urandom(6)).decode()
        self.rooms: dict[int, Room] = {}
        self.closing = False
        self._sockets = 0
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="tilios-rooms")
        self.storing = Storing(loop)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._asking = loop.call_later(ASKED_EVERY_S, self._ask_everybody)
        telling.hear(self.heard)
        if connection.vendor == "postgresql":
            threading.Thread(target=self._hear, name="tilios-rooms-ear", daemon=True).start()

    async def thread(self, function: Callable[..., T], *arguments: Any) -> T:
        """Run what reads the database in a thread, with a connection that is alive."""

        def run() -> T:
            close_old_connections()
            try:
                return function(*arguments)
            finally:
                close_old_connections()

        return await self.loop.run_in_executor(self._threads, run)

    @property
    def people(self) -> int:
        return sum(len(room.connections) for room in self.rooms.values())

    def room(self, structure: Structure, number: int) -> Room | None:
        """The room of a text, made if there is none; None when it, or the process, is full."""
        room = self.rooms.get(number)
        if self.people >= limits.CONNECTIONS:
            return None
        if room is None:
            room = self.rooms[number] = Room(structure, number)
            if connection.vendor == "postgresql":
                room.on_moves = self._tell_moves
            self.loop.call_later(EMPTY_FOR_S, self._rest, room)
        return room if len(room.connections) < limits.CONNECTIONS_OF_TEXT else None

    def left(self, room: Room) -> None:
        if not room.connections:
            self.loop.call_later(EMPTY_FOR_S, self._rest, room)
        elif room.unsummed >= SUMMED_EVERY:
            self._do(self._sum(room))

    def _rest(self, room: Room) -> None:
        """A text that nobody has open any more is summed up and leaves the memory."""
        if not room.connections and self.rooms.get(room.pk) is room:
            del self.rooms[room.pk]
            self._do(self._sum(room))

    async def _sum(self, room: Room) -> None:
        room.unsummed = 0
        await self.thread(settle, room.structure, room.pk)

    def _do(self, work: Any) -> None:
        task = self.loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            logger.error("a room could not do its work", exc_info=error)

    # Rights --------------------------------------------------------------------------------------------------------

    def _ask_everybody(self) -> None:
        self._asking = self.loop.call_later(ASKED_EVERY_S, self._ask_everybody)
        for room in list(self.rooms.values()):
            self._do(self._ask_again(room))
            if room.unsummed >= SUMMED_EVERY:
                self._do(self._sum(room))

    async def _ask_again(self, room: Room) -> None:
        for one in list(room.connections):
            found = await self.thread(joining.ask, one.shown)
            if isinstance(found, int):
                one.close(found)
            else:
                one.changed(found.writer, found.access)

    # What is told --------------------------------------------------------------------------------------------------

    def heard(self, notice: str) -> None:
        """A notice of `telling`, from any thread."""
        try:
            self.loop.call_soon_threadsafe(self._heard, notice)
        except RuntimeError:  # the loop has closed: nobody is there any more
            return

    def _heard(self, notice: str) -> None:
        what, number, *rest = notice.split(" ")
        if what == "rights-of":
            for room in self.rooms.values():
                if room.structure.pk == int(number):
                    self._do(self._ask_again(room))
            return
        if what == "rights-by":
            for room in self.rooms.values():
                if any(one.account == int(number) for one in room.connections):
                    self._do(self._ask_again(room))
            return
        found = self.rooms.get(int(number))
        if found is not None:
            self._heard_of(found, what, rest)

    def _heard_of(self, room: Room, what: str, rest: list[str]) -> None:
        if what == "text":
            self.storing.put(Piece(room))
        elif what == "rights":
            self._do(self._ask_again(room))
        elif what == "beside":
            room.say({"changed": rest[0]})
        elif what == "hands" and rest[0] != self.name:
            message = protocol.read(base64.b64decode(rest[1]))
            room.moved_elsewhere(protocol.read_cursors(message.body, most=2 * limits.CURSOR))

    def _tell_moves(self, room: Room, message: bytes) -> None:
        notice = f"hands {room.pk} {self.name} {base64.b64encode(message).decode()}"
        if len(notice) <= telling.LONGEST:
            self._do(self.thread(telling.tell, notice))

    def _hear(self) -> None:
        listen(telling.CHANNEL, heard=self.heard, missed=self._catch_up, closed=lambda: self.closing)

    def _catch_up(self) -> None:
        """Read what was stored while nobody listened."""
        for number in list(self.rooms):
            self.heard(f"text {number}")

    @contextmanager
    def arriving(self) -> Iterator[None]:
        """Holds the house open for one socket, from its coming to its end."""
        self._sockets += 1
        try:
            yield
        finally:
            self._sockets -= 1

    async def close(self) -> None:
        """The server stops: ask everybody to come back, store all they had sent.

        Those who left just before have their last words still on the way in: they are waited for.
        """
        self.closing = True
        self._asking.cancel()
        until = self.loop.time() + CLOSES_WITHIN_S
        while self._sockets and self.loop.time() < until:
            for room in self.rooms.values():
                for one in room.connections:
                    one.close(protocol.COME_BACK)
            await asyncio.sleep(0.02)
        telling.forget(self.heard)
        await self.loop.run_in_executor(None, self.storing.close)


def settle(structure: Structure, number: int) -> None:
    """A text came to rest: sum it up, and tell whoever keeps something made of it."""
    with scope(structure):
        document = Document.objects.filter(pk=number).first()
        if document is not None:
            document.structure = structure
            actions.compact(document)
            watching.rested(document)


_house: House | None = None


def house() -> House:
    """The house of the running loop."""
    global _house
    loop = asyncio.get_running_loop()
    if _house is None or _house.loop is not loop:
        if _house is not None:
            telling.forget(_house.heard)
        _house = House(loop)
    return _house


async def close() -> None:
    """End the rooms of this process, if there are any."""
    if _house is not None and _house.loop is asyncio.get_running_loop():
        await _house.close()
