"""The month, the week, the day, the list and the year; which calendars they show, and in what colours."""

import calendar as months
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.shelves.pages import numbers_in
from tilios.kit.dates import parse_date
from tilios.kit.refusals import Refusal
from tilios.tools.agenda.actions.showing import show_layers
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.actions.writing import show_calendars
from tilios.tools.agenda.queries import layers as layer_queries
from tilios.tools.agenda.queries import views as queries
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.views import placing
from tilios.ui.dates import day_in_words

#: Session key: the view a person looked at last, by structure.
VIEW = "agenda_view"
LISTED_DAYS = 30
YEARS = range(1900, 2200)

VIEWS = {
    "month": (pgettext_lazy("view of an agenda", "Month"), "calendar-days"),
    "week": (pgettext_lazy("view of an agenda", "Week"), "columns-3"),
    "day": (pgettext_lazy("view of an agenda", "Day"), "calendar"),
    "list": (pgettext_lazy("view of an agenda", "List"), "list"),
    "year": (pgettext_lazy("view of an agenda", "Year"), "layout-grid"),
}


@dataclass(frozen=True)
class Page:
    """What a view of the agenda shows: its days, and how to walk from there."""

    title: str
    first: date
    last: date  # included
    before: date
    after: date


@tool_view("agenda.view", "GET")
def home(request: Any) -> HttpResponse:
    """The view the person looked at last; the month at first."""
    return SHOW[_remembered(request)](request)


@tool_view("agenda.view", "GET")
def month(request: Any) -> HttpResponse:
    return show_month(request)


@tool_view("agenda.view", "GET")
def week(request: Any) -> HttpResponse:
    return show_week(request)


@tool_view("agenda.view", "GET")
def day(request: Any) -> HttpResponse:
    return show_day(request)


@tool_view("agenda.view", "GET")
def listed(request: Any) -> HttpResponse:
    return show_list(request)


@tool_view("agenda.view", "GET")
def year(request: Any) -> HttpResponse:
    return show_year(request)


@tool_view("agenda.view", "POST")
def shown(request: Any) -> HttpResponse:
    """Show some calendars and layers and hide the others; then back to where one was."""
    rights = open_spaces(request.person)
    wanted = set(numbers_in(request.POST.getlist("calendrier")))
    show_calendars(rights=rights, calendars=[one.calendar for one in queries.calendars_of(rights)], wanted=wanted)
    show_layers(by=request.person, wanted=set(request.POST.getlist("couche")))
    back = request.POST.get("retour", "")
    # SECURITY: what a form says of where to go next is followed within this server only.
    return redirect(back if url_has_allowed_host_and_scheme(back, None) else link("agenda:home"))


@tool_view("agenda.view", "GET")
def colours(request: Any) -> HttpResponse:
    """The style sheet of the views: the colour of each calendar, and every place of the grid of hours.

    The security policy lets no page carry a style of its own.
    """
    rules = [f".calendar-{one.calendar.pk}{{--calendar:{one.colour}}}" for one in _calendars(request)[1]]
    rules += [f".calendar-{one.css}{{--calendar:{one.colour}}}" for one in layer_queries.shown_layers(request.person)]
    style = "\n".join(("@layer components {", *rules, *PLACES, "}"))
    answer = HttpResponse(style, content_type="text/css; charset=utf-8")
    answer["Cache-Control"] = "private, max-age=86400"
    return answer


# The views ----------------------------------------------------------------------------------------------------------


def show_month(request: Any) -> HttpResponse:
    at = _asked_day(request)
    first = at.replace(day=1)
    last = first.replace(day=months.monthrange(at.year, at.month)[1])
    page = Page(
        date_format(first, "F Y").capitalize(), first, last, first - timedelta(days=1), last + timedelta(days=1)
    )
    start = placing.week_of(first)
    end = placing.week_of(last) + timedelta(days=7)

    def fill(found: list[queries.Happening]) -> dict[str, Any]:
        chosen = [one for one in found if one.first <= at <= one.last]
        return {"weeks": placing.weeks(first, last, found), "chosen": chosen, "days": _week_days(start)}

    return _show(request, "month", at, page, start, end, fill)


def show_week(request: Any) -> HttpResponse:
    at = _asked_day(request)
    first = placing.week_of(at)
    last = first + timedelta(days=6)
    title = _("Week %(number)s, %(first)s to %(last)s") % {
        "number": first.isocalendar().week,
        "first": date_format(first, "j F" if first.month != last.month else "j"),
        "last": date_format(last, "j F Y"),
    }
    page = Page(title, first, last, first - timedelta(days=7), first + timedelta(days=7))
    return _show(request, "week", at, page, first, last + timedelta(days=1), _hours_of(first, 7))


def show_day(request: Any) -> HttpResponse:
    at = _asked_day(request)
    page = Page(day_in_words(at).capitalize(), at, at, at - timedelta(days=1), at + timedelta(days=1))
    return _show(request, "day", at, page, at, at + timedelta(days=1), _hours_of(at, 1))


def _hours_of(first: date, count: int) -> Callable[[list[queries.Happening]], dict[str, Any]]:
    days = [first + timedelta(days=number) for number in range(count)]

    def fill(found: list[queries.Happening]) -> dict[str, Any]:
        long = [one for one in found if one.is_long]
        grid = placing.hours(days, found)
        whole = next(iter(placing.weeks(first, first, long, most=12)))
        above = [one for one in whole if one.day in days]
        return {
            "grid": grid,
            "columns": [(one, boxes) for one, (_day, boxes) in zip(above, grid.columns, strict=True)],
            "has_long": bool(long),
            "is_empty": not found,
        }

    return fill


def show_list(request: Any) -> HttpResponse:
    at = _asked_day(request)
    end = at + timedelta(days=LISTED_DAYS)
    last = end - timedelta(days=1)
    title = _("From %(first)s to %(last)s") % {"first": _short(at), "last": date_format(last, "j F Y")}
    page = Page(title, at, last, at - timedelta(days=LISTED_DAYS), end)

    def fill(found: list[queries.Happening]) -> dict[str, Any]:
        by_day: dict[date, list[queries.Happening]] = {}
        for one in found:
            by_day.setdefault(max(one.first, at), []).append(one)
        return {"by_day": sorted(by_day.items())}

    return _show(request, "list", at, page, at, end, fill)


def show_year(request: Any) -> HttpResponse:
    at = _asked_day(request)
    first, last = date(at.year, 1, 1), date(at.year, 12, 31)
    page = Page(str(at.year), first, last, date(at.year - 1, 1, 1), date(at.year + 1, 1, 1))

    def fill(found: list[queries.Happening]) -> dict[str, Any]:
        counts: dict[date, int] = {}
        for one in found:
            for number in range((min(one.last, last) - max(one.first, first)).days + 1):
                here = max(one.first, first) + timedelta(days=number)
                counts[here] = counts.get(here, 0) + 1
        grids = months.Calendar().yeardatescalendar(at.year, 12)[0]
        twelve = [
            (
                date(at.year, number, 1),
                [[(one, counts.get(one, 0), one.month == number) for one in row] for row in grid],
            )
            for number, grid in enumerate(grids, start=1)
        ]
        return {"months": twelve, "days": _week_days(placing.week_of(first))}

    return _show(request, "year", at, page, first, last + timedelta(days=1), fill)


SHOW = {"month": show_month, "week": show_week, "day": show_day, "list": show_list, "year": show_year}

# Parts --------------------------------------------------------------------------------------------------------------


def _show(
    request: Any,
    name: str,
    at: date,
    page: Page,
    start: date,
    end: date,
    fill: Callable[[list[queries.Happening]], dict[str, Any]],
) -> HttpResponse:
    """The page `name`, with what takes place on the days of [start, end) in the calendars that are shown."""
    if _remembered(request) != name:
        request.session[VIEW] = name
    rights, calendars = _calendars(request)
    shown_ones = [one.calendar for one in calendars if not one.is_hidden]
    layers = layer_queries.shown_layers(request.person)
    zone = timezone.get_current_timezone()
    events = queries.happenings(rights, shown_ones, start, end, zone=zone)
    found = queries.in_order([*events, *layer_queries.in_layers(request.person, layers, start, end, zone=zone)])
    context = {
        "view": name,
        "views": [(one, label, link(f"agenda:{one}") + _query(at), icon) for one, (label, icon) in VIEWS.items()],
        "at": at,
        "today": timezone.localdate(),
        "page": page,
        "before_url": link(f"agenda:{name}") + _query(page.before),
        "after_url": link(f"agenda:{name}") + _query(page.after),
        "today_url": link(f"agenda:{name}"),
        "calendars": calendars,
        "layers": layers,
        "several": len({one.calendar.parent_id for one in calendars}) > 1,
        "colour_key": f"{queries.colour_key(calendars)}-{layer_queries.colour_key(layers)}",
        "may_add": any(rights.may_put(one.calendar, None, is_new=True) for one in calendars),
        "count": len(found),
    }
    return render(request, f"agenda/{name}.html", context | fill(found))


def _calendars(request: Any) -> tuple[Rights, list[queries.Shown]]:
    rights = open_spaces(request.person)
    return rights, queries.calendars_of(rights)


def _remembered(request: Any) -> str:
    name = request.session.get(VIEW, "month")
    return name if name in VIEWS else "month"


def _asked_day(request: Any) -> date:
    """The day of `?jour=`, as typed or as links write it; today when there is none. Says what cannot be read."""
    typed = request.GET.get("jour", "").strip()[:40]
    if not typed:
        return timezone.localdate()
    try:
        asked = parse_date(typed)
    except Refusal as error:
        messages.error(request, _(error.message) % error.params)
        return timezone.localdate()
    if asked.year not in YEARS:
        messages.error(request, _("The agenda goes from 1900 to 2199."))
        return timezone.localdate()
    return asked


def _query(day: date) -> str:
    return "?" + urlencode({"jour": day.isoformat()})


def _short(day: date) -> str:
    return date_format(day, "j F")


def _week_days(first: date) -> list[date]:
    return [first + timedelta(days=number) for number in range(7)]


def _places() -> list[str]:
    """Rules for the grid of hours: at which quarter a box begins, how many it lasts, its columns."""
    rules = [f".at-{n}{{grid-row-start:{n}}}" for n in range(1, 97)]
    rules += [f".for-{n}{{grid-row-end:span {n}}}" for n in range(1, 97)]
    widths = [placing.COLUMNS // n for n in range(1, placing.MOST_SIDE_BY_SIDE + 1)]
    rules += [f".wide-{width}{{--wide:{width}}}" for width in widths]
    starts = sorted({width * n + 1 for width in widths for n in range(placing.COLUMNS // width)})
    return rules + [f".column-{n}{{--column:{n}}}" for n in starts]


PLACES = _places()
