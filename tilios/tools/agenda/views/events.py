"""The page of an event: what it is, when, who comes; or only that somebody is busy."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.shelves import audience
from tilios.core.toolbox import registry
from tilios.kit import ical
from tilios.tools.agenda.actions.texts import described_at
from tilios.tools.agenda.models import Entry
from tilios.tools.agenda.queries import attached
from tilios.tools.agenda.queries import views as queries
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.telling import rule_in_words, when_in_words
from tilios.tools.agenda.views.guests import told_guests
from tilios.tools.agenda.views.opening import opened_entry
from tilios.tools.agenda.views.reminding import reminders_for
from tilios.tools.agenda.zones import zone_of


@tool_view("agenda.view", "GET")
def entry(request: Any, event_pk: int) -> HttpResponse:
    """One occurrence (`?le=`) of an event, or the first."""
    rights, found = opened_entry(request, event_pk)
    level = rights.level(found.calendar)
    if found.component != "VEVENT":
        return _task_page(request, rights, found)
    one = queries.occurrence_of(found, request.GET.get("le", ""), now=timezone.now())
    if one is None:
        raise Http404
    context = {"entry": found, "when": when_in_words(one.start, one.end, is_all_day=one.is_all_day, entry=found)}
    if not rights.sees_whole(found, level):
        return render(request, "agenda/busy.html", context)
    description = described_at(found, one)
    led = attached.led_text(request.person, description)
    files = ical.attachments(found.data.encode(), one.recurrence_id)
    context |= {
        "title": one.override.get("summary", found.summary) or _("Untitled"),
        "place": one.override.get("location", found.location),
        "description": attached.without_line(description, led.address) if led else description,
        "led": led,
        "files": attached.attached(request.person, files),
        "may_begin_text": registry.capability("text.begin") is not None,
        "status": one.override.get("status", found.status),
        "recurrence_id": one.recurrence_id,
        "rule": rule_in_words(found),
        "invitation": told_guests(found, one.recurrence_id, request.person),
        "may_change": rights.may_put(found.calendar, found.author_id, is_new=False),
        "audience": audience.who_sees(found.calendar),
        "item": found.calendar,
        "colour_key": queries.colour_key(queries.calendars_of(rights)),
        "day": one.start.astimezone(timezone.get_current_timezone()).date() if not one.is_all_day else one.start.date(),
    }
    context["reminders"] = reminders_for(request, found)
    return render(request, "agenda/event.html", context)


def _task_page(request: Any, rights: Rights, found: Entry) -> HttpResponse:
    """A task or a journal entry, as programs keep them beside events: shown, not changed."""
    if not rights.sees_whole(found, rights.level(found.calendar)):
        raise Http404
    facts = ical.facts(found.data.encode(), zone=zone_of(found.calendar))
    return render(request, "agenda/task.html", {"entry": found, "facts": facts, "item": found.calendar})
