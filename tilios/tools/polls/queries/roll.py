"""The roll of a formal vote: its lines, its classes, who takes part."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from tilios.core.access.models import Visitor
from tilios.core.people.models import Person
from tilios.tools.polls.models import College, PaperBatch, Poll, Voter

LEAST_IN_A_CLASS = 5  # voters of one college and weight, below which a secret ballot would be recognised

Class = tuple[int | None, int]  # college, weight


def roll_of(poll: Poll) -> QuerySet[Voter]:
    """The lines of the roll in the order of names, each with what it shows."""
    rows = poll.roll.select_related("person", "college", "delegate", "delegate__person")
    return rows.order_by("college__position", Coalesce("person__sort_name", "name_key"), "pk")


def voter_of(poll: Poll, *, person: Person | None = None, visitor: Visitor | None = None) -> Voter | None:
    """The line of a person or of a visitor; None when there is none, or in an ordinary poll (no query)."""
    if not poll.formal or (person is None and visitor is None):
        return None
    rows = poll.roll.select_related("college", "delegate", "delegate__person")
    return rows.filter(person=person).first() if person else rows.filter(visitor=visitor).first()


def voices_of(voter: Voter) -> list[Voter]:
    """The lines whose voice `voter` may still cast: their own first, then those who gave them their proxy."""
    givers = voter.givers.select_related("person", "college").filter(voted=False).order_by("pk")
    return [*([] if voter.voted else [voter]), *givers]


def has_begun(poll: Poll) -> bool:
    """Whether somebody has voted, or been ticked for paper: the roll no longer changes."""
    return poll.roll.filter(Q(voted=True) | Q(on_paper=True)).exists() or poll.ballots.exists()


def classes_of(poll: Poll) -> dict[Class, int]:
    """How many lines there are of each college and weight."""
    rows = poll.roll.order_by().values_list("college", "weight").annotate(Count("pk"))
    return {(college, weight): number for college, weight, number in rows}


def lonely_class(classes: dict[Class, int]) -> Class | None:
    """A class so small that a ballot of it would be recognised, where there are several; None when all is well."""
    if len(classes) < 2:
        return None
    return next((one for one, number in classes.items() if number < LEAST_IN_A_CLASS), None)


@dataclass(frozen=True)
class Part:
    """So many people of the roll, and the voices they have together."""

    heads: int = 0
    voices: int = 0


@dataclass(frozen=True)
class Standing:
    """Who takes part. `present` are those who voted or are marked present, `represented` those whose proxy is held by
    one of these; nobody is in both.
    """

    entitled: Part
    voted: Part
    present: Part
    represented: Part

    @property
    def taking_part(self) -> Part:
        return Part(self.present.heads + self.represented.heads, self.present.voices + self.represented.voices)


def standing(poll: Poll) -> Standing:
    """One query, whatever the length of the roll."""
    here = Q(present=True) | Q(voted=True)
    parts: dict[str, Q] = {
        "entitled": Q(),
        "voted": Q(voted=True),
        "present": here,
        "represented": ~here & (Q(delegate__present=True) | Q(delegate__voted=True)),
    }
    counts = {f"{name}_heads": Count("pk", filter=which) for name, which in parts.items()}
    sums = {f"{name}_voices": Coalesce(Sum("weight", filter=which), 0) for name, which in parts.items()}
    found = poll.roll.order_by().aggregate(**counts, **sums)
    return Standing(**{name: Part(found[f"{name}_heads"], found[f"{name}_voices"]) for name in parts})


def sheets_left(poll: Poll, college: College | None, weight: int, *, besides: PaperBatch | None = None) -> int:
    """Voters of a class ticked as having voted on paper for whom no batch has a sheet yet."""
    ticked = poll.roll.filter(on_paper=True, college=college, weight=weight).count()
    batches = poll.batches.filter(college=college, weight=weight)
    if besides is not None:
        batches = batches.exclude(pk=besides.pk)
    return ticked - sum(batches.values_list("sheets", flat=True))


def fingerprints(poll: Poll) -> Iterable[str]:
    """The fingerprints of every ballot of a secret vote, in their own order."""
    return poll.secret_ballots.order_by("receipt").values_list("receipt", flat=True)
