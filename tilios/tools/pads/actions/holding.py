"""What every write of the tree of texts goes through."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from tilios.core.structures.models import Structure
from tilios.core.structures.scope import current_structure


@contextmanager
def writing() -> Iterator[None]:
    """A transaction that holds the tree of the structure in scope: no folder goes into itself, no space is made twice.

    What people write in texts does not pass here.
    """
    with transaction.atomic():
        # Rows that point at the structure may be written meanwhile: nobody changes its number.
        Structure.objects.select_for_update(no_key=True).get(pk=current_structure().pk)
        yield
