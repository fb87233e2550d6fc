"""Reminders of events, kept with the event, or chosen by a person for themselves."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.errors import Invalid, require
from tilios.kit import ical
from tilios.tools.agenda.models import Alarm, Entry
from tilios.tools.agenda.queries import reminders
from tilios.tools.agenda.queries.rights import Rights

MOST_MINUTES = 60 * 24 * 366


def keep_alarms(entry: Entry, facts: ical.Facts, *, is_new: bool) -> None:
    """Bring the reminders of `entry` to what its data says, and those of people to its new times.

    No query for what is new and has none; else one, and one for each that changes.
    """
    wanted = {(minutes, related == "end") for minutes, related in facts.alarms if abs(minutes) <= MOST_MINUTES}
    if is_new and not wanted:
        return
    now = timezone.now()
    known = [] if is_new else list(entry.alarms.all())
    own = {(one.minutes, one.is_from_end): one for one in known if one.person_id is None}
    if gone := [one.pk for key, one in own.items() if key not in wanted]:
        Alarm.objects.filter(pk__in=gone).delete()
    for one in known:
        if one.person_id is not None or (one.minutes, one.is_from_end) in wanted:
            _wind(entry, one, now)
    for minutes, is_from_end in sorted(wanted - own.keys()):
        made = Alarm(entry=entry, minutes=minutes, is_from_end=is_from_end)
        made.next_at = reminders.next_ring(entry, made, now)
        if made.next_at is not None:
            made.save()


def _wind(entry: Entry, alarm: Alarm, after: datetime) -> None:
    next_at = reminders.next_ring(entry, alarm, after)
    if next_at != alarm.next_at:
        alarm.next_at = next_at
        alarm.save(update_fields=["next_at"])


@transaction.atomic
def remind_me(*, rights: Rights, entry: Entry, minutes: Iterable[int]) -> None:
    """Have this person reminded of `entry` so many minutes before it begins, and at no other time.

    Raises NotAllowed for somebody who does not see what it is, Invalid for a time out of reason.
    """
    require(rights.sees_whole(entry, rights.level(entry.calendar)))
    wanted = set(minutes)
    if not all(0 <= one <= MOST_MINUTES for one in wanted):
        raise Invalid("reminders", _("Choose when you want to be reminded."))
    mine = Alarm.objects.filter(entry=entry, person=rights.person)
    mine.exclude(minutes__in=wanted).delete()
    for one in sorted(wanted - set(mine.values_list("minutes", flat=True))):
        alarm = Alarm(entry=entry, person=rights.person, minutes=one)
        alarm.next_at = reminders.next_ring(entry, alarm, timezone.now())
        alarm.save()
