"""A public calendar for programs: iCalendar and RSS."""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.utils.translation import override

from tilios.core.access.links import absolute, link
from tilios.core.blobs.serving import content_disposition
from tilios.kit import ical
from tilios.kit.names import safe_filename
from tilios.tools.agenda.models import Entry, Publication
from tilios.tools.agenda.queries import public as queries
from tilios.tools.agenda.telling import when_in_words
from tilios.tools.agenda.views.public import published_view

CALENDAR = "text/calendar; charset=utf-8"
REFRESH_S = 3600
AHEAD = timedelta(days=120)
MOST_TOLD = 50
#: Signs that XML knows no way to write.
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@published_view("GET")
def calendar(request: Any, publication: Publication) -> HttpResponseBase:
    """The whole calendar; nothing at all for a program that has it already."""
    item = publication.calendar
    seen = f"{item.pk}-{item.number}-{item.changed_ms}-{publication.busy_only}-public"
    etag = quote_etag(hashlib.sha256(seen.encode()).hexdigest()[:20])
    headers = {
        "ETag": etag,
        "Cache-Control": "public, max-age=300",
    }
    if etag in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=304, headers=headers)
    with override(request.structure.language):
        busy = _("Busy")
    pieces = ical.feed(
        queries.objects(publication),
        name=f"{item.name} · {request.structure.name}",
        colour=item.colour,
        refresh_s=REFRESH_S,
        busy_only=publication.busy_only,
        busy=busy,
        has_alarms=False,
    )
    headers["Content-Disposition"] = content_disposition(safe_filename(f"{item.name}.ics"))
    return StreamingHttpResponse(pieces, content_type=CALENDAR, headers=headers)


@published_view("GET")
def event(_request: Any, publication: Publication, event: str) -> HttpResponse:
    """« Ajouter à mon agenda »: one event with all its dates."""
    entry = queries.entry(publication, event)
    if entry is None:
        raise Http404
    response = HttpResponse(ical.shown_to_all(entry.data.encode()), content_type=CALENDAR)
    response["Content-Disposition"] = content_disposition(safe_filename(f"{entry}.ics"))
    response["Cache-Control"] = "public, max-age=300"
    return response


@published_view("GET")
def rss(request: Any, publication: Publication) -> HttpResponse:
    """What comes in the next months, the soonest first (RSS 2.0)."""
    if publication.busy_only:
        raise Http404
    today = timezone.localdate()
    zone: Any = timezone.get_current_timezone()
    with override(request.structure.language):
        found = queries.happenings(publication, today, today + AHEAD, zone=zone)[:MOST_TOLD]
        rows = {one.pk: one for one in Entry.objects.filter(pk__in={each.entry for each in found}).defer("data")}
        feed = Rss201rev2Feed(
            title=writable(f"{publication.calendar.name} · {request.structure.name}"),
            link=absolute(link("agenda:public", publication.slug)),
            description=writable(publication.calendar.description or publication.calendar.name),
            language=request.structure.language,
            feed_url=absolute(link("agenda:public_rss", publication.slug)),
            ttl=REFRESH_S // 60,
        )
        for one in found:
            row = rows[one.entry]
            row.calendar = publication.calendar
            when = when_in_words(one.start, one.end, is_all_day=one.is_all_day, entry=row)
            parts = [when[:1].upper() + when[1:], one.place, row.description if not row.is_recurring else ""]
            feed.add_item(
                title=writable(f"{one.title} – {when}"),
                link=absolute(one.url),
                description=writable("\n".join(part for part in parts if part)),
                unique_id=absolute(one.url),
                unique_id_is_permalink=True,
                pubdate=datetime.fromtimestamp(row.created_ms / 1000, UTC),
                categories=[writable(str(each)) for each in row.categories],
            )
    response = HttpResponse(feed.writeString("utf-8"), content_type="application/rss+xml; charset=utf-8")
    response["Cache-Control"] = "public, max-age=300"
    return response


def writable(text: str) -> str:
    return UNWRITABLE.sub("", text)
