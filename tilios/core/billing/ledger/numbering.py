"""Numbers that follow one another: one counter a structure, kind and year (docs/decisions/0021)."""

from django.db import transaction

from tilios.core.billing.models import Counter
from tilios.core.structures.scope import current_structure


def next_number(kind: str, year: int) -> int:
    """The next number, from 1. Its counter is held to the end of the transaction: rolled back, it was never given."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("A number is given in the transaction of what bears it.")
    counter, _created = Counter.objects.get_or_create(structure_id=current_structure().pk, kind=kind, year=year)
    counter = Counter.objects.select_for_update().get(pk=counter.pk)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last
