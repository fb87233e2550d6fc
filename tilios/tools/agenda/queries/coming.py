"""What is brought in from another server, as its pages show it."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from tilios.core.people.models import Person
from tilios.tools.agenda.models import Card, Coming, ComingCollection, ComingObject, Entry
from tilios.tools.agenda.models.servers import ObjectState


@dataclass(frozen=True)
class Told:
    """A collection of the server, and what would come of it: `fresh` is new where it goes."""

    collection: ComingCollection
    total: int
    fresh: int
    there: int
    broken: int


def coming_of(person: Person) -> QuerySet[Coming]:
    """What `person` brings in, latest first: nobody else sees it."""
    return Coming.objects.filter(person=person)


def told(coming: Coming) -> list[Told]:
    """The dry run: of each collection what is new where it would go. One query for each, and three."""
    rows = list(coming.collections.select_related("into", "into__parent"))
    counts = _counts(rows)
    known: dict[int, set[str]] = {}
    into = [one.into_id for one in rows if one.into_id]
    for number, uid in Entry.objects.filter(calendar__in=into).values_list("calendar", "uid"):
        known.setdefault(number, set()).add(uid)
    for number, uid in Card.objects.filter(book__in=into).values_list("book", "uid"):
        known.setdefault(number, set()).add(uid)
    found = []
    for one in rows:
        waiting, there = counts[one.pk].get(ObjectState.WAITING, 0), 0
        if one.into_id and known.get(one.into_id):
            uids = one.objects_there.filter(state=ObjectState.WAITING).values_list("uid", flat=True)
            there = sum(uid in known[one.into_id] for uid in uids)
        broken = counts[one.pk].get(ObjectState.BROKEN, 0)
        found.append(Told(one, waiting + broken, waiting - there, there, broken))
    return found


def report(coming: Coming) -> list[tuple[ComingCollection, dict[str, int]]]:
    """What became of the objects of each collection, by state. Two queries."""
    rows = list(coming.collections.filter(is_wanted=True).select_related("into", "into__parent"))
    counts = _counts(rows)
    return [(one, counts[one.pk]) for one in rows]


def _counts(rows: list[ComingCollection]) -> dict[int, dict[str, int]]:
    """How many objects of each collection are in each state. One query."""
    counts: dict[int, dict[str, int]] = {one.pk: {} for one in rows}
    grouped = ComingObject.objects.filter(collection__in=rows).order_by().values_list("collection", "state")
    for number, state, count in grouped.annotate(count=Count("pk")):
        counts[number][state] = count
    return counts


def not_taken(coming: Coming) -> QuerySet[ComingObject]:
    """What cannot be read, and what was kept when the rest was taken back."""
    wanted = ComingObject.objects.filter(collection__coming=coming, state__in=(ObjectState.BROKEN, ObjectState.KEPT))
    return wanted.select_related("collection").defer("data")
