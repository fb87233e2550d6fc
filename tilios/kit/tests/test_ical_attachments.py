"""What is joined to events: read, joined, taken out; what was there stays letter for letter."""

from base64 import b64encode
from datetime import UTC, datetime

from tilios.kit.ical import Attachment, Draft, attached_bytes, attachments, changed, new
from tilios.kit.tests.ical import calendar

NOW = datetime(2025, 2, 1, 9, tzinfo=UTC)
BYTES = b"Ordre du jour"
FOREIGN = "ATTACH;FMTTYPE=application/pdf;X-OWN=1:https://example.org/a/Compte%20rendu.pdf"
INLINE = f"ATTACH;FMTTYPE=text/plain;ENCODING=BASE64;VALUE=BINARY;FILENAME=note.txt:{b64encode(BYTES).decode()}"
START = "DTSTART:20250304T190000Z\r\nDTEND:20250304T210000Z\r\nSUMMARY:Chorale"
DATA = calendar(f"{START}\r\n{FOREIGN}\r\n{INLINE}")
WEEKLY = calendar(f"{START}\r\nRRULE:FREQ=WEEKLY;COUNT=4\r\n{FOREIGN}")
FRESH = Attachment("https://t.example/fichiers/7/", 'Plan "A", étage.pdf', "application/pdf", 1200)


def joined(data: bytes, occurrence: str = "") -> list[str]:
    return [one.name for one in attachments(data, occurrence)]


def test_addresses_and_bytes_are_read() -> None:
    address, inside = attachments(DATA)
    assert (address.name, address.media_type, address.is_inline) == ("Compte rendu.pdf", "application/pdf", False)
    assert (inside.name, inside.size, inside.is_inline) == ("note.txt", len(BYTES), True)
    assert attached_bytes(DATA, inside.key) == (inside, BYTES)
    assert attached_bytes(DATA, address.key) is None


def test_bytes_that_are_none_are_listed_and_given_to_nobody() -> None:
    data = calendar(f"{START}\r\nATTACH;ENCODING=BASE64;VALUE=BINARY:é%%%")
    (only,) = attachments(data)
    assert attached_bytes(data, only.key) is None


def test_an_address_that_is_none_has_no_name() -> None:
    (only,) = attachments(calendar(f"{START}\r\nATTACH;SIZE=-3:http://[oups"))
    assert (only.name, only.size) == ("", 0)


def test_what_is_joined_is_read_as_it_was_said() -> None:
    (data,) = changed(DATA, {"attached": (FRESH,)}, scope="all", recurrence_id="", now=NOW)
    last = attachments(data)[-1]
    assert (last.uri, last.name, last.media_type, last.size) == (FRESH.uri, FRESH.name, FRESH.media_type, FRESH.size)
    unfolded = data.decode().replace("\r\n ", "")
    assert FOREIGN in unfolded
    assert INLINE in unfolded
    assert len(attachments(new(Draft(start=NOW, attached=(FRESH,)), NOW))) == 1


def test_the_same_address_is_joined_once() -> None:
    (data,) = changed(DATA, {"attached": (FRESH,)}, scope="all", recurrence_id="", now=NOW)
    (again,) = changed(data, {"attached": (FRESH,)}, scope="all", recurrence_id="", now=NOW)
    assert len(attachments(again)) == 3


def test_what_is_taken_out_goes_alone() -> None:
    (data,) = changed(DATA, {"detached": (attachments(DATA)[0].key,)}, scope="all", recurrence_id="", now=NOW)
    assert joined(data) == ["note.txt"]


def test_one_date_or_all_hold_what_is_joined() -> None:
    second = "20250311T190000Z"
    (one,) = changed(WEEKLY, {"attached": (FRESH,)}, scope="this", recurrence_id=second, now=NOW)
    assert joined(one) == ["Compte rendu.pdf"]
    assert joined(one, second) == ["Compte rendu.pdf", FRESH.name]
    (everywhere,) = changed(WEEKLY, {"attached": (FRESH,)}, scope="all", recurrence_id=second, now=NOW)
    assert joined(everywhere, second) == ["Compte rendu.pdf", FRESH.name]
