"""Roles and departures: nobody rises above whoever raises them, and somebody always holds the keys."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tests.cast import Cast, make_cast, make_person
from tilios.core.errors import Conflict, Invalid, NotAllowed
from tilios.core.people import actions as people
from tilios.core.people.actions import invitations as invite
from tilios.core.people.models import Person, Status
from tilios.core.people.roles import Role
from tilios.core.people.tests.published import last
from tilios.core.structures.scope import scope


def test_a_role_changes_and_the_journal_says_so(fabrique: Cast) -> None:
    assert people.change_role(by=fabrique.alice, person=fabrique.bob, role=Role.MANAGER).role == Role.MANAGER
    entry = last("people.role_changed")
    assert (entry.actor, entry.subject, entry.data) == (
        fabrique.alice.pk, fabrique.bob.pk, {"role": Role.MANAGER, "before": Role.MEMBER},
    )  # fmt: skip


def test_a_manager_makes_no_administrator_and_demotes_none(fabrique: Cast) -> None:
    with pytest.raises(NotAllowed):
        people.change_role(by=fabrique.manon, person=fabrique.bob, role=Role.ADMIN)
    with pytest.raises(NotAllowed):
        people.change_role(by=fabrique.manon, person=fabrique.alice, role=Role.MEMBER)
    with pytest.raises(NotAllowed):
        people.change_role(by=fabrique.manon, person=fabrique.manon, role=Role.ADMIN)


def test_only_the_four_roles_exist(fabrique: Cast) -> None:
    with pytest.raises(Invalid):
        people.change_role(by=fabrique.alice, person=fabrique.bob, role=35)


def test_somebody_who_acts_for_an_administrator_has_a_member_s_powers(fabrique: Cast) -> None:
    fabrique.alice.acted_by = fabrique.bob
    with pytest.raises(NotAllowed):
        people.change_role(by=fabrique.alice, person=fabrique.gus, role=Role.MANAGER)


def test_the_last_administrator_is_neither_demoted_nor_removed(fabrique: Cast) -> None:
    with pytest.raises(Conflict):
        people.change_role(by=fabrique.alice, person=fabrique.alice, role=Role.MEMBER)
    with pytest.raises(Conflict):
        people.change_status(by=None, person=fabrique.alice, status=Status.LEFT)
    assert Person.objects.get(pk=fabrique.alice.pk).role == Role.ADMIN


def test_an_administrator_without_a_login_does_not_count(fabrique: Cast) -> None:
    make_person(fabrique.fabrique, "Sans Login", Role.ADMIN, login=False)
    with pytest.raises(Conflict):
        people.change_role(by=fabrique.alice, person=fabrique.alice, role=Role.MEMBER)


def test_with_two_administrators_one_may_step_down(fabrique: Cast) -> None:
    make_person(fabrique.fabrique, "Ada Deux", Role.ADMIN)
    assert people.change_role(by=fabrique.alice, person=fabrique.alice, role=Role.MEMBER).role == Role.MEMBER


def test_who_leaves_keeps_a_record_and_comes_back(fabrique: Cast) -> None:
    person = people.change_status(by=fabrique.manon, person=fabrique.bob, status=Status.LEFT)
    assert (person.is_active, person.left_at is not None) == (False, True)
    assert last("people.left").subject == fabrique.bob.pk
    person = people.change_status(by=fabrique.manon, person=fabrique.bob, status=Status.ACTIVE)
    assert (person.is_active, person.left_at) == (True, None)
    assert last("people.returned").subject == fabrique.bob.pk


def test_a_manager_does_not_remove_an_administrator(fabrique: Cast) -> None:
    make_person(fabrique.fabrique, "Ada Deux", Role.ADMIN)
    with pytest.raises(NotAllowed):
        people.change_status(by=fabrique.manon, person=fabrique.alice, status=Status.LEFT)
    with pytest.raises(Invalid):
        people.change_status(by=fabrique.manon, person=fabrique.bob, status="asleep")


def test_the_invitations_of_somebody_who_falls_give_no_more_than_they_have(fabrique: Cast) -> None:
    high = invite.create_link(by=fabrique.manon, role=Role.MANAGER)
    low = invite.create_link(by=fabrique.manon, role=Role.MEMBER)
    people.change_role(by=fabrique.alice, person=fabrique.manon, role=Role.MEMBER)
    high.refresh_from_db()
    low.refresh_from_db()
    assert (high.state, low.state) == ("revoked", "open")
    people.change_status(by=fabrique.alice, person=fabrique.manon, status=Status.LEFT)
    low.refresh_from_db()
    assert low.state == "revoked"


def test_a_letter_in_a_mailbox_follows_the_role_of_today(fabrique: Cast) -> None:
    person = people.create_person(by=None, given_name="Léa", email="lea@example.org", role=Role.MANAGER)
    invitation = invite.invite_person(by=fabrique.alice, person=person, expires_at=timezone.now() + timedelta(1))
    people.change_role(by=fabrique.alice, person=person, role=Role.GUEST)
    invitation.refresh_from_db()
    assert invitation.role == Role.GUEST
    people.change_status(by=fabrique.alice, person=person, status=Status.LEFT)
    invitation.refresh_from_db()
    assert invitation.state == "revoked"


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer: the two cannot meet")
def test_two_administrators_who_demote_each_other_at_once_leave_one() -> None:
    cast = make_cast()
    ada = make_person(cast.fabrique, "Ada Deux", Role.ADMIN)
    ready = threading.Barrier(2)

    def demote(by: Person, person: Person) -> None:
        try:
            with scope(cast.fabrique):
                ready.wait()
                people.change_role(by=by, person=person, role=Role.MEMBER)
        except (Conflict, NotAllowed):
            pass
        finally:
            connection.close()

    both = [threading.Thread(target=demote, args=pair) for pair in ((ada, cast.alice), (cast.alice, ada))]
    for one in both:
        one.start()
    for one in both:
        one.join()
    with scope(cast.fabrique):
        assert Person.objects.filter(role=Role.ADMIN).count() == 1
