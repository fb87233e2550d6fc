"""From the form of an event to what is written of it, and back."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import get_language

from tilios.core.people.models import Person
from tilios.core.shelves.levels import Space
from tilios.kit import ical
from tilios.kit.zones import names as zone_names
from tilios.tools.agenda import quick
from tilios.tools.agenda.actions.writing import new_uid
from tilios.tools.agenda.forms.events import REMINDERS, EventForm
from tilios.tools.agenda.forms.recurrence import initial_of, rule_of
from tilios.tools.agenda.models import Entry, Item
from tilios.tools.agenda.queries.guests import address_of
from tilios.tools.agenda.zones import zone_of

KNOWN_REMINDERS = {value for value, _label in REMINDERS}


def initial_for_new(asked: Mapping[str, str], calendars: Sequence[Item], *, zone: Any) -> dict[str, Any]:
    """What the form begins with: the day, the hours and the calendar that an address asks for, else the next hour."""
    now = timezone.localtime()
    day = _read(date.fromisoformat, asked.get("jour", "")) or now.date()
    start = _read(time.fromisoformat, asked.get("debut", ""))
    if start is None:
        start = time(now.hour + 1 if day == now.date() and now.hour < 22 else 10)
    end = _read(time.fromisoformat, asked.get("terme", ""))
    if end is None or end <= start:
        end = (datetime.combine(day, start) + timedelta(hours=1)).time() if start.hour < 23 else time(23, 59)
    last = _read(date.fromisoformat, asked.get("fin", "")) or day
    named = [one.pk for one in calendars if str(one.pk) == asked.get("calendrier", "")]
    shared = [one.pk for one in calendars if one.parent is not None and one.parent.space == Space.COMMON]
    return {
        "calendar": (named or shared or [one.pk for one in calendars])[0],
        "start_day": day,
        "end_day": max(last, day),
        "start_time": start,
        "end_time": end,
        "is_all_day": bool(asked.get("entier")),
        "zone": str(zone),
        "interval": 1,
    }


def initial_for_words(text: str, calendars: Sequence[Item], *, zone: ZoneInfo) -> dict[str, Any]:
    """What the form begins with for an event said in one line (`quick.read`). Raises Refusal."""
    said = quick.read(text, now=timezone.now().astimezone(zone), language=get_language() or "fr")
    last = said.end - timedelta(days=1) if said.is_all_day else said.end
    rule = initial_of(said.rrule, said.start.date(), zone=zone)
    return {
        **initial_for_new({}, calendars, zone=zone),
        "summary": said.summary,
        "location": said.place,
        "is_all_day": said.is_all_day,
        "start_day": said.start.date(),
        "end_day": last.date(),
        "start_time": None if said.is_all_day else said.start.time(),
        "end_time": None if said.is_all_day else said.end.time(),
        **(rule if rule.get("repeats") != "kept" else {}),
    }


def initial_for_entry(entry: Entry, one: Any, *, zone: Any) -> dict[str, Any]:
    """What the form of an event begins with: what its data says, at the occurrence `one`."""
    facts = ical.facts(entry.data.encode(), zone=zone_of(entry.calendar))
    named = entry.times.get("zone") or str(zone)
    here = ZoneInfo(named) if named in zone_names() else ZoneInfo(str(zone))
    start, end = _local(one, here if not one.is_all_day else zone_of(entry.calendar))
    first = _series_start(entry, here, one)
    return {
        "summary": one.override.get("summary", facts.summary),
        "calendar": entry.calendar_id,
        "is_all_day": one.is_all_day,
        "start_day": start.date(),
        "end_day": end.date() if not one.is_all_day else max((end - timedelta(days=1)).date(), start.date()),
        "start_time": None if one.is_all_day else start.time(),
        "end_time": None if one.is_all_day else end.time(),
        "zone": here.key,
        "location": one.override.get("location", facts.location),
        "description": one.override.get("description", facts.description),
        "url": facts.url,
        "categories": ", ".join(facts.categories),
        "status": _status(one.override.get("status", facts.status)),
        "is_private": facts.classification != "PUBLIC",
        "is_free": facts.is_transparent,
        "reminders": [str(minutes) for minutes, related in facts.alarms if related == "start"],
        "addresses": "\n".join(
            f"{guest.name} <{guest.email}>" if guest.name else guest.email
            for guest in _guests(entry, one)
            if guest.email
        ),
        "scope": "this",
        "etag": entry.etag,
        "interval": 1,
        **_recurrence(entry, first, here),
    }


def draft_of(
    form: EventForm, *, by: Person, guests: Sequence[tuple[str, str]], attached: Mapping[str, Any]
) -> ical.Draft:
    """The new event that the form says, with what is attached to it."""
    start, end = form.times()
    data = form.cleaned_data
    return ical.Draft(
        uid=new_uid(),
        start=start,
        end=end,
        is_all_day=data["is_all_day"],
        tzid=data["zone"],
        rrule=form.rule(),
        organizer=address_of(by) if guests else "",
        organizer_name=by.display_name if guests else "",
        attendees=tuple(ical.Attendee(email, name, is_rsvp=True) for name, email in guests),
        **attached,
        **_said(form),
    )


def changes_of(
    form: EventForm, entry: Entry, one: Any, *, by: Person, scope: str, guests: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    """What the form says otherwise than the event does: whatever is not in it stays as it came."""
    before, said = form.initial, _said(form)
    fields = {name: value for name, value in said.items() if value != _as_said(name, before)}
    start, end = form.times()
    times = ("is_all_day", "start_day", "end_day", "start_time", "end_time", "zone")
    data = form.cleaned_data
    if any(data.get(name) != before.get(name) for name in times):
        fields |= {"start": start, "end": end, "is_all_day": data["is_all_day"], "tzid": data["zone"]}
    if scope != "this" and data["repeats"] != "kept":
        old = rule_of(entry.data.encode())
        names = ("repeats", "interval", "weekdays", "ends", "until", "count")
        if any((data.get(name) or None) != (before.get(name) or None) for name in names) or _is_tied(data, before):
            fields["rrule"] = form.rule()
        if fields.get("rrule") == old:
            del fields["rrule"]
    if form.organizer:
        return fields
    there = {guest.email: guest for guest in _guests(entry, one)}
    if {email for _name, email in guests} != there.keys():
        fresh = {email: ical.Attendee(email, name, is_rsvp=True) for name, email in guests}
        fields["attendees"] = tuple((fresh | there)[email] for email in fresh)
        if guests and not entry.organizer:
            fields |= {"organizer": address_of(by), "organizer_name": by.display_name}
    return fields


def _guests(entry: Entry, one: Any) -> tuple[ical.Attendee, ...]:
    """Who is invited to the occurrence `one`."""
    return ical.guests(entry.data.encode(), one.recurrence_id)


def _said(form: EventForm) -> dict[str, Any]:
    data = form.cleaned_data
    return {
        "summary": data["summary"],
        "location": data["location"],
        "description": data["description"].replace("\r\n", "\n"),
        "url": data["url"],
        "categories": form.category_list(),
        "status": data["status"],
        "classification": "PRIVATE" if data["is_private"] else "PUBLIC",
        "is_transparent": data["is_free"],
        "alarms": tuple((int(minutes), "start") for minutes in data["reminders"]),
    }


def _as_said(name: str, before: Mapping[str, Any]) -> Any:
    """A value of the form as it began, as `_said` writes it."""
    match name:
        case "categories":
            return tuple(one.strip() for one in before["categories"].split(",") if one.strip())
        case "classification":
            return "PRIVATE" if before["is_private"] else "PUBLIC"
        case "is_transparent":
            return before["is_free"]
        case "alarms":
            return tuple((int(minutes), "start") for minutes in before["reminders"] if minutes in KNOWN_REMINDERS)
        case _:
            return before[name]


def _is_tied(data: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    """Whether the rule names the day of the first date, which moved."""
    return data["repeats"] == "monthly_weekday" and data["start_day"] != before["start_day"]


def _recurrence(entry: Entry, first: datetime, zone: ZoneInfo) -> dict[str, Any]:
    rule = rule_of(entry.data.encode())
    if not rule and entry.is_recurring:
        return {"repeats": "kept"}
    return initial_of(rule, first.date(), zone=zone)


def _series_start(entry: Entry, zone: ZoneInfo, one: Any) -> datetime:
    """When the series begins, as clocks show it."""
    if start := entry.times.get("start"):
        form = "%Y%m%d" if len(start) == 8 else "%Y%m%dT%H%M%S"
        return datetime.strptime(start, form)  # noqa: DTZ007  # a time of clocks
    return one.start.astimezone(zone).replace(tzinfo=None)


def _local(one: Any, zone: ZoneInfo) -> tuple[datetime, datetime]:
    return one.start.astimezone(zone), one.end.astimezone(zone)


def _status(status: str) -> str:
    return status if status in {"TENTATIVE", "CANCELLED"} else ""


def _read(read: Any, text: str) -> Any:
    try:
        return read(text)
    except ValueError:
        return None
