"""The calendars over CalDAV."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from tilios.core.dav.answers import escaped
from tilios.core.dav.errors import Refusal
from tilios.core.dav.objects import calendars
from tilios.core.dav.objects.spaces import APPLE, CALDAV
from tilios.core.dav.paths import quoted
from tilios.core.dav.tree import Check, Content, Node, Value
from tilios.core.shelves.levels import Level
from tilios.core.structures.composed import composed
from tilios.kit import ical
from tilios.tools.agenda.actions import entries
from tilios.tools.agenda.dav.collections import Collections, Row, text
from tilios.tools.agenda.models import Entry, Item, Nature
from tilios.tools.agenda.queries import guests
from tilios.tools.agenda.queries.entries import busy_of, in_period
from tilios.tools.agenda.zones import zone_of

PRIVATE = ("PRIVATE", "CONFIDENTIAL")


LISTED = ("pk", "name", "etag", "created_ms", "changed_ms", "component", "classification", "author_id")


@composed
def _called(calendar: int, names: tuple[str, ...]) -> QuerySet[Entry, Any]:
    return Entry.objects.filter(calendar=calendar, name__in=names).order_by().values_list(*LISTED, "data")


class Agenda(Collections, calendars.Calendars):
    """Entries as programs put them; of what one may not see whole, the times alone."""

    nature, object_kind, types, mount = Nature.CALENDAR, "agenda.entry", calendars.CALENDAR, "calendars"
    listed = LISTED

    def objects(self, collection: Item) -> QuerySet[Entry]:
        """SECURITY: of a task or a note that is private there is nothing to tell: it takes no time."""
        rows, level = Entry.objects.filter(calendar=collection), self.level(collection)
        if level < Level.VIEW:
            return rows.filter(component="VEVENT")
        if level < Level.MANAGE:
            hidden = Q(classification__in=PRIVATE) & ~Q(component="VEVENT") & ~Q(author=self.person)
            return rows.exclude(hidden)
        return rows

    def called(self, collection: Item, names: tuple[str, ...]) -> list[Row]:
        return _called(collection.pk, names)

    def is_told(self, collection: Item, row: Row) -> bool:
        """SECURITY: the same as `objects`."""
        component, classification, author = row[5:8]
        level = self.level(collection)
        if component == "VEVENT" or level >= Level.MANAGE:
            return True
        return level >= Level.VIEW and (classification not in PRIVATE or author == self.person.pk)

    def _listed(self, collection: Item, row: Row, data: str = "") -> Node:
        pk, name, etag, created_ms, changed_ms, component, classification, author = row
        level = self.level(collection)
        is_mine = author == self.person.pk
        is_writable = level >= Level.EDIT or (level >= Level.ADD and is_mine)
        is_writable = is_writable and not collection.is_followed
        # SECURITY: of what is private, and of a calendar shown as busy alone, only the times leave.
        is_whole = level >= Level.VIEW and (classification not in PRIVATE or level >= Level.MANAGE or is_mine)
        given = data if is_whole or not data else ical.masked(data.encode(), busy=gettext("Busy")).decode()
        media_type = f"text/calendar; charset=utf-8; component={component}"
        return Node(
            self.object_kind, pk, name, False, created_ms, changed_ms, etag if is_whole else f"{etag}-b", len(given),
            media_type, name, is_writable and is_whole, data=given,
        )  # fmt: skip

    def zone(self, node: Node) -> ZoneInfo:
        item = self.item(node) if node.is_collection else self.reading
        return zone_of(item) if item is not None else ZoneInfo(self.person.structure.timezone)

    def between(self, node: Node, component: str, start: datetime | None, end: datetime | None) -> Iterator[Node]:
        collection = self.item(node)
        rows = self.objects(collection).filter(component=component)
        if start is None and end is None:
            return self._nodes(collection, rows)
        return self._nodes(collection, in_period(rows, start, end, zone=self.zone(node)))

    def busy(self, node: Node, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, str]]:
        return busy_of([self.item(node)], start, end, zone=self.zone(node))

    # Properties

    def _values(self) -> dict[str, Value]:
        return {**super()._values(), f"{CALDAV}schedule-default-calendar-URL": self._default_calendar}

    def _default_calendar(self, node: Node) -> str | None:
        """Where invitations land (RFC 6638, 9.2): said of the calendars as a whole, since there is no inbox."""
        first = guests.first_calendar(self.person) if not node.pk and node.is_collection else None
        path = f"/dav/{self.mount}/{self.person.structure.slug}/{quoted(first.address)}/" if first else ""
        return f"<D:href>{escaped(path)}</D:href>" if path else None

    def facts(self, node: Node) -> dict[str, str | None]:
        item = self.item(node)
        return {
            f"{CALDAV}calendar-description": text(item.description),
            f"{CALDAV}calendar-timezone": escaped(ical.timezone(self.zone(node), 2026).decode()),
            f"{CALDAV}supported-calendar-component-set": calendars.component_set(item.components.split(",")),
            f"{CALDAV}schedule-calendar-transp": (
                f'<C:{"transparent" if item.takes_no_time else "opaque"} xmlns:C="{CALDAV.strip("{}")}"/>'
            ),
            f"{APPLE}calendar-color": text(f"{item.colour}ff" if item.colour else ""),
            f"{APPLE}calendar-order": str(item.place) if item.place else None,
        }

    def settable(self) -> dict[str, str]:
        return {
            **super().settable(),
            f"{CALDAV}calendar-description": "description",
            f"{CALDAV}calendar-timezone": "zone",
            f"{CALDAV}supported-calendar-component-set": "components",
            f"{CALDAV}schedule-calendar-transp": "takes_no_time",
            f"{APPLE}calendar-color": "colour",
            f"{APPLE}calendar-order": "place",
        }

    def text_of(self, name: str, value: Element | None) -> str | None:
        if value is not None and name == f"{CALDAV}supported-calendar-component-set":
            return ",".join(one.get("name", "") for one in value)
        if value is not None and name == f"{CALDAV}schedule-calendar-transp":
            return "transparent" if value.find(f"{CALDAV}transparent") is not None else "opaque"
        if value is not None and name == f"{CALDAV}calendar-timezone":
            return self._zone_of("".join(value.itertext()).encode())
        return super().text_of(name, value)

    def _zone_of(self, text: bytes) -> str:
        try:
            return ical.zone_name(text) or "?"
        except ical.Broken:
            return "?"  # no zone is called so: the change is refused

    # Writes

    def write(self, parent: Node, name: str, content: Content, *, check: Check) -> tuple[Node, bool]:
        calendar = self.item(parent)

        def make() -> tuple[Entry, bool]:
            return entries.put_entry(
                by=self.person, rights=self.rights, calendar=calendar, name=name, data=content.row,
                check=lambda entry: check(self._node(calendar, entry)),
            )  # fmt: skip

        return self.put(make, parent)

    def delete(self, node: Node, *, check: Check) -> None:
        if node.is_collection:
            raise Refusal(403)
        entry = Entry.objects.select_related("calendar").get(pk=node.pk)
        entries.remove_entry(
            by=self.person, rights=self.rights, entry=entry, check=lambda one: check(self._node(entry.calendar, one))
        )

    def move(self, node: Node, parent: Node, name: str, *, overwrite: bool, check: Check) -> tuple[Node, bool]:
        """An event is taken to another calendar: programs move it so."""
        if node.is_collection or not parent.pk:
            raise Refusal(403)
        to = self.item(parent)
        if not overwrite and Entry.objects.filter(calendar=to, name=name).exists():
            raise Refusal(412)
        entry = Entry.objects.select_related("calendar").get(pk=node.pk)
        return self.put(
            lambda: entries.move_entry(
                by=self.person, rights=self.rights, entry=entry, to=to, name=name,
                check=lambda one: check(self._node(to, one)),
            ),
            parent,
        )  # fmt: skip
