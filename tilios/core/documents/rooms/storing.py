"""The thread that writes: it takes all the changes that wait, of all rooms, and stores them in one transaction.

A disk syncs a few hundred times a second, people together type more than that: while one transaction goes to the disk,
the next changes gather. Only then are they acknowledged and told.
"""

import asyncio
import logging
import queue
import threading
from contextlib import ExitStack, nullcontext
from datetime import datetime
from typing import Any

from django.db import close_old_connections, connection, transaction
from django.utils import timezone

from tilios.core.documents import limits, queries, rights, rules, yjs
from tilios.core.documents.access import Writer
from tilios.core.documents.actions.texts import sign
from tilios.core.documents.models import Document, Revision, Update
from tilios.core.documents.rooms import protocol, telling
from tilios.core.documents.rooms.room import Outcome, Piece, Room
from tilios.core.journal.actions import publish
from tilios.core.structures.scope import scope

logger = logging.getLogger("tilios.rooms")
MOST = 2000  # pieces in one transaction


class Storing:
    """The queue and its thread, for as long as the process serves rooms in `loop`."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._waiting: queue.SimpleQueue[Piece | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="tilios-rooms-store", daemon=True)
        self._thread.start()

    def put(self, piece: Piece) -> None:
        self._waiting.put(piece)

    def close(self) -> None:
        """Store what waits, then end. Blocks until then."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        goes_on = True
        while goes_on:
            pieces = []
            piece = self._waiting.get()
            while True:
                if piece is None:
                    goes_on = False
                    break
                pieces.append(piece)
                if len(pieces) >= MOST or self._waiting.empty():
                    break
                piece = self._waiting.get()
            if pieces:
                self._store(pieces)
        connection.close()

    def _store(self, pieces: list[Piece]) -> None:
        by_room: dict[Room, list[Piece]] = {}
        for piece in pieces:
            by_room.setdefault(piece.room, []).append(piece)
        try:
            close_old_connections()
            outcomes = store(by_room)
        except Exception:
            logger.exception("changes could not be stored: their senders come back and send them again")
            for room in by_room:
                with room.lock:
                    room.doc = None
                    room.sittings.clear()
            outcomes = {room: Outcome(gone=protocol.COME_BACK) for room in by_room}
        for room, outcome in outcomes.items():
            try:
                self._loop.call_soon_threadsafe(room.deliver, outcome)
            except RuntimeError:  # the loop has closed: nobody is there any more
                return


def store(by_room: dict[Room, list[Piece]]) -> dict[Room, Outcome]:
    """Store the pieces of each room, in the order they came; what became of them. One transaction for all."""
    outcomes = {room: Outcome() for room in by_room}
    with ExitStack() as held:
        for room in sorted(by_room, key=lambda room: room.pk):
            held.enter_context(room.lock)
        good = {room: _fitting(room, pieces, outcomes[room]) for room, pieces in by_room.items()}
        writes = any(good.values())
        with transaction.atomic() if writes else nullcontext():
            for room in sorted(by_room, key=lambda room: room.pk):
                with scope(room.structure):
                    _write(room, good[room], outcomes[room])
    return outcomes


def _fitting(room: Room, pieces: list[Piece], outcome: Outcome) -> list[tuple[Piece, frozenset[int]]]:
    """The pieces that are of the text, each with the Yjs clients of whom it brings something new."""
    try:
        doc = room.doc or room.load()
    except Document.DoesNotExist:
        outcome.gone = protocol.NO_TEXT
        return []
    good: list[tuple[Piece, frozenset[int]]] = []
    for piece in pieces:
        if piece.sender is None or piece.sender in outcome.closed:
            continue
        if room.size + len(piece.data) > limits.TEXT:
            outcome.closed[piece.sender] = protocol.TEXT_TOO_LARGE
            continue
        try:
            before = doc.get_update() if piece.whole else b""
            clients = yjs.add(doc, piece.data)
        except yjs.Malformed:
            # SECURITY: never stored; and the text in memory, which may hold a part of it, is made again.
            outcome.closed[piece.sender] = protocol.UNREADABLE
            doc = _made_again(room, outcome)
            for earlier, _clients in good:
                yjs.add(doc, earlier.data)
            continue
        outcome.stored[piece.sender] = outcome.stored.get(piece.sender, 0) + 1
        if not (piece.whole and not clients and before == doc.get_update()):
            good.append((piece, clients))
    return good


def _made_again(room: Room, outcome: Outcome) -> Any:
    """The text of the room from what is stored; what others stored meanwhile is told."""
    known = room.number
    doc = room.load()
    with scope(room.structure):
        document = Document.objects.only("pk").get(pk=room.pk)
        outcome.told += [(data, None) for data in queries.updates_after(document, known)]
    return doc


def _write(room: Room, good: list[tuple[Piece, frozenset[int]]], outcome: Outcome) -> None:
    if outcome.gone:
        return
    rows = Document.objects.only("last_number", "kind", "target", "structure")
    document = (rows.select_for_update(of=("self",)) if good else rows).filter(pk=room.pk).first()
    if document is None:
        outcome.gone, outcome.stored = protocol.NO_TEXT, {}
        return
    document.structure = room.structure
    if document.last_number > room.number:
        _read_others(room, document, outcome)
    now = timezone.now()
    fresh = []
    for data, sender in _gathered(good):
        _keep_moment(room, document, sender.writer, now)
        document.last_number += 1
        fresh.append(
            Update(
                document=document,
                number=document.last_number,
                first_number=document.last_number,
                data=data,
                made_at=now,
                **sender.writer.columns,
            )
        )
        _begin_sitting(room, document, sender.writer, now)
        outcome.told.append((data, sender))
        room.size += len(data)
    if not fresh:
        return
    Update.objects.bulk_create(fresh)
    Document.objects.filter(pk=document.pk).update(last_number=document.last_number, written_at=now)
    _sign(room, document, good)
    room.number = document.last_number
    room.unsummed += len(fresh)
    if connection.vendor == "postgresql":
        telling.tell(f"text {room.pk}")


def _gathered(good: list[tuple[Piece, frozenset[int]]]) -> list[tuple[bytes, Any]]:
    """What follows on from one sender, as one update."""
    runs: list[tuple[list[bytes], Any]] = []
    for piece, _clients in good:
        if runs and runs[-1][1] is piece.sender:
            runs[-1][0].append(piece.data)
        else:
            runs.append(([piece.data], piece.sender))
    return [(yjs.merged(pieces), sender) for pieces, sender in runs]


def _read_others(room: Room, document: Document, outcome: Outcome) -> None:
    """Updates that another process, or a page, has stored meanwhile."""
    rows = Update.objects.filter(document=document, number__gt=room.number).order_by("number")
    doc = room.doc or room.load()
    for number, data in rows.values_list("number", "data"):
        yjs.add(doc, bytes(data))
        outcome.told.append((bytes(data), None))
        room.number = number
        room.size += len(data)


def _keep_moment(room: Room, document: Document, writer: Writer, now: datetime) -> None:
    kept_at = room.last.kept_at if room.last else now
    if document.last_number and rules.keeps_revision(room.last, by=writer.key, now=now):
        # The text in memory has the new changes already: the words are counted when the moment is looked at.
        Revision.objects.bulk_create(
            [Revision(document=document, number=document.last_number, made_at=room.last.written_at)],  # type: ignore[union-attr]
            ignore_conflicts=True,
        )
        kept_at = now
    room.last = rules.Last(now, writer.key, kept_at)


def _begin_sitting(room: Room, document: Document, writer: Writer, now: datetime) -> None:
    """One line of the journal for a sitting of somebody at a text, not for each key they press."""
    last = room.sittings.get(writer.key)
    if last is None or now - last > rules.SITTING:
        publish("portal.wrote", by=writer.person, visitor=writer.visitor, target=rights.owner_of(document))
    room.sittings[writer.key] = now


def _sign(room: Room, document: Document, good: list[tuple[Piece, frozenset[int]]]) -> None:
    hands: dict[int, Writer] = {}
    for piece, clients in good:
        assert piece.sender
        key = piece.sender.writer.key
        for client in clients:
            if room.hands.get(client) != key:
                hands[client] = piece.sender.writer
                room.hands[client] = key
    if hands:
        sign(document, hands)
