"""Filters of CardDAV (RFC 6352 §10.5), and cards given in part (§10.4)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from tilios.kit.ical import filters
from tilios.kit.ical.filters import ParameterFilter, fold_by, parameter_passes
from tilios.kit.ical.lines import Component, Property, written
from tilios.kit.ical.values import text
from tilios.kit.vcard.lines import card_of

#: What a card cannot be without.
ALWAYS = ("VERSION",)


@dataclass(frozen=True, slots=True)
class TextMatch(filters.TextMatch):
    """A text to compare a value with, in one of four ways."""

    collation: str = "i;unicode-casemap"
    match: Literal["equals", "contains", "starts-with", "ends-with"] | str = "contains"

    def holds(self, value: str) -> bool:
        """Whether `value` matches, or does not with `negate`. Raises Refusal("collation")."""
        wanted, value = fold_by(self.collation, self.text), fold_by(self.collation, value)
        found = {
            "contains": wanted in value,
            "equals": wanted == value,
            "starts-with": value.startswith(wanted),
            "ends-with": value.endswith(wanted),
        }[self.match]
        return found is not self.negate


@dataclass(frozen=True, slots=True)
class PropertyFilter:
    """What one property must have: one of its texts and parameters, or with `is_all` all of them."""

    name: str
    is_not_defined: bool = False
    is_all: bool = False
    texts: tuple[TextMatch, ...] = ()
    parameters: tuple[ParameterFilter, ...] = ()


@dataclass(frozen=True, slots=True)
class Filter:
    """What a card must have: one of its properties, or with `is_all` all of them; every card has nothing."""

    properties: tuple[PropertyFilter, ...] = ()
    is_all: bool = False


def matches(data: bytes, wanted: Filter) -> bool:
    """Whether the card `data` has what `wanted` asks. Raises Broken, Refusal("collation")."""
    if not wanted.properties:
        return True
    card = card_of(data)
    return (all if wanted.is_all else any)(_has(card, each) for each in wanted.properties)


def _has(card: Component, wanted: PropertyFilter) -> bool:
    group, _dot, name = wanted.name.upper().rpartition(".")
    found = [each for each in card.all(name) if not group or each.group.upper() == group]
    if wanted.is_not_defined:
        return not found
    return any(_passes(each, wanted) for each in found)


def _passes(found: Property, wanted: PropertyFilter) -> bool:
    value = text(found.value)
    held = [each.holds(value) for each in wanted.texts]
    held += [parameter_passes(found, each) for each in wanted.parameters]
    return not held or (all if wanted.is_all else any)(held)


def pruned(data: bytes, names: Collection[str]) -> bytes:
    """The card `data` with its properties called `names` alone, and what no card can be without."""
    card = card_of(data)
    wanted = {name.upper() for name in names} | set(ALWAYS)
    card.properties = [each for each in card.properties if each.name in wanted]
    return written([card])
