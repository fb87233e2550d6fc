"""Reminders told when their time comes."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from tilios.core.notify.actions import notify
from tilios.kit import ical
from tilios.tools.agenda.models import Alarm, Entry
from tilios.tools.agenda.queries import reminders
from tilios.tools.agenda.telling import when_in_words

MOST_AT_ONCE = 500
#: For so long after its time, and until the event is over, a reminder is still worth telling by a server that was down.
LATE = timedelta(hours=1)


def ring_due(now: datetime | None = None) -> int:
    """Periodic, in the scope of one structure: tell of what is to be reminded at `now`. Number of people told."""
    now = now or timezone.now()
    due = Alarm.objects.filter(next_at__lte=now).order_by("next_at")
    return sum(_ring(pk, now) for pk in list(due.values_list("pk", flat=True)[:MOST_AT_ONCE]))


@transaction.atomic
def _ring(pk: int, now: datetime) -> int:
    """Told and wound up again in one transaction: after a crash it is told once, neither twice nor never."""
    alarm = Alarm.objects.select_for_update().filter(pk=pk, next_at__lte=now).first()
    if alarm is None or alarm.next_at is None:
        return 0  # another process was quicker
    entry = Entry.objects.select_related("calendar__parent__owner", "author").get(pk=alarm.entry_id)
    alarm.entry = entry
    found = reminders.latest_ring(entry, alarm, alarm.next_at, now)
    alarm.next_at = reminders.next_ring(entry, alarm, now)
    alarm.save(update_fields=["next_at"])
    if found is None or entry.calendar.in_trash:
        return 0
    moment, one = found
    until = max(one.end, moment + LATE)
    return _tell(alarm, one, until) if now < until else 0


def _tell(alarm: Alarm, one: ical.Occurrence, until: datetime) -> int:
    entry = alarm.entry

    def text() -> str:
        title = one.override.get("summary", entry.summary) or gettext("Untitled")
        words = {"title": title, "when": when_in_words(one.start, one.end, is_all_day=one.is_all_day, entry=entry)}
        place = one.override.get("location", entry.location)
        if place:
            return gettext("Reminder: %(title)s, %(when)s, %(place)s") % (words | {"place": place})
        return gettext("Reminder: %(title)s, %(when)s") % words

    return notify("agenda.reminder", to=reminders.told_of(alarm), target=entry, text=text, until=until)
