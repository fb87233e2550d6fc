"""When things happen, against recurring-ical-events; and what it leaves open, by the words of the RFCs."""

import json
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
import recurring_ical_events
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from tilios.kit.ical import facts, occurrences
from tilios.kit.tests.ical import calendar
from tilios.kit.tests.test_ical_rules import rules
from tilios.kit.zones import zone

PARIS = zone("Europe/Paris")
ZONES = ("Europe/Paris", "America/Santiago", "Australia/Sydney")


def found(data, start, end, tz=PARIS, **options):
    times = json.loads(json.dumps(facts(data, zone=tz).times))
    return occurrences(times, start, end, zone=tz, **options)


def starts(data, start, end, tz=PARIS):
    return [f"{each.start.astimezone(tz):%Y-%m-%d %H:%M}" for each in found(data, start, end, tz)]


@st.composite
def events(draw):
    """An event in a zone, near a change of clocks, with exceptions, extra dates and one occurrence moved."""
    name = draw(st.sampled_from(ZONES))
    start = draw(st.datetimes(datetime(2024, 2, 1), datetime(2025, 11, 1))).replace(second=0, microsecond=0, fold=0)
    rule = draw(rules(has_clock=False))
    end = draw(st.sampled_from(["", ";COUNT=9", ";UNTIL=20251231T120000Z"]))
    if "COUNT" in end:  # it counts a start that does not match (RFC 5545), which the other program does not
        start = next(iter(rrulestr(f"{rule}{end}", dtstart=start)), start)
    rule += end
    lines = [f"DTSTART;TZID={name}:{start:%Y%m%dT%H%M%S}", f"DURATION:PT{draw(st.integers(1, 300))}M", f"RRULE:{rule}"]
    left_out = draw(st.lists(st.integers(1, 40), max_size=2, unique=True))
    for days in left_out:
        lines.append(f"EXDATE;TZID={name}:{start + timedelta(days=days):%Y%m%dT%H%M%S}")
    # The other program takes an EXDATE for the whole day; RFC 5545 (3.8.5.1) for that moment alone.
    for days in draw(st.lists(st.integers(1, 90).filter(lambda day: day not in left_out), max_size=2, unique=True)):
        lines.append(f"RDATE;TZID={name}:{start + timedelta(days=days, hours=1):%Y%m%dT%H%M%S}")
    return name, start, calendar("\r\n".join(lines))


@settings(max_examples=80, deadline=None)
@given(events(), st.integers(0, 200), st.integers(1, 60))
def test_an_event_happens_when_another_program_says(event, skipped_days, days):
    name, start, data = event
    after = start.replace(tzinfo=zone(name)).astimezone(UTC) + timedelta(days=skipped_days)
    before = after + timedelta(days=days)
    expected = recurring_ical_events.of(icalendar.Calendar.from_ical(data)).between(after, before)
    expected_starts = sorted({each["DTSTART"].dt.astimezone(UTC) for each in expected})
    assert [each.start for each in found(data, after, before)] == expected_starts


def test_a_weekly_meeting_keeps_its_clock_across_the_change():
    data = calendar(
        "DTSTART;TZID=Europe/Paris:20250320T190000\r\nDTEND;TZID=Europe/Paris:20250320T210000\r\nRRULE:FREQ=WEEKLY"
    )
    found_ones = found(data, datetime(2025, 3, 20, tzinfo=UTC), datetime(2025, 4, 5, tzinfo=UTC))
    assert [each.start.hour for each in found_ones] == [18, 18, 17]
    assert [each.recurrence_id for each in found_ones] == ["20250320T190000", "20250327T190000", "20250403T190000"]


def test_a_night_has_the_hours_it_has():
    data = calendar("DTSTART;TZID=Europe/Paris:20250329T230000\r\nDTEND;TZID=Europe/Paris:20250330T050000")
    (night,) = found(data, datetime(2025, 3, 29, tzinfo=UTC), datetime(2025, 3, 31, tzinfo=UTC))
    assert night.end - night.start == timedelta(hours=5)
    day = calendar("DTSTART;VALUE=DATE:20250330\r\nDTEND;VALUE=DATE:20250331")
    (whole,) = found(day, datetime(2025, 3, 29, tzinfo=UTC), datetime(2025, 3, 31, tzinfo=UTC))
    assert whole.is_all_day
    assert whole.end - whole.start == timedelta(hours=23)


@pytest.mark.parametrize(
    ("lines", "start", "end", "happens"),
    [
        ("DTSTART:20250301T100000Z", "0930", "1000", False),
        ("DTSTART:20250301T100000Z", "1000", "1100", True),
        ("DTSTART:20250301T100000Z\r\nDTEND:20250301T110000Z", "1100", "1200", False),
        ("DTSTART:20250301T100000Z\r\nDTEND:20250301T110000Z", "0900", "1000", False),
        ("DTSTART:20250301T100000Z\r\nDURATION:PT1H", "1030", "1045", True),
        ("DTSTART;VALUE=DATE:20250301", "2200", "2230", True),
        ("DTSTART;VALUE=DATE:20250301", "2300", "2330", False),
        ("DTSTART;VALUE=DATE:20250301\r\nDTEND;VALUE=DATE:20250301", "1200", "1230", True),
        ("DTSTART:20250301T100000", "0900", "0905", True),
    ],
)
def test_what_overlaps_is_what_rfc_4791_says(lines, start, end, happens):
    day = datetime(2025, 3, 1, tzinfo=UTC)
    after, before = (day.replace(hour=int(each[:2]), minute=int(each[2:])) for each in (start, end))
    assert bool(found(calendar(lines), after, before)) is happens


SERIES = (
    "DTSTART;TZID=Europe/Paris:20250304T190000\r\nDTEND;TZID=Europe/Paris:20250304T210000\r\nRRULE:FREQ=WEEKLY;COUNT=6"
)
MARCH, MAY = datetime(2025, 3, 1, tzinfo=UTC), datetime(2025, 5, 1, tzinfo=UTC)


def test_an_override_moves_one_time():
    moved = (
        "RECURRENCE-ID;TZID=Europe/Paris:20250311T190000\r\nSUMMARY:Ailleurs\r\n"
        "DTSTART;TZID=Europe/Paris:20250313T180000\r\nDTEND;TZID=Europe/Paris:20250313T183000"
    )
    data = calendar(SERIES, moved)
    assert starts(data, MARCH, MAY)[:3] == ["2025-03-04 19:00", "2025-03-13 18:00", "2025-03-18 19:00"]
    second = found(data, MARCH, MAY)[1]
    assert (second.recurrence_id, second.override["summary"]) == ("20250311T190000", "Ailleurs")
    assert second.end - second.start == timedelta(minutes=30)
    assert starts(data, datetime(2025, 3, 11, tzinfo=UTC), datetime(2025, 3, 12, tzinfo=UTC)) == []


def test_an_override_with_a_range_moves_what_follows():
    moved = (
        "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Paris:20250318T190000\r\nSUMMARY:Plus tard\r\n"
        "DTSTART;TZID=Europe/Paris:20250318T200000\r\nDTEND;TZID=Europe/Paris:20250318T203000"
    )
    data = calendar(SERIES, moved)
    assert [each[-5:] for each in starts(data, MARCH, MAY)] == ["19:00", "19:00", "20:00", "20:00", "20:00", "20:00"]
    assert [each.override.get("summary", "") for each in found(data, MARCH, MAY)] == ["", ""] + ["Plus tard"] * 4


def test_an_invitation_to_one_time_has_no_master():
    data = calendar("RECURRENCE-ID:20250311T180000Z\r\nDTSTART:20250311T180000Z\r\nDTEND:20250311T190000Z")
    (only,) = found(data, MARCH, MAY)
    assert only.recurrence_id == "20250311T180000Z"
    known = facts(data, zone=PARIS)
    assert (known.first, known.last) == (only.start, only.end)
    assert known.is_recurring


@pytest.mark.parametrize(
    "exception",
    [
        "EXDATE;TZID=Europe/Paris:20250311T190000",
        "EXDATE:20250311T180000Z",
        "EXDATE;VALUE=DATE:20250311",
        "EXDATE;TZID=Romance Standard Time:20250311T190000",
    ],
)
def test_an_exception_is_one_in_any_form(exception):
    assert "2025-03-11 19:00" not in starts(calendar(f"{SERIES}\r\n{exception}"), MARCH, MAY)
    assert len(starts(calendar(f"{SERIES}\r\n{exception}"), MARCH, MAY)) == 5


def test_an_extra_date_may_have_its_own_length():
    data = calendar(f"{SERIES}\r\nRDATE;VALUE=PERIOD:20250306T100000Z/20250306T103000Z,20250307T100000Z/PT3H")
    lengths = [(each.end - each.start).total_seconds() / 3600 for each in found(data, MARCH, MAY)]
    assert lengths == [2, 0.5, 3, 2, 2, 2, 2, 2]


def test_the_ends_of_a_series_are_known():
    known = facts(calendar(SERIES), zone=PARIS)
    assert (known.first, known.last) == (datetime(2025, 3, 4, 18, tzinfo=UTC), datetime(2025, 4, 8, 19, tzinfo=UTC))
    endless = facts(calendar(SERIES.replace(";COUNT=6", "")), zone=PARIS)
    assert endless.last is None
    day_by_day = facts(calendar("DTSTART;VALUE=DATE:20250304\r\nRRULE:FREQ=DAILY;UNTIL=20250306"), zone=PARIS)
    assert day_by_day.last == datetime(2025, 3, 6, 23, tzinfo=UTC)


def test_seconds_for_ever_are_cut_and_said_to_be():
    many = found(calendar("DTSTART:20250301T000000Z\r\nRRULE:FREQ=SECONDLY"), MARCH, MAY, most=50)
    assert (len(many), many.is_cut) == (50, True)
    assert not found(calendar(SERIES), MARCH, MAY).is_cut


def test_times_are_in_order_when_clocks_skip_an_hour():
    data = calendar(
        "DTSTART;TZID=Europe/Paris:20250330T003000\r\nDURATION:PT5M\r\nRRULE:FREQ=MINUTELY;INTERVAL=30;COUNT=8"
    )
    times = [each.start for each in found(data, MARCH, MAY)]
    assert len(times) == 8
    assert times == sorted(times)


def test_floating_times_are_of_the_zone_of_who_looks():
    data = calendar("DTSTART:20250301T100000")
    assert found(data, MARCH, MAY, zone("America/Santiago"))[0].start.hour == 13
    assert found(data, MARCH, MAY)[0].start.hour == 9


def test_a_task_happens_when_it_is_due():
    data = calendar("DUE;TZID=Europe/Paris:20250301T100000", kind="VTODO")
    known = facts(data, zone=PARIS)
    assert known.due == known.first == known.last == datetime(2025, 3, 1, 9, tzinfo=UTC)
    assert facts(calendar("SUMMARY:Un jour", kind="VTODO"), zone=PARIS).times == {}
