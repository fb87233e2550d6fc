"""Invitations as a server carries them: copies for calendars, answers, what is kept from others."""

from datetime import UTC, datetime

import pytest

from tilios.kit import ical
from tilios.kit.ical.lines import components

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
ADA, BOB = "ada@example.org", "bob@example.org"


def event(more: str = "", extra: str = "", start: str = "20261201T090000Z") -> bytes:
    """A weekly event of Bob, to which Ada and Bob himself are invited; `extra` are further components."""
    text = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//FR\r\nBEGIN:VEVENT\r\nUID:u@test\r\n"
        f"DTSTAMP:20261101T000000Z\r\nDTSTART:{start}\r\nDURATION:PT1H\r\nSUMMARY:Réunion\r\nSEQUENCE:3\r\n"
        f"RRULE:FREQ=WEEKLY;COUNT=5\r\nORGANIZER;CN=Bob;SCHEDULE-STATUS=1.2:mailto:{BOB}\r\n"
        f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{BOB}\r\n"
        f"ATTENDEE;CN=Ada;PARTSTAT=ACCEPTED;SCHEDULE-FORCE-SEND=REQUEST:mailto:{ADA}\r\n{more}"
        "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:x\r\nTRIGGER:-PT10M\r\nEND:VALARM\r\n"
        f"END:VEVENT\r\n{extra}END:VCALENDAR\r\n"
    )
    return text.encode()


def override(status: str, at: str = "20261208T090000Z") -> str:
    return (
        f"BEGIN:VEVENT\r\nUID:u@test\r\nDTSTAMP:20261101T000000Z\r\nRECURRENCE-ID:{at}\r\nDTSTART:{at}\r\n"
        f"DURATION:PT1H\r\nSUMMARY:Autre\r\nORGANIZER:mailto:{BOB}\r\n"
        f"ATTENDEE;PARTSTAT={status}:mailto:{ADA}\r\nEND:VEVENT\r\n"
    )


def unfolded(data: bytes) -> str:
    return data.decode().replace("\r\n ", "")


def test_a_copy_has_the_answer_of_its_guest_and_their_alarms_alone() -> None:
    known = event(extra="").replace(b"-PT10M", b"-PT45M")
    copy = unfolded(ical.delivered(event(), ADA, "TENTATIVE", known))
    assert "PARTSTAT=TENTATIVE" in copy
    assert "-PT45M" in copy
    assert "-PT10M" not in copy
    assert "SCHEDULE-" not in copy
    assert "BEGIN:VALARM" not in unfolded(ical.delivered(event(), ADA, "TENTATIVE"))


def test_who_does_not_come_is_not_busy() -> None:
    assert "TRANSP:TRANSPARENT" in unfolded(ical.delivered(event(), ADA, "DECLINED"))
    assert "TRANSP" not in unfolded(ical.delivered(event(), ADA, "ACCEPTED"))


def test_what_was_answered_is_asked_again_but_of_the_organizer() -> None:
    asked = ical.asked_again(event(extra=override("DECLINED")))
    assert ical.statuses(asked, ADA) == {"": "NEEDS-ACTION", "20261208T090000": "NEEDS-ACTION"}
    assert ical.statuses(asked, BOB) == {"": "ACCEPTED"}
    assert "RSVP=TRUE" in unfolded(asked)


def test_one_date_alone_is_asked_again() -> None:
    asked = ical.asked_again(event(extra=override("DECLINED")), "20261208T090000Z")
    assert ical.statuses(asked, ADA) == {"": "ACCEPTED", "20261208T090000": "NEEDS-ACTION"}


def test_the_guests_of_a_date_are_those_of_its_own_line() -> None:
    data = event(extra=override("DECLINED"))
    assert [one.email for one in ical.guests(data, "20261208T090000Z")] == [ADA]
    assert [one.email for one in ical.guests(data, "20261215T090000Z")] == [BOB, ADA]


def test_guests_left_to_a_program_are_known() -> None:
    more = (
        "ATTENDEE;SCHEDULE-AGENT=client:mailto:zoe@example.org\r\nATTENDEE;SCHEDULE-AGENT=SERVER:mailto:max@x.org\r\n"
    )
    assert ical.left_alone(event(more)) == {"zoe@example.org"}


def test_an_event_that_is_back_counts_further_than_its_cancellation() -> None:
    (calendar,) = components(ical.cancel(event(), now=NOW))
    gone = int(next(one for one in calendar.components if one.name == "VEVENT").value("SEQUENCE"))
    assert gone == 4
    assert b"SEQUENCE:5" in ical.raised(event(), NOW)


def test_a_message_names_where_answers_go_and_keeps_the_name_of_the_organizer() -> None:
    for message in (
        ical.request(event(), organizer="agenda+1-k@x.org", now=NOW),
        ical.cancel(event(), organizer="agenda+1-k@x.org", now=NOW),
    ):
        assert "ORGANIZER;CN=Bob:mailto:agenda+1-k@x.org" in unfolded(message)
        assert "SCHEDULE-" not in unfolded(message)


@pytest.mark.parametrize("before", ["", override("ACCEPTED")])
def test_one_date_of_a_message_takes_its_place_in_the_series(before: str) -> None:
    news = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + override("DECLINED").encode() + b"END:VCALENDAR\r\n"
    data = ical.with_occurrence(event(extra=before), news)
    assert ical.statuses(data, ADA) == {"": "ACCEPTED", "20261208T090000": "DECLINED"}
    assert unfolded(data).count("RECURRENCE-ID") == 1


def test_the_date_of_a_message_is_found_whatever_zone_it_is_written_in() -> None:
    start = "20261201T100000"
    series = event(start="20261201T090000Z").replace(
        b"DTSTART:20261201T090000Z", f"DTSTART;TZID=Europe/Paris:{start}".encode()
    )
    news = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + override("DECLINED").encode() + b"END:VCALENDAR\r\n"
    assert ical.statuses(ical.with_occurrence(series, news), ADA)["20261208T100000"] == "DECLINED"


def test_who_is_invited_to_one_date_gets_that_date_alone() -> None:
    zoe = override("NEEDS-ACTION").replace(ADA, "zoe@example.org")
    copy = ical.delivered(event(extra=zoe), "zoe@example.org", "NEEDS-ACTION")
    assert "RRULE:FREQ=WEEKLY" not in unfolded(copy)
    assert "RECURRENCE-ID:20261208T090000Z" in unfolded(copy)
    assert list(ical.statuses(copy, "zoe@example.org").values()) == ["NEEDS-ACTION"]


def test_who_is_taken_off_one_date_has_the_others() -> None:
    zoe = override("NEEDS-ACTION").replace(ADA, "zoe@example.org")
    copy = unfolded(ical.delivered(event(extra=zoe), ADA, "ACCEPTED"))
    assert "EXDATE:20261208T090000Z" in copy
    assert "RECURRENCE-ID" not in copy


def test_an_answer_to_a_date_is_found_however_the_date_is_named() -> None:
    paris = event(extra=override("DECLINED")).replace(
        b"DTSTART:20261201T090000Z", b"DTSTART;TZID=Europe/Paris:20261201T100000"
    )
    assert {ical.status_of(paris, ADA, name) for name in ("20261208T090000Z", "20261208T100000")} == {"DECLINED"}
    assert ical.status_of(paris, ADA, "20261215T090000Z") == "ACCEPTED"
    assert ical.status_of(paris, "nobody@example.org") == ""
