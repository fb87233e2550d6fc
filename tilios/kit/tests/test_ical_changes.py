"""Writing events and changing them: what nobody touched stays letter for letter."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tilios.kit.ical import Attendee, Broken, Draft, changed, facts, new, occurrences, without
from tilios.kit.tests.ical import calendar
from tilios.kit.tests.test_ical_occurrences import events
from tilios.kit.zones import zone

PARIS = zone("Europe/Paris")
NOW = datetime(2025, 2, 1, 9, tzinfo=UTC)
LONG_AGO, LONG_AFTER = datetime(2020, 1, 1, tzinfo=UTC), datetime(2026, 9, 1, tzinfo=UTC)
MARCH, JULY = datetime(2025, 3, 1, tzinfo=UTC), datetime(2025, 7, 1, tzinfo=UTC)
SERIES = (
    "DTSTART;TZID=Europe/Paris:20250304T190000\r\nDTEND;TZID=Europe/Paris:20250304T210000\r\n"
    "RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=6\r\nSUMMARY:Chorale\r\nX-LIEU;X-A=1:Salle; bleue\r\n"
    "EXDATE;TZID=Europe/Paris:20250318T190000,20250401T190000"
)
OVERRIDE = (
    "RECURRENCE-ID;TZID=Europe/Paris:20250325T190000\r\nDTSTART;TZID=Europe/Paris:20250325T200000\r\n"
    "DTEND;TZID=Europe/Paris:20250325T220000\r\nSUMMARY:Concert"
)
DATA = calendar(SERIES, OVERRIDE)


def times(data):
    found = occurrences(facts(data, zone=PARIS).times, MARCH, JULY, zone=PARIS)
    return [f"{each.start.astimezone(PARIS):%m-%d %H:%M} {(each.end - each.start).seconds // 60}" for each in found]


def test_a_new_event_says_what_was_typed():
    people = (Attendee("bob@x.test", 'Bob "l\'Éponge"; B', "OPT-PARTICIPANT", "ACCEPTED", True, "INDIVIDUAL"),)
    draft = Draft(
        summary="Réunion, bureau; suite\nligne",
        start=datetime(2025, 3, 4, 19),
        end=datetime(2025, 3, 4, 21),
        tzid="Europe/Paris",
        rrule="FREQ=WEEKLY;BYDAY=TU",
        location="Salle bleue",
        description="Long " * 60,
        url="https://x.test/a",
        categories=("vie, ensemble", "bureau"),
        status="confirmed",
        classification="PRIVATE",
        is_transparent=True,
        organizer="alice@x.test",
        organizer_name="Alice",
        attendees=people,
        alarms=((15, "start"), (0, "end")),
    )
    data = new(draft, NOW)
    known = facts(data, zone=zone("Asia/Tokyo"))
    assert (known.summary, known.description, known.location) == (draft.summary, draft.description, draft.location)
    assert (known.categories, known.attendees, known.alarms) == (draft.categories, people, draft.alarms)
    assert (known.status, known.classification, known.is_transparent) == ("CONFIRMED", "PRIVATE", True)
    assert (known.first, known.last) == (datetime(2025, 3, 4, 18, tzinfo=UTC), None)
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    (event,) = icalendar.Calendar.from_ical(data).walk("VEVENT")
    assert str(event["SUMMARY"]) == draft.summary
    assert icalendar.Calendar.from_ical(data).walk("VTIMEZONE")


@pytest.mark.parametrize("is_all_day", [True, False])
def test_days_and_floating_times_name_no_zone(is_all_day):
    draft = Draft(summary="Fête", start=datetime(2025, 6, 21), end=datetime(2025, 6, 22), is_all_day=is_all_day)
    data = new(draft, NOW)
    assert b"TZID" not in data
    known = facts(data, zone=PARIS)
    assert (known.is_all_day, known.first) == (is_all_day, datetime(2025, 6, 20, 22, tzinfo=UTC))


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(
        [
            "Europe/Paris",
            "America/Santiago",
            "Australia/Sydney",
            "Africa/Casablanca",
            "Asia/Tokyo",
            "Australia/Lord_Howe",
            "America/New_York",
        ]
    ),
    st.datetimes(datetime(1995, 1, 1), datetime(2040, 1, 1)),
    st.integers(0, 3000),
)
def test_a_zone_is_described_as_its_clocks_go(name, start, days):
    from tilios.kit.ical.timezones import RuledZone
    from tilios.kit.ical.vtimezones import vtimezone

    later = (start + timedelta(days=days)).replace(tzinfo=UTC)
    described = RuledZone(vtimezone(zone(name), start.year).copy())
    assert later.astimezone(described).utcoffset() == later.astimezone(zone(name)).utcoffset()


def test_a_zone_is_short():
    draft = Draft(summary="a", start=datetime(2025, 3, 4, 19), tzid="Europe/Paris")
    assert new(draft, NOW).count(b"\r\n") < 30


def test_one_time_is_changed_alone():
    (data,) = changed(
        DATA, {"start": datetime(2025, 3, 11, 18, 30)}, scope="this", recurrence_id="20250311T190000", now=NOW
    )
    assert times(data) == ["03-04 19:00 120", "03-11 18:30 120", "03-25 20:00 120", "04-08 19:00 120"]
    assert data.count(b"X-LIEU;X-A=1:Salle; bleue") == 2
    assert data.count(b"RRULE") == 1 + data.count(b"RRULE:FREQ=YEARLY")


def test_an_override_is_changed_in_its_place():
    (data,) = changed(DATA, {"summary": "Grand concert"}, scope="this", recurrence_id="20250325T190000", now=NOW)
    assert data.count(b"BEGIN:VEVENT") == 2
    assert times(data) == times(DATA)
    assert b"SUMMARY:Grand concert\r\n" in data


def test_all_are_moved_with_their_exceptions():
    (data,) = changed(
        DATA,
        {"start": datetime(2025, 3, 12, 18), "end": datetime(2025, 3, 12, 19)},
        scope="all",
        recurrence_id="20250311T190000",
        now=NOW,
    )
    assert times(data) == ["03-05 18:00 60", "03-12 18:00 60", "03-25 20:00 120", "04-09 18:00 60"]
    assert b"BYDAY=WE" in data


def test_a_text_changed_for_all_leaves_what_an_override_says():
    (data,) = changed(DATA, {"summary": "Chant", "location": "Jardin"}, scope="all", recurrence_id="", now=NOW)
    assert b"SUMMARY:Concert\r\n" in data
    assert b"SUMMARY:Chant\r\n" in data
    assert data.count(b"LOCATION:Jardin") == 2
    assert b"X-LIEU;X-A=1:Salle; bleue\r\n" in data
    assert facts(data, zone=PARIS).sequence == 1


@pytest.mark.parametrize("end", [";COUNT=6", ";UNTIL=20250408T170000Z", ""])
def test_those_that_follow_become_a_series_of_their_own(end):
    whole = calendar(SERIES.replace(";COUNT=6", end), OVERRIDE)
    first, second = changed(
        whole,
        {"summary": "Chorale d'été", "start": datetime(2025, 3, 25, 20)},
        scope="following",
        recurrence_id="20250325T190000",
        now=NOW,
    )
    assert times(first) == ["03-04 19:00 120", "03-11 19:00 120"]
    assert times(second)[:2] == ["03-25 20:00 120", "04-08 20:00 120"]
    if end:
        assert len(times(second)) == 2
    assert facts(first, zone=PARIS).uid != facts(second, zone=PARIS).uid
    assert facts(second, zone=PARIS).summary == "Chorale d'été"
    assert b"X-LIEU;X-A=1:Salle; bleue\r\n" in second
    assert b"20250401T200000" in second
    assert b"20250401" not in first


def test_one_time_is_deleted():
    data = without(DATA, "20250311T190000", "this", NOW)
    assert times(data) == ["03-04 19:00 120", "03-25 20:00 120", "04-08 19:00 120"]
    data = without(data, "20250325T190000", "this", NOW)
    assert times(data) == ["03-04 19:00 120", "04-08 19:00 120"]
    assert data.count(b"BEGIN:VEVENT") == 1
    data = without(data, "20250304T190000", "this", NOW)
    assert without(data, "20250408T190000", "this", NOW) is None


def test_those_that_follow_are_deleted():
    assert times(without(DATA, "20250311T190000", "following", NOW)) == ["03-04 19:00 120"]
    assert without(DATA, "20250304T190000", "following", NOW) is None
    assert without(DATA, "", "all", NOW) is None


@pytest.mark.parametrize("scope", ["this", "following"])
def test_nothing_happens_where_nothing_happens(scope):
    with pytest.raises(Broken, match="Nothing happens"):
        changed(DATA, {"summary": "a"}, scope=scope, recurrence_id="20250312T190000", now=NOW)
    with pytest.raises(Broken, match="Nothing happens"):
        without(DATA, "20250312T190000", scope, NOW)


def test_days_and_utc_are_split_too():
    days = calendar("DTSTART;VALUE=DATE:20250301\r\nDTEND;VALUE=DATE:20250302\r\nRRULE:FREQ=DAILY;COUNT=4")
    first, second = changed(days, {"summary": "b"}, scope="following", recurrence_id="20250303", now=NOW)
    assert (len(times(first)), len(times(second))) == (2, 2)
    assert b"UNTIL=20250302\r\n" in first
    utc = calendar("DTSTART:20250301T100000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=4")
    (data,) = changed(utc, {"summary": "b"}, scope="this", recurrence_id="20250302T100000Z", now=NOW)
    assert b"RECURRENCE-ID:20250302T100000Z\r\n" in data
    assert len(times(data)) == 4


def test_a_rule_that_has_ended_is_not_prolonged_by_a_cut():
    ended = calendar(
        SERIES.replace("EXDATE;TZID=Europe/Paris:20250318T190000,20250401T190000", "RDATE:20250415T180000Z")
    )
    first, second = changed(ended, {"summary": "b"}, scope="following", recurrence_id="20250415T200000", now=NOW)
    assert times(first) == times(ended)[:-1]
    assert times(second) == ["04-15 20:00 120"]


def test_an_override_of_no_occurrence_is_kept():
    lost = calendar(
        SERIES, OVERRIDE.replace("RECURRENCE-ID;TZID=Europe/Paris:20250325T190000", "RECURRENCE-ID:20250325T110000Z")
    )
    (data,) = changed(
        lost, {"location": "Jardin", "start": datetime(2025, 3, 4, 18)}, scope="all", recurrence_id="", now=NOW
    )
    assert b"SUMMARY:Concert" in data


def test_a_repetition_may_stop():
    (data,) = changed(DATA, {"rrule": ""}, scope="all", recurrence_id="", now=NOW)
    assert times(data) == ["03-04 19:00 120"]


def test_people_and_alarms_that_stay_keep_their_lines():
    alarm = "BEGIN:VALARM\r\nACTION:AUDIO\r\nTRIGGER:-PT15M\r\nX-SON:ding\r\nEND:VALARM"
    line = "ATTENDEE;X-NUM=7;CN=Bob;PARTSTAT=ACCEPTED:mailto:bob@x.test"
    data = calendar(f"DTSTART:20250301T100000Z\r\n{line}\r\n{alarm}")
    known = facts(data, zone=PARIS)
    eve = Attendee("eve@x.test", "Eve")
    (data,) = changed(
        data,
        {"attendees": (*known.attendees, eve), "alarms": ((15, "start"), (60, "start"))},
        scope="all",
        recurrence_id="",
        now=NOW,
    )
    assert line.encode() in data
    assert b"X-SON:ding" in data
    assert facts(data, zone=PARIS).attendees == (*known.attendees, eve)
    assert facts(data, zone=PARIS).alarms == ((15, "start"), (60, "start"))


def test_what_is_typed_again_alike_changes_no_line():
    lines = (
        'DTSTART;X-A=1;TZID="Romance Standard Time":20250304T190000\r\nDURATION:PT2H\r\n'
        "SUMMARY;LANGUAGE=fr:Chorale\r\nCATEGORIES;LANGUAGE=fr:a\r\nCATEGORIES:b\r\nRRULE:FREQ=WEEKLY;X-B=1"
    )
    fields = {
        "start": datetime(2025, 3, 4, 19),
        "end": datetime(2025, 3, 4, 21),
        "tzid": "Europe/Paris",
        "is_all_day": False,
        "summary": "Chorale",
        "categories": ("a", "b"),
        "rrule": "FREQ=WEEKLY;X-B=1",
    }
    (data,) = changed(calendar(lines), fields, scope="all", recurrence_id="", now=NOW)
    assert lines.encode() in data
    (longer,) = changed(
        calendar(lines), fields | {"end": datetime(2025, 3, 4, 22)}, scope="all", recurrence_id="", now=NOW
    )
    assert b"DURATION" not in longer
    assert times(longer)[0] == "03-04 19:00 180"


def test_a_field_that_does_not_exist_is_a_fault_of_the_program():
    with pytest.raises(ValueError, match="no field"):
        changed(DATA, {"sumary": "a"}, scope="all", recurrence_id="", now=NOW)


def moments(data):
    times = facts(data, zone=PARIS).times
    return [(each.start, each.end) for each in occurrences(times, LONG_AGO, LONG_AFTER, zone=PARIS, most=9999)]


@settings(max_examples=60, deadline=None)
@given(events(), st.integers(0, 30))
def test_cutting_a_series_loses_and_adds_no_time(event, place):
    _name, _start, data = event
    known = occurrences(facts(data, zone=PARIS).times, LONG_AGO, LONG_AFTER, zone=PARIS, most=9999)
    assume(known)
    chosen = known[min(place, len(known) - 1)]
    before = [(each.start, each.end) for each in known]
    parts = changed(data, {"summary": "b"}, scope="following", recurrence_id=chosen.recurrence_id, now=NOW)
    assert sorted(moment for part in parts for moment in moments(part)) == before
    (alone,) = changed(data, {"summary": "b"}, scope="this", recurrence_id=chosen.recurrence_id, now=NOW)
    assert moments(alone) == before
    fewer = without(data, chosen.recurrence_id, "this", NOW)
    assert (moments(fewer) if fewer else []) == [each for each in before if each[0] != chosen.start]
    earlier = without(data, chosen.recurrence_id, "following", NOW)
    assert (moments(earlier) if earlier else []) == [each for each in before if each[0] < chosen.start]


@settings(max_examples=60, deadline=None)
@given(events(), st.times())
def test_a_series_moved_within_its_days_keeps_its_days(event, clock):
    """Exceptions and extra dates go along: all times are moved alike on the clock."""
    _name, start, data = event
    moved = datetime.combine(start.date(), clock.replace(second=0, microsecond=0))
    minutes = (moved - start).total_seconds() // 60
    before = occurrences(facts(data, zone=PARIS).times, LONG_AGO, LONG_AFTER, zone=PARIS, most=9999)
    (after,) = changed(data, {"start": moved}, scope="all", recurrence_id="", now=NOW)
    found = occurrences(facts(after, zone=PARIS).times, LONG_AGO, LONG_AFTER, zone=PARIS, most=9999)
    walls = [datetime.strptime(each.recurrence_id, "%Y%m%dT%H%M%S") for each in before]
    later = [datetime.strptime(each.recurrence_id, "%Y%m%dT%H%M%S") for each in found]
    wanted = [each + timedelta(minutes=minutes) for each in walls]
    last = datetime(2026, 8, 30)  # not at the edge of what is looked at
    assert [each for each in later if each < last] == [each for each in wanted if each < last]


@given(st.text(max_size=300), st.text(max_size=60), st.lists(st.text(max_size=20), max_size=3))
def test_any_text_is_given_back(description, name, categories):
    clean = [text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n") for text in (description, name)]
    wanted = tuple(each.strip() for each in categories if each.strip() and "\r" not in each and "\0" not in each)
    person = Attendee("bob@x.test", clean[1])
    draft = Draft(description=clean[0], start=datetime(2025, 3, 4), categories=wanted, attendees=(person,))
    data = new(draft, NOW)
    known = facts(data, zone=PARIS)
    assert known.description == clean[0]
    assert known.attendees[0].name == clean[1]
    assert known.categories == wanted
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
