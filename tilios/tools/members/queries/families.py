"""Families, and the letters that members receive: one for those of a family who live together."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from tilios.kit.text import fold
from tilios.tools.members.models import Affiliation, Family, Record, RecordKind


@dataclass(frozen=True)
class Letter:
    """To whom a letter goes, and the lines of the envelope below the name; of which records."""

    name: str
    lines: tuple[str, ...]
    records: tuple[Record, ...]


def families(text: str = "") -> QuerySet[Family]:
    """Every family, or those one of whose people, or whose name, has the words of `text`; by name, with `count`."""
    rows = Family.objects.annotate(count=Count("records", distinct=True)).order_by("name", "pk")
    for word in fold(text).split():
        named = Record.objects.filter(person__search_text__contains=word, family__isnull=False).values("family")
        rows = rows.filter(Q(pk__in=named) | Q(name__icontains=word))
    return rows


def people_of(family: Family) -> QuerySet[Record]:
    """The people of a family, in the order of their names, with who pays for them."""
    return Record.objects.filter(family=family).select_related("person", "payer__person", "family", "status")


def letters(records: Iterable[Record], *, together: bool = True) -> list[Letter]:
    """One letter for each of `records`, one for those of a family at one address; none without an address.

    With `together` False, each of a family has their own.

    In the order of the records. An organisation's is for the attention of those who receive its letters. One query.
    """
    records = list(records)
    contacts: dict[int, list[str]] = {}
    numbers = [record.pk for record in records if record.kind == RecordKind.ORGANISATION]
    for place in Affiliation.objects.filter(organisation__in=numbers, is_contact=True).select_related("record__person"):
        contacts.setdefault(place.organisation_id, []).append(place.record.person.display_name)
    groups: dict[tuple[object, ...], list[Record]] = {}
    for record in records:
        if lines := address(record):
            key = (record.family_id, fold(" ".join(lines))) if together and record.family_id else (None, record.pk)
            groups.setdefault(key, []).append(record)
    return [
        Letter(_name(group), (*contacts.get(group[0].pk, ()), *address(group[0])), tuple(group))
        for group in groups.values()
    ]


def _name(group: list[Record]) -> str:
    family = group[0].family
    return family.name if len(group) > 1 and family is not None else group[0].person.display_name


def address(record: Record) -> tuple[str, ...]:
    """The lines of the address of `record`; none unless there is a street or a town."""
    person = record.person
    town = " ".join(part for part in (person.postcode, person.town) if part)
    lines = [line.strip() for line in (*person.street.splitlines(), town, person.country)]
    return tuple(line for line in lines if line) if person.street.strip() or person.town else ()
