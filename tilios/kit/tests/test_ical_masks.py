"""Of what is told as times alone, nothing else leaves."""

from zoneinfo import ZoneInfo

from tilios.kit import ical

PARIS = ZoneInfo("Europe/Paris")
SECRET = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Secret//FR\r\nX-WR-CALNAME:Privé\r\nBEGIN:VEVENT\r\nUID:rendez-vous-secret\r\n"
    "DTSTAMP:20261101T000000Z\r\nDTSTART;TZID=Europe/Paris;X-WHERE=Secret:20261201T090000\r\nDURATION:PT1H\r\n"
    "RRULE:FREQ=WEEKLY;COUNT=3\r\nSUMMARY:Secret\r\nLOCATION:Secret\r\nX-ODD:Secret\r\nCATEGORIES:Secret\r\n"
    "ATTENDEE;CN=Secret:mailto:secret@example.org\r\nBEGIN:VALARM\r\nTRIGGER:-PT5M\r\nDESCRIPTION:Secret\r\n"
    "ACTION:DISPLAY\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
).encode()


def test_only_the_times_are_left() -> None:
    told = ical.masked(SECRET, busy="Occupé·e")
    for word in ("Secret", "secret", "Privé", "VALARM", "ATTENDEE"):
        assert word not in told.decode().replace("-//Secret//FR", "")
    before, after = (ical.facts(data, zone=PARIS) for data in (SECRET, told))
    assert after.summary == "Occupé·e"
    assert (after.first, after.last, after.is_recurring) == (before.first, before.last, True)
    assert ical.masked(SECRET, busy="x") == ical.masked(SECRET, busy="x")


def test_an_announcement_says_what_and_when_and_neither_who_nor_what_programs_add() -> None:
    told = ical.shown_to_all(SECRET).decode()
    for word in ("VALARM", "ATTENDEE", "secret@example.org", "X-ODD", "X-WHERE", "X-WR-CALNAME"):
        assert word not in told
    before, after = (ical.facts(data, zone=PARIS) for data in (SECRET, told.encode()))
    assert (after.uid, after.summary, after.location) == (before.uid, "Secret", "Secret")
    assert (after.first, after.last, after.is_recurring) == (before.first, before.last, True)


def test_tasks_and_notes_have_no_time_to_tell() -> None:
    task = SECRET.replace(b"VEVENT", b"VTODO")
    assert b"VTODO" not in ical.masked(task, busy="x")


def test_a_zone_goes_out_and_comes_back() -> None:
    for name in ("Europe/Paris", "America/Santiago", "Asia/Kathmandu"):
        assert ical.zone_name(ical.timezone(ZoneInfo(name), 2026)) == name
