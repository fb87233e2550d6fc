"""What the pages say of an event, of a birthday, in words."""

from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tilios.kit import vcard
from tilios.tools.agenda import prose
from tilios.tools.agenda.actions.entries import zone_of
from tilios.tools.agenda.forms.recurrence import rule_of
from tilios.tools.agenda.models import Entry


def rule_in_words(entry: Entry) -> str:
    """How often an event comes back: "every week, on Tuesday, until 3 June 2027"; "" for one that comes once."""
    if not entry.is_recurring or entry.first is None:
        return ""
    zone = zone_of(entry.calendar)
    rule = rule_of(entry.data.encode())
    return (rule and prose.sentence(rule, entry.first.astimezone(zone).replace(tzinfo=None), zone=zone)) or _(
        "on several dates"
    )


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
