"""What the pages say of an event in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tilios.tools.agenda.actions.entries import zone_of
from tilios.tools.agenda.forms.recurrence import initial_of, rule_of
from tilios.tools.agenda.models import Entry
from tilios.ui.dates import day_in_words


def rule_in_words(entry: Entry) -> str:
    """How often an event comes back: "every week, until 3 June 2027"; "" for one that comes once."""
    if not entry.is_recurring or entry.first is None:
        return ""
    zone = zone_of(entry.calendar)
    said = initial_of(rule_of(entry.data.encode()), entry.first.astimezone(zone).date(), zone=zone)
    names = {
        "daily": ngettext("every day", "every %(n)s days", said.get("interval", 1)),
        "weekly": ngettext("every week", "every %(n)s weeks", said.get("interval", 1)),
        "monthly": ngettext("every month", "every %(n)s months", said.get("interval", 1)),
        "monthly_weekday": ngettext("every month", "every %(n)s months", said.get("interval", 1)),
        "yearly": ngettext("every year", "every %(n)s years", said.get("interval", 1)),
    }
    if said.get("repeats") not in names:
        return _("on several dates")
    words = names[said["repeats"]] % {"n": said["interval"]}
    if said.get("ends") == "until":
        return _("%(often)s, until %(day)s") % {"often": words, "day": day_in_words(said["until"])}
    if said.get("ends") == "count":
        times = ngettext("%(n)s time", "%(n)s times", said["count"]) % {"n": said["count"]}
        return f"{words}, {times}"
    return words
