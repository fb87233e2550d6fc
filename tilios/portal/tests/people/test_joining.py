"""The page of an invitation: who may come in by it, and what it tells a stranger."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils import timezone

from tests.cast import PASSWORD, Cast, make_person
from tilios.core.access.models import Attempts
from tilios.core.notify.models import Notification
from tilios.core.people import actions as people
from tilios.core.people.actions import invitations as invite
from tilios.core.people.models import Account, Invitation, Person, Status
from tilios.core.people.roles import Role
from tilios.core.structures.scope import scope

NEWCOMER = {"name": "Zoé Martin", "password": "un très long secret"}


@pytest.fixture(autouse=True)
def outbox(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def link(cast: Cast) -> Invitation:
    with scope(cast.fabrique):
        return invite.create_link(by=cast.manon, role=Role.MEMBER, message="Venez !")


@pytest.fixture
def letter(cast: Cast) -> Invitation:
    with scope(cast.fabrique):
        return invite.invite_by_mail(by=cast.manon, addresses=["zoe@example.org"])[0]


def url(invitation: Invitation) -> str:
    return f"/invitation/{invitation.token}/"


def again(invitation: Invitation) -> Invitation:
    """The invitation as it is now."""
    with scope(invitation.structure):
        return Invitation.objects.get(pk=invitation.pk)


def proof_in_mail() -> str:
    found = re.search(r"/invitation/\S+", mail.outbox[-1].body)
    assert found
    return found[0]


def test_a_letter_lets_a_new_human_in_with_a_name_and_a_password(
    cast: Cast, letter: Invitation, client: Client
) -> None:
    page = client.get(url(letter))
    assert page.status_code == 200
    assert "zoe@example.org" in page.content.decode()
    response = client.post(url(letter), NEWCOMER)
    assert (response.status_code, response["Location"]) == (302, "/s/la-fabrique/")
    assert client.get("/s/la-fabrique/").status_code == 200
    account = Account.objects.get(email="zoe@example.org")
    assert EmailAddress.objects.get(user=account).verified
    assert account.check_password(NEWCOMER["password"])
    with scope(cast.fabrique):
        person = Person.objects.get(account=account)
        assert (person.display_name, person.role) == ("Zoé Martin", Role.MEMBER)
        note = Notification.objects.get(person=cast.manon)
    assert "Zoé Martin" in note.text
    assert Client().get(url(letter)).status_code == 404


@pytest.mark.parametrize("change", [{"name": ""}, {"password": ""}, {"password": "court"}, {"password": "password123"}])
def test_a_wrong_name_or_password_comes_back(cast: Cast, letter: Invitation, client: Client, change: dict) -> None:
    response = client.post(url(letter), {**NEWCOMER, **change})
    assert response.status_code == 422
    assert not Account.objects.filter(email="zoe@example.org").exists()
    letter = again(letter)
    assert letter.state == "open"


def test_the_address_of_a_letter_cannot_be_changed(cast: Cast, letter: Invitation, client: Client) -> None:
    client.post(url(letter), {**NEWCOMER, "email": "autre@example.org", "username": "autre@example.org"})
    assert Account.objects.filter(email="zoe@example.org").exists()
    assert not Account.objects.filter(email="autre@example.org").exists()


def test_a_link_first_asks_for_an_address_and_writes_to_it(cast: Cast, link: Invitation, client: Client) -> None:
    page = client.get(url(link)).content.decode()
    assert "Venez !" in page
    assert "password" not in page
    response = client.post(url(link), {"email": "Zoe@Example.org"})
    assert response.status_code == 200
    assert mail.outbox[-1].to == ["zoe@example.org"]
    assert not Account.objects.filter(email="zoe@example.org").exists()
    address = proof_in_mail()
    assert "zoe@example.org" in client.get(address).content.decode()
    phone = Client()  # the letter may be opened on another device
    assert phone.post(address, {**NEWCOMER, "preuve": address.partition("preuve=")[2]}).status_code == 302
    assert EmailAddress.objects.get(email="zoe@example.org").verified
    assert again(link).uses == 1


def test_a_link_answers_a_stranger_the_same_whether_or_not_the_address_has_an_account(
    cast: Cast, link: Invitation
) -> None:
    def answer(email: str) -> tuple[int, str, str]:
        client = Client()
        response = client.post(url(link), {"email": email})
        html = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
        body = re.sub(r"preuve=\S+", "", mail.outbox[-1].body)
        return response.status_code, html.replace(email, "X"), body + str(link.uses)

    assert answer("inconnue@example.org") == answer(cast.charlie.email)


def test_an_account_there_already_is_asked_to_sign_in_by_the_letter_alone(
    cast: Cast, link: Invitation, client: Client
) -> None:
    client.post(url(link), {"email": cast.charlie.email})
    page = client.get(proof_in_mail())
    assert "/compte/login/?next=/invitation/" in page.content.decode()
    client.post(proof_in_mail(), {**NEWCOMER, "preuve": proof_in_mail().partition("preuve=")[2]})
    assert Account.objects.get(email=cast.charlie.email).check_password(PASSWORD)
    with scope(cast.fabrique):
        assert not Person.objects.filter(account=cast.charlie.account).exists()


def test_whoever_is_signed_in_joins_with_one_tap(cast: Cast, link: Invitation) -> None:
    client = cast.client("charlie")
    assert cast.charlie.email in client.get(url(link)).content.decode()
    with scope(cast.fabrique):
        assert not Person.objects.filter(account=cast.charlie.account).exists()
    assert client.post(url(link)).status_code == 302
    with scope(cast.fabrique):
        assert Person.objects.get(account=cast.charlie.account).role == Role.MEMBER
    with scope(cast.atelier):
        assert Person.objects.get(account=cast.charlie.account).role == Role.ADMIN


def test_unknown_expired_revoked_and_used_answer_alike(cast: Cast, client: Client) -> None:
    with scope(cast.fabrique):
        expired, revoked, used = (invite.create_link(by=cast.manon, max_uses=1) for _n in range(3))
        Invitation.objects.filter(pk=expired.pk).update(expires_at=timezone.now() - timedelta(1))
        Invitation.objects.filter(pk=used.pk).update(uses=1)
        invite.revoke_invitation(by=cast.manon, invitation=revoked)
    answers = set()
    for token in ("inconnu", expired.token, revoked.token, used.token):
        for method in ("get", "post"):
            response = getattr(client, method)(f"/invitation/{token}/", {"email": "zoe@example.org"})
            assert response.status_code == 404
            assert b"La Fabrique" not in response.content
            answers.add(response.content.replace(token.encode(), b""))
    assert len(answers) == 1
    assert not mail.outbox


def test_somebody_inside_who_opens_a_used_invitation_is_sent_home(cast: Cast, link: Invitation) -> None:
    with scope(cast.fabrique):
        invite.revoke_invitation(by=cast.manon, invitation=link)
    assert cast.client("bob").get(url(link))["Location"] == "/s/la-fabrique/"
    assert cast.client("charlie").get(url(link)).status_code == 404


def test_somebody_who_left_does_not_enter_by_an_old_link(cast: Cast, link: Invitation) -> None:
    with scope(cast.fabrique):
        invite.revoke_invitation(by=cast.manon, invitation=link)
        people.change_status(by=None, person=cast.bob, status=Status.LEFT)
    assert cast.client("bob").get(url(link)).status_code == 404


def test_nobody_fills_a_mailbox_with_the_page(cast: Cast, link: Invitation, client: Client) -> None:
    codes = [client.post(url(link), {"email": "victime@example.org"}).status_code for _try in range(6)]
    assert codes[:3] == [200, 200, 200]
    assert codes[-1] == 422
    assert len(mail.outbox) <= 4
    assert client.post(url(link), {"email": "autre@example.org"}).status_code == 200


def test_nobody_writes_to_the_whole_world_with_the_page(cast: Cast, link: Invitation, client: Client) -> None:
    codes = [client.post(url(link), {"email": f"p{n}@example.org"}).status_code for n in range(70)]
    assert codes[-1] == 422
    assert len(mail.outbox) <= 61
    assert not Attempts.objects.filter(key__contains="example.org").exists()


def test_the_page_tells_no_other_site_its_address(cast: Cast, link: Invitation, client: Client) -> None:
    response = client.get(url(link))
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    assert "no-store" in response["Cache-Control"]


def test_a_proof_for_one_invitation_opens_no_other(cast: Cast, link: Invitation, client: Client) -> None:
    with scope(cast.fabrique):
        other = invite.create_link(by=cast.alice, role=Role.MANAGER)
    client.post(url(link), {"email": "zoe@example.org"})
    proof = proof_in_mail().partition("preuve=")[2]
    response = client.post(url(other), {**NEWCOMER, "preuve": proof})
    assert response.status_code == 200
    assert not Account.objects.filter(email="zoe@example.org").exists()


def test_a_record_without_a_login_is_claimed_by_its_letter(cast: Cast, client: Client) -> None:
    with scope(cast.fabrique):
        record = make_person(cast.fabrique, "Zoé Martin", Role.MEMBER, email="zoe@example.org", login=False)
        letter = invite.invite_person(by=cast.manon, person=record)
    assert client.get(url(letter)).context["form"]["name"].value() == "Zoé Martin"
    client.post(url(letter), NEWCOMER)
    with scope(cast.fabrique):
        assert Person.objects.get(pk=record.pk).account.email == "zoe@example.org"


def test_a_signed_in_account_does_not_take_the_record_of_another(cast: Cast) -> None:
    with scope(cast.fabrique):
        record = make_person(cast.fabrique, "Zoé Martin", Role.MEMBER, email="zoe@example.org", login=False)
        letter = invite.invite_person(by=cast.manon, person=record)
    assert cast.client("bob").post(url(letter)).status_code == 409
    with scope(cast.fabrique):
        assert Person.objects.get(pk=record.pk).account is None
