"""Keep since when and until when people waited for a place, so that the figures of past months stay what they were."""

from datetime import date

from django.db import transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from tilios.tools.members.actions.records import lock_settings
from tilios.tools.members.models import Application, Wait
from tilios.tools.members.queries import community as queries


def note_application(application: Application) -> None:
    """Write how long an application waits: from the day its address is confirmed until the day it is answered."""
    people = application.applicants.count()
    if application.confirmed_at is None or not people:
        return
    first, answered = timezone.localdate(application.confirmed_at), application.decided_at
    until = max(first, timezone.localdate(answered)) if answered else None
    Wait.objects.update_or_create(application=application, defaults={"people": people, "first": first, "until": until})


def follow_waiting(*, today: date | None = None) -> int:
    """Periodic: bring what is kept up to date with applications and with the members who have no place; how many
    changed.

    What has gone without an answer has waited until today.
    """
    today = today or timezone.localdate()
    with transaction.atomic():
        lock_settings()
        unknown = Q(wait=None) | Q(wait__until=None, decided_at__isnull=False)
        missed = list(Application.objects.filter(unknown, confirmed_at__isnull=False))
        for application in missed:
            note_application(application)
        gone = Wait.objects.filter(until=None, application=None, record=None)
        return len(missed) + _close(gone, today) + _follow_members(today)


def _follow_members(today: date) -> int:
    """The members who wait by their status or their group. The first time of all, since they arrived."""
    settings = queries.community_settings()
    waiting = queries.waiting(settings)
    running = set(Wait.objects.filter(until=None).exclude(record=None).values_list("record", flat=True))
    changed = _close(Wait.objects.filter(record__in=running - waiting, until=None), today)
    began = dict.fromkeys(waiting - running, today)
    if began and not Wait.objects.exclude(record=None).exists():
        lives = {life.number: life for life in queries.lives(settings) if life.spells}
        began = {number: min(today, lives[number].arrived) if number in lives else today for number in began}
    Wait.objects.bulk_create(Wait(record_id=number, first=first) for number, first in sorted(began.items()))
    return changed + len(began)


def _close(rows: QuerySet[Wait], today: date) -> int:
    """These have waited until today; who began after it, by a wrong clock, has not waited at all."""
    return rows.update(until=Greatest(F("first"), Value(today)))
