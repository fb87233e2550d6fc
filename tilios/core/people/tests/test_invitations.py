"""Invitations: what they give, to whom, how often, until when."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from tests.cast import Cast
from tilios.core.errors import Conflict, Invalid, NotAllowed
from tilios.core.notify.models import Mail
from tilios.core.people import actions as people
from tilios.core.people import letters, queries
from tilios.core.people.actions import invitations as invite
from tilios.core.people.actions.accounts import create_account
from tilios.core.people.models import Account, Group, Invitation, Membership, Person, Status
from tilios.core.people.roles import Role
from tilios.core.people.tests.published import last, verbs
from tilios.core.structures.scope import scope

NEW = {"email": "zoe@example.org", "name": "Zoé Martin", "password": "un très long secret"}


@pytest.fixture(autouse=True)
def outbox(settings: pytest.FixtureRequest) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]


@pytest.fixture
def group(fabrique: Cast) -> Group:
    return people.create_group(by=fabrique.alice, name="Chorale")


def test_each_address_receives_its_own_letter_once(fabrique: Cast) -> None:
    sent = invite.invite_by_mail(
        by=fabrique.manon, addresses=[" Zoe@Example.org", "zoe@example.org", "leo@example.org"], message="À bientôt !"
    )
    assert [row.email for row in sent] == ["zoe@example.org", "leo@example.org"]
    assert len({row.token for row in sent}) == 2
    assert [message.to for message in mail.outbox] == [["zoe@example.org"], ["leo@example.org"]]
    assert "Manon Le Goff" in mail.outbox[0].subject
    assert sent[0].token in mail.outbox[0].body
    assert "À bientôt !" in mail.outbox[0].body
    assert sent[1].token not in mail.outbox[0].body
    assert verbs().count("people.invited") == 2
    assert last("people.invited").data == {"role": Role.MEMBER}


def test_the_letter_waits_in_the_outbox_of_the_host(fabrique: Cast, settings: pytest.FixtureRequest) -> None:
    settings.EMAIL_BACKEND = "tilios.core.notify.outbox.Backend"  # type: ignore[attr-defined]
    invite.invite_by_mail(by=fabrique.manon, addresses=["zoe@example.org"])
    assert Mail.objects.get().recipients == ["zoe@example.org"]


def test_a_name_with_a_line_break_writes_no_header(fabrique: Cast) -> None:
    Person.objects.filter(pk=fabrique.manon.pk).update(display_name="Manon\r\nBcc: tous@example.org")
    fabrique.manon.refresh_from_db()
    invite.invite_by_mail(by=fabrique.manon, addresses=["zoe@example.org"])
    assert "\n" not in mail.outbox[0].subject
    assert mail.outbox[0].recipients() == ["zoe@example.org"]


@pytest.mark.parametrize("addresses", [[], ["  "], ["zoe@example.org", "pas une adresse"], ["a@b"]])
def test_wrong_addresses_are_named_and_nothing_leaves(fabrique: Cast, addresses: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        invite.invite_by_mail(by=fabrique.manon, addresses=addresses)
    assert refused.value.field == "addresses"
    assert not mail.outbox
    assert not Invitation.objects.exists()


def test_no_more_than_two_hundred_at_a_time(fabrique: Cast) -> None:
    with pytest.raises(Invalid):
        invite.invite_by_mail(by=fabrique.manon, addresses=[f"p{n}@example.org" for n in range(201)])


def test_nobody_invites_above_themselves_nor_administrators_by_a_link(fabrique: Cast) -> None:
    with pytest.raises(NotAllowed):
        invite.invite_by_mail(by=fabrique.manon, addresses=["zoe@example.org"], role=Role.ADMIN)
    with pytest.raises(NotAllowed):
        invite.create_link(by=fabrique.bob, role=Role.MANAGER)
    with pytest.raises(NotAllowed):
        invite.create_link(by=fabrique.alice, role=Role.ADMIN)


def test_an_invitation_ends_in_the_future_and_serves_somebody(fabrique: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        invite.create_link(by=fabrique.manon, expires_at=timezone.now() - timedelta(1))
    assert refused.value.field == "expires_at"
    with pytest.raises(Invalid):
        invite.create_link(by=fabrique.manon, max_uses=0)
    with pytest.raises(Invalid):
        invite.create_link(by=fabrique.manon, role=25)


def test_a_new_human_comes_in_with_the_role_and_the_group(fabrique: Cast, group: Group) -> None:
    (invitation,) = invite.invite_by_mail(
        by=fabrique.manon, addresses=["zoe@example.org"], role=Role.GUEST, group=group
    )
    account = create_account(**NEW)
    assert account.emailaddress_set.get().verified
    person = invite.accept_invitation(invitation=invitation, account=account)
    assert (person.given_name, person.family_name, person.role) == ("Zoé", "Martin", Role.GUEST)
    assert person.email == "zoe@example.org"
    assert Membership.objects.filter(person=person, group=group, is_manager=False).exists()
    entry = last("people.joined")
    assert (entry.actor, entry.target) == (person.pk, invitation.pk)
    invitation.refresh_from_db()
    assert invitation.state == "used"


def test_a_link_serves_as_many_people_as_it_says(fabrique: Cast) -> None:
    invitation = invite.create_link(by=fabrique.manon, max_uses=2)
    for n in range(2):
        invite.accept_invitation(
            invitation=invitation, account=create_account(email=f"p{n}@example.org", name=f"P {n}", password="x" * 12)
        )
    with pytest.raises(Conflict):
        invite.accept_invitation(invitation=invitation, account=create_account(**NEW))
    assert not Person.objects.filter(email="zoe@example.org").exists()


def test_expired_and_revoked_ones_let_nobody_in(fabrique: Cast) -> None:
    expired, revoked = (invite.create_link(by=fabrique.manon) for _n in range(2))
    Invitation.objects.filter(pk=expired.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    invite.revoke_invitation(by=fabrique.manon, invitation=revoked)
    invite.revoke_invitation(by=fabrique.manon, invitation=revoked)
    assert verbs().count("people.invitation_revoked") == 1
    account = create_account(**NEW)
    for invitation in (expired, revoked):
        with pytest.raises(Conflict):
            invite.accept_invitation(invitation=invitation, account=account)


def test_a_member_who_follows_a_link_keeps_their_role_and_costs_no_place(fabrique: Cast, group: Group) -> None:
    invitation = invite.create_link(by=fabrique.alice, role=Role.MANAGER, group=group, max_uses=1)
    person = invite.accept_invitation(invitation=invitation, account=fabrique.bob.account)
    invitation.refresh_from_db()
    assert (person.role, invitation.uses) == (Role.MEMBER, 0)
    assert Membership.objects.filter(person=person, group=group).exists()


def test_an_administrator_who_left_comes_back_with_the_role_of_the_invitation(fabrique: Cast) -> None:
    Person.objects.filter(pk=fabrique.manon.pk).update(status=Status.LEFT)
    invitation = invite.create_link(by=fabrique.alice, role=Role.GUEST)
    person = invite.accept_invitation(invitation=invitation, account=fabrique.manon.account)
    assert (person.pk, person.role, person.is_active) == (fabrique.manon.pk, Role.GUEST, True)


def test_a_record_without_a_login_receives_it(fabrique: Cast) -> None:
    record = people.create_person(by=None, given_name="Zoé", family_name="Martin", email="Zoe@example.org")
    invitation = invite.invite_person(by=fabrique.manon, person=record)
    person = invite.accept_invitation(invitation=invitation, account=create_account(**NEW))
    assert person.pk == record.pk
    with pytest.raises(Conflict):
        invite.invite_person(by=fabrique.manon, person=person)


def test_an_address_that_one_record_bears_opens_that_record(fabrique: Cast) -> None:
    record = people.create_person(by=None, given_name="Zoé", email="zoe@example.org")
    (invitation,) = invite.invite_by_mail(by=fabrique.manon, addresses=["zoe@example.org"])
    assert invitation.person == record
    people.create_person(by=None, given_name="Autre", email="zoe@example.org")
    (invitation,) = invite.invite_by_mail(by=fabrique.manon, addresses=["zoe@example.org"])
    assert invitation.person is None


def test_a_manager_does_not_open_the_record_of_an_administrator(fabrique: Cast) -> None:
    record = people.create_person(by=None, given_name="Chef", email="chef@example.org", role=Role.ADMIN)
    (invitation,) = invite.invite_by_mail(by=fabrique.manon, addresses=["chef@example.org"])
    assert invitation.person is None
    with pytest.raises(NotAllowed):
        invite.invite_person(by=fabrique.manon, person=record)


def test_a_record_that_somebody_took_meanwhile_is_not_given_twice(fabrique: Cast) -> None:
    record = people.create_person(by=None, given_name="Zoé", email="zoe@example.org")
    invitation = invite.invite_person(by=fabrique.manon, person=record)
    Person.objects.filter(pk=record.pk).update(account=create_account(**NEW))
    with pytest.raises(Conflict):
        invite.accept_invitation(
            invitation=invitation, account=create_account(email="x@example.org", name="X", password="x" * 12)
        )
    with pytest.raises(Conflict):
        invite.accept_invitation(invitation=invitation, account=fabrique.bob.account)


@pytest.mark.parametrize("change", [{"email": ""}, {"email": "non"}])
def test_a_record_without_an_address_cannot_be_invited(fabrique: Cast, change: dict) -> None:
    record = people.create_person(by=None, given_name="Zoé", **change)
    with pytest.raises(Invalid):
        invite.invite_person(by=fabrique.manon, person=record)


def test_sending_again_changes_the_key_and_opens_what_had_expired(fabrique: Cast) -> None:
    (invitation,) = invite.invite_by_mail(by=fabrique.manon, addresses=["zoe@example.org"])
    before = invitation.token
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now() - timedelta(1))
    invitation = invite.send_again(
        by=fabrique.manon, invitation=invitation, expires_at=timezone.now() + timedelta(days=3)
    )
    assert invitation.state == "open"
    assert queries.find_invitation(before) is None
    assert invitation.token in mail.outbox[-1].body
    assert verbs()[-1] == "people.invited_again"


def test_links_and_closed_invitations_are_not_sent_again(fabrique: Cast) -> None:
    link = invite.create_link(by=fabrique.manon)
    (closed,) = invite.invite_by_mail(by=fabrique.manon, addresses=["zoe@example.org"])
    invite.revoke_invitation(by=fabrique.manon, invitation=closed)
    for invitation in (link, closed):
        with pytest.raises(Conflict):
            invite.send_again(by=fabrique.manon, invitation=invitation)


def test_a_manager_does_not_send_again_what_an_administrator_gave(fabrique: Cast) -> None:
    (invitation,) = invite.invite_by_mail(by=fabrique.alice, addresses=["zoe@example.org"], role=Role.ADMIN)
    with pytest.raises(NotAllowed):
        invite.send_again(by=fabrique.manon, invitation=invitation)


def test_a_proof_is_for_one_invitation_and_three_days(fabrique: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = (invite.create_link(by=fabrique.manon) for _n in range(2))
    proof = letters.make_proof(one, "zoe@example.org")
    assert letters.proven_address(one, proof) == "zoe@example.org"
    assert letters.proven_address(other, proof) == ""
    assert letters.proven_address(one, proof[:-1] + ("A" if proof[-1] != "A" else "B")) == ""
    assert letters.proven_address(one, "") == ""
    monkeypatch.setattr(letters, "PROOF_AGE_S", -1)
    assert letters.proven_address(one, proof) == ""


@pytest.mark.parametrize(
    ("change", "field"),
    [({"name": " "}, "name"), ({"password": "court"}, "password"), ({"password": "password123"}, "password")],
)
def test_an_account_needs_a_name_and_a_password_that_is_not_everybody_s(
    fabrique: Cast, change: dict, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        create_account(**{**NEW, **change})
    assert refused.value.field == field


def test_an_address_has_one_account(fabrique: Cast) -> None:
    create_account(**NEW)
    with pytest.raises(Conflict):
        create_account(**{**NEW, "email": "ZOE@example.org"})
    assert Account.objects.filter(email="zoe@example.org").count() == 1


def test_the_invitation_of_a_suspended_structure_is_not_found(cast: Cast) -> None:
    with scope(cast.fabrique):
        invitation = invite.create_link(by=cast.manon)
    assert queries.find_invitation(invitation.token) == invitation
    cast.fabrique.suspended_at = timezone.now()
    cast.fabrique.save()
    assert queries.find_invitation(invitation.token) is None
