"""PROPFIND: properties of a resource and of its members. The method programs send most: kept cheap for each entry."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from xml.etree.ElementTree import Element

from django.http import HttpResponseBase

from tilios.core.dav.answers import element, escaped, multistatus, response, split, tags
from tilios.core.dav.bodies import DAV, depth_of, xml_of
from tilios.core.dav.call import Call
from tilios.core.dav.errors import Refusal
from tilios.core.dav.paths import quoted
from tilios.core.dav.properties import CHUNK, Live, dead_of
from tilios.core.dav.tree import Node, Value
from tilios.core.dav.verbs.options import headers_of

MOST_PROPERTIES = 200
MOST_ENTRIES = 100_000  # of an answer to Depth: infinity, where a tree allows it


def answer(call: Call) -> HttpResponseBase:
    node = call.found()
    depth = depth_of(call.request)
    if depth == "infinity" and node.is_collection and not call.tree.allows_infinity:
        raise Refusal(403, "propfind-finite-depth")
    wanted = Wanted.of(xml_of(call.request))
    answered = multistatus(_responses(call, node, wanted, depth))
    for name, value in headers_of(call.tree).items():
        answered[name] = value
    return answered


def _responses(call: Call, node: Node, wanted: "Wanted", depth: str) -> Iterator[str]:
    writer = Writer(wanted, call.live(call.here.chain))
    yield from writer.of([(call.href(call.names, is_collection=node.is_collection), node)])
    if depth == "0" or not node.is_collection:
        return
    yield from writer.of(_below(call, call.names, node, deep=depth == "infinity"))


def _below(call: Call, names: tuple[str, ...], node: Node, *, deep: bool) -> Iterator[tuple[str, Node]]:
    left, waiting = MOST_ENTRIES, [(names, node)]
    while waiting:
        above, collection = waiting.pop()
        start = call.href((*above, ""), is_collection=False)
        for member in call.tree.members(collection):
            if not (left := left - 1):
                raise Refusal(507)
            yield f"{start}{quoted(member.name)}{'/' if member.is_collection else ''}", member
            if deep and member.is_collection:
                waiting.append(((*above, member.name), member))


@dataclass(frozen=True)
class Wanted:
    """What a PROPFIND asks for: names, or everything (`all`), or names alone (`only_names`)."""

    names: tuple[str, ...]
    all: bool = False
    only_names: bool = False
    elements: Mapping[str, Element] = field(default_factory=dict)  # as they were asked, with what they hold

    @classmethod
    def of(cls, document: Element | None) -> "Wanted":
        """An empty body asks for everything (RFC 4918, 9.1). Raises Refusal(400)."""
        if document is None:
            return cls((), all=True)
        if document.tag != f"{DAV}propfind":
            raise Refusal(400)
        kinds = {child.tag: child for child in document}
        if f"{DAV}propname" in kinds:
            return cls((), only_names=True)
        asked = kinds.get(f"{DAV}prop")
        more = kinds.get(f"{DAV}include")
        if f"{DAV}allprop" in kinds:
            return cls(_names(more), all=True)
        return cls.those(asked)

    @classmethod
    def those(cls, asked: Element | None) -> "Wanted":
        """The properties inside a `prop`. Raises Refusal(400) without it."""
        if asked is None:
            raise Refusal(400)
        return cls(_names(asked), elements={child.tag: child for child in asked})


def _names(element: Element | None) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(child.tag for child in element)) if element is not None else ()
    if len(names) > MOST_PROPERTIES:
        raise Refusal(400)
    return names


class Writer:
    """The `response` of each node, some hundreds at a time so that dead properties cost one query for all of them."""

    def __init__(self, wanted: Wanted, live: Live) -> None:
        self.wanted = wanted
        names = list(wanted.names)
        if wanted.all:
            names += [f"{DAV}{name}" for name in Live.ALL if f"{DAV}{name}" not in names]
        elif wanted.only_names:
            names = [f"{DAV}{name}" for name in Live.NAMED]
        self.known: list[tuple[str, str, str, Value]] = []  # name, opening, closing, function
        self.unknown: list[str] = []
        for name in names:
            value = live.value(split(name)[1]) if name.startswith(DAV) else None
            if value is None and name in wanted.elements:
                value = live.tree.value(wanted.elements[name])
            if value is None:
                self.unknown.append(name)
            else:
                self.known.append((name, *tags(name), value))
        self.functions = [value for *_names, value in self.known]
        self.shapes: dict[tuple[bool, ...], str] = {}
        self.whole = self._shape([True] * len(self.known))
        self.reads_dead = bool(self.unknown) or wanted.all or wanted.only_names

    def of(self, nodes: Sequence[tuple[str, Node]] | Iterator[tuple[str, Node]]) -> Iterator[str]:
        """Nodes by their href."""
        source = iter(nodes)
        while part := list(islice(source, CHUNK)):
            dead = dead_of(node for _href, node in part) if self.reads_dead else {}
            if dead or self.unknown or self.wanted.only_names:
                for href, node in part:
                    yield self._one(href, node, dead.get((node.kind, node.pk), {}))
            else:
                yield from map(self._known, part)

    def _known(self, one: tuple[str, Node]) -> str:
        """Where no dead property comes in, which is nearly always: what does not vary is put together once."""
        href, node = one
        values = [value(node) for value in self.functions]
        if None not in values:
            return self.whole % (escaped(href), *values)
        there = tuple(value is not None for value in values)
        if there not in self.shapes:
            self.shapes[there] = self._shape(there)
        return self.shapes[there] % (escaped(href), *(value for value in values if value is not None))

    def _shape(self, there: Sequence[bool]) -> str:
        """A response to be filled with its href and the values that are there."""
        given, missing = "", ""
        for (name, opening, closing, _value), is_there in zip(self.known, there, strict=True):
            if is_there:
                given += f"{opening}%s{closing}"
            elif name in self.wanted.names:
                missing += element(name)
        return response("%s", [(200, given), (404, missing)])

    def _one(self, href: str, node: Node, dead: dict[str, str]) -> str:
        there: list[str] = []
        missing: list[str] = []
        for name, opening, closing, value in self.known:
            xml = value(node)
            if xml is None:
                missing.append(name)
            elif self.wanted.only_names:
                there.append(element(name))
            else:
                there.append(f"{opening}{xml}{closing}")
        for name in self.unknown:
            if name in dead:
                there.append(dead[name])
            else:
                missing.append(name)
        if self.wanted.all or self.wanted.only_names:
            for name, xml in dead.items():
                if name not in self.unknown:
                    there.append(element(name) if self.wanted.only_names else xml)
            missing = [name for name in missing if name in self.wanted.names]
        return response(href, [(200, "".join(there)), (404, "".join(map(element, missing)))])
