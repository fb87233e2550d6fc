"""What every kind of ballot answers, and what a count is. Pure: no database, no request."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tilios.core.errors import Invalid

Marks = Mapping[int, int]  # option -> value

#: Families of kinds, from the simplest, as whoever makes a poll chooses among them.
FAMILIES = {
    "simple": pgettext_lazy("kinds of ballot", "Simple"),
    "finer": pgettext_lazy("kinds of ballot", "A finer opinion"),
    "rank": pgettext_lazy("kinds of ballot", "Put in order"),
    "together": pgettext_lazy("kinds of ballot", "Decide together"),
    "lot": pgettext_lazy("kinds of ballot", "By lot"),
}


class Filled(dict[int, int]):
    """The marks of one ballot, with the words that go with some of them: option -> words."""

    def __init__(self, marks: Marks, reasons: Mapping[int, str] | None = None) -> None:
        super().__init__(marks)
        self.reasons = dict(reasons or {})


def reasons_of(marks: Marks) -> Mapping[int, str]:
    return marks.reasons if isinstance(marks, Filled) else {}


@dataclass(frozen=True)
class Level:
    """One possible value of a mark. `symbol` stands beside the colour, for those who see none."""

    value: int
    label: Any
    symbol: str
    css: str  # yes, maybe, no, none, number, g0 to g6


@dataclass(frozen=True)
class Votes:
    """Every vote of a poll: summed by the database, and one by one for the kinds that need whole ballots.

    Each whole ballot comes with its weight, at least 1; `scale` is how many units of weight make one voice.
    Weights are whole; `scale` of them make one voice, and what is shown is a weight divided by `scale`.
    """

    voters: int
    tally: Mapping[int, Mapping[int, int]]  # option -> value -> sum of weights
    ballots: Callable[[], Iterable[tuple[Marks, int]]]
    scale: int = 1
    reasons: Callable[[], Iterable[tuple[int, int, str]]] = tuple  # option, value, words, where a kind asks for words

    @classmethod
    def of(cls, ballots: Sequence[Marks]) -> "Votes":
        """The votes of ballots that all weigh one voice."""
        return cls.weighing([(marks, 1) for marks in ballots], voters=len(ballots))

    @classmethod
    def weighing(cls, ballots: Sequence[tuple[Marks, int]], *, voters: int, scale: int = 1) -> "Votes":
        """The votes of ballots that come with their weights."""
        tally: dict[int, dict[int, int]] = {}
        for marks, weight in ballots:
            for option, value in marks.items():
                values = tally.setdefault(option, {})
                values[value] = values.get(value, 0) + weight
        return cls(voters, tally, lambda: ballots, scale)

    def numbered(self, options: Sequence[int]) -> "Votes":
        """The same with options called 1, 2, 3… by their place: a result then outlives a move to another database."""
        number = {option: place for place, option in enumerate(options, 1)}
        return Votes(
            self.voters,
            {number[option]: values for option, values in self.tally.items() if option in number},
            lambda: (
                ({number[option]: value for option, value in marks.items() if option in number}, weight)
                for marks, weight in self.ballots()
            ),
            self.scale,
            lambda: ((number[option], value, words) for option, value, words in self.reasons() if option in number),
        )


def voices(weight: Any, scale: int = 1) -> Any:
    """A weight as voices: whole where it can be, else with two decimals."""
    whole, rest = divmod(weight, scale)
    return int(whole) if not rest else round(float(weight) / scale, 2)


@dataclass(frozen=True)
class Row:
    """What one option got: `counts` follow the levels of the count, in voices. `place` from 1, 0 without one."""

    option: int
    counts: tuple[Any, ...]
    best: bool
    place: int = 0

    @property
    def given(self) -> Any:
        return sum(self.counts)


@dataclass(frozen=True)
class Count:
    """A result: rows in the order of the options. `detail` is what the method of `tilios.kit.voting` gave back.

    Details call options 1, 2, 3… by their place, and their weights are `scale` times voices.
    """

    levels: tuple[Level, ...]
    rows: tuple[Row, ...]
    voters: int
    detail: Any = None
    scale: int = 1  # how many units of `counts` make one voice

    @property
    def best(self) -> tuple[int, ...]:
        """The options in front; several when they are level, none while nothing was chosen."""
        return tuple(row.option for row in self.rows if row.best)


class Ballot:
    """A kind of ballot. The least a kind writes: the attributes, `read`, `check` and `levels`.

    `count` below adds marks up and puts first the option with most marks of the first level, then of the second; a
    kind that needs whole ballots writes its own from `votes.ballots()`.
    """

    slug = ""
    label: Any = ""
    hint: Any = ""
    poll_kinds: tuple[str, ...] = ()
    template = ""  # how the form of one poll asks for it
    quick_template = ""  # the same in a card of the dashboard, where the tool's style sheet is not
    script = ""  # a file of static/polls that makes the form easier; the form works without it
    family = "simple"
    suits: Any = ""  # one sentence: when to choose it
    takes_votes = True
    takes_reasons = False  # whether a mark comes with words
    middle = False  # whether the middle of its bars means something
    settings: tuple[str, ...] = ()  # fields of PollForm that set its rules

    def levels(self, rules: Mapping[str, Any]) -> tuple[Level, ...]:
        raise NotImplementedError

    def rules(self, given: Mapping[str, Any], options: int) -> dict[str, Any]:
        """The rules to keep from what a form gave; raises Invalid with the name of the field."""
        return {}

    def read(self, data: Any, options: Sequence[int]) -> dict[int, int]:
        """The marks in the `data` of a form (a QueryDict)."""
        raise NotImplementedError

    def check(self, marks: Marks, options: Sequence[int], rules: Mapping[str, Any]) -> None:
        """Raise Invalid("marks") for marks this poll cannot take."""
        # SECURITY: a form may name an option of another poll or another structure.
        if set(marks) - set(options):
            raise Invalid("marks", _("This option is not one of this poll's."))
        known = {level.value for level in self.levels(rules)}
        if set(marks.values()) - known:
            raise Invalid("marks", _("This answer does not exist in this poll."))
        if not marks:
            raise Invalid("marks", _("Please answer for one option at least."))

    def takes_place(self, value: int) -> bool:
        """Whether a mark takes one of the places of its option."""
        return value > 0

    def count(self, options: Sequence[int], votes: Votes, rules: Mapping[str, Any]) -> Count:
        levels = self.levels(rules)
        counts = [tuple(votes.tally.get(option, {}).get(level.value, 0) for level in levels) for option in options]
        keys = [self.merit(one) for one in counts]
        highest = max(keys, default=())
        order = sorted(set(keys), reverse=True)
        rows = tuple(
            Row(
                option,
                tuple(voices(count, votes.scale) for count in one),
                best=any(key) and key == highest,
                place=order.index(key) + 1,
            )
            for option, one, key in zip(options, counts, keys, strict=True)
        )
        return Count(levels, rows, votes.voters, scale=votes.scale)

    def merit(self, counts: tuple[int, ...]) -> tuple[int, ...]:
        """What ranks an option: the first level before the second."""
        return counts[:1]

    def telling(self, rules: Mapping[str, Any]) -> str:
        """The module of `telling/` that tells how a result came about; empty where the figures say it all."""
        return ""

    def instruction(self, rules: Mapping[str, Any]) -> Any:
        """One sentence above the form."""
        return self.hint

    def is_quick(self, options: int) -> bool:
        """Whether it can be answered in a card of the dashboard."""
        return False

    def level_of(self, value: int | None, rules: Mapping[str, Any]) -> Level | None:
        return next((level for level in self.levels(rules) if level.value == value), None)


def placed(options: Sequence[int], order: Sequence[Sequence[int]]) -> dict[int, int]:
    """option -> its place from 1, where `order` holds options by their number; those level share a place."""
    places: dict[int, int] = {}
    next_place = 1
    for tier in order:
        places |= {options[number - 1]: next_place for number in tier}
        next_place += len(tier)
    return places


def numbers(data: Any, prefix: str) -> dict[int, int]:
    """The fields "prefix12" of a form as option -> number; -1 for what is no whole number, nothing for empty ones."""
    found: dict[int, int] = {}
    for key in data:
        option = key.removeprefix(prefix)
        if key.startswith(prefix) and option.isascii() and option.isdigit() and len(option) < 19:
            value = whole_number(data, key)
            if value is not None or str(data.get(key) or "").strip():
                found[int(option)] = -1 if value is None else value
    return found


def whole_number(data: Any, name: str) -> int | None:
    """A field of a form as a number; None when it is empty or no number."""
    text = str(data.get(name, "") or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
