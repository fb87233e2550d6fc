"""Rights given by name: to a treasurer whatever their role, until a day, never beyond what the giver holds."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.cast import Cast
from tilios.core.access import grants, roles
from tilios.core.access.models import ActionGrant
from tilios.core.errors import Invalid, NotAllowed
from tilios.core.journal.models import Entry
from tilios.core.people.models import Person, Status
from tilios.core.people.roles import Role

MONEY = "members.money"


def again(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def test_a_right_given_by_name_opens_what_the_role_does_not(fabrique: Cast) -> None:
    assert not roles.may(again(fabrique.bob), MONEY)
    grants.give(by=fabrique.alice, person=fabrique.bob, action=MONEY)
    assert roles.may(again(fabrique.bob), MONEY)
    assert not roles.may(again(fabrique.bob), "members.register")
    assert not roles.may(again(fabrique.manon), MONEY)
    assert Entry.objects.filter(verb="portal.right_given").count() == 1


def test_it_ends_with_the_day_named_and_when_taken_back(fabrique: Cast) -> None:
    today = timezone.localdate()
    grant = grants.give(by=fabrique.alice, person=fabrique.bob, action=MONEY, until=today)
    assert roles.may(again(fabrique.bob), MONEY)
    ActionGrant.objects.update(until=today - timedelta(days=1))
    assert not roles.may(again(fabrique.bob), MONEY)
    ActionGrant.objects.update(until=None)
    grants.take_back(by=fabrique.alice, grant=grant)
    assert not roles.may(again(fabrique.bob), MONEY)


def test_nobody_gives_what_they_do_not_hold(fabrique: Cast) -> None:
    with pytest.raises(NotAllowed):
        grants.give(by=fabrique.manon, person=fabrique.manon, action=MONEY)
    grant = grants.give(by=fabrique.alice, person=fabrique.bob, action=MONEY)
    with pytest.raises(NotAllowed):
        grants.take_back(by=fabrique.manon, grant=grant)


@pytest.mark.parametrize("action", ["portal.settings", "members.nothing", ""])
def test_only_what_is_declared_so_is_given_by_name(fabrique: Cast, action: str) -> None:
    with pytest.raises(Invalid):
        grants.give(by=fabrique.alice, person=fabrique.bob, action=action)


def test_it_is_lent_to_nobody_and_ends_with_leaving(fabrique: Cast) -> None:
    grants.give(by=fabrique.alice, person=fabrique.bob, action=MONEY)
    acting = again(fabrique.bob)
    acting.acted_by = fabrique.gus
    assert not roles.may(acting, MONEY)
    Person.objects.filter(pk=fabrique.bob.pk).update(status=Status.LEFT)
    assert not roles.may(again(fabrique.bob), MONEY)


def test_a_day_that_has_passed_and_somebody_gone_are_refused(fabrique: Cast) -> None:
    with pytest.raises(Invalid):
        grants.give(
            by=fabrique.alice, person=fabrique.bob, action=MONEY, until=timezone.localdate() - timedelta(days=1)
        )
    Person.objects.filter(pk=fabrique.bob.pk).update(status=Status.LEFT)
    with pytest.raises(Invalid):
        grants.give(by=fabrique.alice, person=again(fabrique.bob), action=MONEY)


def test_given_again_its_end_changes(fabrique: Cast) -> None:
    grants.give(by=fabrique.alice, person=fabrique.bob, action=MONEY)
    day = timezone.localdate() + timedelta(days=30)
    assert grants.give(by=fabrique.alice, person=fabrique.bob, action=MONEY, until=day).until == day
    assert ActionGrant.objects.count() == 1


def test_the_page_gives_and_takes_back(fabrique: Cast) -> None:
    client = fabrique.client("alice")
    path = "/s/la-fabrique/reglages/droits/donnes/"
    assert client.post(path, {"action": MONEY, "person": fabrique.bob.pk}).status_code == 302
    page = client.get(path).content.decode()
    assert fabrique.bob.display_name in page
    grant = ActionGrant.objects.get()
    assert client.post(f"{path}{grant.pk}/reprendre/").status_code == 302
    assert not ActionGrant.objects.exists()


def test_somebody_of_another_structure_is_given_nothing(fabrique: Cast) -> None:
    form = {"action": MONEY, "person": fabrique.charlie.pk}
    assert fabrique.client("alice").post("/s/la-fabrique/reglages/droits/donnes/", form).status_code == 422
    assert not ActionGrant.objects.exists()


def test_an_administrators_rights_ask_no_question_of_the_grants(fabrique: Cast, django_assert_num_queries) -> None:
    alice = again(fabrique.alice)
    assert alice.role == Role.ADMIN
    roles.least_roles(alice)
    _ = alice.structure
    with django_assert_num_queries(0):
        assert roles.may(alice, MONEY)
