"""The page of an event: what it is, when, who comes; or only that somebody is busy."""

from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tilios.core.access.guards import tool_view
from tilios.core.shelves import audience
from tilios.tools.agenda.actions.entries import zone_of
from tilios.tools.agenda.models import Entry
from tilios.tools.agenda.queries import views as queries
from tilios.tools.agenda.views.opening import opened_entry
from tilios.tools.agenda.views.telling import rule_in_words
from tilios.ui.dates import day_in_words

ANSWERS = {
    "ACCEPTED": (gettext_lazy("comes"), "success"),
    "DECLINED": (gettext_lazy("does not come"), "danger"),
    "TENTATIVE": (gettext_lazy("comes perhaps"), "warning"),
    "DELEGATED": (gettext_lazy("sends somebody"), "info"),
}


@tool_view("agenda.view", "GET")
def entry(request: Any, event_pk: int) -> HttpResponse:
    """One occurrence (`?le=`) of an event, or the first."""
    rights, found = opened_entry(request, event_pk)
    level = rights.level(found.calendar)
    one = queries.occurrence_of(found, request.GET.get("le", ""), zone=timezone.get_current_timezone())
    if one is None:
        raise Http404
    context = {"entry": found, "when": when_in_words(one.start, one.end, is_all_day=one.is_all_day, entry=found)}
    if not rights.sees_whole(found, level):
        return render(request, "agenda/busy.html", context)
    context |= {
        "title": one.override.get("summary", found.summary) or _("Untitled"),
        "place": one.override.get("location", found.location),
        "description": one.override.get("description", found.description),
        "status": one.override.get("status", found.status),
        "recurrence_id": one.recurrence_id,
        "rule": rule_in_words(found),
        "attendees": [(guest, ANSWERS.get(guest.status)) for guest in found.attendees.select_related("person")],
        "may_change": rights.may_put(found.calendar, found.author_id, is_new=False),
        "audience": audience.who_sees(found.calendar),
        "item": found.calendar,
        "colour_key": queries.colour_key(queries.calendars_of(rights)),
        "day": one.start.astimezone(timezone.get_current_timezone()).date() if not one.is_all_day else one.start.date(),
    }
    return render(request, "agenda/event.html", context)


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
