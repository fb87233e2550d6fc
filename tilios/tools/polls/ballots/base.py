"""What every kind of ballot answers, and what a count is. Pure: no database, no request."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Invalid

Marks = Mapping[int, int]  # option -> value


@dataclass(frozen=True)
class Level:
    """One possible value of a mark. `symbol` stands beside the colour, for those who see none."""

    value: int
    label: Any
    symbol: str
    css: str  # yes, maybe, no


@dataclass(frozen=True)
class Votes:
    """Every vote of a poll: summed by the database, and one by one for the kinds that need whole ballots.

    Weights are whole; `scale` of them make one voice, and what is shown is a weight divided by `scale`.
    """

    voters: int
    tally: Mapping[int, Mapping[int, int]]  # option -> value -> sum of weights
    ballots: Callable[[], Iterable[tuple[Marks, int]]]
    scale: int = 1

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


@dataclass(frozen=True)
class Row:
    """What one option got: `counts` follow the levels of the count."""

    option: int
    counts: tuple[int, ...]
    best: bool

    @property
    def given(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class Count:
    """A result: rows in the order of the options."""

    levels: tuple[Level, ...]
    rows: tuple[Row, ...]
    voters: int
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
        rows = tuple(
            Row(option, one, best=any(key) and key == highest)
            for option, one, key in zip(options, counts, keys, strict=True)
        )
        return Count(levels, rows, votes.voters, votes.scale)

    def merit(self, counts: tuple[int, ...]) -> tuple[int, ...]:
        """What ranks an option: the first level before the second."""
        return counts[:1]

    def instruction(self, rules: Mapping[str, Any]) -> Any:
        """One sentence above the form."""
        return self.hint

    def is_quick(self, options: int) -> bool:
        """Whether it can be answered in a card of the dashboard."""
        return False

    def level_of(self, value: int | None, rules: Mapping[str, Any]) -> Level | None:
        return next((level for level in self.levels(rules) if level.value == value), None)


def whole_number(data: Any, name: str) -> int | None:
    """A field of a form as a number; None when it is empty or no number."""
    text = str(data.get(name, "") or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
