"""What the agenda does for other tools: their dates become events."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from tilios.core.access.links import absolute, link
from tilios.core.errors import Conflict, NotAllowed
from tilios.core.people.models import Group, Person
from tilios.core.shelves.levels import Space
from tilios.core.structures.scope import current_structure
from tilios.core.toolbox import registry
from tilios.kit import ical
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.actions.writing import add_event
from tilios.tools.agenda.models import Entry, Item, Nature
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.queries.views import collections_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def calendars(person: Person, *, group: Group | None = None) -> list[tuple[int, str]]:
    """Capability "event.calendars": numbers and names of the calendars in which `person` may put an event.

    First the one an event goes into when none is chosen: that of `group`, else the structure's.
    """
    return [(one.pk, _said(one)) for one in _writable(open_spaces(person), group)]


@transaction.atomic
def create_event(
    *,
    by: Person,
    title: str,
    description: str,
    day: date,
    starts_at: datetime | None,
    ends_at: datetime | None,
    timezone: str,
    people: Sequence[Person],
    source: Any,
    calendar: int | None = None,
    group: Group | None = None,
    have_accepted: bool = False,
) -> Entry:
    """Capability "event.create": an event of `day`, or of the hours of it that are said (one hour without an end).

    `source` is the thing of another tool it comes of: the event leads there, and asked twice there is one event.
    `people` are invited, as who `have_accepted` perhaps; those without a mail address are left out. `calendar` is a
    number given by `calendars`. Publishes "agenda.added". Raises NotAllowed for another calendar, Conflict without any.
    """
    rights = open_spaces(by)
    kind = registry.kind_of(source)
    # SECURITY: the place of the row is in the name, so that two structures never share one.
    uid = f"{kind.name if kind else source._meta.label_lower}-{source.pk}@{current_structure().slug}"
    # What guests have in calendars of their own are copies, and may outlive the event.
    known = Entry.objects.filter(uid=uid, calendar__in=_writable(rights, None)).exclude(status="CANCELLED").first()
    if known is not None:
        return known
    into = _chosen(rights, calendar, group)
    is_all_day = starts_at is None
    zone = ZoneInfo(timezone)
    if starts_at is None:
        begins = datetime.combine(day, datetime.min.time())
        ends = begins + DAY
    else:
        begins, ends = starts_at.astimezone(zone), (ends_at or starts_at + HOUR).astimezone(zone)
    guests = _guests(people, have_accepted=have_accepted)
    draft = ical.Draft(
        uid=uid,
        summary=title,
        description=description,
        start=begins,
        end=ends,
        is_all_day=is_all_day,
        tzid=timezone,
        url=absolute(link(kind.url, source.pk)) if kind else "",
        organizer=_address(by) if guests else "",
        organizer_name=by.display_name,
        attendees=guests,
    )
    return add_event(by=by, rights=rights, calendar=into, draft=draft)


def _chosen(rights: Rights, calendar: int | None, group: Group | None) -> Item:
    writable = _writable(rights, group)
    if not writable:
        raise Conflict(_("There is no calendar in which you may write."))
    if calendar is None:
        return writable[0]
    found = next((one for one in writable if one.pk == calendar), None)
    if found is None:
        raise NotAllowed
    return found


def _writable(rights: Rights, group: Group | None) -> list[Item]:
    """Where the person may add events: the group's, the structure's, then the others in their order."""
    there = [one for one in collections_of(rights, Nature.CALENDAR) if not one.is_presence]
    found = [one for one in there if rights.may_put(one, None, is_new=True)]

    def place(one: Item) -> int:
        space = one.parent
        if group is not None and space is not None and space.group_id == group.pk:
            return 0
        return 1 if space is not None and space.space == Space.COMMON else 2

    return sorted(found, key=place)


def _said(calendar: Item) -> str:
    return f"{calendar.parent.name} · {calendar.name}" if calendar.parent else calendar.name


def _guests(people: Sequence[Person], *, have_accepted: bool) -> tuple[ical.Attendee, ...]:
    by_email = {address: one.display_name for one in people if (address := _address(one))}
    status = "ACCEPTED" if have_accepted else "NEEDS-ACTION"
    return tuple(ical.Attendee(email, name, status=status) for email, name in by_email.items())


def _address(person: Person) -> str:
    return (person.account.email if person.account else person.email).strip().lower()
