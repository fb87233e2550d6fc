"""Results in words, in a table, as rows of a sheet. Pure but for the language."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tilios.kit.voting.draw import Lot, drawn
from tilios.tools.polls import ballots, telling
from tilios.tools.polls.ballots import Count, Level, Row
from tilios.tools.polls.models import Ballot, Option, Origin, Poll


@dataclass(frozen=True)
class Line:
    """One option of a result."""

    option: Option
    name: str
    short: str
    row: Row
    cells: tuple[tuple[Level, Any], ...]
    is_chosen: bool


class Result:
    """A count with the names of its options."""

    def __init__(self, poll: Poll, options: Sequence[Option], count: Count) -> None:
        self.poll, self.options, self.count = poll, options, count
        tz = poll.tz
        self.lines = [
            Line(
                option=option,
                name=option.name_in(tz),
                short=option.name_in(tz, short=True),
                row=row,
                cells=tuple(zip(count.levels, row.counts, strict=True)),
                is_chosen=option.pk == poll.chosen_id,
            )
            for option, row in zip(options, count.rows, strict=True)
        ]
        self._numbers = {line.option.pk: number for number, line in enumerate(self.lines, 1)}

    # Options by their place from 1, as the details of a count call them.

    def number(self, line: Line) -> int:
        return self._numbers[line.option.pk]

    def name(self, number: int) -> str:
        return self.lines[number - 1].name

    def short(self, number: int) -> str:
        return self.lines[number - 1].short

    def listed(self, numbers: Iterable[int]) -> str:
        return ", ".join(self.name(number) for number in numbers)

    @property
    def kind(self) -> ballots.Ballot:
        return ballots.of(self.poll.ballot)

    @property
    def explanation(self) -> str:
        """How the method works, in plain words; empty where the figures say it all."""
        return telling.explain(self)

    @cached_property
    def steps(self) -> list[telling.Step]:
        """How this result was reached."""
        return telling.steps(self) if self.voters or self.lots else []

    @cached_property
    def lots(self) -> list[Lot]:
        """The order drawn, once there is a seed."""
        if self.kind.takes_votes or not self.poll.seed:
            return []
        return drawn(self.poll.seed, ((number, option.label) for number, option in enumerate(self.options, 1)))

    @property
    def drawn(self) -> int:
        """How many of the order are drawn."""
        return int(self.poll.ballot_rules.get("drawn") or 1)

    @property
    def has_something(self) -> bool:
        return bool(self.voters or self.lots)

    @property
    def ahead_word(self) -> str:
        """What those in front are, in one word or two."""
        if self.kind.slug == "consent":
            return _("Passes")
        return _("Elected") if self.kind.telling(self.poll.ballot_rules) == "seats" else _("In front")

    @property
    def levels(self) -> tuple[Level, ...]:
        return self.count.levels

    @property
    def voters(self) -> int:
        return self.count.voters

    @property
    def highest(self) -> int:
        """The most marks an option has: the length of the longest bar."""
        return max((line.row.given for line in self.lines), default=0)

    @property
    def sums(self) -> list[dict[str, Any]]:
        """One row a level, for the foot of a table."""
        return [
            {"level": level, "counts": [line.row.counts[index] for line in self.lines]}
            for index, level in enumerate(self.levels)
        ]

    @property
    def best(self) -> list[Line]:
        return [line for line in self.lines if line.row.best]

    @property
    def ranked(self) -> list[Line]:
        """The best first; those level keep the order of the poll."""
        if self.lots:
            return [self.lines[lot.number - 1] for lot in self.lots]
        return sorted(self.lines, key=lambda line: (line.row.place == 0, line.row.place))

    @property
    def summary(self) -> str:
        """The result in one or two sentences."""
        if not self.kind.takes_votes:
            return telling.summary(self)
        voters = ngettext("%d vote.", "%d votes.", self.voters) % self.voters
        if self.voters and (told := telling.summary(self)):
            return f"{voters} {told}"
        if not self.best:
            nothing = _("Nothing has been chosen yet.")
            return f"{voters} {nothing}" if self.voters else _("Nobody has voted yet.")
        figures = ", ".join(f"{level.label} : {count}" for level, count in self.best[0].cells if count or level.value)
        names = [line.name for line in self.best]
        if len(names) == 1:
            ahead = _("In front: %(name)s (%(figures)s).") % {"name": names[0], "figures": figures}
        else:
            listed = ", ".join(names[:5]) + ("…" if len(names) > 5 else "")
            ahead = _("In front, level: %(names)s (%(figures)s).") % {"names": listed, "figures": figures}
        return f"{voters} {ahead}"


@dataclass(frozen=True)
class Vote:
    """A ballot as a row of the table of votes."""

    ballot: Ballot
    name: str
    cells: list[Level | None]
    reasons: list[str]  # the words that go with each cell
    notes: list[str]

    @property
    def said(self) -> list[tuple[Level | None, str]]:
        """Each answer with its words."""
        return list(zip(self.cells, self.reasons, strict=True))


def votes(poll: Poll, options: Sequence[Option], rows: Iterable[Ballot]) -> Iterator[Vote]:
    """Rows of ballots that come with their marks and people: no query."""
    kind = ballots.of(poll.ballot)
    levels = {level.value: level for level in kind.levels(poll.ballot_rules)}
    for ballot in rows:
        marks = {mark.option_id: mark.value for mark in ballot.marks.all()}
        cells = [levels.get(marks[option.pk]) if option.pk in marks else None for option in options]
        given = {mark.option_id: mark.reason for mark in ballot.marks.all()}
        reasons = [given.get(option.pk, "") for option in options]
        yield Vote(ballot, ballot.voter_name, cells, reasons, list(notes(ballot)))


def notes(ballot: Ballot) -> Iterator[str]:
    """How the ballot came: keyed in by whom, by whom for whom, imported, as a guest."""
    if ballot.origin == Origin.KEYED:
        by = ballot.keyed_by.display_name if ballot.keyed_by else ""
        yield _("keyed in by %(name)s") % {"name": by} if by else _("keyed in")
    elif ballot.origin == Origin.IMPORTED:
        yield _("imported")
    elif ballot.origin == Origin.LINK:
        yield _("guest")
    elif ballot.origin == Origin.PAPER:
        yield _("on paper, keyed in by two people")
    if ballot.voter_id and (names := ballot.spoken_for):
        yield _("also for %(names)s") % {"names": ", ".join(names)}
    if ballot.acted_by:
        yield _("by %(name)s, who acts for them") % {"name": ballot.acted_by.display_name}


def sheet(result: Result, rows: Iterable[Vote] | None) -> Iterator[list[Any]]:
    """The rows of an export: options on top, a line a voter where names may be seen, then the sums."""
    with_names = rows is not None
    options = [line.option.name_in(result.poll.tz, full=True) for line in result.lines]
    yield [_("Voter") if with_names else "", *options, *([_("Remark"), _("How it came")] if with_names else [])]
    for vote in rows or ():
        cells = [_cell(level, reason) for level, reason in zip(vote.cells, vote.reasons, strict=True)]
        yield [vote.name, *cells, vote.ballot.remark, ", ".join(vote.notes)]
    for index, level in enumerate(result.levels):
        yield [_("Sum: %(answer)s") % {"answer": level.label}, *(line.row.counts[index] for line in result.lines)]
    yield from _told(result)


def _cell(level: Level | None, reason: str) -> Any:
    if level is None:
        return ""
    if level.css == "number":
        return level.value
    return f"{level.label} ({reason})" if reason else str(level.label)


def _told(result: Result) -> Iterator[list[Any]]:
    """Below the votes, where a method has steps: the summary, then each step under its title."""
    steps = result.steps
    if steps:
        yield []
        yield [result.summary]
    for step in steps:
        yield []
        yield [step.title]
        yield from ([words] for words in step.words)
        if step.head:
            yield step.head
        yield from step.rows
        yield from ([line] for line in step.code.splitlines())
