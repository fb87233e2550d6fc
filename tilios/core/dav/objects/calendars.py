"""Calendars (RFC 4791): what a calendar says of itself, and the reports that read it."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from datetime import datetime
from xml.etree.ElementTree import Element
from zoneinfo import ZoneInfo

from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone

from tilios.core.dav.answers import escaped
from tilios.core.dav.call import Call
from tilios.core.dav.errors import Refusal
from tilios.core.dav.objects import filters
from tilios.core.dav.objects.spaces import APPLE, CALDAV, bare
from tilios.core.dav.objects.tree import LARGEST_OBJECT, Objects
from tilios.core.dav.tree import Node, Value
from tilios.kit import ical

CALENDAR = f'<C:calendar xmlns:C="{bare(CALDAV)}"/>'
FORMAT = f'<C:calendar-data xmlns:C="{bare(CALDAV)}" content-type="text/calendar" version="2.0"/>'
COLLATION_SET = "".join(
    f'<C:supported-collation xmlns:C="{bare(CALDAV)}">{one}</C:supported-collation>'
    for one in sorted(filters.COLLATIONS)
)
MOST_INSTANCES = 1000


def component_set(names: Sequence[str]) -> str:
    """supported-calendar-component-set (RFC 4791, 5.2.3)."""
    return "".join(f'<C:comp xmlns:C="{bare(CALDAV)}" name="{name}"/>' for name in names)


class Calendars(Objects):
    """The calendars of one structure as one person sees them."""

    space, data_name, media_type = CALDAV, "calendar-data", "text/calendar; charset=utf-8"
    element, multiget, query = "calendar", "calendar-multiget", "calendar-query"
    features = ("calendar-access", "extended-mkcol")
    kinds_of_reports = tuple(
        (bare(CALDAV), name) for name in ("calendar-query", "calendar-multiget", "free-busy-query")
    )
    kept_names = (
        f"{CALDAV}calendar-description",
        f"{CALDAV}calendar-timezone",
        f"{CALDAV}supported-calendar-component-set",
        f"{CALDAV}schedule-calendar-transp",
        f"{APPLE}calendar-color",
        f"{APPLE}calendar-order",
    )

    @abstractmethod
    def zone(self, node: Node) -> ZoneInfo:
        """Where floating times and whole days of a calendar are."""

    @abstractmethod
    def between(self, node: Node, component: str, start: datetime | None, end: datetime | None) -> Iterator[Node]:
        """The objects of one kind that have an occurrence in [start, end): an index answers, nothing is parsed."""

    @abstractmethod
    def busy(self, node: Node, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, str]]:
        """When the owner of a calendar is taken in [start, end), and how ("BUSY", "BUSY-TENTATIVE")."""

    # Properties

    def _values(self) -> dict[str, Value]:
        def of_collections(xml: str) -> Value:
            return lambda node: xml if node.is_collection and node.pk else None

        return {
            **super()._values(),
            f"{CALDAV}supported-calendar-data": of_collections(FORMAT),
            f"{CALDAV}supported-collation-set": of_collections(COLLATION_SET),
            f"{CALDAV}max-resource-size": of_collections(str(LARGEST_OBJECT)),
            f"{CALDAV}max-instances": of_collections(str(MOST_INSTANCES)),
        }

    def _data_value(self, wanted: Element) -> Value:
        """calendar-data, whole as it was put, or as RFC 4791, 9.6 has it cut."""
        expand = _closed(filters.period(wanted.find(f"{CALDAV}expand")))
        limit = _closed(filters.period(wanted.find(f"{CALDAV}limit-recurrence-set")))
        asked = wanted.find(f"{CALDAV}comp")
        shape = _shape(asked) if asked is not None else None
        if expand is None and limit is None and shape is None:
            return lambda node: None if node.is_collection else escaped(node.data)

        def value(node: Node) -> str | None:
            if node.is_collection:
                return None
            data = self.data(node)
            if expand is not None:
                data = ical.expanded(data, *expand, zone=self.zone(node))
            elif limit is not None:
                data = ical.limited(data, *limit, zone=self.zone(node))
            if shape is not None:
                data = ical.pruned(data, shape)
            return escaped(data.decode())

        return value

    # Reports

    def report(self, call: Call, document: Element) -> HttpResponseBase | None:
        if document.tag == f"{CALDAV}free-busy-query":
            return self._free_busy(call, document)
        return super().report(call, document)

    def answering(self, node: Node, document: Element) -> Iterator[Node]:
        asked = document.find(f"{CALDAV}filter/{CALDAV}comp-filter")
        if asked is None:
            raise Refusal(400, "valid-filter", space=CALDAV)
        whole = filters.component_filter(asked)
        if whole.name != "VCALENDAR" or whole.is_not_defined:
            return iter(())
        if len(whole.components) != 1 or whole.properties or whole.components[0].is_not_defined:
            return self._matching(self._read(node, None), whole, node)
        inner = whole.components[0]
        if inner.name not in ical.KINDS:
            return iter(())
        if not inner.components and not inner.properties:  # what programs ask: the index answers it whole
            return self.between(node, inner.name, *(inner.time_range or (None, None)))
        return self._matching(self._read(node, inner), whole, node)

    def _read(self, node: Node, inner: ical.ComponentFilter | None) -> Iterator[Node]:
        """What the index leaves to look at, with its data: the filter is then asked of each."""
        self.reads_data = True
        if inner is None:
            return self.fetch(node)
        return self.between(node, inner.name, *(inner.time_range or (None, None)))

    def _matching(self, nodes: Iterator[Node], asked: ical.ComponentFilter, calendar: Node) -> Iterator[Node]:
        zone = self.zone(calendar)
        return (node for node in nodes if ical.matches(self.data(node), asked, zone=zone))

    def _free_busy(self, call: Call, document: Element) -> HttpResponse:
        """free-busy-query (RFC 4791, 7.10): VFREEBUSY of one calendar."""
        node = call.found()
        asked = _closed(filters.period(document.find(f"{CALDAV}time-range")))
        if asked is None or not node.is_collection or not node.pk:
            raise Refusal(400)
        start, end = asked
        body = ical.freebusy(self.busy(node, start, end), start=start, end=end, now=timezone.now())
        return HttpResponse(body, content_type=self.media_type)


def _closed(asked: tuple[datetime | None, datetime | None] | None) -> tuple[datetime, datetime] | None:
    """A period that has a start and an end, as it must. Raises Refusal(400)."""
    if asked is None:
        return None
    start, end = asked
    if start is None or end is None:
        raise Refusal(400, "valid-filter", space=CALDAV)
    return start, end


def _shape(element: Element, depth: int = 0) -> ical.Shape:
    """Which components and properties of calendar-data are wanted (RFC 4791, 9.6.1): all where none is named."""
    if depth > filters.DEEPEST:
        raise Refusal(400)
    return ical.Shape(
        name=(element.get("name") or "").upper(),
        has_all_properties=element.find(f"{CALDAV}prop") is None,
        properties=tuple(
            ((one.get("name") or "").upper(), one.get("novalue") == "yes") for one in element.findall(f"{CALDAV}prop")
        ),
        has_all_components=element.find(f"{CALDAV}comp") is None,
        components=tuple(_shape(one, depth + 1) for one in element.findall(f"{CALDAV}comp")),
    )
