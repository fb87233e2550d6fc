"""Filters of CalDAV (RFC 4791 §9.7): whether an object has what a client looks for."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from tilios.kit.ical.drafts import alarm_offset
from tilios.kit.ical.facts import KINDS, calendar_of
from tilios.kit.ical.lines import Broken, Component, Property
from tilios.kit.ical.occurrences import FAR_OFF, LONG_AGO, Occurrence, happens, occurrences
from tilios.kit.ical.opened import Series
from tilios.kit.ical.series import instant
from tilios.kit.ical.timezones import Zones
from tilios.kit.ical.values import moment, text
from tilios.kit.refusals import Refusal, _

#: A start and an end in UTC; None has no bound.
TimeRange = tuple[datetime | None, datetime | None]
#: Occurrences looked at for one question.
MOST = 5000
INSTANT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class TextMatch:
    """A text to find inside a value."""

    text: str
    collation: str = "i;ascii-casemap"
    negate: bool = False

    def holds(self, value: str) -> bool:
        """Whether `value` holds the text, or does not with `negate`. Raises Refusal("collation")."""
        return (fold_by(self.collation, self.text) in fold_by(self.collation, value)) is not self.negate


@dataclass(frozen=True, slots=True)
class ParameterFilter:
    name: str
    is_not_defined: bool = False
    text: TextMatch | None = None


@dataclass(frozen=True, slots=True)
class PropertyFilter:
    name: str
    is_not_defined: bool = False
    time_range: TimeRange | None = None
    text: TextMatch | None = None
    parameters: tuple[ParameterFilter, ...] = ()


@dataclass(frozen=True, slots=True)
class ComponentFilter:
    """What a component must have; that of VCALENDAR is the outermost."""

    name: str
    is_not_defined: bool = False
    time_range: TimeRange | None = None
    components: tuple["ComponentFilter", ...] = ()
    properties: tuple[PropertyFilter, ...] = ()


def fold_by(collation: str, value: str) -> str:
    """`value` as the collation compares it (RFC 4790, RFC 5051). Raises Refusal("collation")."""
    if collation in ("i;ascii-casemap", "default", ""):
        return "".join(chr(ord(letter) + 32) if "A" <= letter <= "Z" else letter for letter in value)
    if collation == "i;unicode-casemap":
        return value.casefold()
    if collation == "i;octet":
        return value
    raise Refusal("collation", _("Texts cannot be compared by “%(name)s”."), name=collation[:40])


def matches(data: bytes, wanted: ComponentFilter, *, zone: tzinfo = UTC) -> bool:
    """Whether the calendar object `data` has what `wanted`, the filter of VCALENDAR, asks.

    Floating times are of `zone`. Raises Broken for a broken object, Refusal("collation") for a collation not known.
    """
    calendar = calendar_of(data)
    if wanted.name.upper() != "VCALENDAR":
        return False
    if wanted.is_not_defined:
        return False
    return _Judge(calendar, zone).passes(calendar, wanted)


class _Judge:
    """Judges the components of one calendar; its occurrences are made when they are asked for."""

    def __init__(self, calendar: Component, zone: tzinfo) -> None:
        self.zone = zone
        self.zones = Zones(calendar, zone)
        self.series = Series(calendar, zone)
        self.source = self.series.sources()

    def passes(self, component: Component, wanted: ComponentFilter) -> bool:
        return all(_has_property(component, each, self.zones) for each in wanted.properties) and all(
            self._has_component(component, each) for each in wanted.components
        )

    def _has_component(self, parent: Component, wanted: ComponentFilter) -> bool:
        found = parent.named(wanted.name.upper())
        if wanted.is_not_defined:
            return not found
        return any(
            (wanted.time_range is None or self._in_range(parent, each, wanted.time_range)) and self.passes(each, wanted)
            for each in found
        )

    def _in_range(self, parent: Component, component: Component, bounds: TimeRange) -> bool:
        start, end = bounds[0] or LONG_AGO, bounds[1] or FAR_OFF
        if component.name in KINDS:
            if component.name == "VTODO":
                return self._task_in_range(component, start, end)
            return bool(self._of(component, start, end))
        if component.name == "VALARM":
            return self._alarm_in_range(parent, component, start, end)
        return False

    def _of(self, component: Component, start: datetime, end: datetime) -> list[Occurrence]:
        """The occurrences in [start, end) that `component` itself, master or override, says."""
        if not self.series.times:
            return []
        found = occurrences(self.series.times, start, end, zone=self.zone, most=MOST)
        return [each for each in found if self.source(each) is component]

    def _task_in_range(self, task: Component, start: datetime, end: datetime) -> bool:
        """The table of RFC 4791 §9.9 for VTODO."""
        has_start, has_end = task.get("DTSTART") is not None, task.get("DUE") is not None
        if has_start or has_end:
            near = self._of(task, _earlier(start), _later(end))
            has_end = has_end or task.get("DURATION") is not None
            return any(_task_overlaps(each, has_start, has_end, start, end) for each in near)
        found = [each for name in ("COMPLETED", "CREATED") if (each := task.get(name))]
        moments = [instant(moment(each.value, each), self.zones) for each in found]
        if not moments:
            return True
        if task.get("COMPLETED") is None:
            return end > moments[0]
        return any(start <= each for each in moments) and any(end >= each for each in moments)

    def _alarm_in_range(self, parent: Component, alarm: Component, start: datetime, end: datetime) -> bool:
        trigger = alarm.get("TRIGGER")
        if trigger is None:
            return False
        said = alarm_offset(trigger)
        if said is None:
            return start <= instant(moment(trigger.value, trigger), self.zones) < end
        offset, related = said
        early, late = start - offset if start > LONG_AGO else start, end - offset if end < FAR_OFF else end
        return any(
            start <= (each.end if related == "end" else each.start) + offset < end
            for each in self._of(parent, _earlier(early), _later(late))
        )


def _earlier(moment_: datetime) -> datetime:
    return moment_ - INSTANT if moment_ > LONG_AGO else moment_


def _later(moment_: datetime) -> datetime:
    return moment_ + INSTANT if moment_ < FAR_OFF else moment_


def _task_overlaps(task: Occurrence, has_start: bool, has_end: bool, start: datetime, end: datetime) -> bool:
    if has_start and has_end:
        return (start < task.end or start <= task.start) and (end > task.start or end >= task.end)
    if has_start:
        return start <= task.start < end
    return start < task.end <= end


def _has_property(component: Component, wanted: PropertyFilter, zones: Zones) -> bool:
    found = component.all(wanted.name.upper())
    if wanted.is_not_defined:
        return not found
    return any(_property_passes(each, wanted, zones) for each in found)


def _property_passes(found: Property, wanted: PropertyFilter, zones: Zones) -> bool:
    if wanted.time_range is not None and not _moment_in_range(found, wanted.time_range, zones):
        return False
    if wanted.text is not None and not wanted.text.holds(text(found.value)):
        return False
    return all(parameter_passes(found, each) for each in wanted.parameters)


def _moment_in_range(found: Property, bounds: TimeRange, zones: Zones) -> bool:
    try:
        said = moment(found.value, found)
    except Broken:
        return False
    start = instant(said, zones)
    end = start + timedelta(days=1) if said.is_date else start
    return happens(start, end, bounds[0] or LONG_AGO, bounds[1] or FAR_OFF)


def parameter_passes(found: Property, wanted: ParameterFilter) -> bool:
    """Whether the parameters of `found` are as `wanted`; one value is enough."""
    values = found.parameters.get(wanted.name.upper())
    if wanted.is_not_defined:
        return values is None
    if values is None:
        return False
    if wanted.name.upper() == "TYPE":  # vCard 4.0 may write TYPE="home,work"
        values = [part for each in values for part in each.split(",")]
    return wanted.text is None or any(wanted.text.holds(each) for each in values)
