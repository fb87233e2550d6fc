"""The digest: each morning at seven in the structure's time zone, what is new for those who asked to read it so."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from tilios.core.jobs import job
from tilios.core.journal.actions import through
from tilios.core.notify import letters, queries, readers
from tilios.core.notify.models import DigestDay, Notification
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import current_structure, scope

HOUR = 7


def start_due(now: datetime | None = None) -> int:
    """Periodic: start the digests of the structures where it is past seven and today's have not left."""
    now = now or timezone.now()
    count = 0
    for structure in Structure.objects.filter(suspended_at=None):
        local = now.astimezone(ZoneInfo(structure.timezone))
        if local.hour < HOUR:
            continue
        with scope(structure), transaction.atomic():
            _row, first = DigestDay.objects.get_or_create(day=local.date())
            if first:  # in the same transaction: either the day is taken and the job will run, or neither
                send_digests.enqueue(structure.pk)
                count += 1
    return count


@job
def send_digests(structure_pk: int) -> int:
    """Write the digests that are waiting in one structure. Number of mails.

    One transaction a person: the mail is in the outbox and its notifications are marked, or neither. Taken again after
    a crash, the job goes on with those who have not had theirs.
    """
    structure = Structure.objects.get(pk=structure_pk)
    count = 0
    with scope(structure), through("job"):
        waiting = Notification.objects.filter(digest_due=True)
        for person in readers.reachable().filter(Exists(waiting.filter(person=OuterRef("pk")))):
            count += _send_one(person.pk)
        waiting.exclude(person__in=readers.reachable()).update(digest_due=False)
    return count


@transaction.atomic
def _send_one(person_pk: int) -> int:
    person = readers.reachable().filter(pk=person_pk).select_for_update(of=("self",)).first()
    if person is None:
        return 0
    person.structure = current_structure()
    rows = list(Notification.objects.filter(person=person, digest_due=True).order_by("created_at", "pk"))
    if not rows:
        return 0
    Notification.objects.filter(pk__in=[row.pk for row in rows]).update(digest_due=False)
    fresh = [row for row in rows if row.read_at is None]
    shown = [row for row in queries.with_access(person, fresh) if row.accessible]
    return letters.send([letters.digest(person, shown)]) if shown else 0
