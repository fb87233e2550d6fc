"""One's own reminders of an event, whoever wrote it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.shelves.pages import numbers_in
from tilios.tools.agenda.actions.alarms import remind_me
from tilios.tools.agenda.forms.events import REMINDERS
from tilios.tools.agenda.models import Entry
from tilios.tools.agenda.queries import reminders
from tilios.tools.agenda.views.opening import back_to_event, opened_whole_entry


@tool_view("agenda.view", "POST")
def remind(request: Any, event_pk: int) -> HttpResponse:
    """Be reminded at the times that are ticked, and at no other."""
    rights, entry = opened_whole_entry(request, event_pk)
    remind_me(rights=rights, entry=entry, minutes=numbers_in(request.POST.getlist("reminders")))
    messages.success(request, _("Your reminders are saved."))
    return back_to_event(request, entry)


def reminders_for(request: Any, entry: Entry) -> dict[str, Any]:
    """What the page of an event shows of reminders: the event's own in words, and the boxes of one's own."""
    labels = {int(minutes): label for minutes, label in REMINDERS}
    mine = reminders.minutes_of(request.person, entry)
    return {
        "own": [_in_words(one.minutes, labels) for one in reminders.own_of(entry) if not one.is_from_end],
        "mine": [labels[one] for one in sorted(mine) if one in labels],
        "boxes": [(minutes, label, minutes in mine) for minutes, label in labels.items()],
    }


def _in_words(minutes: int, labels: dict[int, Any]) -> str:
    if minutes in labels:
        return str(labels[minutes])
    if minutes < 0:
        return _("after it begins")
    if minutes % 1440 == 0:
        return _("%(days)s days before") % {"days": minutes // 1440}
    if minutes % 60 == 0:
        return _("%(hours)s hours before") % {"hours": minutes // 60}
    return _("%(minutes)s minutes before") % {"minutes": minutes}
