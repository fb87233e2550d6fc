"""Scales: which colours a session offers, in words, signs and weights. Pure but for the language.

An answer is one whole number: 0 is the most favourable colour, n-1 the least; WHITE and BLACK stand apart.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tilios.core.errors import Invalid

WHITE, BLACK = -1, -2
SIZES = (3, 5, 7)
WHITE_SYMBOL, BLACK_SYMBOL = "?", "∅"
WHITE_LABEL, BLACK_LABEL = _("I cannot answer"), _("I do not want to answer")
SIGNS = {3: ("+", "~", "−"), 5: ("++", "+", "~", "−", "−−"), 7: ("+++", "++", "+", "~", "−", "−−", "−−−")}
LONGEST_LABEL, LONGEST_SYMBOL = 60, 3


@dataclass(frozen=True)
class Level:
    """One colour: `symbol` stands in its cells, so that nothing is said by colour alone; `weight` enters the mean."""

    label: Any
    symbol: str
    weight: float


@dataclass(frozen=True)
class Scale:
    """The levels, the most favourable first."""

    preset: str
    levels: tuple[Level, ...]

    def __len__(self) -> int:
        return len(self.levels)

    @property
    def answers(self) -> tuple[int, ...]:
        """Every answer one may give."""
        return (*range(len(self.levels)), WHITE, BLACK)

    @property
    def weights(self) -> tuple[float, ...]:
        return tuple(level.weight for level in self.levels)

    def label_of(self, answer: int) -> str:
        """The words of an answer, white and black included."""
        if answer == WHITE:
            return str(WHITE_LABEL)
        return str(BLACK_LABEL) if answer == BLACK else str(self.levels[answer].label)

    def symbol_of(self, answer: int) -> str:
        if answer == WHITE:
            return WHITE_SYMBOL
        return BLACK_SYMBOL if answer == BLACK else self.levels[answer].symbol

    def reversed(self) -> "Scale":
        """The same colours told the other way round; weights mirrored about their middle."""
        return Scale(self.preset, tuple(reversed(self.levels)))

    def to_json(self) -> dict[str, Any]:
        levels = [{"label": str(one.label), "symbol": one.symbol, "weight": one.weight} for one in self.levels]
        return {"preset": self.preset, "levels": levels}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Scale":
        """A scale as it was stored. Raises Invalid as `checked`. A preset speaks the reader's language."""
        preset = PRESETS.get(str(stored.get("preset", "")))
        levels = stored.get("levels")
        if not levels and preset:
            return preset.scale
        return checked([Level(one["label"], one["symbol"], one["weight"]) for one in levels or ()], stored["preset"])


def checked(levels: Sequence[Level], preset: str = "own") -> Scale:
    """The scale of these levels. Raises Invalid("scale") with the sentence that says what is wrong."""
    if len(levels) not in SIZES:
        raise Invalid("scale", _("A scale has three, five or seven colours."))
    labels = [" ".join(str(level.label).split()) for level in levels]
    symbols = ["".join(level.symbol.split()) for level in levels]
    if not all(labels) or any(len(label) > LONGEST_LABEL for label in labels):
        raise Invalid("scale", _("Each colour needs a few words, sixty letters at most."))
    if not all(0 < len(symbol) <= LONGEST_SYMBOL for symbol in symbols):
        raise Invalid("scale", _("Each colour needs a sign of one to three characters."))
    if len({*symbols, WHITE_SYMBOL, BLACK_SYMBOL}) < len(levels) + 2:
        raise Invalid("scale", _("Two colours cannot have the same sign; “?” and “∅” are taken by white and black."))
    weights = [float(level.weight) for level in levels]
    if not all(math.isfinite(weight) and abs(weight) <= 1000 for weight in weights):
        raise Invalid("scale", _("A weight is a number between -1000 and 1000."))
    if any(one <= next_ for one, next_ in pairwise(weights)):
        raise Invalid("scale", _("Weights go down from the first colour to the last."))
    return Scale(preset, tuple(map(Level, labels, symbols, weights)))


@dataclass(frozen=True)
class Preset:
    """A scale ready to use."""

    slug: str
    name: Any
    scale: Scale


def _preset(slug: str, name: Any, labels: Sequence[Any]) -> Preset:
    count = len(labels)
    levels = tuple(Level(label, SIGNS[count][rank], float(count - rank)) for rank, label in enumerate(labels))
    return Preset(slug, name, Scale(slug, levels))


PRESETS: dict[str, Preset] = {
    preset.slug: preset
    for preset in (
        _preset(
            "agreement5",
            _("Agreement, five colours"),
            (
                _("Fully agree"),
                _("Rather agree"),
                pgettext_lazy("colour", "Mixed"),
                _("Rather disagree"),
                _("Fully disagree"),
            ),
        ),
        _preset(
            "satisfaction5",
            _("Satisfaction, five colours"),
            (
                _("Very satisfied"),
                _("Rather satisfied"),
                _("Neither satisfied nor dissatisfied"),
                _("Rather dissatisfied"),
                _("Very dissatisfied"),
            ),
        ),
        _preset(
            "traffic3",
            _("Traffic light, three colours"),
            (
                pgettext_lazy("traffic light", "All is well"),
                pgettext_lazy("traffic light", "To be watched"),
                pgettext_lazy("traffic light", "Something is wrong"),
            ),
        ),
        _preset(
            "comfort5",
            _("Comfort with a proposal, five colours (consent)"),
            (
                _("I support it"),
                _("I am comfortable with it"),
                _("I can live with it"),
                _("I have reservations"),
                _("I object"),
            ),
        ),
        _preset(
            "agreement7",
            _("Agreement, seven colours"),
            (
                _("Entirely agree"),
                _("Agree"),
                _("Somewhat agree"),
                _("Neither agree nor disagree"),
                _("Somewhat disagree"),
                _("Disagree"),
                _("Entirely disagree"),
            ),
        ),
    )
}
