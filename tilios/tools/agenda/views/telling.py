"""What the pages say of an event in words."""

from django.utils.translation import gettext as _

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
