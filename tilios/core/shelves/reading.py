"""Who has read what: noted once in a while, so that it costs nothing to read."""

from typing import Any

from tilios.core.people.models import Person
from tilios.core.shelves.models import now_ms

ONCE_MS = 10 * 60 * 1000


def note_reading(person: Person | None, item: Any) -> None:
    """`person` sees what `item` holds. One's own space is nobody's affair."""
    if person is None or person.acted_by is not None:
        return
    now, readings = now_ms(), item.shelf.readings
    last = readings.filter(person=person, item=item).values_list("last_ms", flat=True).first()
    if last is None:
        readings.bulk_create([item.shelf.model("Reading")(person=person, item=item)], ignore_conflicts=True)
    elif last < now - ONCE_MS:
        readings.filter(person=person, item=item).update(last_ms=now)
