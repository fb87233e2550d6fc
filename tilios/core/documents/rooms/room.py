"""One text in memory, and those who have it open. What touches sockets runs in the event loop of the process."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pycrdt

from tilios.core.documents import rules, yjs
from tilios.core.documents.models import Author, Document, Revision, Update
from tilios.core.documents.rooms import protocol
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope

if TYPE_CHECKING:
    from tilios.core.documents.rooms.connection import Connection

FAN_S = 0.00015  # what telling one connection costs: a room tells at most as often as it can keep up with
CURSORS_EVERY_S = 0.05


@dataclass(eq=False)
class Piece:
    """A change that a connection sent; without `data`, a call to read what others stored."""

    room: "Room"
    data: bytes = b""
    sender: "Connection | None" = None
    whole: bool = False  # an answer to our first step: it repeats every deletion of the text


@dataclass
class Outcome:
    """What became of pieces of one room, once their transaction ended."""

    told: list[tuple[bytes, "Connection | None"]] = field(default_factory=list)
    stored: dict["Connection", int] = field(default_factory=dict)
    closed: dict["Connection", int] = field(default_factory=dict)  # with the code to close with
    gone: int = 0  # the code to close everybody with


class Room:
    """`lock` is held by whoever reads or changes `doc`, until what was added to it is stored: nobody is ever given a
    change that is not on the disk.
    """

    def __init__(self, structure: Structure, number: int) -> None:
        self.structure, self.pk = structure, number
        self.lock = threading.Lock()
        self.doc: pycrdt.Doc | None = None
        self.number = 0  # of the last update that `doc` has
        self.size = 0
        self.unsummed = 0  # updates since the text was last summed up
        self.hands: dict[int, str] = {}
        self.last: rules.Last | None = None
        self.sittings: dict[str, datetime] = {}
        self.connections: set[Connection] = set()
        self.cursors: dict[int, tuple[protocol.Cursor, Connection | None]] = {}
        self._untold: list[tuple[bytes, Connection | None]] = []
        self._moved: dict[int, Connection | None] = {}
        self._telling: asyncio.TimerHandle | None = None
        self._moving: asyncio.TimerHandle | None = None
        self._told_at = 0.0
        self._own_moves = False
        #: What tells the other processes of cursors that moved here, if there are any.
        self.on_moves: Callable[[Room, bytes], None] | None = None

    # In a thread that may read the database, `lock` held ------------------------------------------------------------

    def load(self) -> pycrdt.Doc:
        """The text as it is stored. Raises Document.DoesNotExist."""
        with scope(self.structure):
            row = Document.objects.only("state", "state_number", "last_number").get(pk=self.pk)
            later = Update.objects.filter(document=row, number__gt=row.state_number).order_by("number")
            found = [(number, bytes(data)) for number, data in later.values_list("number", "data")]
            self.doc = yjs.new_doc(bytes(row.state), *(data for _number, data in found))
            self.number = found[-1][0] if found else row.state_number
            self.size = len(row.state) + sum(len(data) for _number, data in found)
            self.unsummed = len(found)
            authors = Author.objects.filter(document=row).values_list("client", "person", "visitor")
            self.hands = {client: _key(person, visitor) for client, person, visitor in authors}
            self.last = self._last(row)
        return self.doc

    def _last(self, row: Document) -> rules.Last | None:
        last = Update.objects.filter(document=row).order_by("-number").first()
        first = Update.objects.filter(document=row).order_by("number").first()
        if last is None or first is None:
            return None
        kept = Revision.objects.filter(document=row).order_by("-number").first()
        return rules.Last(last.made_at, _key(last.person_id, last.visitor_id), (kept or first).made_at)

    def whole_since(self, state: bytes) -> bytes:
        """What somebody who knows `state` lacks. Raises Malformed."""
        with self.lock:
            doc = self.doc or self.load()
            try:
                return doc.get_update(state)
            except (KeyboardInterrupt, SystemExit):
                raise
            except BaseException as error:  # SECURITY: a panic of the Rust below is no Exception
                raise yjs.Malformed(str(error)) from error

    def state(self) -> bytes:
        with self.lock:
            return (self.doc or self.load()).get_state()

    # In the event loop ---------------------------------------------------------------------------------------------

    def enter(self, connection: "Connection") -> None:
        self.connections.add(connection)
        if self.cursors:
            connection.send(protocol.awareness([cursor for cursor, _of in self.cursors.values()]))

    def leave(self, connection: "Connection") -> None:
        self.connections.discard(connection)
        for client, (cursor, of) in list(self.cursors.items()):
            if of is connection:
                self._move(protocol.Cursor(client, cursor.clock + 1, None), None)

    def deliver(self, outcome: Outcome) -> None:
        """Say what became of pieces that were sent."""
        for connection, count in outcome.stored.items():
            connection.is_stored(count)
        for connection, code in outcome.closed.items():
            connection.close(code)
        if outcome.gone:
            for connection in list(self.connections):
                connection.close(outcome.gone)
        self._untold += outcome.told
        if self._untold and self._telling is None:
            loop = asyncio.get_running_loop()
            at = max(loop.time(), self._told_at + len(self.connections) * FAN_S)
            self._telling = loop.call_at(at, self._tell)

    def _tell(self) -> None:
        """Everything new in one message for everybody: under load many changes are one."""
        self._telling, untold, self._untold = None, self._untold, []
        self._told_at = asyncio.get_running_loop().time()
        senders = {sender for _data, sender in untold}
        only = senders.pop() if len(senders) == 1 else None
        message = protocol.sync(protocol.UPDATE, yjs.merged([data for data, _sender in untold]))
        for connection in self.connections:
            if connection is not only:
                connection.send(message)

    def say(self, what: dict[str, Any]) -> None:
        message = protocol.said(what)
        for connection in self.connections:
            connection.send(message)

    def moved(self, connection: "Connection", cursors: list[protocol.Cursor]) -> None:
        """Take what a browser says of its own cursors. What it repeats of others is passed over."""
        for cursor in cursors:
            known = self.cursors.get(cursor.client)
            if known is not None and known[1] is not connection:
                # SECURITY: nobody moves the cursor of another; a browser that comes back takes its own again.
                if known[1] is None or known[1].writer.key != connection.writer.key:
                    continue
            elif known is None:
                mine = sum(of is connection for _cursor, of in self.cursors.values())
                if cursor.state is None or mine >= connection.MOST_CURSORS:
                    continue
            if known is not None and known[1] is connection and cursor.clock < known[0].clock:
                continue
            state = None if cursor.state is None else {**cursor.state, "user": connection.user}
            self._move(protocol.Cursor(cursor.client, cursor.clock, state), connection)

    def moved_elsewhere(self, cursors: list[protocol.Cursor]) -> None:
        """Take cursors that another process has judged."""
        for cursor in cursors:
            known = self.cursors.get(cursor.client)
            if known is None or known[1] is None:
                self._move(cursor, None, tells=False)

    def _move(self, cursor: protocol.Cursor, connection: "Connection | None", *, tells: bool = True) -> None:
        self.cursors[cursor.client] = (cursor, connection)
        self._moved[cursor.client] = connection
        self._own_moves |= tells
        if self._moving is None:
            self._moving = asyncio.get_running_loop().call_later(CURSORS_EVERY_S, self._tell_moves)

    def _tell_moves(self) -> None:
        """The latest of each cursor that moved, in one message."""
        self._moving, moved, self._moved = None, self._moved, {}
        cursors = [self.cursors[client][0] for client in moved if client in self.cursors]
        for cursor in cursors:
            if cursor.state is None:
                del self.cursors[cursor.client]
        message = protocol.awareness(cursors)
        only = next(iter(moved.values())) if len(set(moved.values())) == 1 else None
        for connection in self.connections:
            if connection is not only or only is None:
                connection.send(message)
        if self.on_moves is not None and self._own_moves:
            self.on_moves(self, message)
        self._own_moves = False


def _key(person: int | None, visitor: int | None) -> str:
    return f"person {person}" if person else f"visitor {visitor}" if visitor else ""
