"""What is counted: votes summed by the database, or voice by voice in a formal vote."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm
from typing import Any

from django.db.models import Aggregate, Count, TextField, Value
from django.db.models.functions import Cast, Concat

from tilios.tools.polls import ballots
from tilios.tools.polls.ballots.base import Marks
from tilios.tools.polls.models import Mark, Option, Poll


def votes_of(poll: Poll) -> ballots.Votes:
    """The votes: two queries whatever the number of voters. See `_formal_votes` for a vote with a roll."""
    if poll.formal:
        return _formal_votes(poll)
    tally: dict[int, dict[int, int]] = {}
    summed = Mark.objects.filter(option__poll=poll).order_by().values_list("option", "value").annotate(Count("pk"))
    for option, value, number in summed:
        tally.setdefault(option, {})[value] = number
    return ballots.Votes(
        poll.ballots.count(),
        tally,
        lambda: ((marks, 1) for marks in whole_ballots(poll)),
        reasons=lambda: reasons_of(poll),
    )


def reasons_of(poll: Poll) -> Iterable[tuple[int, int, str]]:
    """Words given with marks, without names: (option, value, words), sorted so that they tell no order of voting."""
    marks = Mark.objects.filter(option__poll=poll).exclude(reason="")
    return marks.order_by("option__position", "option", "value", "reason").values_list("option", "value", "reason")


class _Joined(Aggregate):
    """The texts of a group in one, with commas: what comes back is a row a ballot, not a row a mark."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(
            compiler, connection, function="STRING_AGG", template="%(function)s(%(expressions)s, ',')", **context
        )


def whole_ballots(poll: Poll) -> Iterator[dict[int, int]]:
    """Every ballot as option -> value, one at a time: for the kinds that need them whole. One query."""
    pair = Concat(Cast("option", TextField()), Value(":", TextField()), Cast("value", TextField()))
    rows = Mark.objects.filter(ballot__poll=poll).order_by().values("ballot").annotate(marks=_Joined(pair))
    for text in rows.values_list("marks", flat=True).iterator(chunk_size=2000):
        yield {int(option): int(value) for option, _colon, value in (one.partition(":") for one in text.split(","))}


def result_of(poll: Poll, options: Sequence[Option], votes: ballots.Votes | None = None) -> ballots.Count:
    """The count of `votes`, read when they are not given."""
    kind = ballots.of(poll.ballot)
    return kind.count([option.pk for option in options], votes or votes_of(poll), poll.ballot_rules)


# Formal votes -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Voice:
    """One voter heard: what their ballot says, and the class in which it weighs. A blank vote has no mark."""

    marks: Marks
    college: int | None
    weight: int


def _formal_votes(poll: Poll) -> ballots.Votes:
    """Every voice with its weight: a holder's ballot counts for those who gave them their proxy and have not voted.

    Where colleges have shares, the ballots of each together weigh that many hundredths of the result.
    """
    voices = list(_secret_voices(poll) if poll.secret else _named_voices(poll))
    shares = {pk: Fraction(share) for pk, share in poll.colleges.values_list("pk", "share") if share is not None}
    weights, scale = units(voices, shares)
    pairs = [(voice.marks, weight) for voice, weight in zip(voices, weights, strict=True)]
    votes = ballots.Votes.weighing(pairs, voters=len(voices), scale=scale)
    return replace(votes, reasons=lambda: reasons_of(poll))


def units(voices: Sequence[Voice], shares: dict[int, Fraction]) -> tuple[list[int], int]:
    """Whole weights of the voices, and how many units make one voice.

    Without shares a voice weighs what it says. With shares, each college's ballots that express something add up to
    its share of 100; a blank one keeps the weight its neighbours have.
    """
    if not shares:
        return [voice.weight for voice in voices], 1
    cast: dict[int | None, int] = defaultdict(int)
    for voice in voices:
        cast[voice.college] += voice.weight if voice.marks else 0
    exact = [
        voice.weight * shares.get(voice.college or 0, Fraction(0)) / (cast[voice.college] or 1) for voice in voices
    ]
    scale = lcm(1, *{one.denominator for one in exact})
    return [int(one * scale) for one in exact], scale


def _secret_voices(poll: Poll) -> Iterator[Voice]:
    # SECURITY: nobody counts a secret vote before its end, whatever asks.
    if not poll.is_over:
        raise PermissionError("a secret vote is counted after its close")
    options = list(poll.options.values_list("pk", flat=True))
    rows = poll.secret_ballots.order_by("receipt").values_list("marks", "college", "weight")
    for marks, college, weight in rows:
        yield Voice(at_options(marks, options), college, weight)


def _named_voices(poll: Poll) -> Iterator[Voice]:
    marks: dict[int, dict[int, int]] = defaultdict(dict)
    for ballot, option, value in Mark.objects.filter(ballot__poll=poll).values_list("ballot", "option", "value"):
        marks[ballot][option] = value
    given: dict[int, list[tuple[int | None, int]]] = defaultdict(list)
    for delegate, college, weight in _unspoken(poll):
        given[delegate].append((college, weight))
    rows = poll.ballots.order_by("pk").values_list(
        "pk", "voter", "voter__college", "voter__weight", "college", "weight"
    )
    for pk, voter, college, weight, own_college, own_weight in rows:
        yield Voice(marks[pk], college, weight) if voter else Voice(marks[pk], own_college, own_weight)
        for giver_college, giver_weight in given.get(voter, ()):
            yield Voice(marks[pk], giver_college, giver_weight)


def _unspoken(poll: Poll) -> Iterable[Any]:
    """(holder, college, weight) of those who gave their proxy and have not voted."""
    rows = poll.roll.filter(voted=False).exclude(delegate=None).order_by("pk")
    return rows.values_list("delegate", "college", "weight")


def at_options(values: Sequence[int | None], options: Sequence[int]) -> dict[int, int]:
    """Marks kept by position, as option -> value."""
    return {option: value for option, value in zip(options, values, strict=False) if value is not None}


def by_position(marks: Marks, options: Sequence[int]) -> list[int | None]:
    """The other way: one value an option, None where nothing was said."""
    return [marks.get(option) for option in options]


@dataclass(frozen=True)
class CollegeCount:
    """What one college cast, in its own voices, before any share."""

    college: int | None
    voters: int
    tally: Mapping[int, Mapping[int, int]]


def by_college(poll: Poll) -> list[CollegeCount]:
    """The breakdown by college; of those with ballots, and in a secret vote only after its end."""
    found: dict[int | None, list[tuple[Marks, int]]] = defaultdict(list)
    for voice in _secret_voices(poll) if poll.secret else _named_voices(poll):
        found[voice.college].append((voice.marks, voice.weight))
    return [
        CollegeCount(college, len(pairs), ballots.Votes.weighing(pairs, voters=len(pairs)).tally)
        for college, pairs in found.items()
    ]
