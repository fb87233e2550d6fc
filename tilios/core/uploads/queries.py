"""Read uploads."""

from datetime import timedelta

from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from tilios.core.uploads.models import State, Upload
from tilios.core.uploads.senders import Sender


def of(sender: Sender) -> QuerySet[Upload]:
    """The uploads of `sender`, those that are over included."""
    return Upload.objects.filter(sender.owns).select_related("blob")


def lock(upload: Upload) -> Upload:
    """The row as it is now, held until the end of the transaction."""
    return Upload.objects.select_for_update(of=("self",)).select_related("blob").get(pk=upload.pk)


def waiting(sender: Sender) -> tuple[int, int]:
    """How many uploads of `sender` are not finished, and how many bytes they announce."""
    rows = of(sender).filter(state__in=(State.RECEIVING, State.WAITING)).order_by()
    found = rows.aggregate(count=Count("pk"), size=Sum("length"))
    return found["count"], found["size"] or 0


def begun_lately(sender: Sender) -> int:
    """How many uploads `sender` has announced in the last minute."""
    return of(sender).filter(created_at__gt=timezone.now() - timedelta(minutes=1)).count()
