"""In a secret session, rows written together with many others, in no order: where they lie tells nothing.

A database keeps more than columns: the place of a row in its file (ctid), the transaction that wrote it (xmin). Each
time something is written, up to two hundred rows of the same kind, drawn at random, are taken out and put back with it
in a random order, by the same transaction. Decision 0012 says what this protects from, and what it does not.
"""

import random
from typing import Any

from django.db.models import QuerySet

from tilios.core.structures.models import Owned

MOST = 200
_draw = random.SystemRandom()


def mix(rows: QuerySet[Any], fresh: list[int]) -> None:
    """Write again the rows numbered `fresh`, and others of `rows` drawn at random, in a random order.

    Keys stay the same: references to these rows are checked when the transaction ends, and hold. A few queries,
    bounded whatever the number of rows.
    """
    others = list(rows.exclude(pk__in=fresh).values_list("pk", flat=True)[: MOST * 50])
    numbers = [*fresh, *_draw.sample(others, min(MOST, len(others)))]
    taken: list[Owned] = list(rows.model.objects.filter(pk__in=numbers))
    _draw.shuffle(taken)
    # SECURITY: a plain delete, without its cascades: what hangs on these rows stays, and finds them back at once.
    rows.model.objects.filter(pk__in=numbers)._raw_delete(rows.db)
    rows.model.objects.bulk_create(taken)
