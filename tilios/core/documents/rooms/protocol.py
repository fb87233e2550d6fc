"""The bytes of the socket: the protocol of y-websocket, and two kinds of messages of ours. Pure."""

import json
from dataclasses import dataclass
from typing import Any

from tilios.core.documents.yjs import Malformed, read_number, write_number

SYNC, AWARENESS, ASK, STORED, SAID = 0, 1, 3, 64, 65
STEP_1, STEP_2, UPDATE = 0, 1, 2

TICKET_TOO_OLD, NO_RIGHT, NO_TEXT, TEXT_TOO_LARGE, TOO_FAST, COME_BACK = 4401, 4403, 4404, 4409, 4429, 4503
UNREADABLE = 1007  # RFC 6455, 7.4.1


@dataclass(frozen=True)
class Message:
    """What a browser sent: `step` is that of a sync message; `body` what it carries."""

    kind: int
    step: int
    body: bytes


@dataclass(frozen=True)
class Cursor:
    """What a browser says of itself: `state` None when it is gone. The greater `clock` is the later."""

    client: int
    clock: int
    state: dict[str, Any] | None


def _sized(data: bytes, at: int) -> tuple[bytes, int]:
    size, at = read_number(data, at)
    if at + size > len(data):
        raise Malformed("a piece is cut short")
    return data[at : at + size], at + size


def _with_size(data: bytes) -> bytes:
    return write_number(len(data)) + data


def read(data: bytes) -> Message:
    """One message of a browser. Raises Malformed for what no browser of ours sends."""
    kind, at = read_number(data)
    step = 0
    if kind == ASK:
        body = b""
    elif kind == AWARENESS:
        body, at = _sized(data, at)
    elif kind == SYNC:
        step, at = read_number(data, at)
        if step not in (STEP_1, STEP_2, UPDATE):
            raise Malformed("an unknown step")
        body, at = _sized(data, at)
    else:
        raise Malformed("an unknown kind")
    if at != len(data):
        raise Malformed("more than one message")
    return Message(kind, step, body)


def sync(step: int, body: bytes) -> bytes:
    return bytes((SYNC, step)) + _with_size(body)


def stored(count: int) -> bytes:
    return bytes((STORED,)) + write_number(count)


def said(what: dict[str, Any]) -> bytes:
    return bytes((SAID,)) + _with_size(json.dumps(what, separators=(",", ":")).encode())


def read_cursors(body: bytes, *, most: int) -> list[Cursor]:
    """The cursors of an awareness message. Raises Malformed, above `most` bytes for one included."""
    count, at = read_number(body)
    cursors = []
    for _index in range(count):
        client, at = read_number(body, at)
        clock, at = read_number(body, at)
        written, at = _sized(body, at)
        if len(written) > most:
            raise Malformed("a cursor says too much")
        try:
            state = json.loads(written)
        except (ValueError, RecursionError) as error:
            raise Malformed("a cursor is not JSON") from error
        if state is not None and not isinstance(state, dict):
            raise Malformed("a cursor is not an object")
        cursors.append(Cursor(client, clock, state))
    if at != len(body):
        raise Malformed("more than the cursors")
    return cursors


def awareness(cursors: list[Cursor]) -> bytes:
    body = write_number(len(cursors))
    for one in cursors:
        state = _with_size(json.dumps(one.state, separators=(",", ":")).encode())
        body += write_number(one.client) + write_number(one.clock) + state
    return bytes((AWARENESS,)) + _with_size(body)
