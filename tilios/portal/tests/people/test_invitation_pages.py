"""Pages where people are invited."""

from typing import Any

import pytest
from django.core import mail

from tests.cast import Cast
from tilios.core.people import actions as people
from tilios.core.people.actions import invitations as invite
from tilios.core.people.models import Invitation, Person
from tilios.core.people.roles import Role
from tilios.core.structures.scope import scope

URL = "/s/la-fabrique/invitations/"


@pytest.fixture(autouse=True)
def outbox(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def test_addresses_are_taken_as_they_are_pasted(cast: Cast) -> None:
    pasted = "Camille Dupont <camille@example.org>, leo@example.org;\nmailto:nina@example.org  paul@example.org"
    response = cast.client("manon").post(f"{URL}nouvelle/", {"addresses": pasted, "role": "20", "lasting": "30"})
    assert response.status_code == 302
    assert sorted(message.to[0] for message in mail.outbox) == [
        "camille@example.org", "leo@example.org", "nina@example.org", "paul@example.org",
    ]  # fmt: skip
    html = cast.client("manon").get(URL).content.decode()
    assert "camille@example.org" in html


@pytest.mark.parametrize(
    "change", [{"addresses": "pas une adresse"}, {"addresses": ""}, {"role": "40"}, {"lasting": "3000"}]
)
def test_what_cannot_be_sent_comes_back(cast: Cast, change: dict[str, str]) -> None:
    data = {"addresses": "zoe@example.org", "role": "20", "lasting": "30", **change}
    assert cast.client("manon").post(f"{URL}nouvelle/", data).status_code == 422
    assert not mail.outbox


def test_a_link_has_a_page_and_a_poster(cast: Cast) -> None:
    client = cast.client("manon")
    made = client.post(f"{URL}lien/", {"role": "10", "max_uses": "30", "lasting": "7", "message": "Bienvenue"})
    assert made.status_code == 302
    with scope(cast.fabrique):
        invitation = Invitation.objects.get()
    assert (invitation.role, invitation.max_uses, invitation.state) == (Role.GUEST, 30, "open")
    for page in (made["Location"], f"{made['Location']}affiche/"):
        html = client.get(page).content.decode()
        assert f"/invitation/{invitation.token}/" in html
        assert '<svg class="qr"' in html


def test_nobody_makes_administrators_by_a_link(cast: Cast) -> None:
    assert cast.client("alice").post(f"{URL}lien/", {"role": "40", "lasting": "7"}).status_code == 422


def test_a_letter_shows_its_key_to_nobody_and_has_no_poster(cast: Cast) -> None:
    with scope(cast.fabrique):
        (letter,) = invite.invite_by_mail(by=cast.alice, addresses=["zoe@example.org"])
    assert letter.token not in cast.client("manon").get(f"{URL}{letter.pk}/").content.decode()
    assert cast.client("manon").get(f"{URL}{letter.pk}/affiche/").status_code == 404


def test_an_invitation_is_withdrawn_and_stays_in_the_list_of_all(cast: Cast) -> None:
    with scope(cast.fabrique):
        (letter,) = invite.invite_by_mail(by=cast.alice, addresses=["zoe@example.org"])
    client = cast.client("manon")
    assert client.post(f"{URL}{letter.pk}/retirer/").status_code == 302
    assert b"zoe@example.org" not in client.get(URL).content
    assert b"zoe@example.org" in client.get(f"{URL}?voir=toutes").content
    assert client.post(f"{URL}{letter.pk}/renvoyer/").status_code == 409


def test_a_letter_leaves_again(cast: Cast) -> None:
    with scope(cast.fabrique):
        (letter,) = invite.invite_by_mail(by=cast.alice, addresses=["zoe@example.org"])
    assert cast.client("manon").post(f"{URL}{letter.pk}/renvoyer/").status_code == 302
    assert len(mail.outbox) == 2


def test_a_record_is_invited_from_its_page(cast: Cast) -> None:
    with scope(cast.fabrique):
        person = people.create_person(by=None, given_name="Zoé", email="zoe@example.org")
    page = f"/s/la-fabrique/personnes/{person.pk}/inviter/"
    assert cast.client("manon").post(page).status_code == 302
    assert mail.outbox[-1].to == ["zoe@example.org"]
    assert cast.client("manon").post(f"/s/la-fabrique/personnes/{cast.bob.pk}/inviter/").status_code == 409


def test_members_invite_nobody(cast: Cast) -> None:
    for page in ("", "nouvelle/", "lien/"):
        assert cast.client("bob").get(f"{URL}{page}").status_code == 403


def test_a_group_of_another_structure_cannot_be_given(cast: Cast) -> None:
    with scope(cast.atelier):
        foreign = people.create_group(by=None, name="Secret")
    data = {"addresses": "zoe@example.org", "role": "20", "lasting": "30", "group": foreign.pk}
    assert cast.client("manon").post(f"{URL}nouvelle/", data).status_code == 422
    assert cast.client("manon").post(f"{URL}lien/", data).status_code == 422
    with scope(cast.fabrique):
        assert not Invitation.objects.exists()


def test_the_invitations_of_another_structure_do_not_exist(cast: Cast) -> None:
    with scope(cast.atelier):
        foreign = invite.create_link(by=cast.charlie)
    for page in ("", "affiche/"):
        assert cast.client("alice").get(f"{URL}{foreign.pk}/{page}").status_code == 404
    for page in ("retirer/", "renvoyer/"):
        assert cast.client("alice").post(f"{URL}{foreign.pk}/{page}").status_code == 404
    with scope(cast.atelier):
        foreign.refresh_from_db()
    assert foreign.state == "open"
    with scope(cast.fabrique):
        assert Person.objects.count() == 4
