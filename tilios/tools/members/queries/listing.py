"""The list of the register: what narrows it, what orders it, its figures."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Case, Count, Exists, F, Q, QuerySet, Value, When
from django.db.models.functions import Length
from django.utils import timezone

from tilios.core.people.models import Group, Membership, Person
from tilios.kit.text import fold
from tilios.tools.members import rules
from tilios.tools.members.models import Record, RecordKind, Status
from tilios.tools.members.queries.records import in_managed_groups, manages_groups, records

#: Where somebody stands, as the address of the list says it.
UP_TO_DATE, LATE, NEVER, EXEMPT, LEFT, EVERYBODY = "a-jour", "en-retard", "jamais", "dispenses", "partis", "tous"
STANDINGS = (UP_TO_DATE, LATE, NEVER, EXEMPT, LEFT, EVERYBODY)
SORTS: dict[str, tuple[Any, ...]] = {
    "nom": ("person__sort_name", "pk"),
    "numero": (Length("number"), "number"),
    "ville": ("person__town", "person__sort_name", "pk"),
    "statut": ("status__order", "status__name", "person__sort_name", "pk"),
    "arrivee": (F("joined_on").asc(nulls_last=True), "person__sort_name", "pk"),
    "echeance": (F("due_on").asc(nulls_first=True), "person__sort_name", "pk"),
}


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; empty means no matter. `sort` is a key of SORTS, with "-" to turn it round."""

    text: str = ""
    status: Status | None = None
    group: Group | None = None
    standing: str = ""
    kind: str = ""
    sort: str = "nom"
    columns: tuple[str, ...] = field(default=(), compare=False)

    @property
    def are_set(self) -> bool:
        return bool(self.text or self.status or self.group or self.standing or self.kind)


def listed_records(reader: Person, filters: Filters) -> QuerySet[Record]:
    """The members that `filters` let through, in order: all for those who keep the register or the money, those of
    their groups for whoever manages some.
    """
    rows = listable(reader).filter(matching(filters.text), standing(filters.standing, timezone.localdate()))
    if filters.status:
        rows = rows.filter(status=filters.status)
    if filters.group:
        rows = rows.filter(person__memberships__group=filters.group)
    if filters.kind in RecordKind.values:
        rows = rows.filter(kind=filters.kind)
    return rows.order_by(*_order(filters.sort))


def listable(reader: Person) -> QuerySet[Record]:
    """The records of whose list `reader` disposes, each read at the reach GROUP or above."""
    if rules.keeps_register(reader) or rules.keeps_money(reader):
        return records()
    if not manages_groups(reader):
        return records().none()
    return records().filter(Exists(in_managed_groups(reader)))


def may_list(reader: Person) -> bool:
    return rules.keeps_register(reader) or rules.keeps_money(reader) or manages_groups(reader)


def matching(text: str) -> Q:
    """Those whose name, number, mail, phone or town hold every word of `text`, accents and case aside."""
    condition = Q()
    for word in fold(text).split()[:8]:
        one = Q(person__search_text__contains=word) | Q(person__search_details__contains=word) | Q(number__iexact=word)
        condition &= one | Q(chosen_name__icontains=word) | Q(other_emails__icontains=word)
    return condition


def standing(name: str, today: date) -> Q:
    """Those who stand so on the day `today`: one of STANDINGS, or "" for all who have not left."""
    here, exempt = Q(left_on=None), Q(is_exempt=True) | Q(status__isnull=False, status__is_exempt=True)
    paid = Q(due_on__isnull=False, due_on__gte=today)
    match name:
        case "tous":
            return Q()
        case "partis":
            return ~here
        case "a-jour":
            return here & (paid | exempt)
        case "en-retard":
            return here & Q(due_on__lt=today) & ~exempt
        case "jamais":
            return here & Q(due_on=None) & ~exempt
        case "dispenses":
            return here & exempt
        case _:
            return here


def standing_of(record: Record, today: date) -> str:
    """One of STANDINGS for the badge of a record: exempt only for one who has paid nothing that runs."""
    if record.left_on:
        return LEFT
    if record.due_on and record.due_on >= today:
        return UP_TO_DATE
    if not record.owes_dues:
        return EXEMPT
    return LATE if record.due_on else NEVER


def figures(reader: Person) -> dict[str, int]:
    """How many are here, and stand how, among those `reader` lists. One query."""
    today = timezone.localdate()

    def counted(condition: Q) -> Count:
        # Counted through CASE: a condition on `status` would otherwise drop who has none.
        return Count(Case(When(condition, then=Value(1))))

    names = {"here": "", "up_to_date": UP_TO_DATE, "late": LATE, "never": NEVER, "left": LEFT}
    return listable(reader).order_by().aggregate(**{key: counted(standing(name, today)) for key, name in names.items()})


def groups_listed(reader: Person) -> QuerySet[Group]:
    """The groups by which `reader` may narrow the list."""
    if rules.keeps_register(reader) or rules.keeps_money(reader):
        return Group.objects.order_by("name")
    return Group.objects.filter(memberships__person=reader, memberships__is_manager=True).order_by("name")


def groups_of_each(rows: list[Record]) -> dict[int, list[str]]:
    """The names of the groups of each record's person, by the number of the record. One query."""
    by_person = {record.person_id: record.pk for record in rows}
    found: dict[int, list[str]] = {}
    places = Membership.objects.filter(person__in=list(by_person)).order_by("group__name")
    for person, name in places.values_list("person", "group__name"):
        found.setdefault(by_person[person], []).append(name)
    return found


def records_called(text: str) -> list[Record]:
    """The members that `text` names: the one of this number, or at most nine whose names hold its words."""
    text = re.sub(r"\s+", " ", text.strip())
    if not text:
        return []
    if exact := list(records().filter(number=text)):
        return exact
    condition = Q()
    for word in fold(text).split():
        condition &= Q(person__search_text__contains=word)
    found = list(records().filter(condition)[:9])
    same = [record for record in found if fold(record.person.display_name) == fold(text)]
    return same if len(same) == 1 else found


def _order(sort: str) -> tuple[Any, ...]:
    keys = SORTS.get(sort.removeprefix("-"), SORTS["nom"])
    if not sort.startswith("-"):
        return keys
    return tuple(_turned(key) for key in keys)


def _turned(key: Any) -> Any:
    if isinstance(key, str):
        return f"-{key}"
    if isinstance(key, Length):
        return key.desc()
    turned = key.copy()
    turned.reverse_ordering()
    return turned
