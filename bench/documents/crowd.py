"""Those who have one text open, in processes of their own, so that they are not what is measured.

All clocks are CLOCK_MONOTONIC of one machine: when an edit was made and when it came are compared as they are.
"""

import gc
import heapq
import multiprocessing
import random
import selectors
import statistics
import time
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from bench.documents.wire import MARK, UPDATE, Line, Place, mark

PROCESSES = 4
QUIET_S = 1.0  # without anything coming, at the end: nothing more is on its way
DRAINS_WITHIN_S = 15.0
ROOT = "content"


#: Marks that came: the names of their authors, their numbers, and when (ns).
Came = dict[str, "array[int]"]


@dataclass
class Seen:
    """What came of the edits of the time measured: latencies in ms, and how many of those expected came at all."""

    latencies_ms: list[float]
    expected: int

    @property
    def delivered(self) -> float:
        return 100 * len(self.latencies_ms) / self.expected

    def percentile(self, share: int) -> float:
        return statistics.quantiles(self.latencies_ms, n=100, method="inclusive")[share - 1]


class Author:
    """One who writes: real Yjs updates, in a paragraph of their own."""

    def __init__(self, name: int, line: Line, first_at: float) -> None:
        import pycrdt

        self.name, self.line, self.at, self.count = name, line, first_at, 0
        self.doc: Any = pycrdt.Doc(client_id=1_000_000 + name)
        self.text = pycrdt.XmlText()
        state = self.doc.get_state()
        paragraph = self.doc.get(ROOT, type=pycrdt.XmlFragment).children.append(pycrdt.XmlElement("paragraph"))
        paragraph.children.append(self.text)
        self.begun = self.doc.get_update(state)

    def write(self) -> int:
        """Write the next mark and send it; when that began, in ns."""
        now = time.monotonic_ns()
        state = self.doc.get_state()
        self.text.insert(len(self.text), mark(self.name, self.count))
        self.line.sync(UPDATE, self.doc.get_update(state))
        self.count += 1
        return now


def _take(lines: list[Line], selector: selectors.BaseSelector, wait_s: float, came: Came,
          last: list[dict[int, int]], own: dict[int, int]) -> bool:  # fmt: skip
    """Note the marks that come within `wait_s`. Each mark once for each client, whatever is said again."""
    ready = selector.select(wait_s)
    for key, _events in ready:
        index = key.data
        known = last[index]
        for message in lines[index].take():
            now = time.monotonic_ns()
            for author, written in MARK.findall(message):
                name, count = int(author), int(written)
                if count > known.get(name, -1) and own.get(index) != name:
                    known[name] = count
                    came["author"].append(name)
                    came["number"].append(count)
                    came["at"].append(now)
    return bool(ready)


def _run(pipe: Connection, places: list[Place], names: list[int | None], seed: int) -> None:
    """A client process: connects, says so, waits for the time to begin, gives what was sent and what came."""
    lines = [Line(place) for place in places]
    selector = selectors.EpollSelector()
    for index, line in enumerate(lines):
        line.open()
        selector.register(line, selectors.EVENT_READ, index)
    pipe.send("open")
    begin, end = pipe.recv()
    chance = random.Random(seed)
    authors = []
    for name, line in zip(names, lines, strict=True):
        if name is not None:
            authors.append(Author(name, line, begin + chance.random()))
            line.sync(UPDATE, authors[-1].begun)
    own = {index: name for index, name in enumerate(names) if name is not None}
    sent: list[tuple[int, int, int]] = []
    came: Came = {"author": array("q"), "number": array("q"), "at": array("q")}
    last: list[dict[int, int]] = [{} for _line in lines]
    due = [(author.at, author.name, author) for author in authors]
    heapq.heapify(due)
    gc.disable()
    while (now := time.monotonic()) < end:
        while due and due[0][0] <= now:
            at, name, author = heapq.heappop(due)
            sent.append((name, author.count, author.write()))
            heapq.heappush(due, (at + 1, name, author))
        until = min(due[0][0] if due else end, end)
        _take(lines, selector, max(0.0, until - time.monotonic()), came, last, own)
    quiet_at = time.monotonic()
    while (now := time.monotonic()) < end + DRAINS_WITHIN_S and now < quiet_at + QUIET_S:
        if _take(lines, selector, 0.1, came, last, own):
            quiet_at = time.monotonic()
    pipe.send((sent, came))
    pipe.recv()  # stay until everybody is done: nobody is told of those who leave while others still listen
    for line in lines:
        line.close()


class Crowd:
    """`authors` who write once a second and `readers` who do not, all of one text."""

    def __init__(self, places: list[Place], authors: int) -> None:
        names = [index if index < authors else None for index in range(len(places))]
        self.authors, self.clients = authors, len(places)
        count = min(PROCESSES, len(places))
        context = multiprocessing.get_context("fork")
        self._processes = []
        self._pipes: list[Any] = []
        for part in range(count):
            here, there = context.Pipe()
            arguments = (there, places[part::count], names[part::count], part)
            process = context.Process(target=_run, args=arguments, daemon=True)
            process.start()
            there.close()
            self._processes.append(process)
            self._pipes.append(here)
        for pipe in self._pipes:
            pipe.recv()

    def write(self, begin: float, end: float) -> None:
        """Have them write from `begin` to `end` (time.monotonic)."""
        for pipe in self._pipes:
            pipe.send((begin, end))

    def seen(self, since: float) -> Seen:
        """What came of the edits made after `since`."""
        results = [pipe.recv() for pipe in self._pipes]
        made = {(name, count): at for sent, _came in results for name, count, at in sent if at >= since * 1e9}
        latencies = []
        for _sent, came in results:
            for name, count, at in zip(came["author"], came["number"], came["at"], strict=True):
                if (begun := made.get((name, count))) is not None:
                    latencies.append((at - begun) / 1e6)
        return Seen(latencies, len(made) * (self.clients - 1))

    def leave(self) -> None:
        for pipe, process in zip(self._pipes, self._processes, strict=True):
            if process.is_alive():
                pipe.send("leave")
        for process in self._processes:
            process.join(10)
            if process.is_alive():
                process.kill()


@contextmanager
def gathered(places: list[Place], authors: int) -> Iterator[Crowd]:
    crowd = Crowd(places, authors)
    try:
        yield crowd
    finally:
        crowd.leave()
