"""Everything that concerns one person, as one calendar for their programs."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.access.links import absolute
from tilios.core.access.roles import may
from tilios.core.structures.scope import current_structure
from tilios.core.toolbox.layers import Dated, Layer
from tilios.kit import ical
from tilios.kit.zones import localise
from tilios.tools.agenda.models import Attendee, Entry, Feed, Item
from tilios.tools.agenda.queries.layers import shown_layers
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.queries.views import calendars_of

#: What was over before is left out; layers are told as far as that ahead.
BEHIND, AHEAD = timedelta(days=90), timedelta(days=400)
REFRESH_S = 3600


def live_feed(token: str) -> Feed | None:
    """The feed at this address, if it was not taken back and its person may still see the agenda."""
    feed = Feed.objects.select_related("person__account").filter(token=token, revoked_at=None).first()
    if feed is None:
        return None
    feed.person.structure = current_structure()
    account = feed.person.account
    is_here = account is not None and account.is_active and may(feed.person, "agenda.view")
    return feed if is_here else None


@dataclass(frozen=True)
class Concerned:
    """What concerns the person of `feed` now, ready to be told: see `concerning`."""

    feed: Feed
    rights: Rights
    since: datetime
    calendars: dict[int, Item]
    invited: dict[int, str]  # entry: its etag and their answer
    dated: tuple[tuple[Layer, Dated], ...]

    @property
    def etag(self) -> str:
        """Changes whenever what is told may have changed; read without the events."""
        told = [
            self.feed.pk, self.feed.busy_only, current_structure().name, current_structure().colour, self.since,
            [(one.pk, one.number, self.rights.level(one), one.takes_no_time) for one in self.calendars.values()],
            sorted(self.invited.items()), [(layer.name, one) for layer, one in self.dated],
        ]  # fmt: skip
        return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


def concerning(feed: Feed) -> Concerned:
    """The calendars that the person shows, what they are invited to, and the layers that they do not hide.

    A bounded number of queries, whatever there is.
    """
    zone = ZoneInfo(current_structure().timezone)
    since = localise(datetime.combine(timezone.localdate(timezone=zone) - BEHIND, time(0)), zone)
    rights = Rights(feed.person)
    calendars = {one.calendar.pk: one.calendar for one in calendars_of(rights) if not one.is_hidden}
    invited = Attendee.objects.filter(person=feed.person, entry__calendar__in_trash=False, entry__last__gte=since)
    answers = invited.exclude(status="DECLINED").values_list("entry", "entry__etag", "status")
    dated: list[tuple[Layer, Dated]] = []
    if not feed.busy_only:  # what other tools date makes nobody busy
        shown = [one.layer for one in shown_layers(feed.person) if not one.is_hidden]
        dated = [(one, each) for one in shown for each in one.between(feed.person, since, since + BEHIND + AHEAD)]
    told = {pk: f"{etag} {status}" for pk, etag, status in answers}
    return Concerned(feed, rights, since, calendars, told, tuple(dated))


def pieces(found: Concerned) -> Iterator[bytes]:
    """The calendar of what concerns them, piece by piece."""
    structure = current_structure()
    yield from ical.feed(
        _objects(found),
        name=_("My agenda · %(structure)s") % {"structure": structure.name},
        colour=structure.colour,
        refresh_s=REFRESH_S,
        has_alarms=False,
    )


def _objects(found: Concerned) -> Iterator[bytes]:
    rows = Entry.objects.filter(component="VEVENT", last__gte=found.since, calendar__in_trash=False)
    rows = rows.filter(Q(calendar__in=list(found.calendars)) | Q(pk__in=list(found.invited)))
    told: set[str] = set()
    for row in rows.select_related("calendar").order_by("first", "pk").iterator(500):
        if row.uid in told:
            continue  # a copy of the same event, in another calendar
        is_whole = row.pk in found.invited or found.rights.sees_whole(row, found.rights.level(row.calendar))
        # SECURITY: of what one may not see whole, and of everything where that was asked for, the times alone leave.
        if is_whole and not found.feed.busy_only:
            yield row.data.encode()
        elif not (row.is_transparent or row.status == "CANCELLED" or row.calendar.takes_no_time):
            yield ical.masked(row.data.encode(), busy=_("Busy"))
        else:
            continue
        told.add(row.uid)
    for layer, one in found.dated:
        yield _layered(layer, one)


def _layered(layer: Layer, one: Dated) -> bytes:
    """Whole days are days of the structure; hours are told in UTC."""
    start, end = one.start, one.end
    if one.is_all_day:
        start, end = (timezone.localtime(moment).replace(tzinfo=None) for moment in (start, end))
    draft = ical.Draft(
        uid=f"{layer.name}-{one.key}@{current_structure().slug}",
        summary=one.title,
        start=start,
        end=end,
        is_all_day=one.is_all_day,
        url=absolute(one.url),
        status="TENTATIVE" if one.is_tentative else "",
        categories=(str(layer.label),),
        is_transparent=True,
    )
    return ical.new(draft, one.start)
