"""Reads of polls. Every list and every detail goes through here."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from tilios.core.access.models import Visitor
from tilios.core.access.roles import may
from tilios.core.people.models import Person
from tilios.core.people.queries import active_people, groups_of
from tilios.tools.polls import ballots
from tilios.tools.polls.models import Ballot, Electorate, Entitled, Mark, Option, Poll

KEPT_FOR = timedelta(days=30)  # a deleted poll can be restored that long
TABS = ("open", "waiting", "closed", "archived")


# Polls --------------------------------------------------------------------------------------------------------------


def asked(person: Person) -> Q:
    """Polls that ask `person`, as a condition on Poll."""
    if not person.is_active:
        return Q(pk__in=())
    return (
        Q(electorate=Electorate.MEMBERS, least_role__lte=person.role)
        | Q(electorate=Electorate.GROUP, group__in=groups_of(person))
        | Q(Exists(Entitled.objects.filter(poll=OuterRef("pk"), person=person)), electorate=Electorate.LIST)
    )


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


def voted_by(person: Person) -> Exists:
    return Exists(Ballot.objects.filter(poll=OuterRef("pk"), person=person))


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
            return (
                polls.filter(taking_votes()).filter(asked(person)).exclude(voted_by(person)).order_by(*_soonest_first())
            )
        case _:
            return polls.filter(taking_votes()).order_by(*_soonest_first())


def _soonest_first() -> tuple:
    return (F("deadline").asc(nulls_last=True), "-opened_at", "-pk")


def count_of_tabs(person: Person) -> dict[str, int]:
    """How many polls stand in the tabs "open" and "waiting". One query."""
    polls = visible_polls(person).filter(taking_votes())
    return polls.aggregate(open=Count("pk"), waiting=Count("pk", filter=asked(person) & ~Q(voted_by(person))))


def with_figures(polls: QuerySet[Poll], person: Person) -> QuerySet[Poll]:
    """Each poll with `voters`, `option_count`, `voted` (by `person`), `is_asked`, author and group. No query more."""
    return polls.select_related("author", "group").annotate(
        voters=_how_many(Ballot), option_count=_how_many(Option), voted=voted_by(person), is_asked=_asks(person)
    )


def _asks(person: Person) -> Exists:
    return Exists(Poll.objects.filter(asked(person), pk=OuterRef("pk")))


def _how_many(model: type[Ballot] | type[Option]) -> Coalesce:
    rows = model.objects.filter(poll=OuterRef("pk")).order_by().values("poll").annotate(number=Count("pk"))
    return Coalesce(Subquery(rows.values("number"), output_field=IntegerField()), 0)


def lock(poll_pk: int) -> Poll:
    """The poll, held until the end of the transaction: closing and voting wait for each other.

    On SQLite the transaction already holds the only right to write (IMMEDIATE).
    """
    return Poll.objects.select_for_update().get(pk=poll_pk)


# Options and ballots ------------------------------------------------------------------------------------------------


def options_of(poll: Poll) -> list[Option]:
    """In the order shown, with who proposed them. One query."""
    return list(poll.options.select_related("image", "file", "proposed_by"))


def votes_of(poll: Poll) -> ballots.Votes:
    """The votes, summed by the database: two queries whatever the number of voters."""
    tally: dict[int, dict[int, int]] = {}
    summed = Mark.objects.filter(option__poll=poll).order_by().values_list("option", "value").annotate(Count("pk"))
    for option, value, number in summed:
        tally.setdefault(option, {})[value] = number
    return ballots.Votes(poll.ballots.count(), tally, lambda: whole_ballots(poll))


def whole_ballots(poll: Poll) -> Iterator[dict[int, int]]:
    """Every ballot as option -> value, one at a time: for the kinds that need them whole."""
    marks = Mark.objects.filter(ballot__poll=poll).order_by("ballot").values_list("ballot", "option", "value")
    current: int | None = None
    ballot: dict[int, int] = {}
    for number, option, value in marks.iterator(chunk_size=5000):
        if number != current and ballot:
            yield ballot
            ballot = {}
        current = number
        ballot[option] = value
    if ballot:
        yield ballot


def result_of(poll: Poll, options: Sequence[Option]) -> ballots.Count:
    kind = ballots.of(poll.ballot)
    return kind.count([option.pk for option in options], votes_of(poll), poll.ballot_rules)


def ballots_of(poll: Poll) -> QuerySet[Ballot]:
    """Every ballot with its voter, who keyed it, and its marks; in the order cast."""
    marks = Mark.objects.only("ballot_id", "option_id", "value", "structure_id")
    return (
        poll.ballots.select_related("person", "keyed_by", "acted_by")
        .prefetch_related(Prefetch("marks", marks))
        .order_by("cast_at", "pk")
    )


def ballot_of(poll: Poll, *, person: Person | None = None, visitor: Visitor | None = None) -> Ballot | None:
    """The ballot of a person or of a visitor, with its marks, or None."""
    if person is not None:
        return ballots_of(poll).filter(person=person).first()
    return ballots_of(poll).filter(visitor=visitor).first() if visitor is not None else None


def marks_of(ballot: Ballot | None) -> dict[int, int]:
    return {mark.option_id: mark.value for mark in ballot.marks.all()} if ballot else {}


def is_listed(person: Person, poll: Poll) -> bool:
    """Whether `person` is on the closed list of `poll`; no query for other electorates."""
    return poll.electorate == Electorate.LIST and poll.entitled.filter(person=person).exists()


def places_left(poll: Poll, options: Iterable[Option], *, besides: Ballot | None = None) -> dict[int, int]:
    """Places left in each option, not counting the ballot `besides`; empty when the poll has no limit."""
    if poll.places is None:
        return {}
    kind = ballots.of(poll.ballot)
    taking = [level.value for level in kind.levels(poll.ballot_rules) if kind.takes_place(level.value)]
    marks = Mark.objects.filter(option__poll=poll, value__in=taking)
    if besides is not None:
        marks = marks.exclude(ballot=besides)
    taken = dict(marks.order_by().values_list("option").annotate(Count("pk")))
    return {option.pk: max(0, poll.places - taken.get(option.pk, 0)) for option in options}


# Who is asked -------------------------------------------------------------------------------------------------------


def entitled_people(poll: Poll) -> QuerySet[Person]:
    """The people of the structure whom the poll asks, in order of their names."""
    people = active_people()
    match poll.electorate:
        case Electorate.MEMBERS:
            return people.filter(role__gte=poll.least_role)
        case Electorate.GROUP:
            return people.filter(memberships__group=poll.group_id) if poll.group_id else people.none()
        case Electorate.LIST:
            return people.filter(pk__in=poll.entitled.values("person"))
        case _:
            return people.none()


def silent_people(poll: Poll) -> QuerySet[Person]:
    """Those asked who have not voted."""
    return entitled_people(poll).exclude(pk__in=poll.ballots.exclude(person=None).values("person"))


@dataclass(frozen=True)
class Turnout:
    """How many are asked, how many of those have voted, and how many others have (guests, keyed in)."""

    asked: int
    voted: int
    others: int


def turnout(poll: Poll) -> Turnout:
    """Two queries."""
    people = entitled_people(poll)
    figures = people.aggregate(
        asked=Count("pk", distinct=True),
        voted=Count("pk", distinct=True, filter=Q(Exists(poll.ballots.filter(person=OuterRef("pk"))))),
    )
    return Turnout(figures["asked"], figures["voted"], poll.ballots.count() - figures["voted"])
