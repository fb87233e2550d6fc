"""Find a time at which several people, and rooms, are free."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.people.models import Person
from tilios.core.people.queries import active_people
from tilios.kit import slots
from tilios.kit.zones import localise
from tilios.tools.agenda.actions.availability import show_when_busy
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.forms.finding import MOST_PEOPLE, FindForm
from tilios.tools.agenda.models import Item
from tilios.tools.agenda.queries import availability, invited
from tilios.tools.agenda.queries import views as queries
from tilios.tools.agenda.queries.availability import Taken
from tilios.tools.agenda.queries.rights import Rights

STEP = timedelta(minutes=30)
MOST_OF_A_DAY = 8
MOST_DAYS = 14


@dataclass(frozen=True)
class Proposal:
    """A time that is proposed: the address of its new event, and the names of those who are busy then."""

    start: datetime
    end: datetime
    url: str
    missing: list[str]


@dataclass(frozen=True)
class Row:
    """One line of the grid of a day: each half hour is "busy", "free" or, where nothing is known, "unknown"."""

    name: str
    cells: list[tuple[datetime, str]]
    is_known: bool


@tool_view("agenda.view", "GET")
def find(request: Any) -> HttpResponse:
    """`?people=…&length=60&first=…`: the address holds the search, so that it may be sent to somebody."""
    rights = open_spaces(request.person)
    calendars = [one.calendar for one in queries.calendars_of(rights)]
    people, groups = invited.choices(request.person)
    form = FindForm(
        request.GET if "length" in request.GET else None,
        people=people,
        groups=groups,
        calendars=[(one.pk, one.name) for one in calendars if one.parent is not None and not one.parent.owner_id],
    )
    context = {
        "form": form,
        "shows_when_busy": availability.lets_members_see(request.person),
        "has_space": rights.may("own"),
    }
    if not form.is_bound or not form.is_valid():
        return render(request, "agenda/find.html", context, status=422 if form.is_bound else 200)
    return render(request, "agenda/find.html", context | _found(request, rights, form, calendars))


@tool_view("agenda.own", "POST")
def availability_shown(request: Any) -> HttpResponse:
    """Let the members see when one is busy, or no more."""
    shown = request.POST.get("montrer") == "oui"
    show_when_busy(by=request.person, rights=open_spaces(request.person), shown=shown)
    if shown:
        messages.success(request, _("The members now see when you are busy, not what you do."))
    else:
        messages.success(request, _("Only you see when you are busy."))
    return redirect(link("agenda:find"))


# Parts --------------------------------------------------------------------------------------------------------------


def _found(request: Any, rights: Rights, form: FindForm, calendars: Sequence[Item]) -> dict[str, Any]:
    asked, zone = form.cleaned_data, timezone.get_current_timezone()
    people = _people(request.person, asked)
    rooms = [one for one in calendars if one.pk in (asked.get("calendars") or ())]
    spans = availability.windows(
        asked["first"], asked["last"], asked["begins"], asked["ends"], weekdays_only=not asked["weekends"], zone=zone
    )  # fmt: skip
    spans = [(max(start, timezone.now()), end) for start, end in spans if end > timezone.now()]
    if not spans:
        return {"days": [], "is_none": True}
    taken = availability.busy_people(rights, [one.pk for one in people], spans[0][0], spans[-1][1])
    used = availability.busy_calendars(rights, rooms, spans[0][0], spans[-1][1])
    proposals = _proposals(form, people, taken, used, _rounded(spans))
    days = [(day, list(found)) for day, found in groupby(proposals, key=lambda one: one.start.astimezone(zone).date())]
    shown = _shown_day(request, days, asked["first"])
    return {
        "days": [(day, *_few(found)) for day, found in days[:MOST_DAYS]],
        "is_none": not days,
        "is_everybody": bool(days) and not days[0][1][0].missing,
        "unknown": [one.display_name for one in people if not taken[one.pk].is_known and one.pk != request.person.pk],
        "grid_day": shown,
        "grid": _grid(shown, asked["begins"], asked["ends"], people, taken, rooms, used),
        "query": _query(request),
    }


def _people(person: Person, asked: dict[str, Any]) -> list[Person]:
    """Oneself, the people chosen and the members of the groups, each once."""
    wanted = active_people().order_by("display_name", "pk")
    chosen = list(wanted.filter(pk__in=asked.get("people") or ()))
    if asked.get("groups"):
        chosen += wanted.filter(memberships__group__in=asked["groups"]).distinct()
    by_pk = {person.pk: person} | {one.pk: one for one in chosen}
    return list(by_pk.values())[:MOST_PEOPLE]


def _rounded(spans: list[slots.Span]) -> list[slots.Span]:
    """Windows that begin at a half hour: now, perhaps, is 10:07."""
    found = []
    for start, end in spans:
        over = timedelta(minutes=start.minute % 30, seconds=start.second, microseconds=start.microsecond)
        found.append((start + (STEP - over if over else timedelta(0)), end))
    return found


def _proposals(
    form: FindForm, people: list[Person], taken: dict[int, Taken], used: dict[int, Taken], spans: list[slots.Span]
) -> list[Proposal]:
    """The times at which the fewest are missing, first come first; a room that is taken is not to be had."""
    asked = form.cleaned_data
    busy = {pk: one.spans for pk, one in taken.items()} | {-pk: one.spans for pk, one in used.items()}
    found = [
        slot
        for slot in slots.slots(busy, spans, length=timedelta(minutes=asked["length"]), step=STEP)
        if all(who > 0 for who in slot.busy)
    ]
    fewest = min((len(slot.busy) for slot in found), default=0)
    names = {one.pk: one.display_name for one in people}
    if fewest >= len(people):
        return []
    return [
        Proposal(slot.start, slot.end, _new_url(form, slot), sorted(names[who] for who in slot.busy))
        for slot in found
        if len(slot.busy) == fewest
    ]


def _few(found: list[Proposal]) -> tuple[list[Proposal], int]:
    """Those of a day that are shown, whole hours and the first after something else; how many more there are."""
    shown = [
        one
        for number, one in enumerate(found)
        if one.start.minute == 0 or number == 0 or found[number - 1].start < one.start - STEP
    ][:MOST_OF_A_DAY]
    return shown, len(found) - len(shown)


def _new_url(form: FindForm, slot: slots.Slot) -> str:
    start, end = (moment.astimezone(timezone.get_current_timezone()) for moment in (slot.start, slot.end))
    said: list[tuple[str, Any]] = [
        ("jour", start.date().isoformat()),
        ("debut", f"{start:%H:%M}"),
        ("terme", f"{end:%H:%M}"),
        *(("invite", pk) for pk in form.cleaned_data.get("people") or ()),
        *(("groupe", pk) for pk in form.cleaned_data.get("groups") or ()),
    ]
    return f"{link('agenda:new')}?{urlencode(said)}"


def _shown_day(request: Any, days: list[tuple[date, list[Proposal]]], first: date) -> date:
    try:
        return date.fromisoformat(request.GET.get("jour", ""))
    except ValueError:
        return days[0][0] if days else first


def _grid(
    day: date,
    begins: time,
    ends: time,
    people: list[Person],
    taken: dict[int, Taken],
    rooms: list[Item],
    used: dict[int, Taken],
) -> list[Row]:
    """The day, half hour by half hour, for everybody and each room."""
    zone = timezone.get_current_timezone()
    moment, stop = (localise(datetime.combine(day, clock), zone) for clock in (begins, ends))
    marks = []
    while moment < stop:
        marks.append(moment)
        moment += STEP

    def row(name: str, one: Taken) -> Row:
        free = "free" if one.is_known else "unknown"
        cells = [(mark, "busy" if slots.overlaps(one.spans, mark, mark + STEP) else free) for mark in marks]
        return Row(name, cells, one.is_known)

    return [
        *(row(one.display_name, taken[one.pk]) for one in people),
        *(row(one.name, used[one.pk]) for one in rooms if one.pk in used),
    ]


def _query(request: Any) -> str:
    """The search, without the day that is looked at."""
    said = request.GET.copy()
    said.pop("jour", None)
    return said.urlencode()
