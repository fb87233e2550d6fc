"""What every write of calendars and address books goes through."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from tilios.core.structures.models import Structure
from tilios.core.structures.scope import current_structure


@contextmanager
def writing() -> Iterator[None]:
    """A transaction that holds the spaces of the structure in scope: none is made twice.

    What is put in a calendar does not pass here: it holds that calendar alone.
    """
    with transaction.atomic():
        Structure.objects.select_for_update(no_key=True).get(pk=current_structure().pk)
        yield
