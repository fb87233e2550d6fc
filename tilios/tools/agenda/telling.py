"""What pages and letters say of an event, of a birthday, in words."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tilios.kit import vcard
from tilios.tools.agenda import prose
from tilios.tools.agenda.forms.recurrence import rule_of
from tilios.tools.agenda.models import Entry
from tilios.tools.agenda.zones import zone_of
from tilios.ui.dates import day_in_words


def rule_in_words(entry: Entry) -> str:
    """How often an event comes back: "every week, on Tuesday, until 3 June 2027"; "" for one that comes once."""
    if not entry.is_recurring or entry.first is None:
        return ""
    zone = zone_of(entry.calendar)
    rule = rule_of(entry.data.encode())
    return (rule and prose.sentence(rule, entry.first.astimezone(zone).replace(tzinfo=None), zone=zone)) or _(
        "on several dates"
    )


def when_in_words(start: datetime, end: datetime, *, is_all_day: bool, entry: Entry) -> str:
    """ "jeudi 3 décembre 2026 de 18:30 à 20:00", in the time zone of the page; whole days in the calendar's."""
    zone = zone_of(entry.calendar) if is_all_day else timezone.get_current_timezone()
    start, end = start.astimezone(zone), end.astimezone(zone)
    if is_all_day:
        last = max((end - timedelta(microseconds=1)).date(), start.date())
        if last == start.date():
            return _("%(day)s, all day") % {"day": day_in_words(last)}
        return _("from %(first)s to %(last)s") % {"first": day_in_words(start.date()), "last": day_in_words(last)}
    words = {"day": day_in_words(start.date()), "start": time_format(start, "H:i"), "end": time_format(end, "H:i")}
    if end == start:
        return _("%(day)s at %(start)s") % words
    if end.date() == start.date():
        return _("%(day)s, %(start)s to %(end)s") % words
    return _("from %(day)s at %(start)s to %(last)s at %(end)s") % (words | {"last": day_in_words(end.date())})


def birthday_in_words(birthday: vcard.Day | None, *, with_age: bool = False) -> str:
    """ "17 mai 1980 (46 ans)", or "17 mai" without a year."""
    if birthday is None:
        return ""
    year, month, day = birthday
    if year is None:
        return date_format(date(2000, month, day), "j F")
    said, today = date_format(date(year, month, day), "j F Y"), timezone.localdate()
    age = today.year - year - ((today.month, today.day) < (month, day))
    if not with_age or not 0 <= age < 130:
        return said
    return _("%(day)s (%(age)s)") % {"day": said, "age": ngettext("%d year old", "%d years old", age) % age}
