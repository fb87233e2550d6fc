"""What anybody sees of a public calendar. SECURITY: what is private is not even said to take time."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from tilios.core.access.links import link
from tilios.kit import ical
from tilios.tools.agenda.models import Entry, Item, Nature, Publication
from tilios.tools.agenda.queries.views import Happening, told

PRIVATE = ("PRIVATE", "CONFIDENTIAL")


def published(slug: str) -> Publication | None:
    """The publication at this address, with its calendar; None when there is none or the calendar is thrown away."""
    rows = Publication.objects.filter(slug=slug, calendar__nature=Nature.CALENDAR, calendar__in_trash=False)
    return rows.select_related("calendar__parent").first()


def happenings(publication: Publication, start: date, end: date, *, zone: ZoneInfo) -> list[Happening]:
    """What takes place on the days of [start, end), each with its public page. One query."""
    private: set[int] = set()

    def sees(row: Entry, _calendar: Item) -> bool:
        if row.is_private:
            private.add(row.pk)
        return not (publication.busy_only or row.is_private)

    found = told([publication.calendar], start, end, zone=zone, sees=sees)
    return [replace(one, url=page_of(publication, one)) for one in found if one.entry not in private]


def page_of(publication: Publication, one: Happening) -> str:
    """The path of the public page of an occurrence; of its day, where only busy times are told."""
    if publication.busy_only:
        return f"{link('agenda:public', publication.slug)}?{urlencode({'jour': one.first.isoformat()})}"
    path = link("agenda:public_event", publication.slug, one.entry)
    return f"{path}?{urlencode({'le': one.recurrence_id})}" if one.recurrence_id else path


def entries(publication: Publication) -> QuerySet[Entry]:
    """The events that are public."""
    rows = Entry.objects.filter(calendar=publication.calendar, component="VEVENT")
    return rows.exclude(classification__in=PRIVATE)


def entry(publication: Publication, text: str) -> Entry | None:
    """The event of which the page is asked for, if it has one."""
    if publication.busy_only or not (text.isascii() and text.isdecimal() and len(text) < 19):
        return None
    return entries(publication).select_related("calendar").filter(pk=int(text)).first()


def objects(publication: Publication) -> Iterator[bytes]:
    """The events as calendar objects, without who is invited or whatever else programs add."""
    for data in entries(publication).order_by("pk").values_list("data", flat=True).iterator(1000):
        yield data.encode() if publication.busy_only else ical.shown_to_all(data.encode())
