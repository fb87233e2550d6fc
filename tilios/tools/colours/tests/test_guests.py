"""Behind a share link: guests answer and come back, people invited are one voice, readers read, others embed."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail

from tests.cast import Cast
from tilios.core.access import sharing
from tilios.core.structures.scope import scope
from tilios.tools.colours import actions
from tilios.tools.colours.models import Answer, Roll, Session, Voice
from tilios.tools.colours.tests.contract import first_of, give, open_session

VisitorOf = Callable[[str], SimpleNamespace]


def shared(cast: Cast, mode: str = "answer", **fields: Any) -> tuple[Session, str]:
    """A session and the token of a link to it."""
    with scope(cast.fabrique):
        session = open_session(cast.alice, **fields)
        return session, sharing.create_link(by=cast.alice, target=session, mode=mode).token


def number_of(cast: Cast, session: Session) -> int:
    with scope(cast.fabrique):
        return first_of(session)


def test_a_guest_answers_under_a_name_then_changes_from_the_same_device(cast: Cast, visitor_of: VisitorOf) -> None:
    session, token = shared(cast)
    guest, one = visitor_of(token), number_of(cast, session)
    assert guest.client.post(guest.url + "repondre/", {"name": "Zoé", f"a-{one}": "0"}).status_code == 302
    assert 'value="Zoé"' in guest.client.get(guest.url).content.decode()
    tapped = guest.client.post(f"{guest.url}repondre-{one}/", {"name": "Zoé", f"a-{one}": "4"})
    assert "1 sur 3" in tapped.content.decode()
    with scope(cast.fabrique):
        assert Answer.objects.get().value == 4
        assert Voice.objects.get().name == "Zoé"


def test_a_first_tap_without_a_name_says_so_and_leaves_nobody_behind(cast: Cast, visitor_of: VisitorOf) -> None:
    session, token = shared(cast)
    guest, one = visitor_of(token), number_of(cast, session)
    for step in (f"repondre-{one}/", "repondre/"):
        response = guest.client.post(guest.url + step, {"name": " ", f"a-{one}": "0", f"r-{one}": "Gardé"})
        assert response.status_code == 422
        assert "nom" in response.content.decode()
    assert "Gardé" in response.content.decode()
    wrong = guest.client.post(f"{guest.url}repondre-{one}/", {"name": "Zoé", f"a-{one}": "9"})
    assert wrong.status_code == 422
    with scope(cast.fabrique):
        assert not Voice.objects.exists()
        assert not sharing.Visitor.objects.exists()


def test_a_secret_guest_gives_no_name_and_is_one_voice(cast: Cast, visitor_of: VisitorOf) -> None:
    session, token = shared(cast, identity="secret")
    guest, one = visitor_of(token), number_of(cast, session)
    page = guest.client.get(guest.url).content.decode()
    assert 'name="name"' not in page.split("</form>")[0]
    for value in ("0", "3"):
        assert guest.client.post(guest.url + "repondre/", {f"a-{one}": value}).status_code == 302
    with scope(cast.fabrique):
        assert Answer.objects.get().value == 3
        assert Voice.objects.get().visitor is None
        assert Roll.objects.count() == 1


def test_a_session_without_guests_or_closed_keeps_what_was_typed(cast: Cast, visitor_of: VisitorOf) -> None:
    for fields, status in (({"guests": False}, 403), ({}, 409)):
        session, token = shared(cast, **fields)
        guest, one = visitor_of(token), number_of(cast, session)
        if status == 409:
            with scope(cast.fabrique):
                actions.close_session(by=cast.alice, session=session)
        sent = {"name": "Zoé", f"a-{one}": "0", f"r-{one}": "Encore là"}
        response = guest.client.post(guest.url + "repondre/", sent)
        assert response.status_code == status
        if status == 409:
            assert "Encore là" in response.content.decode()


def test_a_personal_link_on_two_devices_is_one_voice(cast: Cast, visitor_of: VisitorOf) -> None:
    with scope(cast.fabrique):
        session = open_session(cast.alice)
        pairs = [("Zoé Martin", "zoe@example.org"), ("Sans adresse", "")]
        assert actions.invite_people(by=cast.alice, session=session, people=pairs) == 2
        assert actions.invite_people(by=cast.alice, session=session, people=pairs[:1]) == 0
    (letter,) = mail.outbox
    assert letter.to == ["zoe@example.org"]
    path = re.search(r"/l/(\S+)/(\S+)/", str(letter.body))
    assert path
    token, invited = path.groups()
    one = number_of(cast, session)
    first, second = visitor_of(token), visitor_of(token)
    url = f"{first.url}{invited}/"
    assert "Zoé Martin" in first.client.get(url).content.decode()
    for device, value in ((first, "0"), (second, "4")):
        answered = device.client.post(f"{first.url}{invited}--repondre/", {f"a-{one}": value})
        assert answered.status_code == 302, answered.content.decode()
        tapped = device.client.post(f"{first.url}{invited}--repondre-{one}/", {f"a-{one}": value})
        assert tapped.status_code == 200
    with scope(cast.fabrique):
        assert Voice.objects.count() == 1
        assert Answer.objects.get().value == 4
    assert first.client.get(first.url).status_code == 404
    assert first.client.get(f"{first.url}inconnu/").status_code == 404
    assert first.client.get(f"{first.url}{invited}--vue-spectre/").status_code == 200


def test_a_reader_sees_every_view_and_answers_nothing(cast: Cast, visitor_of: VisitorOf) -> None:
    session, token = shared(cast, "read")
    with scope(cast.fabrique):
        give(session, cast.bob, 0, 1, 2)
    reader = visitor_of(token)
    assert "<svg" in reader.client.get(reader.url).content.decode()
    for view in ("spectre", "carte", "mosaique", "enonce"):
        assert reader.client.get(f"{reader.url}{view}/").status_code == 200
    for form in ("csv", "ods", "svg", "png"):
        assert reader.client.get(f"{reader.url}fichier-{form}/").status_code == 200
    assert reader.client.get(f"{reader.url}fichier-exe/").status_code == 404
    assert reader.client.get(f"{reader.url}autre/").status_code == 404
    assert reader.client.post(f"{reader.url}repondre/", {}).status_code == 403
    assert reader.client.post(f"{reader.url}palette/", {"palette": "safe", "next": reader.url}).status_code == 302
    assert "palette-safe" in reader.client.get(reader.url).content.decode()


def test_the_embedded_spectrum_alone_may_be_framed(cast: Cast, visitor_of: VisitorOf) -> None:
    session, token = shared(cast, "embed")
    with scope(cast.fabrique):
        give(session, cast.bob, 0, 1, 2)
    frame = visitor_of(token)
    response = frame.client.get(frame.url)
    assert "X-Frame-Options" not in response.headers
    assert "frame-ancestors *" in response.headers["Content-Security-Policy"]
    assert "<svg" in response.content.decode()
    assert "<form" not in response.content.decode()
    assert "Bob" not in response.content.decode()
    assert "Set-Cookie" not in response.headers
    assert not response.cookies
    assert frame.client.post(frame.url).status_code == 405
    assert frame.client.get(frame.url + "autre/").status_code == 404
    _other, read = shared(cast, "read")
    reader = visitor_of(read)
    for address in (reader.url, frame.url + "autre/", "/"):
        answer = reader.client.get(address)
        assert answer.headers["X-Frame-Options"] == "DENY", address
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"], address


def test_an_embedded_spectrum_shows_nothing_that_is_hidden(cast: Cast, visitor_of: VisitorOf) -> None:
    session, token = shared(cast, "embed", results="closed")
    with scope(cast.fabrique):
        give(session, cast.bob, 0, 1, 2)
    frame = visitor_of(token)
    assert '<svg class="chart' not in frame.client.get(frame.url).content.decode()


@pytest.mark.parametrize("mode", ["answer", "read", "embed", "personal"])
def test_a_deleted_session_has_no_door(cast: Cast, visitor_of: VisitorOf, mode: str) -> None:
    session, token = shared(cast, mode)
    with scope(cast.fabrique):
        actions.delete_session(by=cast.alice, session=session)
    guest = visitor_of(token)
    assert guest.client.get(guest.url).status_code == 404
