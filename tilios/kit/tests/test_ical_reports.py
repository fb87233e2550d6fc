"""What CalDAV asks of an object (RFC 4791): expanded, limited, in part, filtered; feeds and free times."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest

from tilios.kit.ical import (
    ComponentFilter,
    ParameterFilter,
    PropertyFilter,
    Shape,
    TextMatch,
    expanded,
    facts,
    feed,
    freebusy,
    limited,
    matches,
    occurrences,
    pruned,
    resources,
)
from tilios.kit.ical.colours import named
from tilios.kit.refusals import Refusal
from tilios.kit.tests.ical import calendar
from tilios.kit.zones import zone

PARIS = zone("Europe/Paris")
SERIES = (
    "DTSTART;TZID=Europe/Paris:20250304T190000\r\nDTEND;TZID=Europe/Paris:20250304T210000\r\nRRULE:FREQ=WEEKLY;COUNT=6\r\n"
    "SUMMARY:Chorale d'Été\r\nATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:bob@x.test\r\nX-A:1\r\n"
    "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT1H\r\nEND:VALARM"
)
OVERRIDE = (
    "RECURRENCE-ID;TZID=Europe/Paris:20250311T190000\r\nDTSTART;TZID=Europe/Paris:20250313T190000\r\n"
    "DTEND;TZID=Europe/Paris:20250313T210000\r\nSUMMARY:Concert"
)
DATA = calendar(SERIES, OVERRIDE)
NOW = datetime(2025, 2, 1, tzinfo=UTC)


def day(text):
    return datetime.strptime(text, "%Y%m%dT%H%M").replace(tzinfo=UTC)


def asked(component, kind="VEVENT"):
    return ComponentFilter("VCALENDAR", components=(ComponentFilter(kind, **component),))


def test_expanding_gives_each_time_in_utc():
    data = expanded(DATA, day("20250301T0000"), day("20250320T0000"), zone=PARIS)
    events = icalendar.Calendar.from_ical(data).walk("VEVENT")
    assert [str(each["SUMMARY"]) for each in events] == ["Chorale d'Été", "Concert", "Chorale d'Été"]
    assert [each["DTSTART"].to_ical() for each in events] == [
        b"20250304T180000Z",
        b"20250313T180000Z",
        b"20250318T180000Z",
    ]
    assert [each["RECURRENCE-ID"].to_ical() for each in events] == [
        b"20250304T180000Z",
        b"20250311T180000Z",
        b"20250318T180000Z",
    ]
    assert not any(name in data for name in (b"RRULE", b"TZID", b"VTIMEZONE"))


def test_expanding_days_gives_days():
    data = expanded(
        calendar("DTSTART;VALUE=DATE:20250301\r\nDTEND;VALUE=DATE:20250302\r\nRRULE:FREQ=DAILY"),
        day("20250302T1200"),
        day("20250303T1200"),
        zone=PARIS,
    )
    assert data.count(b"BEGIN:VEVENT") == 2
    assert b"DTSTART;VALUE=DATE:20250302\r\nDTEND;VALUE=DATE:20250303\r\n" in data


def test_what_happens_once_is_expanded_to_itself():
    data = expanded(
        calendar("DTSTART:20250301T100000\r\nDURATION:PT1H"), day("20250301T0000"), day("20250302T0000"), zone=PARIS
    )
    assert b"DTSTART:20250301T100000\r\n" in data
    assert b"RECURRENCE-ID" not in data


def test_limiting_leaves_out_overrides_of_other_times():
    near = limited(DATA, day("20250313T0000"), day("20250314T0000"))
    original = limited(DATA, day("20250311T0000"), day("20250312T0000"))
    far = limited(DATA, day("20250401T0000"), day("20250402T0000"))
    assert [each.count(b"BEGIN:VEVENT") for each in (near, original, far)] == [2, 2, 1]


def test_pruning_gives_what_is_asked():
    shape = Shape(
        "VCALENDAR",
        has_all_properties=False,
        properties=(("VERSION", False),),
        has_all_components=False,
        components=(
            Shape(
                "VEVENT",
                has_all_properties=False,
                properties=(("UID", False), ("SUMMARY", True)),
                has_all_components=False,
            ),
        ),
    )
    event = "BEGIN:VEVENT|UID:1@test|SUMMARY:|END:VEVENT|"
    expected = f"BEGIN:VCALENDAR|VERSION:2.0|{event}{event}END:VCALENDAR|"
    assert pruned(DATA, shape).decode().replace("\r\n", "|") == expected
    assert pruned(DATA, Shape("VCALENDAR")) == DATA


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        ("20250304T1800", "20250304T1801", True),
        ("20250304T2000", "20250305T0000", False),
        ("20250311T0000", "20250312T0000", False),
        ("20250313T0000", "20250314T0000", True),
        ("20260101T0000", "20270101T0000", False),
    ],
)
def test_a_time_range_looks_at_each_time(start, end, found):
    assert matches(DATA, asked({"time_range": (day(start), day(end))}), zone=PARIS) is found


def test_a_range_may_be_open():
    assert matches(DATA, asked({"time_range": (day("20250401T0000"), None)}), zone=PARIS)
    assert not matches(DATA, asked({"time_range": (None, day("20250301T0000"))}), zone=PARIS)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (PropertyFilter("SUMMARY", text=TextMatch("chorale")), True),
        (PropertyFilter("SUMMARY", text=TextMatch("été")), False),
        (PropertyFilter("SUMMARY", text=TextMatch("été", "i;unicode-casemap")), True),
        (PropertyFilter("SUMMARY", text=TextMatch("chorale", "i;octet")), False),
        (PropertyFilter("SUMMARY", text=TextMatch("zumba", negate=True)), True),
        (PropertyFilter("X-A"), True),
        (PropertyFilter("X-A", is_not_defined=True), True),  # the override has none
        (PropertyFilter("UID", is_not_defined=True), False),
        (PropertyFilter("LOCATION"), False),
        (PropertyFilter("DTSTART", time_range=(day("20250313T0000"), day("20250314T0000"))), True),
        (PropertyFilter("ATTENDEE", parameters=(ParameterFilter("PARTSTAT", text=TextMatch("needs-action")),)), True),
        (PropertyFilter("ATTENDEE", parameters=(ParameterFilter("ROLE", is_not_defined=True),)), True),
        (PropertyFilter("ATTENDEE", parameters=(ParameterFilter("ROLE"),)), False),
    ],
)
def test_a_property_is_looked_for(wanted, found):
    assert matches(DATA, asked({"properties": (wanted,)})) is found


def test_a_component_is_looked_for():
    assert matches(DATA, ComponentFilter("VCALENDAR"))
    assert not matches(DATA, asked({}, "VTODO"))
    assert matches(DATA, asked({"is_not_defined": True}, "VTODO"))
    ringing = ComponentFilter("VALARM", time_range=(day("20250304T1700"), day("20250304T1701")))
    silent = ComponentFilter("VALARM", time_range=(day("20250304T1800"), day("20250304T1801")))
    assert matches(DATA, asked({"components": (ringing,)}), zone=PARIS)
    assert not matches(DATA, asked({"components": (silent,)}), zone=PARIS)
    with pytest.raises(Refusal) as refused:
        matches(DATA, asked({"properties": (PropertyFilter("SUMMARY", text=TextMatch("a", "i;klingon")),)}))
    assert refused.value.code == "collation"


@pytest.mark.parametrize(
    ("lines", "start", "end", "found"),
    [
        ("DUE:20250301T100000Z", "20250301T0900", "20250301T1000", True),
        ("DUE:20250301T100000Z", "20250301T1000", "20250301T1100", False),
        ("DTSTART:20250301T080000Z\r\nDUE:20250301T100000Z", "20250301T0900", "20250301T0930", True),
        ("DTSTART:20250301T080000Z", "20250301T0800", "20250301T0830", True),
        ("COMPLETED:20250301T080000Z", "20250301T0700", "20250301T0830", True),
        ("CREATED:20250301T080000Z", "20250301T0600", "20250301T0700", False),
        ("SUMMARY:Un jour", "20250301T0600", "20250301T0700", True),
    ],
)
def test_tasks_are_found_as_the_table_says(lines, start, end, found):
    assert matches(calendar(lines, kind="VTODO"), asked({"time_range": (day(start), day(end))}, "VTODO")) is found


def test_busy_times_are_joined_and_cut():
    start, end = day("20250301T0000"), day("20250302T0000")
    hours = [
        (start - timedelta(hours=2), start + timedelta(hours=1), "BUSY"),
        (start + timedelta(hours=1), start + timedelta(hours=2), "BUSY"),
        (end, end, "BUSY"),
        (start, start + timedelta(hours=1), "BUSY-TENTATIVE"),
    ]
    lines = freebusy(hours, start=start, end=end, now=NOW, attendee="bob@x.test").decode().split("\r\n")
    assert [line for line in lines if line.startswith("FREEBUSY")] == [
        "FREEBUSY;FBTYPE=BUSY:20250301T000000Z/20250301T020000Z",
        "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20250301T000000Z/20250301T010000Z",
    ]


def test_a_feed_holds_all_and_each_zone_once():
    described = (
        "BEGIN:VTIMEZONE\r\nTZID:Europe/Paris\r\nBEGIN:STANDARD\r\nDTSTART:19701025T030000\r\n"
        "TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE"
    )
    many = [
        calendar(SERIES, OVERRIDE, head=f"PRODID:a\r\n{described}"),
        calendar(SERIES, uid="2@test", head=f"PRODID:a\r\n{described}"),
    ]
    data = b"".join(feed(many, name="Les lundis; et, mardis", colour="#ff0000", refresh_s=1800, has_alarms=False))
    parsed = resources(data)
    assert (parsed.name, parsed.colour, len(parsed.resources)) == ("Les lundis; et, mardis", "#ff0000", 2)
    assert data.count(b"BEGIN:VTIMEZONE") == 1
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT30M" in data
    assert b"VALARM" not in data
    assert b"\r\nCOLOR:red\r\n" in data


@pytest.mark.parametrize(
    ("colour", "name"),
    [("#000000", "black"), ("#2e7d5b", "seagreen"), ("#fefefe", "white")],
)
def test_colours_are_said_by_the_nearest_name_of_css3(colour: str, name: str) -> None:
    assert named(colour) == name


def test_a_feed_of_busy_times_says_nothing_else():
    free = calendar(SERIES.replace("X-A:1", "TRANSP:TRANSPARENT"), uid="2@test")
    data = b"".join(
        feed([DATA, free, calendar("SUMMARY:x", kind="VTODO", uid="3")], name="a", busy_only=True, busy="Pris")
    )
    assert not any(each in data for each in (b"Chorale", b"Concert", b"bob", b"X-A", b"1@test", b"VTODO", b"2@test"))
    (only,) = resources(data).resources
    looked = [facts(each, zone=PARIS).times for each in (only.data, DATA)]
    start, end = day("20250101T0000"), day("20260101T0000")
    assert [each.start for each in occurrences(looked[0], start, end, zone=PARIS)] == [
        each.start for each in occurrences(looked[1], start, end, zone=PARIS)
    ]
