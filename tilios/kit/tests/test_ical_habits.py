"""Files as the programs of this world write them: nothing is lost, times are right, what is broken is said where."""

import re
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilios.kit.ical import Broken, facts, occurrences, resources
from tilios.kit.tests.ical import calendar
from tilios.kit.zones import zone

PARIS = zone("Europe/Paris")

GOOGLE = """BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:PUBLISH
X-WR-CALNAME:La Fabrique\\, agenda
X-WR-TIMEZONE:Europe/Paris
X-WR-CALDESC:Tout ce qui se passe
BEGIN:VTIMEZONE
TZID:Europe/Paris
X-LIC-LOCATION:Europe/Paris
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:GMT+2
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:GMT+1
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
DTSTART;TZID=Europe/Paris:20250304T190000
DTEND;TZID=Europe/Paris:20250304T210000
RRULE:FREQ=WEEKLY;WKST=MO;UNTIL=20250408T215959Z;BYDAY=TU
EXDATE;TZID=Europe/Paris:20250318T190000
DTSTAMP:20250201T080000Z
ORGANIZER;CN=La Fabrique:mailto:abc@group.calendar.google.com
UID:6gq3@google.com
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN=Bob;X-NUM-GUESTS=0:mailto:bob@x.test
X-GOOGLE-CONFERENCE:https://meet.google.com/abc
CREATED:20250101T080000Z
DESCRIPTION:Réunion<br>du <a href="https://x.test/?a=1\\;b">bureau</a>\\, avec un
  texte long qui se poursuit à la ligne suivante et encore à celle d’apr
 ès\\n\\n-::~:~::~:~
LAST-MODIFIED:20250201T080000Z
SEQUENCE:1
STATUS:CONFIRMED
SUMMARY:Bureau
TRANSP:OPAQUE
END:VEVENT
BEGIN:VEVENT
DTSTART;TZID=Europe/Paris:20250325T200000
DTEND;TZID=Europe/Paris:20250325T220000
DTSTAMP:20250201T080000Z
UID:6gq3@google.com
RECURRENCE-ID;TZID=Europe/Paris:20250325T190000
SUMMARY:Bureau (plus tard)
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20250501
DTEND;VALUE=DATE:20250502
DTSTAMP:20250201T080000Z
UID:ferie@google.com
SUMMARY:Fermé
TRANSP:TRANSPARENT
END:VEVENT
END:VCALENDAR
"""

OUTLOOK = """BEGIN:VCALENDAR
PRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN
VERSION:2.0
X-MS-OLK-FORCEINSPECTOROPEN:TRUE
BEGIN:VTIMEZONE
TZID:Romance Standard Time
BEGIN:STANDARD
DTSTART:16011028T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010325T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
CLASS:PUBLIC
CREATED:20250201T080000Z
DESCRIPTION:Bonjour \\n
DTEND;TZID="Romance Standard Time":20250304T210000
DTSTAMP:20250201T080000Z
DTSTART;TZID="Romance Standard Time":20250304T190000
LAST-MODIFIED:20250201T080000Z
LOCATION:Salle bleue\\; 2e étage
PRIORITY:5
RRULE:FREQ=WEEKLY;COUNT=6;BYDAY=TU
EXDATE;TZID="Romance Standard Time":20250318T190000
SEQUENCE:0
SUMMARY;LANGUAGE=fr:Bureau
TRANSP:OPAQUE
UID:040000008200E00074C5B7101A82E00800000000
X-ALT-DESC;FMTTYPE=text/html:<!DOCTYPE HTML><HTML>\\n<BODY>a\\;b</BODY></HTML>
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
X-MS-OLK-CONFTYPE:0
BEGIN:VALARM
TRIGGER:-PT15M
ACTION:DISPLAY
DESCRIPTION:Reminder
END:VALARM
END:VEVENT
END:VCALENDAR
"""

APPLE = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Apple Inc.//macOS 14.5//EN
CALSCALE:GREGORIAN
X-APPLE-CALENDAR-COLOR:#1BADF8
X-WR-CALNAME:Maison
BEGIN:VTIMEZONE
TZID:Europe/Paris
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
DTSTART:19810329T020000
TZNAME:UTC+2
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
DTSTART:19961027T030000
TZNAME:UTC+1
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
CREATED:20250201T080000Z
UID:8D6A1B2C-0000-4000-8000-000000000001
DTEND;TZID=Europe/Paris:20250304T210000
TRANSP:OPAQUE
X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC
SUMMARY:Bureau
LAST-MODIFIED:20250201T080000Z
DTSTAMP:20250201T080000Z
DTSTART;TZID=Europe/Paris:20250304T190000
SEQUENCE:0
RRULE:FREQ=WEEKLY;UNTIL=20250408T170000Z
EXDATE;TZID=Europe/Paris:20250318T190000
LOCATION:La Fabrique\\n3\\, rue du Port\\n35600 Redon
X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-ADDRESS="3, rue du Port\\n35600 R
 edon";X-APPLE-RADIUS=70;X-TITLE="La Fabrique":geo:47.65,-2.08
ATTENDEE;CN="Bob, l'artisan";CUTYPE=INDIVIDUAL;EMAIL="Bob@x.test";PARTSTAT=ACCEPTED:urn:uuid:1234
BEGIN:VALARM
X-WR-ALARMUID:1
UID:1
TRIGGER:-PT30M
ATTACH;VALUE=URI:Chord
ACTION:AUDIO
END:VALARM
BEGIN:VALARM
UID:2
TRIGGER;VALUE=DATE-TIME:19760401T005545Z
ACTION:NONE
END:VALARM
END:VEVENT
END:VCALENDAR
"""

NEXTCLOUD = """BEGIN:VCALENDAR
CALSCALE:GREGORIAN
VERSION:2.0
PRODID:-//IDN nextcloud.com//Calendar app 4.7.6//EN
BEGIN:VEVENT
CREATED:20250201T080000Z
DTSTAMP:20250201T080000Z
LAST-MODIFIED:20250201T080000Z
SEQUENCE:2
UID:5d4f0a3a-0000-4000-8000-000000000002
DTSTART;TZID=Europe/Paris:20250304T190000
DTEND;TZID=Europe/Paris:20250304T210000
STATUS:CONFIRMED
SUMMARY:Bureau
RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=6
EXDATE;TZID=Europe/Paris:20250318T190000
CATEGORIES:bureau,vie\\, ensemble
COLOR:tomato
CLASS:CONFIDENTIAL
ATTACH;FMTTYPE=image/png;FILENAME=/a b.png;X-NC-FILE-ID=42:/f/42
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER;RELATED=START:-PT10M
END:VALARM
END:VEVENT
BEGIN:VTIMEZONE
TZID:Europe/Paris
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
END:VCALENDAR
"""

THUNDERBIRD = """BEGIN:VCALENDAR
PRODID:-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN
VERSION:2.0
BEGIN:VTIMEZONE
TZID:/mozilla.org/20050126_1/Europe/Paris
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
CREATED:20250201T080000Z
LAST-MODIFIED:20250201T080000Z
DTSTAMP:20250201T080000Z
UID:b7a6e8f0-0000-4000-8000-000000000003
SUMMARY:Bureau
RRULE:FREQ=WEEKLY;COUNT=6
EXDATE:20250318T180000Z
X-MOZ-LASTACK:20250304T180000Z
DTSTART;TZID=/mozilla.org/20050126_1/Europe/Paris:20250304T190000
DTEND;TZID=/mozilla.org/20050126_1/Europe/Paris:20250304T210000
X-MOZ-GENERATION:4
DESCRIPTION;ALTREP="data:text/html,%3Cb%3Ea%3C%2Fb%3E":a
END:VEVENT
BEGIN:VTODO
UID:tache@x.test
DTSTAMP:20250201T080000Z
SUMMARY:Acheter du bois
DUE;TZID=/mozilla.org/20050126_1/Europe/Paris:20250310T180000
PERCENT-COMPLETE:40
PRIORITY:1
END:VTODO
END:VCALENDAR
"""

PROGRAMS = {"google": GOOGLE, "outlook": OUTLOOK, "apple": APPLE, "nextcloud": NEXTCLOUD, "thunderbird": THUNDERBIRD}


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
