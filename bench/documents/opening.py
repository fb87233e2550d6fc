"""Texts at rest in memory, and the opening of one with a long history."""

import pickle
import random
import time
from pathlib import Path
from typing import Any

import pycrdt

from bench.documents import filling
from bench.documents.crowd import ROOT
from bench.documents.servers import Served, shell
from bench.documents.wire import Line, Place
from bench.documents.writing import row
from bench.footprint import resident_mb
from bench.measure import Row

SETTLE_S = 2
ROUNDS = 3
UNLOADED_AFTER_S = 4  # Hocuspocus stores after two seconds, then forgets a text that nobody has open


def at_rest(contenders: list[Served], *, texts: int, people: int) -> list[Row]:
    """KB for each of `texts` texts of 40 paragraphs of 200 characters, one person at each, nobody typing; then for
    each of `people` who come to one text more. Nobody leaves in between: memory given back would be taken again unseen.
    """
    rows: list[Row] = []
    first: dict[str, float] = {}
    state = _ordinary()
    for served in contenders:
        warm, *others = served.begin(state, texts + 1)
        alone, together = served.places(*others, people=1), served.places(warm, people=people + 1)
        lines: list[Line] = []
        _come(lines, together[:1])
        before = resident_mb(served.pid)
        _come(lines, alone)
        between = resident_mb(served.pid)
        _come(lines, together[1:])
        each = {
            "memory of an idle text, open (asked: below 1 MB)": 1024 * (between - before) / texts,
            "memory of an editor connected": 1024 * (resident_mb(served.pid) - between) / people,
        }
        for line in lines:
            line.close()
        for what, value in each.items():
            who = served.name + (", **missed**" if served.tilios and "asked" in what and value >= 1024 else "")
            rows.append(row(what, who, value, first.setdefault(what, value), "KB"))
    return sorted(rows, key=lambda one: one.what, reverse=True)


def _come(lines: list[Line], places: list[Place]) -> None:
    for place in places:
        lines.append(Line(place))
        lines[-1].open()
    time.sleep(SETTLE_S)


def long_histories(storing: Served, ours: Served, folder: Path, *, edits: int) -> list[Row]:
    """From the first byte of the handshake to the whole text, of `edits` edits; each text for the first time."""
    updates, state = _history(edits)
    (folder / "history").write_bytes(pickle.dumps(updates))
    texts = ours.begin(b"", ROUNDS + 1)
    assert ours.tilios
    summed = texts[:ROUNDS]
    given = shell(ours.tilios, filling.HISTORY, HISTORY=str(folder / "history"), TEXTS=" ".join(texts),
                  SUMMED=" ".join(summed))  # fmt: skip
    on_disk, together = (float(one) for one in given.split())
    theirs = storing.begin(state, ROUNDS)
    time.sleep(UNLOADED_AFTER_S)
    what = f"opening a text of {edits} edits"
    reference = _opened(storing, theirs, what, None)
    mine = _opened(ours, summed, what + " (asked: below 300 ms)", reference.median)
    rows = [reference, mine, _opened(ours, texts[ROUNDS:], what + ", never summed", reference.median)]
    came = sum(len(data) for data in updates) / edits
    return [
        *rows,
        row("bytes of an edit: as it comes", "Tilios", came, None, "bytes"),
        row("bytes of an edit: put together, history kept", "Tilios", together, None, "bytes"),
        row("bytes of an edit: in the file of the database, as it comes", "Tilios", on_disk, None, "bytes"),
        row("bytes of an edit: sum alone, no history", storing.name, len(state) / edits, None, "bytes"),
    ]


def _opened(served: Served, texts: list[str], what: str, reference: float | None) -> Row:
    taken = []
    for place in served.places(*texts, people=1):
        begun = time.perf_counter()
        line = Line(place)
        line.open()
        taken.append((time.perf_counter() - begun) * 1000)
        line.close()
    median = sorted(taken)[len(taken) // 2]
    asked = "asked: below 300" in what and median >= 300
    who = served.name + (", **missed**" if asked else "")
    ratio = round(median / reference, 2) if reference else 1.0
    return Row(what, who, round(median, 1), [round(one, 1) for one in taken], ratio, "ms")


def _ordinary() -> bytes:
    doc: Any = pycrdt.Doc(client_id=7)
    _paragraphs(doc, 40, "Un paragraphe comme un autre. " * 7)
    return bytes(doc.get_update())


def _paragraphs(doc: Any, count: int, words: str) -> list[Any]:
    texts = []
    root = doc.get(ROOT, type=pycrdt.XmlFragment)
    for _number in range(count):
        texts.append(pycrdt.XmlText(words[:200]))
        root.children.append(pycrdt.XmlElement("paragraph")).children.append(texts[-1])
    return texts


def _history(edits: int) -> tuple[list[bytes], bytes]:
    """`edits` updates, each of which follows those before it, one in seven an erasure; and their sum."""
    doc: Any = pycrdt.Doc(client_id=8)
    chance, updates = random.Random(1), []
    came = doc.observe(lambda event: updates.append(bytes(event.update)))
    with doc.transaction():
        texts = _paragraphs(doc, 200, "")
    for _number in range(edits - 1):
        text = chance.choice(texts)
        at = chance.randint(0, size) if (size := len(text)) else 0
        if size > 4 and chance.random() < 1 / 7:
            del text[max(at - 1, 0) : max(at, 1)]
        else:
            text.insert(at, chance.choice("abcdefgh "))
    doc.unobserve(came)
    return updates, bytes(doc.get_update())
