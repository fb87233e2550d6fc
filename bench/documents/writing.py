"""How long a letter is on its way to everybody else, and what that costs the server."""

import os
import time
from functools import partial

from bench.documents.crowd import Author, Seen, gathered
from bench.documents.servers import Served, processor_s
from bench.documents.wire import UPDATE, Line, mark
from bench.measure import Row

CROWDS = ((2, 0), (20, 0), (50, 0), (100, 0), (200, 0), (5, 300))  # authors, readers
ALSO = {(50, 0), (200, 0), (5, 300)}  # where the servers that store nothing are measured too
ASKED_MS = {(50, 0): 20, (100, 0): 50, (200, 0): 500, (5, 300): 100}
WARM_UP_S, MEASURED_S, QUICK_S = 3.0, 12.0, 4.0


def row(what: str, contender: str, value: float, reference: float | None, unit: str) -> Row:
    """One value of one contender; the ratio refers to `reference`, or to itself."""
    ratio = round(value / reference, 2) if reference else 1.0
    return Row(what, contender, round(value, 2), [round(value, 2)], ratio, unit)


def crowds(always: list[Served], sometimes: list[Served], *, quick: bool) -> list[Row]:
    """Each crowd at each server in turn. Ratios refer to the first of `always`."""
    rows: list[Row] = []
    for crowd in ((20, 0), (5, 300)) if quick else CROWDS:
        first: dict[str, float] = {}
        for served in [*always, *(sometimes if crowd in ALSO else [])]:
            seen, cost = _crowd(served, *crowd, QUICK_S if quick else MEASURED_S)
            asked = ASKED_MS.get(crowd)
            values = {
                "p50": (seen.percentile(50), "ms"),
                "p95": (seen.percentile(95), "ms"),
                "delivered": (seen.delivered, "%"),
                **cost,
            }
            for name, (value, unit) in values.items():
                who = served.name
                missed = (name == "p95" and asked and value >= asked) or (name == "delivered" and value < 100)
                what = f"{crowd[0]} authors, {crowd[1]} readers: {name}"
                if name == "p95" and asked:
                    what += f" (asked: below {asked} ms)"
                if missed and served.name == "Tilios":
                    who += ", **missed**"
                rows.append(row(what, who, value, first.setdefault(name, value), unit))
            print(f"{served.name}: {crowd} {[round(value, 2) for value, _unit in values.values()]}", flush=True)
    return sorted(rows, key=lambda one: [other.what for other in rows].index(one.what))


def _crowd(served: Served, authors: int, readers: int, measured_s: float) -> tuple[Seen, dict[str, tuple[float, str]]]:
    text = served.begin(b"", 1)[0]
    places = served.places(text, people=authors + readers)
    with gathered(places, authors) as crowd:
        begin = time.monotonic() + 0.2
        since, end = begin + WARM_UP_S, begin + WARM_UP_S + measured_s
        crowd.write(begin, end)
        time.sleep(since - time.monotonic())
        taken = processor_s(served.pid)
        time.sleep(end - time.monotonic())
        taken = processor_s(served.pid) - taken
        seen = crowd.seen(since)
    return seen, {"processor": (100 * taken / measured_s, "% of a core")}


def stored_when_seen(contenders: list[Served], *, times: int) -> list[Row]:
    """How many of the changes that somebody else sees are committed in the database at that moment."""
    rows, reference = [], None
    for served in contenders:
        text = served.begin(b"", 1)[0]
        writing, reading = (Line(place) for place in served.places(text, people=2))
        writing.open()
        reading.open()
        author = Author(1 + os.getpid() % 1000, writing, 0.0)
        writing.sync(UPDATE, author.begun)
        kept = 0
        for number in range(times):
            written = mark(author.name, number).encode()
            author.write()
            reading.until(partial(_says, written))
            kept += served.has_stored(written)
            time.sleep(0.05)
        writing.close()
        reading.close()
        value = 100 * kept / times
        reference = value if reference is None else reference
        who = served.name + (", **missed**" if served.tilios and value < 100 else "")
        rows.append(row("stored when another sees it (asked: 100 %)", who, value, reference, "%"))
    return rows


def _says(written: bytes, message: bytes) -> bool:
    return written in message
