"""What is asked of Yjs bytes, update format 1: pure of the database.

`pycrdt` does the work; a few bytes are read here to know whose an update is and whether it holds on to what is there.
"""

import re
from collections.abc import Iterable
from typing import Any

import pycrdt

from tilios.core.documents.schema import schema

NOTHING = b"\x00\x00"  # an update that changes nothing
_TAG = re.compile(r"<[^>]*>")


class Malformed(ValueError):
    """Bytes that are no update, or one that does not fit on the text it is for."""


def read_number(data: bytes, at: int = 0) -> tuple[int, int]:
    """The unsigned integer of variable length (lib0) at `at`, and where what follows it begins. Raises Malformed."""
    value = shift = 0
    while at < len(data) and shift < 63:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
        shift += 7
    raise Malformed("a number is cut short")


def write_number(value: int) -> bytes:
    """`value` as an unsigned integer of variable length (lib0)."""
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    written.append(value)
    return bytes(written)


def clocks(state: bytes) -> dict[int, int]:
    """A state vector read: how much of each Yjs client is known."""
    count, at = read_number(state)
    found = {}
    for _index in range(count):
        client, at = read_number(state, at)
        found[client], at = read_number(state, at)
    return found


def new_doc(*updates: bytes) -> pycrdt.Doc:
    """A text in memory made of `updates`, in whatever order. Raises Malformed."""
    doc: pycrdt.Doc = pycrdt.Doc(allow_multithreading=True)
    for update in updates:
        if update:
            _apply(doc, update)
    return doc


def _apply(doc: pycrdt.Doc, update: bytes) -> None:
    try:
        doc.apply_update(update)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # SECURITY: a panic of the Rust below is no Exception, and must not end a thread
        raise Malformed(str(error)) from error


def add(doc: pycrdt.Doc, update: bytes) -> frozenset[int]:
    """Apply `update` to `doc`: the Yjs clients of whom it brings something new.

    Raises Malformed for bytes that are no update, and for one that leans on pieces that the text does not have; `doc`
    is then of no more use, since it may hold a part of it.
    """
    before = doc.get_state()
    _apply(doc, update)
    after = doc.get_state()
    # SECURITY: an update that waits for pieces nobody has would be left out of every sum of the text.
    if pycrdt.get_update(update, after)[0] != 0:
        raise Malformed("this leans on pieces that are not there")
    if before == after:
        return frozenset()
    if update[0] == 1:  # of one client, as nearly all: its number follows how many pieces there are
        _pieces, at = read_number(update, 1)
        return frozenset({read_number(update, at)[0]})
    known = clocks(before)
    return frozenset(client for client, clock in clocks(after).items() if clock > known.get(client, 0))


def merged(updates: list[bytes]) -> bytes:
    """One update that says what all of them say; what was deleted stays readable in it. Raises Malformed."""
    if len(updates) == 1:
        return updates[0]
    try:
        return pycrdt.merge_updates(*updates)
    except ValueError as error:
        raise Malformed(str(error)) from error


def summed(updates: Iterable[bytes], *, keeps_deleted: bool = False) -> bytes:
    """The sum of all updates of a text, in order; with what was deleted if it `keeps_deleted`. Raises Malformed.

    Quicker than `merged` for many: 50,000 in a quarter of a second, where merging takes as long for some hundreds.
    """
    doc: pycrdt.Doc = pycrdt.Doc(skip_gc=keeps_deleted)
    for update in updates:
        _apply(doc, update)
    return doc.get_update()


def root(doc: pycrdt.Doc) -> pycrdt.XmlFragment:
    return doc.get(schema().fragment, type=pycrdt.XmlFragment)


def count_words(doc: pycrdt.Doc) -> int:
    """How many words, near enough for a list of moments: drawing counts them exactly."""
    return len(_TAG.sub(" ", str(root(doc))).split())


def written_again(whole: bytes, source: bytes) -> bytes:
    """The update that makes the text `whole` read as the text `source`: a new writing of today, by a new Yjs client."""
    doc, past = new_doc(whole), new_doc(source)
    here, state = root(doc), doc.get_state()
    with doc.transaction():
        del here.children[0 : len(here.children)]
        _copy(root(past), here)
    return doc.get_update(state)


def _copy(there: Any, here: Any) -> None:
    """The children of `there` after those of `here`, which stands in a text."""
    for child in there.children:
        if isinstance(child, pycrdt.XmlText):
            text = here.children.append(pycrdt.XmlText())
            for name, value in _attributes(child):
                text.attributes[name] = value
            for piece, marks in child.diff():
                insert = text.insert if isinstance(piece, str) else text.insert_embed
                insert(len(text), piece, marks or {})
        else:
            element = here.children.append(pycrdt.XmlElement(child.tag))
            for name, value in _attributes(child):
                element.attributes[name] = value
            _copy(child, element)


def _attributes(node: Any) -> list[tuple[str, Any]]:
    return list(node.attributes)
