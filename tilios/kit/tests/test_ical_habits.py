"""Files as the programs of this world write them: nothing is lost, times are right, what is broken is said where."""

import re
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilios.kit.ical import Broken, facts, occurrences, resources
from tilios.kit.tests.ical import calendar
from tilios.kit.tests.ical_programs import GOOGLE, OUTLOOK, PROGRAMS
from tilios.kit.zones import zone

PARIS = zone("Europe/Paris")


def objects(text):
    """The lines of every event and task of a file, unfolded, by the words of the RFC and not by our reading."""
    unfolded = re.sub(r"\r?\n[ \t]", "", text)
    found = re.findall(r"^BEGIN:(VEVENT|VTODO)\r?\n(.*?)^END:\1", unfolded, re.DOTALL | re.MULTILINE)
    return sorted(tuple(body.replace("\r", "").splitlines()) for _kind, body in found)


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_line_of_every_object_is_given_back(program):
    parsed = resources(PROGRAMS[program].encode())
    assert parsed.broken == []
    given = sorted(each for resource in parsed.resources for each in objects(resource.data.decode()))
    assert given == objects(PROGRAMS[program])
    for resource in parsed.resources:
        assert all(len(line) <= 75 for line in resource.data.split(b"\r\n"))
        again = resources(resource.data)
        assert [each.data for each in again.resources] == [resource.data]


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_times_of_every_program_are_right(program):
    first = min(resources(PROGRAMS[program].encode()).resources, key=lambda each: each.line)
    assert b"BEGIN:VTIMEZONE" in first.data
    start, end = datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    found = occurrences(facts(first.data, zone=zone("Asia/Tokyo")).times, start, end, zone=PARIS)
    hour = "20:00" if program == "google" else "19:00"
    assert [f"{each.start.astimezone(PARIS):%d/%m %H:%M}" for each in found] == [
        "04/03 19:00",
        "11/03 19:00",
        f"25/03 {hour}",
        "01/04 19:00",
        "08/04 19:00",
    ]


def test_what_programs_say_is_understood():
    google, apple, nextcloud = (resources(PROGRAMS[name].encode()) for name in ("google", "apple", "nextcloud"))
    assert (google.name, google.zone, apple.colour) == ("La Fabrique, agenda", "Europe/Paris", "#1BADF8")
    assert [each.uid for each in google.resources] == ["6gq3@google.com", "ferie@google.com"]
    assert "celle d’après\n\n-::~" in facts(google.resources[0].data, zone=PARIS).description
    invited = facts(apple.resources[0].data, zone=PARIS)
    assert (invited.attendees[0].email, invited.attendees[0].name) == ("bob@x.test", "Bob, l'artisan")
    assert invited.alarms == ((30, "start"),)
    known = facts(nextcloud.resources[0].data, zone=PARIS)
    assert (known.categories, known.classification) == (("bureau", "vie, ensemble"), "CONFIDENTIAL")


ONE = GOOGLE.replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + ONE,
        ONE.replace(b"\r\n", b"\n"),
        ONE.replace(b"\r\n", b"\r"),
        ONE.replace(b"\r\n", b"\r\r\n"),
        ONE.replace(b"\r\n", b"\r\n\r\n"),
        GOOGLE.encode("utf-16"),
        re.sub(b"apr\r\n \xc3\xa8s", b"apr\xc3\r\n \xa8s", ONE),
        b"\r\n\r\n" + ONE.rstrip(),
        ONE.replace(b"BEGIN:VEVENT", b"begin:vevent").replace(b"SUMMARY:", b"summary:"),
    ],
    ids=["mark", "lf", "cr", "crcrlf", "doubled", "utf16", "cut character", "empty lines", "small letters"],
)
def test_bytes_may_be_written_in_many_ways(data):
    expected = [facts(each.data, zone=PARIS) for each in resources(ONE).resources]
    assert [facts(each.data, zone=PARIS) for each in resources(data).resources] == expected


def test_what_is_not_utf8_is_read_as_windows_writes():
    (one,) = resources(calendar("DTSTART:20250301T100000Z\r\nSUMMARY:Été “ici”").decode().encode("cp1252")).resources
    assert facts(one.data, zone=PARIS).summary == "Été “ici”"


@pytest.mark.parametrize(
    "tzid",
    [
        "Romance Standard Time",
        "(UTC+01:00) Brussels, Copenhagen, Madrid, Paris",
        '"(UTC+01:00) Bruxelles, Copenhague, Madrid, Paris"',
        "/freeassociation.sourceforge.net/Tzfile/Europe/Paris",
        "europe/paris",
        "UTC+01:00",
        "Europe/Paris",
    ],
)
def test_a_zone_has_many_names(tzid):
    known = facts(
        calendar(f"DTSTART;TZID={tzid if tzid[0] == chr(34) else chr(34) + tzid + chr(34)}:20250301T100000"),
        zone=zone("Asia/Tokyo"),
    )
    assert known.first == datetime(2025, 3, 1, 9, tzinfo=UTC)


def test_a_zone_of_an_unknown_name_is_what_its_rules_say():
    named = OUTLOOK.replace("Romance Standard Time", "Chez nous").replace('"Chez nous"', '"Chez nous"')
    known = facts(resources(named.encode()).resources[0].data, zone=zone("Asia/Tokyo"))
    assert known.times["zone"] == "Europe/Paris"
    odd = named.replace("TZOFFSETTO:+0200", "TZOFFSETTO:+0217").replace("TZOFFSETFROM:+0200", "TZOFFSETFROM:+0217")
    (one,) = resources(odd.encode()).resources
    found = occurrences(
        facts(one.data, zone=PARIS).times,
        datetime(2025, 3, 1, tzinfo=UTC),
        datetime(2025, 5, 1, tzinfo=UTC),
        zone=PARIS,
    )
    assert [f"{each.start:%H:%M}" for each in found] == ["18:00", "18:00", "18:00", "16:43", "16:43"]


def test_a_zone_that_nothing_explains_is_that_of_the_calendar():
    known = facts(calendar("DTSTART;TZID=Chez moi:20250301T100000"), zone=PARIS)
    assert (known.first, known.times["zone"]) == (datetime(2025, 3, 1, 9, tzinfo=UTC), "")


def test_an_object_without_identifier_keeps_the_one_it_is_given():
    data = (
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20250301T100000Z\r\nSUMMARY:a\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    (one,), (again,) = resources(data).resources, resources(data.replace(b"\r\n", b"\n")).resources
    assert one.uid == again.uid
    assert facts(one.data, zone=PARIS).uid == one.uid


@pytest.mark.parametrize(
    ("old", "new", "further", "code"),
    [
        ("DTSTART;TZID=Europe/Paris:20250304T190000\n", "", -1, "start"),
        ("20250304T190000", "le 4 mars", 0, "moment"),
        ("FREQ=WEEKLY", "FREQ=PARFOIS", 0, "rule"),
        ("SEQUENCE:1\n", "SEQUENCE 1\n", 0, "line"),
        ("SUMMARY:Bureau\n", "SUMMARY:Bureau\nEND:VALARM\n", 1, "end"),
        ("SUMMARY:Bureau\n", "BEGIN:VALARM\n", 0, "unclosed"),
    ],
)
def test_what_is_broken_is_said_with_its_line_and_the_rest_is_taken(old, new, further, code):
    line = GOOGLE[: GOOGLE.index(old)].count("\n") + 1 + further
    parsed = resources(GOOGLE.replace(old, new, 1).encode())
    assert [(each.code, each.line) for each in parsed.broken][:1] == [(code, line)]
    assert "ferie@google.com" in [each.uid for each in parsed.resources]


@pytest.mark.parametrize("start", ["DTSTART:00010101T000000Z", "DTSTART;TZID=Europe/Paris:99991231T233000"])
def test_a_year_that_nobody_lives_is_refused(start):
    with pytest.raises(Broken) as refused:
        facts(calendar(start), zone=PARIS)
    assert refused.value.code == "moment"


@pytest.mark.parametrize("until", ["99991231T235959Z", "99991231"])
def test_an_end_that_nobody_sees_is_none(until):
    known = facts(calendar(f"DTSTART;TZID=Europe/Paris:20250301T100000\r\nRRULE:FREQ=WEEKLY;UNTIL={until}"), zone=PARIS)
    assert (known.first, known.last) == (datetime(2025, 3, 1, 9, tzinfo=UTC), None)


def test_a_file_cut_short_gives_what_was_whole():
    parsed = resources(GOOGLE[: GOOGLE.index("SUMMARY:Ferm")].encode())
    assert [each.uid for each in parsed.resources] == ["6gq3@google.com"]
    assert parsed.broken[0].code == "cut"


@pytest.mark.parametrize("data", [b"", b"bonjour", b"\x00\xff", b"BEGIN:VCARD\r\nEND:VCARD\r\n", b"<html></html>"])
def test_what_is_no_calendar_is_refused(data):
    with pytest.raises(Broken):
        resources(data)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (calendar("DTSTART:20250301T100000Z", head="METHOD:REQUEST"), "method"),
        (calendar("DTSTART:20250301T100000Z", "DTSTART:20250302T100000Z"), "twice"),
        (calendar("DTSTART:20250301T100000Z").replace(b"UID:1@test\r\n", b""), "uid"),
        (calendar(), "empty"),
        (calendar("SUMMARY:a"), "start"),
        (calendar("DTSTART:20250301T100000Z") * 2, "calendar"),
        (calendar("DTSTART:20250301T100000Z")[:-28], "cut"),
    ],
)
def test_what_caldav_may_not_store_is_refused(data, code):
    with pytest.raises(Broken) as refused:
        facts(data, zone=PARIS)
    assert refused.value.code == code


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: calendar(text)))
def test_anything_is_read_or_refused(data):
    for read in (resources, lambda each: facts(each, zone=PARIS)):
        with suppress(Broken):
            assert read(data) is not None


def test_a_zone_may_be_written_without_quotes():
    data = calendar("DTSTART;TZID=(UTC+01:00) Brussels, Copenhagen, Madrid, Paris:20250301T100000")
    assert facts(data, zone=zone("Asia/Tokyo")).first == datetime(2025, 3, 1, 9, tzinfo=UTC)


def test_an_alarm_that_cannot_be_read_is_kept_and_does_not_ring():
    data = calendar("DTSTART:20250301T100000Z\r\nBEGIN:VALARM\r\nTRIGGER:bientôt\r\nEND:VALARM")
    assert facts(data, zone=PARIS).alarms == ()
    assert "TRIGGER:bientôt".encode() in resources(data).resources[0].data


def test_rules_without_number_are_refused():
    with pytest.raises(Broken) as refused:
        facts(calendar("DTSTART:20250301T100000Z" + "\r\nRRULE:FREQ=SECONDLY" * 11), zone=PARIS)
    assert refused.value.code == "rules"


def test_a_zone_that_a_file_only_names_is_described():
    (one,) = resources(calendar("DTSTART;TZID=Romance Standard Time:20250701T100000")).resources
    assert b"BEGIN:VTIMEZONE\r\nTZID:Romance Standard Time\r\n" in one.data
    assert facts(one.data, zone=zone("Asia/Tokyo")).first == datetime(2025, 7, 1, 8, tzinfo=UTC)
