"""Follow a calendar of another place: its address, what is there, then the calendar."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.access import attempts
from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Invalid, Refused
from tilios.core.structures.scope import current_structure
from tilios.kit import ical
from tilios.tools.agenda.actions.following import Read, follow, look, refresh, web_address
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.models import Item, Nature, Subscription
from tilios.tools.agenda.views.opening import opened_collection

SHOWN = 5
AHEAD = timedelta(days=400)


@dataclass(frozen=True)
class Coming:
    """One of the next events over there."""

    start: datetime
    is_all_day: bool
    title: str


@tool_view("agenda.write", "GET", "POST")
def new(request: Any, pk: int) -> HttpResponse:
    """The address, then what is there, then the calendar in the space `pk`: it is looked at both times."""
    rights = open_spaces(request.person)
    space = get_object_or_404(Item.objects.filter(rights.shown(), parent=None), pk=pk)
    if not (rights.may_manage(space) and rights.may("write")):
        raise Http404
    typed = request.POST.get("adresse", "").strip()[:1100]
    context: dict[str, Any] = {"space": space, "typed": typed}
    if request.method == "GET":
        return render(request, "agenda/follow.html", context)
    zone = ZoneInfo(current_structure().timezone)
    try:
        url = web_address(typed)
        if wait := attempts.begin(following=f"{current_structure().pk}/{request.person.pk}"):
            raise Invalid("url", attempts.too_many(wait))
        read = look(url, zone=zone)
        assert read is not None  # nothing was said of what is known
        if "suivre" in request.POST:
            name = request.POST.get("nom", "").strip()[:100] or read.name or url.split("/")[2]
            made = follow(by=request.person, rights=rights, space=space, url=url, name=name, read=read)
            messages.success(request, _("“%(name)s” is followed: it is looked at every hour.") % {"name": made.name})
            return redirect(link("agenda:item", made.pk))
    except Refused as error:
        context["problem"] = str(error.message)
        return render(request, "agenda/follow.html", context, status=422)
    context |= {"read": read, "url": url, "count": len(read.objects), "coming": _coming(read, zone)}
    return render(request, "agenda/follow.html", context)


@tool_view("agenda.write", "POST")
def again(request: Any, pk: int) -> HttpResponse:
    """Look at the other place at once."""
    rights, calendar = opened_collection(request, pk, Nature.CALENDAR)
    subscription = get_object_or_404(Subscription.objects.select_related("calendar"), calendar=calendar)
    if not rights.may_manage(calendar):
        raise Http404
    if wait := attempts.begin(following=f"{current_structure().pk}/{request.person.pk}"):
        messages.error(request, attempts.too_many(wait))
    elif refresh(subscription):
        messages.success(request, _("The calendar is up to date."))
    else:
        messages.error(request, subscription.problem)
    return redirect(link("agenda:item", calendar.pk))


def _coming(read: Read, zone: ZoneInfo) -> list[Coming]:
    """The next events of what was read."""
    now = timezone.now()
    found = []
    for data in read.objects.values():
        facts = ical.facts(data, zone=zone)
        if facts.component != "VEVENT":
            continue
        for one in ical.occurrences(facts.times, now, now + AHEAD, zone=zone, most=1):
            title = one.override.get("summary", facts.summary) or _("Untitled")
            found.append(Coming(one.start.astimezone(zone), one.is_all_day, title))
    return sorted(found, key=lambda one: one.start)[:SHOWN]
