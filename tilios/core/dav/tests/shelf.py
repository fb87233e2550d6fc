"""A tree in memory: the smallest thing the engine can serve, to try the protocol without any tool."""

import hashlib
import itertools
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from tilios.core.dav.errors import Exists
from tilios.core.dav.tree import Check, Content, Node, Quota, Tree


@dataclass
class Thing:
    pk: int
    name: str
    content: bytes | None  # None: a collection
    members: dict[str, "Thing"] = field(default_factory=dict)
    modified_ms: int = field(default_factory=lambda: time.time_ns() // 1_000_000)

    def node(self) -> Node:
        return Node(
            kind="tests.thing",
            pk=self.pk,
            name=self.name,
            is_collection=self.content is None,
            created_ms=self.modified_ms,
            modified_ms=self.modified_ms,
            etag=f"{self.pk}-{hashlib.sha256(self.content or b'').hexdigest()[:16]}",
            size=len(self.content or b""),
            media_type="" if self.content is None else "text/plain",
        )

    def every(self) -> Iterator["Thing"]:
        yield self
        for member in self.members.values():
            yield from member.every()


class Shelf(Tree):
    """One shelf for all; `Shelf.empty()` between tests."""

    numbers = itertools.count(1)
    top = Thing(0, "", None)
    lock = threading.RLock()

    @classmethod
    def empty(cls) -> None:
        cls.top = Thing(0, "", None)

    def _thing(self, node: Node) -> Thing:
        return next(one for one in self.top.every() if one.pk == node.pk)

    def root(self) -> Node:
        return self.top.node()

    def walk(self, names: tuple[str, ...]) -> list[Node]:
        found, here = [], self.top
        for name in names:
            if name not in here.members:
                break
            here = here.members[name]
            found.append(here.node())
        return found

    def members(self, node: Node) -> Iterator[Node]:
        return iter([one.node() for one in list(self._thing(node).members.values())])

    def contains(self, node: Node, kind: str, pk: int) -> bool:
        return any(one.pk == pk for one in self._thing(node).every())

    def read(self, request: HttpRequest, node: Node) -> HttpResponseBase:
        return HttpResponse(self._thing(node).content, headers={"ETag": f'"{node.etag}"'}, content_type="text/plain")

    def quota(self) -> Quota:
        return Quota(sum(len(one.content or b"") for one in self.top.every()), 10**9)

    def receive(self, stream: Any, *, name: str, media_type: str, length: int | None) -> Content:
        pieces = []
        while piece := stream.read(65536):
            pieces.append(piece)
        whole = b"".join(pieces)
        return Content(whole, len(whole))

    def write(self, parent: Node, name: str, content: Content, *, check: Check) -> tuple[Node, bool]:
        with self.lock:
            above = self._thing(parent)
            there = above.members.get(name)
            check(there.node() if there else None)
            if there is None:
                there = above.members[name] = Thing(next(self.numbers), name, content.row)
                return there.node(), True
            there.content, there.modified_ms = content.row, time.time_ns() // 1_000_000
            return there.node(), False

    def make_collection(self, parent: Node, name: str, *, check: Check) -> Node:
        with self.lock:
            above = self._thing(parent)
            check(above.members[name].node() if name in above.members else None)
            above.members[name] = Thing(next(self.numbers), name, None)
            return above.members[name].node()

    def delete(self, node: Node, *, check: Check) -> None:
        with self.lock:
            check(node)
            self._above(node).members.pop(node.name)

    def _above(self, node: Node) -> Thing:
        return next(one for one in self.top.every() if any(member.pk == node.pk for member in one.members.values()))

    def move(self, node: Node, parent: Node, name: str, *, overwrite: bool, check: Check) -> tuple[Node, bool]:
        with self.lock:
            check(node)
            thing, above = self._thing(node), self._thing(parent)
            is_new = name not in above.members
            if not is_new and not overwrite:
                raise Exists
            self._above(node).members.pop(node.name)
            thing.name = name
            above.members[name] = thing
            return thing.node(), is_new

    def copy(
        self, node: Node, parent: Node, name: str, *, overwrite: bool, deep: bool, check: Check
    ) -> tuple[Node, bool, Iterable[tuple[tuple[str, int], tuple[str, int]]]]:
        with self.lock:
            check(node)
            above = self._thing(parent)
            is_new = name not in above.members
            if not is_new and not overwrite:
                raise Exists
            pairs: list[tuple[tuple[str, int], tuple[str, int]]] = []
            above.members[name] = self._copied(self._thing(node), name, deep, pairs)
            return above.members[name].node(), is_new, pairs

    def _copied(self, thing: Thing, name: str, deep: bool, pairs: list[Any]) -> Thing:
        made = Thing(next(self.numbers), name, thing.content)
        pairs.append((("tests.thing", thing.pk), ("tests.thing", made.pk)))
        if deep:
            made.members = {one.name: self._copied(one, one.name, deep, pairs) for one in thing.members.values()}
        return made
