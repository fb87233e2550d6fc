"""Content lines and components (RFC 5545 §3.1), read as the programs of this world write them, given back as they came.

A line keeps the text it came with; what nobody changed is written again letter for letter, folded at 75 octets.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tilios.kit.refusals import Refusal, _

#: A file of more lines than this is refused: no calendar of people is that long.
MOST_LINES = 5_000_000
MOST_DEPTH = 20
BREAK = re.compile(rb"\r*\n|\r+")
NAME = re.compile(r"\s*((?:[\w-]+\.)*[\w/-]+)\s*([;:])")
PARAMETER = re.compile(r';?\s*([^=:;",\s]+)\s*(?:=((?:"[^"]*"|[^";:])*))?(?=[;:])')
PARAMETER_VALUE = re.compile(r'"[^"]*"|[^,]+')
#: Exchange writes "(UTC+01:00) Brussels, Paris" without quotes.
UNQUOTED_ZONE = re.compile(r";TZID=([^\";]*:[^\";]*):(\d{8}[\dTZ]*)$")
CARET = {"^n": "\n", "^'": '"', "^^": "^"}


class Broken(Refusal):
    """A file, or an object of it, that cannot be understood. `line` is that of the file as given, from 1; 0 unknown."""

    def __init__(self, code: str, message: str, *, line: int = 0, **params: Any) -> None:
        self.line = line
        super().__init__(code, message, line=line, **params)


@dataclass(slots=True)
class Property:
    """One line. `value` is still escaped; `parameters` are upper-case names and their values without quotes."""

    name: str
    value: str
    parameters: dict[str, list[str]]
    raw: str
    line: int = 0
    group: str = ""

    def parameter(self, name: str) -> str:
        """The first value of a parameter, "" without."""
        values = self.parameters.get(name)
        return values[0] if values else ""


@dataclass(slots=True)
class Component:
    """What stands between BEGIN and END. `name` is in capitals."""

    name: str
    properties: list[Property] = field(default_factory=list)
    components: list["Component"] = field(default_factory=list)
    line: int = 0

    def get(self, name: str) -> Property | None:
        """The first property of that name."""
        for found in self.properties:
            if found.name == name:
                return found
        return None

    def all(self, name: str) -> list[Property]:
        return [found for found in self.properties if found.name == name]

    def value(self, name: str) -> str:
        """The value of the first property of that name as written, "" without."""
        found = self.get(name)
        return found.value if found else ""

    def named(self, name: str) -> list["Component"]:
        return [found for found in self.components if found.name == name]

    def put(self, made: Property) -> None:
        """Write `made` in the place of the properties of its name, or after the others."""
        self.put_all(made.name, [made])

    def put_all(self, name: str, wanted: list[Property]) -> None:
        """Write `wanted` in the place of the properties of that name, or after the others."""
        place = next((n for n, each in enumerate(self.properties) if each.name == name), len(self.properties))
        self.drop(name)
        self.properties[place:place] = wanted

    def drop(self, *names: str) -> None:
        """Take out every property of these names."""
        self.properties = [found for found in self.properties if found.name not in names]

    def copy(self) -> "Component":
        """Another tree of the same lines: lines are replaced, never altered."""
        return Component(self.name, list(self.properties), [inner.copy() for inner in self.components], self.line)


def made(name: str, value: str, parameters: dict[str, list[str]] | None = None, group: str = "") -> Property:
    """A property of our own. `value` is already escaped. A double quote in a parameter becomes ^' (RFC 6868)."""
    written = "".join(
        f";{key}={','.join(_parameter_text(each) for each in values)}" for key, values in (parameters or {}).items()
    )
    start = f"{group}." if group else ""
    return Property(name, value, parameters or {}, f"{start}{name}{written}:{value}", group=group)


def _parameter_text(value: str) -> str:
    value = value.replace("^", "^^").replace("\r\n", "^n").replace("\n", "^n").replace('"', "^'")
    return f'"{value}"' if re.search(r"[,;:\s]", value) else value


def as_text(data: bytes) -> str:
    """What `data` says, to be kept: letter for letter where it is UTF-8 (RFC 5545 §3.1.4), else read as
    `content_lines` reads it. Nothing that no database takes (NUL) is left in it.
    """
    try:
        if b"\0" not in data:
            return data.decode()
    except UnicodeDecodeError:
        pass
    data = _plain(data)
    return "".join(map(_decoded, data.splitlines(keepends=True)))


def _plain(data: bytes) -> bytes:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.decode("utf-16", "replace").encode()
    return data.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"")


def content_lines(data: bytes) -> Iterator[tuple[int, str]]:
    """The unfolded lines of `data` with the number of their first line in it. Empty lines are passed over.

    A character cut by a fold is made whole; what is not UTF-8 is read as Windows' Latin alphabet, line by line.
    """
    data = _plain(data)
    first = 0
    parts: list[bytes] = []
    for number, line in enumerate(BREAK.split(data), start=1):
        if line[:1] in (b" ", b"\t") and parts:
            parts.append(line[1:])
        elif line.strip():
            if parts:
                yield first, _decoded(b"".join(parts))
            first, parts = number, [line]
        if number > MOST_LINES:
            raise Broken("long", _("This file is too long to be read."), line=number)
    if parts:
        yield first, _decoded(b"".join(parts))


def _decoded(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        try:
            return line.decode("cp1252")
        except UnicodeDecodeError:
            return line.decode("latin-1")


def property_of(number: int, text: str) -> Property:
    """The line `text` taken apart. Raises Broken("line")."""
    start = NAME.match(text)
    if start is None:
        raise Broken("line", _("Line %(line)s is not understood: “%(text)s”."), line=number, text=text.strip()[:40])
    group, _dot, name = start[1].rpartition(".")
    if start[2] == ":":
        return Property(name.upper(), text[start.end() :], {}, text, number, group)
    parameters: dict[str, list[str]] = {}
    place = start.end() - 1
    while place < len(text) and text[place] == ";":
        match = PARAMETER.match(text, place)
        if match is None:
            if text[place : place + 2] in (";:", ";;"):  # a parameter that was left empty
                place += 1
                continue
            return _with_quotes_inside(number, text, name, group)
        key, values = match[1].upper(), match[2]
        if values is None:  # vCard 2.1 writes the value alone: TEL;HOME:
            key, values = "TYPE" if key not in ("QUOTED-PRINTABLE", "BASE64") else "ENCODING", match[1]
        parameters.setdefault(key, []).extend(_uncaret(each.strip('"')) for each in PARAMETER_VALUE.findall(values))
        place = match.end()
    if "TZID" in parameters and (zoned := UNQUOTED_ZONE.search(text)):
        parameters["TZID"], place = [zoned[1]], zoned.start(2) - 1
    if text[place : place + 1] != ":":
        raise Broken("line", _("Line %(line)s is not understood: “%(text)s”."), line=number, text=text.strip()[:40])
    return Property(name.upper(), text[place + 1 :], parameters, text, number, group)


def _with_quotes_inside(number: int, text: str, name: str, group: str) -> Property:
    """A line whose quotes do not close: an address ends it, else its last colon does; its parameters are lost."""
    place = text.lower().find(":mailto:")
    place = place if place >= 0 else text.rfind(":")
    if place < 0:
        raise Broken("line", _("Line %(line)s is not understood: “%(text)s”."), line=number, text=text.strip()[:40])
    return Property(name.upper(), text[place + 1 :], {}, text, number, group)


def _uncaret(value: str) -> str:
    return re.sub(r"\^[n'^]", lambda match: CARET[match[0]], value) if "^" in value else value


def components(data: bytes, broken: list[Broken] | None = None) -> list[Component]:
    """The outermost components of `data`, in order. With `broken`, an inner component that cannot be read is noted
    there and left out with all it holds; without, the first fault is raised.
    """
    return tree(content_lines(data), broken)


def tree(lines: Iterable[tuple[int, str]], broken: list[Broken] | None, *, depth: int = 2) -> list[Component]:
    """The components that unfolded `lines` make; one that is `depth` deep and has a wrong line is left out whole."""
    building = _Tree(broken, depth)
    number = 0
    for number, text in lines:
        try:
            building.take(property_of(number, text))
        except Broken as fault:
            building.note(fault)
    return building.ended(number)


class _Tree:
    """Components as their lines come. `fault` is that of the open component `depth` deep, which will be left out."""

    def __init__(self, broken: list[Broken] | None, depth: int) -> None:
        self.broken, self.depth = broken, depth
        self.roots: list[Component] = []
        self.open: list[Component] = []
        self.fault: Broken | None = None

    def note(self, fault: Broken) -> None:
        if self.broken is None:
            raise fault
        if len(self.open) < self.depth:
            self.broken.append(fault)
        elif self.fault is None:
            self.fault = fault

    def take(self, found: Property) -> None:
        if found.name == "BEGIN":
            if len(self.open) >= MOST_DEPTH:
                raise Broken("deep", _("Line %(line)s: too many things inside each other."), line=found.line)
            self.open.append(Component(found.value.strip().upper(), line=found.line))
        elif found.name == "END":
            self.end(found)
        elif self.open:
            self.open[-1].properties.append(found)
        elif self.broken is None:
            raise Broken("outside", _("Line %(line)s stands outside of any calendar or card."), line=found.line)

    def end(self, found: Property) -> None:
        name = found.value.strip().upper()
        if all(each.name != name for each in self.open):
            raise Broken("end", _("Line %(line)s ends “%(name)s”, which is not open."), line=found.line, name=name[:40])
        while self.open[-1].name != name:
            inner = self.open[-1]
            sentence = _("“%(name)s” of line %(line)s is never ended.")
            self.note(Broken("unclosed", sentence, line=inner.line, name=inner.name[:40]))
            self.close()
        self.close()

    def close(self) -> None:
        closed = self.open.pop()
        if len(self.open) == self.depth - 1 and self.fault is not None:
            assert self.broken is not None
            self.broken.append(self.fault)
            self.fault = None
        elif self.open:
            self.open[-1].components.append(closed)
        else:
            self.roots.append(closed)

    def ended(self, line: int) -> list[Component]:
        """What was built. Where the lines stop too soon, what was read whole before is kept."""
        if self.open:
            sentence = _("The file stops in the middle: “END:%(name)s” is missing.")
            cut = Broken("cut", sentence, line=line, name=self.open[-1].name[:40])
            if self.broken is None:
                raise cut
            self.broken.append(cut)
            if len(self.open) <= self.depth and self.depth > 1:
                self.roots.append(self.open[0])
        return self.roots


def folded(line: str) -> bytes:
    """`line` with CRLF, cut where it is longer than 75 octets, never inside a character."""
    data = line.encode()
    if len(data) <= 75:
        return data + b"\r\n"
    parts = []
    size = 75
    while len(data) > size:
        cut = size
        while data[cut] & 0xC0 == 0x80:
            cut -= 1
        parts.append(data[:cut])
        data, size = data[cut:], 74
    parts.append(data)
    return b"\r\n ".join(parts) + b"\r\n"


def written(roots: Iterable[Component]) -> bytes:
    """The components as bytes: CRLF, lines folded."""
    parts: list[bytes] = []
    for root in roots:
        _write(root, parts)
    return b"".join(parts)


def _write(component: Component, parts: list[bytes]) -> None:
    parts.append(f"BEGIN:{component.name}\r\n".encode())
    parts.extend(folded(found.raw) for found in component.properties)
    for inner in component.components:
        _write(inner, parts)
    parts.append(f"END:{component.name}\r\n".encode())
