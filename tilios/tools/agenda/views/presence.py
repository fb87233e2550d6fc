"""Who is where this week."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.people.queries import active_people, groups
from tilios.core.shelves.levels import Level, Space
from tilios.tools.agenda.actions.presence import say_week, start
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.models import Item
from tilios.tools.agenda.queries import presence
from tilios.tools.agenda.queries import views as queries
from tilios.tools.agenda.queries.rights import Rights

DAY = timedelta(days=1)


@tool_view("agenda.presence", "GET", "POST")
def home(request: Any) -> HttpResponse:
    """The week of `?jour=`, of everybody or of a group; a POST says one's own week, or one's usual one."""
    rights = open_spaces(request.person)
    at = _day(request.POST.get("jour") or request.GET.get("jour", ""))
    first = at - timedelta(days=at.weekday())
    if request.method == "POST":
        is_habit = "habitude" in request.POST
        said = [presence.Said(request.POST.get(f"ou{n}", ""), request.POST.get(f"note{n}", "")) for n in range(7)]
        say_week(by=request.person, rights=rights, first=first, said=said, is_habit=is_habit)
        messages.success(request, _("Your usual week is saved.") if is_habit else _("Your week is saved."))
        return redirect(_address(at, request.POST.get("groupe", "")))
    return render(request, "agenda/presence.html", _page(request, rights, at, first))


@tool_view("agenda.manage", "POST")
def begin(request: Any) -> HttpResponse:
    """Open the calendar in which the members say where they are."""
    start(by=request.person, rights=open_spaces(request.person))
    messages.success(request, _("Everybody may now say where they are."))
    return redirect(link("agenda:presence"))


# Parts --------------------------------------------------------------------------------------------------------------


def _page(request: Any, rights: Rights, at: date, first: date) -> dict[str, Any]:
    where, group = presence.calendar(), request.GET.get("groupe", "")
    wanted = active_people().order_by("display_name", "pk")
    known = list(groups())
    if any(str(one.pk) == group for one in known):
        wanted = wanted.filter(memberships__group=int(group))
    else:
        group = ""
    people = list(wanted[: presence.MOST_PEOPLE])
    week = presence.week_of(rights, people, first, zone=timezone.get_current_timezone())
    days = [first + number * DAY for number in range(7)]
    may_say = where is not None and rights.may_put(where, None, is_new=True)
    own = presence.own_week(request.person, where, first) if where is not None and may_say else {}
    return {
        "calendar": where,
        "may_say": may_say,
        "may_begin": where is None and _looks_after_all(rights),
        "at": at,
        "today": timezone.localdate(),
        "days": days,
        "rows": [(one, [(day, week[one.pk][day]) for day in days]) for one in people],
        "own": [(number, day, own.get(day, presence.Said())) for number, day in enumerate(days)],
        "places": presence.PLACES.items(),
        "groups": known,
        "group": group,
        "title": _("Week of %(day)s") % {"day": date_format(first, "j F Y")},
        "before_url": _address(at - 7 * DAY, group),
        "after_url": _address(at + 7 * DAY, group),
        "today_url": _address(timezone.localdate(), group),
        "day_urls": [(day, _address(day, group)) for day in days],
        "colour_key": queries.colour_key(queries.calendars_of(rights)),
    }


def _looks_after_all(rights: Rights) -> bool:
    space = Item.objects.filter(space=Space.COMMON).first()
    return space is not None and rights.level(space) >= Level.MANAGE and rights.may("manage")


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()
    return day if 1900 < day.year < 2200 else timezone.localdate()


def _address(day: date, group: str) -> str:
    said = {"jour": day.isoformat()} | ({"groupe": group} if group.isdecimal() else {})
    return f"{link('agenda:presence')}?{urlencode(said)}"
