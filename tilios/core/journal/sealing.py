"""Seal what the journal holds, so that whoever changes it afterwards is found out.

Each minute the entries that no seal holds yet are put in batches, oldest first. A seal keeps the number and the
SHA-256 of each entry of its batch, and its own hash covers these and the hash of the seal before: one chain per
structure, one for the instance. `verification.py` walks the chains; docs/journal.md says what they prove.
"""

import hashlib
import json
import logging
from collections.abc import Iterator
from datetime import UTC, timedelta
from itertools import islice
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from tilios.core.journal import anchor
from tilios.core.journal.models import Entry, Seal
from tilios.core.structures.models import Structure

logger = logging.getLogger("tilios.journal")
BATCH = 1000
FIELDS = tuple(field.attname for field in Entry._meta.concrete_fields)


def lateness() -> timedelta:
    """How long after taking its number an entry may still appear.

    PostgreSQL gives numbers before the transaction commits, so a long one makes its entries visible late. SQLite has
    one writer at a time: numbers appear in their order.
    """
    return timedelta(hours=6) if connection.vendor == "postgresql" else timedelta(0)


def canonical(value: Any) -> bytes:
    """JSON that is the same for the same content: keys in order, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(entry: Entry) -> str:
    """SHA-256 over every field of the entry."""
    values = {name: getattr(entry, name) for name in FIELDS}
    values["at"] = moment(entry.at)
    return hashlib.sha256(canonical(values)).hexdigest()


def moment(at: Any) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def hash_of(seal: Seal) -> str:
    """SHA-256 over everything the seal says and the hash of the seal before."""
    values = {
        "structure_id": seal.structure_id,
        "number": seal.number,
        "entries": seal.entries,
        "digests": seal.digests,
        "highest": seal.highest,
        "previous": seal.previous,
        "at": moment(seal.at),
    }
    return hashlib.sha256(canonical(values)).hexdigest()


def chains() -> Iterator[Structure | None]:
    """Every chain there may be: the instance's own (None), then one per structure."""
    yield None
    yield from Structure.objects.order_by("pk").iterator()


def waiting(structure: Structure | None, limit: int = BATCH) -> list[Entry]:
    """The oldest entries of a chain that no seal holds yet."""
    seals = Seal.objects.filter(structure=structure)
    settled = seals.filter(at__lt=timezone.now() - lateness()).order_by("-number").first()
    recent = seals.filter(number__gt=settled.number if settled else 0)
    held = {number for numbers in recent.values_list("entries", flat=True) for number in numbers}
    later = Entry.objects.filter(structure=structure, pk__gt=settled.highest if settled else 0).order_by("pk")
    numbers = (number for number in later.values_list("pk", flat=True).iterator() if number not in held)
    return list(Entry.objects.filter(pk__in=list(islice(numbers, limit))).order_by("pk"))


def seal(structure: Structure | None) -> int:
    """Seal what waits in one chain. Number of entries sealed; the anchor follows once the transaction commits."""
    count = 0
    while True:
        with transaction.atomic():
            last = Seal.objects.filter(structure=structure).order_by("-number").first()
            if anchor.is_ahead(structure, last):
                logger.error("the journal's chain is shorter than its anchor: not sealed", extra=_naming(structure))
                return count
            batch = waiting(structure)
            if not batch:
                return count
            made = Seal(
                structure=structure,
                number=last.number + 1 if last else 1,
                entries=[entry.pk for entry in batch],
                digests=[digest(entry) for entry in batch],
                highest=max(batch[-1].pk, last.highest if last else 0),
                previous=last.hash if last else "",
                at=timezone.now(),
            )
            made.hash = hash_of(made)
            made.save(force_insert=True)
            anchor.keep_on_commit(made)
        count += len(batch)


def seal_everything() -> int:
    """Periodic work: seal every chain. Number of entries sealed."""
    count = 0
    for structure in chains():
        try:
            count += seal(structure)
        except IntegrityError:  # another process seals this chain at the same moment: its seals stand
            logger.info("chain already being sealed", extra=_naming(structure))
    return count


def _naming(structure: Structure | None) -> dict[str, Any]:
    return {"chain": structure.slug if structure else "instance"}
