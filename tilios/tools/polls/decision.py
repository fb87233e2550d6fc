"""What a formal vote decides: quorum, majority, in figures and in one sentence. Pure but for the language.

Read from the votes themselves, whatever the kind of ballot; kinds for which "for" means nothing tell the quorum alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tilios.kit.voting import thresholds
from tilios.tools.polls.ballots import Votes
from tilios.tools.polls.models import Base, Heads, Majority, Option, Poll
from tilios.tools.polls.queries import LEAST_IN_A_CLASS, CollegeCount, Standing

#: Kinds of ballot in which a mark is for an option: the value that says so, and the one against, if any.
FOR = {"yesno": 2, "single": 1, "several": 1}
AGAINST = {"yesno": 0}


@dataclass(frozen=True)
class Line:
    """One option: voices for, against (None where nobody can be), expressed, and what it took."""

    option: Option
    name: str
    for_: Fraction
    against: Fraction | None
    expressed: Fraction
    base: Fraction
    needed: Fraction | None  # None for a relative majority
    reached: bool

    @property
    def percent(self) -> str:
        return percent(self.for_, self.base)


@dataclass(frozen=True)
class Decision:
    """`lines` is empty for kinds of ballot that know no "for"."""

    poll: Poll
    standing: Standing
    voters: int
    blank: Fraction
    lines: tuple[Line, ...]
    quorum: thresholds.Quorum | None

    @property
    def by_voices(self) -> bool:
        return self.poll.quorum_by == Heads.WEIGHTS

    @property
    def entitled(self) -> int:
        return self.standing.entitled.voices if self.by_voices else self.standing.entitled.heads

    @property
    def taking_part(self) -> int:
        part = self.standing.taking_part
        return part.voices if self.by_voices else part.heads

    @property
    def quorum_needed(self) -> int | None:
        return self.quorum.needed(self.entitled) if self.quorum else None

    @property
    def quorum_reached(self) -> bool:
        return self.quorum is None or self.quorum.is_reached(self.taking_part, self.entitled)

    @property
    def adopted(self) -> tuple[Line, ...]:
        """The options that have their majority; none without the quorum."""
        return tuple(line for line in self.lines if line.reached) if self.quorum_reached else ()

    @property
    def majority(self) -> str:
        return str(MAJORITIES[self.poll.majority]())

    @property
    def base(self) -> str:
        return str(Base(self.poll.base).label)

    @property
    def quorum_sentence(self) -> str:
        """ "The quorum of 30 is reached: 41 present or represented of 90." """
        if self.quorum is None:
            return _("No quorum is asked for.")
        about = {"needed": self.quorum_needed, "here": self.taking_part, "all": self.entitled}
        if self.by_voices:
            reached = _("The quorum of %(needed)d voices is reached: %(here)d present or represented of %(all)d.")
            missed = _("The quorum of %(needed)d voices is not reached: %(here)d present or represented of %(all)d.")
            return (reached if self.quorum_reached else missed) % about
        if self.quorum_reached:
            return _("The quorum of %(needed)d is reached: %(here)d present or represented of %(all)d.") % about
        return _("The quorum of %(needed)d is not reached: %(here)d present or represented of %(all)d.") % about

    @property
    def sentence(self) -> str:
        """The decision in words: the quorum first when it fails, else each option with its figures."""
        if not self.quorum_reached:
            return _("Nothing is adopted. %(quorum)s") % {"quorum": self.quorum_sentence}
        said = [_line_sentence(line, self, alone=len(self.lines) == 1) for line in self._told]
        return " ".join([*said, self.quorum_sentence])

    @property
    def _told(self) -> Sequence[Line]:
        if len(self.lines) <= 1 or any(line.against is not None for line in self.lines):
            return self.lines
        ahead = max((line.for_ for line in self.lines), default=Fraction(0))
        return [line for line in self.lines if line.reached] or [line for line in self.lines if line.for_ == ahead]


MAJORITIES: Mapping[str, Any] = {
    Majority.RELATIVE: lambda: _("relative majority"),
    Majority.ABSOLUTE: lambda: _("absolute majority"),
    Majority.TWO_THIRDS: lambda: _("two thirds"),
    Majority.THREE_QUARTERS: lambda: _("three quarters"),
    Majority.FOUR_FIFTHS: lambda: _("four fifths"),
}


@dataclass(frozen=True)
class CollegeLine:
    """What one college cast, in its own voices before any share: `voices` for each option, in their order."""

    name: str
    voters: int
    voices: tuple[int, ...]


def college_lines(poll: Poll, options: Sequence[Option], counts: Sequence[CollegeCount]) -> list[CollegeLine]:
    """The breakdown by college. Empty without colleges, for kinds that know no "for", and in a secret vote when fewer
    than five voters of some college were heard: their answers would be read from it. One query.
    """
    names = {college.pk: college.name for college in poll.colleges.all()}
    if not names or poll.ballot not in FOR:
        return []
    if poll.secret and any(count.voters < LEAST_IN_A_CLASS for count in counts):
        return []
    value = FOR[poll.ballot]
    lines = [
        CollegeLine(
            names.get(count.college or 0, "–"),
            count.voters,
            tuple(count.tally.get(option.pk, {}).get(value, 0) for option in options),
        )
        for count in counts
    ]
    return sorted(lines, key=lambda line: line.name)


def decide(poll: Poll, options: Sequence[Option], votes: Votes, standing: Standing) -> Decision:
    """The decision of a vote that is over, or whose results may be seen."""
    scale = votes.scale
    blank = Fraction(sum(weight for marks, weight in votes.ballots() if not marks), scale)
    cast = Fraction(sum(weight for _marks, weight in votes.ballots()), scale)
    lines = _lines(poll, options, votes, standing, cast - blank) if poll.ballot in FOR else ()
    return Decision(poll, standing, votes.voters, blank, tuple(lines), thresholds.Quorum.parse(poll.quorum))


def _lines(
    poll: Poll, options: Sequence[Option], votes: Votes, standing: Standing, expressed: Fraction
) -> Sequence[Line]:
    yes, no = FOR[poll.ballot], AGAINST.get(poll.ballot)

    def got(option: Option, value: int) -> Fraction:
        return Fraction(votes.tally.get(option.pk, {}).get(value, 0), votes.scale)

    lines = []
    for option in options:
        for_ = got(option, yes)
        against = got(option, no) if no is not None else None
        said = for_ + against if against is not None else expressed
        base = {
            Base.EXPRESSED: said,
            Base.PRESENT: Fraction(standing.taking_part.voices),
            Base.ENTITLED: Fraction(standing.entitled.voices),
        }[Base(poll.base)]
        others = [got(other, yes) for other in options if other.pk != option.pk]
        highest = against if against is not None else max(others, default=Fraction(0))
        relative = poll.majority == thresholds.RELATIVE
        needed = None if relative else thresholds.needed(poll.majority, base, unit=Fraction(1, votes.scale))
        lines.append(
            Line(
                option=option,
                name=option.name_in(poll.tz),
                for_=for_,
                against=against,
                expressed=said,
                base=base,
                needed=needed,
                reached=thresholds.is_reached(poll.majority, for_, base, highest_other=highest),
            )
        )
    return lines


def _line_sentence(line: Line, decision: Decision, *, alone: bool) -> str:
    about = {
        "name": line.name[:1].upper() + line.name[1:],
        "for": voices(line.for_),
        "base": voices(line.base),
        "percent": line.percent,
        "what": BASES[decision.poll.base](),
    }
    word = pgettext("a motion", "Adopted") if line.reached else pgettext("a motion", "Not adopted")
    head = word if alone else _("%(name)s: %(word)s") % {"name": about["name"], "word": word.lower()}
    figures = _("%(for)s for of %(base)s %(what)s, %(percent)s") % about
    said = _("%(name)s: %(word)s") % {"name": head, "word": figures} if alone else f"{head}, {figures}"
    if line.needed is None:
        return f"{said}."
    rule = _("%(majority)s: %(needed)s needed") % {"majority": decision.majority, "needed": voices(line.needed)}
    return f"{said} ({rule})."


BASES: Mapping[str, Any] = {
    Base.EXPRESSED: lambda: _("voices expressed"),
    Base.PRESENT: lambda: _("voices present or represented"),
    Base.ENTITLED: lambda: _("voices on the roll"),
}


def voices(number: Fraction) -> str:
    """A number of voices as people read it: "34", "62,5", "33,33"."""
    if number.denominator == 1:
        return number_format(int(number), use_l10n=True, force_grouping=True)
    rounded = round(float(number), 2)
    return number_format(f"{rounded:.2f}".rstrip("0").rstrip("."), use_l10n=True)


def percent(part: Fraction, whole: Fraction) -> str:
    """ "68 %", "66.67 %": two decimals when it is not whole."""
    if not whole:
        return "0\N{NO-BREAK SPACE}%"
    return f"{voices(part * 100 / whole)}\N{NO-BREAK SPACE}%"
