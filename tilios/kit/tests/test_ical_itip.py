"""Invitations and answers (RFC 5546)."""

from datetime import UTC, datetime

import icalendar
import pytest

from tilios.kit.ical import Broken, cancel, facts, itip, occurrences, reply, request, with_answer
from tilios.kit.tests.ical import calendar
from tilios.kit.zones import zone

PARIS = zone("Europe/Paris")
NOW = datetime(2025, 2, 1, tzinfo=UTC)
DATA = calendar(
    "DTSTART;TZID=Europe/Paris:20250304T190000\r\nDTEND;TZID=Europe/Paris:20250304T210000\r\nRRULE:FREQ=WEEKLY;COUNT=6\r\n"
    "SUMMARY:Chorale\r\nSEQUENCE:2\r\nORGANIZER;CN=Alice:mailto:alice@x.test\r\n"
    "ATTENDEE;X-NUM=3;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN=Bob:mailto:Bob@x.test\r\n"
    "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:eve@x.test\r\nX-LIEU:ici\r\n"
    "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT1H\r\nEND:VALARM"
)


def statuses(data):
    return {each.email: each.status for each in facts(data, zone=PARIS).attendees}


def test_an_invitation_says_all_but_the_alarms():
    sent = request(DATA, now=NOW)
    said = itip(sent)
    assert (said.method, said.uid, said.sequence, said.organizer) == ("REQUEST", "1@test", 2, "alice@x.test")
    assert b"VALARM" not in sent
    assert b"X-LIEU:ici" in sent
    assert facts(said.data, zone=PARIS).times == facts(DATA, zone=PARIS).times
    assert icalendar.Calendar.from_ical(sent)["METHOD"] == "REQUEST"


def test_an_answer_goes_there_and_back():
    sent = reply(DATA, "bob@x.test", "accepted", now=NOW, comment="J'apporte, du cidre")
    said = itip(sent)
    assert (said.method, said.attendee, said.status, said.comment) == (
        "REPLY",
        "bob@x.test",
        "ACCEPTED",
        "J'apporte, du cidre",
    )
    assert b"eve@x.test" not in sent
    answered = with_answer(DATA, said.attendee, said.status)
    assert statuses(answered) == {"bob@x.test": "ACCEPTED", "eve@x.test": "NEEDS-ACTION"}
    assert b"ATTENDEE;X-NUM=3;CN=Bob;PARTSTAT=ACCEPTED:mailto:Bob@x.test" in answered
    assert b"VALARM" in answered


@pytest.mark.parametrize("recurrence_id", ["20250311T190000", "20250311T180000Z"])
def test_an_answer_to_one_time_is_for_that_time(recurrence_id):
    said = itip(reply(DATA, "bob@x.test", "DECLINED", recurrence_id, now=NOW))
    assert said.recurrence_id == "20250311T180000Z"
    answered = with_answer(DATA, said.attendee, said.status, said.recurrence_id)
    assert statuses(answered)["bob@x.test"] == "NEEDS-ACTION"
    assert answered.count(b"PARTSTAT=DECLINED") == 1
    assert b"RECURRENCE-ID;TZID=Europe/Paris:20250311T190000" in answered
    found = occurrences(facts(answered, zone=PARIS).times, NOW, datetime(2026, 1, 1, tzinfo=UTC), zone=PARIS)
    assert len(found) == 6


def test_a_cancellation_is_for_all_or_some():
    all_ = itip(cancel(DATA, now=NOW))
    assert (all_.method, all_.sequence, len(all_.attendees)) == ("CANCEL", 3, 2)
    one = itip(cancel(DATA, attendees=("EVE@x.test",), recurrence_id="20250311T190000", now=NOW))
    assert [each.email for each in one.attendees] == ["eve@x.test"]
    assert one.recurrence_id == "20250311T180000Z"
    assert facts(one.data, zone=PARIS).status == "CANCELLED"


def test_who_is_not_invited_cannot_answer():
    for act in (
        lambda: with_answer(DATA, "mallory@x.test", "ACCEPTED"),
        lambda: reply(DATA, "mallory@x.test", "ACCEPTED", now=NOW),
    ):
        with pytest.raises(Broken) as refused:
            act()
        assert refused.value.code == "attendee"
    with pytest.raises(Broken, match="Nothing happens"):
        with_answer(DATA, "bob@x.test", "ACCEPTED", "20250312T180000Z")


def test_an_answer_of_exchange_is_read():
    text = """BEGIN:VCALENDAR
METHOD:REPLY
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
BEGIN:VTIMEZONE
TZID:Romance Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
ATTENDEE;PARTSTAT=TENTATIVE;CN=Bob:MAILTO:bob@x.test
COMMENT;LANGUAGE=fr-FR:Peut-être\\n
UID:1@test
RECURRENCE-ID;TZID=Romance Standard Time:20250311T190000
DTSTART;TZID=Romance Standard Time:20250311T190000
DTSTAMP:20250201T080000Z
SEQUENCE:2
END:VEVENT
END:VCALENDAR
"""
    said = itip(text.encode())
    assert (said.attendee, said.status, said.comment) == ("bob@x.test", "TENTATIVE", "Peut-être\n")
    assert said.recurrence_id == "20250311T180000Z"
    assert said.dtstart == datetime(2025, 3, 11, 18, tzinfo=UTC)


@pytest.mark.parametrize("data", [DATA, b"bonjour", b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n"])
def test_what_is_no_message_is_refused(data):
    with pytest.raises(Broken):
        itip(data)
