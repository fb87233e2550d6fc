"""A public calendar: its pages, and how other websites show it."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tilios.core.access.guards import View
from tilios.core.access.links import absolute, link
from tilios.core.access.open_pages import open_view
from tilios.kit.dates import parse_date
from tilios.kit.refusals import Refusal
from tilios.tools.agenda.actions.collections import COLOUR
from tilios.tools.agenda.models import Publication
from tilios.tools.agenda.queries import public as queries
from tilios.tools.agenda.queries.views import PLAIN_COLOUR, Happening, occurrence_of
from tilios.tools.agenda.telling import rule_in_words, when_in_words
from tilios.tools.agenda.views import placing
from tilios.tools.agenda.views.announcing import announced

LISTED_DAYS = 60
EMBEDDED = 12
YEARS = range(1970, 2200)
#: As strict as every page, but for who may frame it.
EMBED_POLICY = "; ".join(
    [
        "default-src 'none'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors *",
    ]
)
REASON = "whoever looks after the calendar has made it public; what is private in it stays out"


def published_view(*methods: str) -> Callable[[View], View]:
    """Guard a page of a public calendar: `view(request, publication, …)`; Http404 for one that is not public."""

    def decorate(view: View) -> View:
        @open_view("agenda", *methods, reason=REASON)
        @wraps(view)
        def opened(request: Any, calendar: str, **kwargs: Any) -> HttpResponseBase:
            publication = queries.published(calendar)
            if publication is None:
                raise Http404
            return view(request, publication, **kwargs)

        return opened

    return decorate


@published_view("GET")
def listed(request: Any, publication: Publication) -> HttpResponse:
    """What comes, day after day."""
    at = asked_day(request)
    context = _context(request, publication, "list", at) | _listed(publication, at, at + timedelta(days=LISTED_DAYS))
    return render(request, "agenda/public/list.html", context)


@published_view("GET")
def month(request: Any, publication: Publication) -> HttpResponse:
    at = asked_day(request)
    context = _context(request, publication, "month", at) | _month(publication, at)
    return render(request, "agenda/public/month.html", context)


@published_view("GET")
def event(request: Any, publication: Publication, event: str) -> HttpResponse:
    """One occurrence (`?le=`) of a public event, or the next one; said to search engines as schema.org has it."""
    entry = queries.entry(publication, event)
    if entry is None:
        raise Http404
    one = occurrence_of(entry, request.GET.get("le", "")[:40], now=timezone.now())
    if one is None:
        raise Http404
    title = one.override.get("summary", entry.summary) or _("Untitled")
    place = one.override.get("location", entry.location)
    description = one.override.get("description", entry.description)
    status = one.override.get("status", entry.status)
    address = absolute(link("agenda:public_event", publication.slug, entry.pk))
    if entry.is_recurring:
        address += f"?{urlencode({'le': one.recurrence_id})}"
    context = {
        **_context(request, publication, "", timezone.localdate()),
        "entry": entry,
        "title": title,
        "when": when_in_words(one.start, one.end, is_all_day=one.is_all_day, entry=entry),
        "rule": rule_in_words(entry),
        "place": place,
        "description": description,
        "status": status,
        "address": address,
        "announced": announced(
            request.structure, entry, one, title=title, place=place, description=description, status=status, url=address
        ),
    }
    return render(request, "agenda/public/event.html", context)


@published_view("GET")
def embed(request: Any, publication: Publication) -> HttpResponse:
    """The calendar alone, for an <iframe> of another website: `?vue=mois`, `?theme=sombre`."""
    at = asked_day(request)
    view = "month" if request.GET.get("vue") == "mois" else "list"
    theme = {"clair": "light", "sombre": "dark"}.get(request.GET.get("theme", ""), "auto")
    query = {key: request.GET[key] for key in ("vue", "theme") if key in request.GET}
    context = _context(request, publication, view, at)
    context |= {"theme": theme, "is_embedded": True, "kept_query": urlencode(query)}
    if view == "month":
        context |= _month(publication, at)
    else:
        found = _happenings(publication, at, at + timedelta(days=LISTED_DAYS))[:EMBEDDED]
        context |= {"by_day": _by_day(found, at)}
    response = render(request, "agenda/public/embed.html", context)
    # SECURITY: this answer alone may be framed by others: it holds no form, no name, nothing that depends on cookies
    # but the language. Every other answer keeps X-Frame-Options: DENY and frame-ancestors 'none'.
    response.xframe_options_exempt = True
    response.headers["Content-Security-Policy"] = EMBED_POLICY
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@published_view("GET")
def colour(request: Any, publication: Publication) -> HttpResponse:
    """The colour of the calendar as a style sheet: the security policy lets no page carry a style of its own."""
    found = publication.calendar.colour
    # SECURITY: it is written in a style sheet, and an archive may bring whatever it likes.
    found = found if COLOUR.fullmatch(found) else PLAIN_COLOUR
    style = f"@layer components {{ .calendar-{publication.calendar_id} {{ --calendar: {found} }} }}"
    response = HttpResponse(style, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=3600"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


# Parts --------------------------------------------------------------------------------------------------------------


def _context(request: Any, publication: Publication, view: str, at: date) -> dict[str, Any]:
    query = f"?{urlencode({'jour': at.isoformat()})}"
    slug = publication.slug
    address = absolute(link("agenda:public_file", slug))
    return {
        "structure": request.structure,
        "publication": publication,
        "calendar": publication.calendar,
        "view": view,
        "at": at,
        "today": timezone.localdate(),
        "views": [
            ("list", _("List"), link("agenda:public", slug) + query, "list"),
            ("month", _("Month"), link("agenda:public_month", slug) + query, "calendar-days"),
        ],
        "page_url": link("agenda:public", slug),
        "canonical": absolute(link("agenda:public", slug)),
        "address": address,
        "webcal": f"webcal://{address.partition('://')[2]}",
        "rss_url": "" if publication.busy_only else absolute(link("agenda:public_rss", slug)),
    }


def _happenings(publication: Publication, start: date, end: date) -> list[Happening]:
    return queries.happenings(publication, start, end, zone=timezone.get_current_timezone())


def _listed(publication: Publication, start: date, end: date) -> dict[str, Any]:
    last = end - timedelta(days=1)
    return {
        "by_day": _by_day(_happenings(publication, start, end), start),
        "period": _("From %(first)s to %(last)s")
        % {"first": date_format(start, "j F"), "last": date_format(last, "j F Y")},
        "before": start - timedelta(days=LISTED_DAYS),
        "after": end,
    }


def _month(publication: Publication, at: date) -> dict[str, Any]:
    first = at.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    start, end = placing.week_of(first), placing.week_of(after - timedelta(days=1)) + timedelta(days=7)
    found = _happenings(publication, start, end)
    return {
        "weeks": placing.weeks(first, after - timedelta(days=1), found),
        "days": [start + timedelta(days=number) for number in range(7)],
        "chosen": [one for one in found if one.first <= at <= one.last],
        "period": date_format(first, "F Y").capitalize(),
        "before": (first - timedelta(days=1)).replace(day=1),
        "after": after,
    }


def _by_day(found: list[Happening], start: date) -> list[tuple[date, list[Happening]]]:
    days: dict[date, list[Happening]] = {}
    for one in found:
        days.setdefault(max(one.first, start), []).append(one)
    return sorted(days.items())


def asked_day(request: Any) -> date:
    """The day of `?jour=`; today when there is none or it cannot be read."""
    try:
        asked = parse_date(request.GET.get("jour", "").strip()[:40])
    except Refusal:
        return timezone.localdate()
    return asked if asked.year in YEARS else timezone.localdate()
