"""Letters and addresses are read without trusting them."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.cast import Cast
from tilios.core.errors import Invalid
from tilios.core.mailroom import addresses, letters
from tilios.core.mailroom.models import Box
from tilios.core.structures.scope import scope

CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


def letter(body: bytes = b"\r\nBonjour", head: bytes = b"") -> letters.Letter:
    return letters.read(b"From: Ada <Ada@Example.org>\r\nTo: agenda@example.org\r\n" + head + body)


def test_a_letter_says_who_wrote_it_to_whom_and_what() -> None:
    found = letter(head=b"Subject: =?utf-8?q?R=C3=A9union?=\r\nSender: bob@example.org\r\n")
    assert found.senders == ("ada@example.org", "bob@example.org")
    assert found.recipients == ("agenda@example.org",)
    assert (found.name, found.subject, found.text) == ("Ada", "Réunion", "Bonjour")
    assert not found.is_automatic
    assert not found.is_bounce


@pytest.mark.parametrize(
    "kind",
    [
        b"text/calendar; method=REPLY; charset=utf-8",
        b"application/ics; name=invite.ics",
        b'application/octet-stream; name="reponse.ICS"',
    ],
)
def test_a_calendar_is_found_however_a_program_sends_it(kind: bytes) -> None:
    found = letter(b"Content-Type: " + kind + b"\r\n\r\n" + CALENDAR)
    assert found.calendars == (CALENDAR,)


def test_a_calendar_in_a_letter_that_was_forwarded_is_found() -> None:
    inner = b"From: zoe@example.com\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\n" + CALENDAR
    found = letter(b"Content-Type: message/rfc822\r\n\r\n" + inner)
    assert found.calendars == (CALENDAR,)
    assert found.senders == ("ada@example.org",)


@pytest.mark.parametrize("said", [b"auto-replied", b"auto-generated; x=y", b"Auto-Notified"])
def test_what_programs_write_by_themselves_is_known(said: bytes) -> None:
    assert letter(head=b"Auto-Submitted: " + said + b"\r\n").is_automatic
    assert not letter(head=b"Auto-Submitted: no\r\n").is_automatic


def test_a_bounce_is_known_by_its_empty_return_path() -> None:
    assert letters.read(b"From: mailer-daemon@example.org\r\n\r\nUndelivered", envelope_from="").is_bounce
    assert letter(b"Content-Type: multipart/report; boundary=a\r\n\r\n--a--\r\n").is_bounce


@pytest.mark.parametrize("data", [b"", b"Bonjour", b"To: agenda@example.org\r\n\r\nx", b"From: nobody\r\n\r\nx"])
def test_a_letter_of_nobody_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        letters.read(data)


@given(some.binary(max_size=2000))
def test_whatever_comes_is_read_or_refused(data: bytes) -> None:
    for given_data in (data, b"From: ada@example.org\r\nContent-Type: " + data, b"From: " + data + b"\r\n\r\n"):
        with suppress(Invalid):
            found = letters.read(given_data)
            assert all("@" in one for one in found.senders)


def test_an_address_is_read_as_it_was_written(fabrique: Cast, settings: Any) -> None:
    settings.TILIOS_MAIL_DOMAIN = "courrier.example"
    address = addresses.entrance().address("agenda", "4f0c")
    assert address == f"agenda+{fabrique.fabrique.pk}-4f0c@courrier.example"
    assert addresses.served(address.upper()) == ("agenda", fabrique.fabrique.pk, "4f0c")
    assert addresses.served("agenda@courrier.example") is None
    assert addresses.served(address.replace("courrier", "ailleurs")) is None
    assert addresses.entrance().is_ours(address)
    assert not addresses.entrance().is_ours("ada@courrier.example")


def test_a_box_with_a_plus_gives_each_key_an_address(fabrique: Cast) -> None:
    assert addresses.entrance().address("agenda", "4f0c") == ""
    Box.objects.create(address="Asso@Example.org", server="x", account="x", has_plus=True)
    address = addresses.entrance().address("agenda", "4f0c")
    assert address == "asso+agenda-4f0c@example.org"
    assert addresses.tagged((address,), "Asso@Example.org") == ("agenda", "4f0c")
    assert addresses.tagged(("asso@example.org", "autre+agenda-4f0c@example.org"), "asso@example.org") is None
    Box.objects.update(has_plus=False)
    assert addresses.entrance().address("agenda", "4f0c") == "asso@example.org"


def test_the_box_of_one_structure_is_not_that_of_another(cast: Cast) -> None:
    with scope(cast.fabrique):
        Box.objects.create(address="asso@example.org", server="x", account="x")
    with scope(cast.atelier):
        assert addresses.entrance().box == ""
