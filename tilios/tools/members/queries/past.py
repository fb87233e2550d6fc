"""What happened to a record, and who read it, from the journal."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils import timezone
from django.utils.text import capfirst

from tilios.core.people.models import Person
from tilios.core.people.queries import history_of, names_of, readings_of
from tilios.core.toolbox import registry
from tilios.tools.members.models import Field, Record

READINGS = 60  # the newest, before those of one day are put together
HISTORY = 30
EXPORTS = ("people.export", "members.export", "members.papers")


@dataclass(frozen=True)
class Reading:
    """That somebody read a record, `count` times that day; `name` is "" for one erased since."""

    at: datetime
    name: str
    acting_for: str
    count: int
    exported: bool


@dataclass(frozen=True)
class Happening:
    at: datetime
    name: str
    done: str
    fields: list[str]


def readings(record: Record) -> list[Reading]:
    """Who else read the record or its person, a line for each reader and day, the newest first. Two queries."""
    found = list(readings_of(record.person)[:READINGS])
    names = names_of([number for entry in found for number in (entry.actor, entry.on_behalf)])

    def key(entry: Any) -> tuple[Any, ...]:
        return timezone.localdate(entry.at), entry.actor or 0, entry.on_behalf or 0, entry.data.get("what") in EXPORTS

    lines = []
    for (_day, actor, on_behalf, exported), together in groupby(found, key=key):
        same = list(together)
        lines.append(Reading(same[0].at, names.get(actor, ""), names.get(on_behalf, ""), len(same), exported))
    return lines


def history(record: Record) -> list[Happening]:
    """What happened to the record and to its person, the newest first. Three queries."""
    found = list(history_of(record.person)[:HISTORY])
    names = names_of([entry.actor for entry in found])
    own = dict(Field.objects.values_list("key", "name"))
    return [
        Happening(
            entry.at,
            names.get(entry.actor or 0, ""),
            str(registry.verb(entry.verb)),
            [own.get(name) or label_of(name) for name in entry.data.get("fields", ())],
        )
        for entry in found
    ]


def label_of(column: str) -> str:
    """The words of a column of a record or of its person."""
    for model in (Record, Person):
        try:
            return capfirst(str(model._meta.get_field(column).verbose_name))  # type: ignore[union-attr]
        except FieldDoesNotExist:
            continue
    return column
