"""Reads of the journal."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from tilios.core.journal.models import Entry, Seal
from tilios.core.structures.scope import current_structure

#: What core/portability/merging.py publishes: `data["merged"]` is the number that is gone.
MERGED = "people.merged"
READ = "people.read"


def entries(
    *,
    people: Iterable[int] | None = None,
    tool: str = "",
    verb: str = "",
    door: str = "",
    kind: str = "",
    target: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[Entry]:
    """Entries of the structure in scope, newest first; `until` is not included.

    `people` are numbers of persons: those who acted, for whom somebody acted, or whose record it was.
    """
    found = Entry.objects.filter(structure=current_structure()).order_by("-pk")
    if people is not None:
        numbers = list(people)
        found = found.filter(Q(actor__in=numbers) | Q(on_behalf__in=numbers) | Q(subject__in=numbers))
    if tool:
        found = found.filter(verb__startswith=f"{tool}.")
    if verb:
        found = found.filter(verb=verb)
    if door:
        found = found.filter(door=door)
    if kind:
        found = found.filter(kind=kind)
    if target is not None:
        found = found.filter(target=target)
    if since:
        found = found.filter(at__gte=since)
    if until:
        found = found.filter(at__lt=until)
    return found


def about(target: Any) -> QuerySet[Entry]:
    """What happened to one thing, newest first."""
    return entries(kind=target._meta.label_lower, target=target.pk)


def readings_of(person: Any) -> QuerySet[Entry]:
    """Who read the record of `person`, newest first: `actor` (and `on_behalf`), `at`, `door`, `data["what"]`."""
    return entries(verb=READ).filter(subject__in=numbers_of(person.pk))


def numbers_of(person: int) -> set[int]:
    """The numbers under which the journal speaks of the person of this number: theirs, and those of records made one
    with it. One query for somebody who was never merged.
    """
    known: set[int] = set()
    fresh = {person}
    while fresh:
        known |= fresh
        merged = entries(verb=MERGED).filter(subject__in=fresh)
        fresh = {entry.data["merged"] for entry in merged} - known
    return known


def newest_seal() -> Seal | None:
    """The newest seal of the structure in scope."""
    return Seal.objects.filter(structure=current_structure()).order_by("-number").first()
