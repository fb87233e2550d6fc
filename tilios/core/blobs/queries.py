"""Read blobs."""

from datetime import timedelta
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from tilios.core.blobs.models import Blob, State
from tilios.core.blobs.references import references


def kept() -> Q:
    """The condition of a blob that some row keeps."""
    return reduce(or_, (Q(reference.exists()) for reference in references() if reference.keeps), Q(pk__in=()))


def orphans(older_than: timedelta = timedelta(0)) -> QuerySet[Blob]:
    """The blobs that no row keeps, and of which this has been known for `older_than` at least; the oldest first.

    It is known from the first `actions.collect` that saw it: with a delay, one that none has seen yet is left out.
    """
    rows = Blob.objects.filter(~kept()).order_by("pk")
    return rows.filter(orphaned_at__lte=timezone.now() - older_than) if older_than else rows


def not_whole() -> QuerySet[Blob]:
    """The blobs whose bytes were found damaged or missing."""
    return Blob.objects.exclude(state=State.WHOLE).order_by("pk")


def total_bytes() -> int:
    """What all blobs weigh together."""
    return Blob.objects.aggregate(total=Sum("size"))["total"] or 0
