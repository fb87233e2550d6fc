"""Polls as lists and one by one, their options, the ballots with names."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from tilios.core.access.models import Visitor
from tilios.core.access.roles import may
from tilios.core.people.models import Person
from tilios.core.people.queries import groups_of
from tilios.tools.polls import ballots
from tilios.tools.polls.models import Ballot, Electorate, Entitled, Mark, Option, Poll, SecretBallot, Voter

KEPT_FOR = timedelta(days=30)  # a deleted poll can be restored that long
MOST_ROUNDS = 20  # shown before and after a round
TABS = ("open", "waiting", "closed", "archived")


# Polls --------------------------------------------------------------------------------------------------------------


def asked(person: Person) -> Q:
    """Polls that ask `person`, as a condition on Poll."""
    if not person.is_active:
        return Q(pk__in=())
    ordinary = (
        Q(electorate=Electorate.MEMBERS, least_role__lte=person.role)
        | Q(electorate=Electorate.GROUP, group__in=groups_of(person))
        | Q(Exists(Entitled.objects.filter(poll=OuterRef("pk"), person=person)), electorate=Electorate.LIST)
    )
    on_roll = Exists(Voter.objects.filter(poll=OuterRef("pk"), person=person))
    return (Q(formal=False) & ordinary) | Q(on_roll, formal=True)


def visible_polls(person: Person) -> QuerySet[Poll]:
    """The polls `person` may see: those that ask them, their own, and everybody's with the right to manage."""
    polls = Poll.objects.filter(deleted_at=None)
    if may(person, "polls.manage"):
        return polls
    if not may(person, "polls.view"):
        return polls.none()
    return polls.filter(asked(person) | Q(author=person))


def kept_polls(person: Person) -> QuerySet[Poll]:
    """The polls `person` runs, deleted ones included."""
    if may(person, "polls.manage"):
        return Poll.objects.all()
    return Poll.objects.filter(author=person) if may(person, "polls.edit") else Poll.objects.none()


def deleted_polls(person: Person) -> QuerySet[Poll]:
    """Polls `person` may restore, last deleted first."""
    lately = timezone.now() - KEPT_FOR
    return kept_polls(person).filter(deleted_at__gt=lately).order_by("-deleted_at")


def taking_votes() -> Q:
    """Polls open now, as a condition."""
    now = timezone.now()
    return Q(closed_at=None, archived_at=None, deleted_at=None) & (Q(deadline=None) | Q(deadline__gt=now))


def voted_by(person: Person) -> ExpressionWrapper:
    """Whether `person` has a ballot, or is ticked on the roll of a formal vote."""
    cast = Exists(Ballot.objects.filter(poll=OuterRef("pk"), person=person))
    ticked = Exists(Voter.objects.filter(poll=OuterRef("pk"), person=person, voted=True))
    return ExpressionWrapper(Q(cast) | Q(ticked), output_field=BooleanField())


def awaits(person: Person) -> Q:
    """Polls that ask `person` for a vote they have not given, as a condition; nobody votes in a draw."""
    voteless = [kind.slug for kind in ballots.every() if not kind.takes_votes]
    return asked(person) & ~Q(voted_by(person)) & ~Q(ballot__in=voteless)


def in_tab(person: Person, tab: str) -> QuerySet[Poll]:
    """The polls of one tab of the list page, in its order."""
    polls = visible_polls(person)
    match tab:
        case "archived":
            return polls.exclude(archived_at=None).order_by("-archived_at")
        case "closed":
            return polls.filter(~taking_votes(), archived_at=None).order_by(
                Coalesce("closed_at", "deadline").desc(), "-pk"
            )
        case "waiting":
            return polls.filter(taking_votes()).filter(awaits(person)).order_by(*_soonest_first())
        case _:
            return polls.filter(taking_votes()).order_by(*_soonest_first())


def _soonest_first() -> tuple:
    return (F("deadline").asc(nulls_last=True), "-opened_at", "-pk")


def count_of_tabs(person: Person) -> dict[str, int]:
    """How many polls stand in the tabs "open" and "waiting". One query."""
    polls = visible_polls(person).filter(taking_votes())
    return polls.aggregate(open=Count("pk"), waiting=Count("pk", filter=awaits(person)))


def with_figures(polls: QuerySet[Poll], person: Person) -> QuerySet[Poll]:
    """Each poll with `voters`, `option_count`, `voted` (by `person`), `is_asked`, author and group. No query more."""
    return polls.select_related("author", "group").annotate(
        voters=_how_many(Ballot) + _how_many(SecretBallot),
        option_count=_how_many(Option),
        voted=voted_by(person),
        is_asked=_asks(person),
    )


def _asks(person: Person) -> Exists:
    return Exists(Poll.objects.filter(asked(person), pk=OuterRef("pk")))


def _how_many(model: Any) -> Coalesce:
    rows = model.objects.filter(poll=OuterRef("pk")).order_by().values("poll").annotate(number=Count("pk"))
    return Coalesce(Subquery(rows.values("number"), output_field=IntegerField()), 0)


def lock(poll_pk: int) -> Poll:
    """The poll, held until the end of the transaction: closing and voting wait for each other.

    On SQLite the transaction already holds the only right to write (IMMEDIATE).
    """
    return Poll.objects.select_for_update().get(pk=poll_pk)


def rounds_of(poll: Poll) -> list[Poll]:
    """The rounds of a decision by consent, the first one first; nothing where there is one round only."""
    rounds = [poll]
    while rounds[0].follows_id and len(rounds) < MOST_ROUNDS:
        before = Poll.objects.filter(pk=rounds[0].follows_id, deleted_at=None).first()
        if before is None:
            break
        rounds.insert(0, before)
    while len(rounds) < 2 * MOST_ROUNDS:
        after = Poll.objects.filter(follows=rounds[-1], deleted_at=None).first()
        if after is None:
            break
        rounds.append(after)
    return rounds if len(rounds) > 1 else []


# Options and ballots ------------------------------------------------------------------------------------------------


def options_of(poll: Poll) -> list[Option]:
    """In the order shown, with who proposed them. One query."""
    return list(poll.options.select_related("image", "file", "proposed_by"))


def ballots_of(poll: Poll) -> QuerySet[Ballot]:
    """Every ballot with its voter, who keyed it, and its marks; in the order cast."""
    marks = Mark.objects.only("ballot_id", "option_id", "value", "reason", "structure_id")
    given = ("voter__givers__person",) if poll.formal else ()
    return (
        poll.ballots.select_related("person", "keyed_by", "acted_by", "voter")
        .prefetch_related(Prefetch("marks", marks), *given)
        .order_by("cast_at", "pk")
    )


def ballot_of(poll: Poll, *, person: Person | None = None, visitor: Visitor | None = None) -> Ballot | None:
    """The ballot of a person or of a visitor, with its marks, or None."""
    if person is not None:
        return ballots_of(poll).filter(person=person).first()
    return ballots_of(poll).filter(visitor=visitor).first() if visitor is not None else None


def marks_of(ballot: Ballot | None) -> dict[int, int]:
    """The marks of a ballot, with the words that go with some."""
    marks = list(ballot.marks.all()) if ballot else []
    reasons = {mark.option_id: mark.reason for mark in marks if mark.reason}
    return ballots.Filled({mark.option_id: mark.value for mark in marks}, reasons)


def is_listed(person: Person, poll: Poll) -> bool:
    """Whether `person` is on the roll of a formal vote, or on the closed list; no query for other electorates."""
    if poll.formal:
        return poll.roll.filter(person=person).exists()
    return poll.electorate == Electorate.LIST and poll.entitled.filter(person=person).exists()


def places_left(poll: Poll, options: Iterable[Option], *, besides: Ballot | None = None) -> dict[int, int]:
    """Places left in each option, not counting the ballot `besides`; empty when the poll has no limit."""
    if poll.places is None:
        return {}
    kind = ballots.of(poll.ballot)
    taking = [level.value for level in kind.levels(poll.ballot_rules) if kind.takes_place(level.value)]
    if not taking:
        return {}
    marks = Mark.objects.filter(option__poll=poll, value__in=taking)
    if besides is not None:
        marks = marks.exclude(ballot=besides)
    taken = dict(marks.order_by().values_list("option").annotate(Count("pk")))
    return {option.pk: max(0, poll.places - taken.get(option.pk, 0)) for option in options}
