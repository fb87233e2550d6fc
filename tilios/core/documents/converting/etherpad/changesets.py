"""The pad as it was after each of its revisions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

_OP = re.compile(r"((?:\*[0-9a-z]+)*)(?:\|[0-9a-z]+)?([-+=])([0-9a-z]+)")
_HEAD = re.compile(r"Z:([0-9a-z]+)[<>][0-9a-z]+")
MOST_UNITS = 5_000_000  # of a text
Attributes = tuple[int, ...]  # numbers of the pool


class Wrong(ValueError):
    """This is not what Etherpad writes."""


def units(text: str) -> list[str]:
    """`text` as Etherpad counts it: UTF-16 units."""
    if text.isascii() or max(text) <= "\uffff":
        return list(text)
    raw = text.encode("utf-16-le", "surrogatepass")
    return [chr(raw[at] | raw[at + 1] << 8) for at in range(0, len(raw), 2)]


def joined(found: list[str]) -> str:
    """The characters of UTF-16 units; half a pair is shown as what it is, a fault."""
    return "".join(found).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


@dataclass
class Pad:
    """The text and, beside each of its units, the attributes it has in `pool`."""

    pool: dict[int, tuple[str, str]]
    text: list[str] = field(default_factory=lambda: ["\n"])
    attributes: list[Attributes] = field(default_factory=lambda: [()])
    _together: dict[tuple[Attributes, Attributes], Attributes] = field(default_factory=dict)

    def apply(self, changeset: str) -> None:
        """Do what a revision does. Raises Wrong, and is then of no more use."""
        head = _HEAD.match(changeset)
        operations, _sign, bank_text = changeset.partition("$")
        if head is None or int(head[1], 36) != len(self.text):
            raise Wrong("the changeset is of another text")
        bank, taken, at = units(bank_text), 0, 0
        for attributes, sign, size in _operations(operations[head.end() :]):
            if sign == "+":
                if taken + size > len(bank) or len(self.text) + size > MOST_UNITS:
                    raise Wrong("more is put in than is given")
                self.text[at:at] = bank[taken : taken + size]
                self.attributes[at:at] = [self._composed((), attributes)] * size
                taken, at = taken + size, at + size
                continue
            if at + size > len(self.text):
                raise Wrong("beyond the end of the text")
            if sign == "-":
                del self.text[at : at + size], self.attributes[at : at + size]
                continue
            if attributes:
                self.attributes[at : at + size] = [
                    self._composed(held, attributes) for held in self.attributes[at : at + size]
                ]
            at += size

    def _composed(self, held: Attributes, given: Attributes) -> Attributes:
        """`held` with what `given` says: a later value takes the place of an earlier one, an empty one ends it."""
        known = self._together.get((held, given))
        if known is None:
            by_name = {self.pool[number][0]: number for number in (*held, *given) if number in self.pool}
            known = tuple(number for number in by_name.values() if self.pool[number][1])
            self._together[held, given] = known
        return known


def _operations(text: str) -> Iterator[tuple[Attributes, str, int]]:
    at = 0
    while at < len(text):
        found = _OP.match(text, at)
        if found is None:
            raise Wrong("no operation")
        numbers = tuple(int(number, 36) for number in found[1].split("*")[1:])
        yield numbers, found[2], int(found[3], 36)
        at = found.end()


def pool_of(said: Any) -> dict[int, tuple[str, str]]:
    """The attributes of a pad by their number. Raises Wrong."""
    try:
        return {int(number): (str(name), str(value)) for number, (name, value) in said["numToAttrib"].items()}
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise Wrong("no attributes") from error


def last(record: dict[str, Any], pool: dict[int, tuple[str, str]]) -> Pad:
    """The pad as it is now, as its own record says. Raises Wrong."""
    said = record.get("atext")
    if not isinstance(said, dict) or not isinstance(said.get("text"), str) or not isinstance(said.get("attribs"), str):
        raise Wrong("no text")
    pad = Pad(pool, units(said["text"]), [])
    if len(pad.text) > MOST_UNITS:
        raise Wrong("too long a text")
    for attributes, _sign, size in _operations(said["attribs"]):
        if len(pad.attributes) + size > len(pad.text):
            raise Wrong("more attributes than text")
        pad.attributes += [pad._composed((), attributes)] * size
    pad.attributes += [()] * (len(pad.text) - len(pad.attributes))
    return pad
