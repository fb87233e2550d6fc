"""Acting for somebody: given, recorded, ended, never passed on."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.cast import Cast
from tilios.core.errors import Conflict, Invalid, NotAllowed
from tilios.core.people import actions as people
from tilios.core.people import mandates
from tilios.core.people.actions.mandates import end_mandate, give_mandate, start_acting, stop_acting
from tilios.core.people.models import Mandate, Person, Status
from tilios.core.people.tests.published import last, verbs


def test_given_on_screen_by_the_person(fabrique: Cast) -> None:
    mandate = give_mandate(by=fabrique.gus, person=fabrique.gus, delegate=fabrique.bob)
    assert not mandate.on_paper
    assert list(mandates.active(fabrique.bob)) == [mandate]
    entry = last("people.mandate_given")
    assert (entry.actor, entry.subject, entry.data) == (fabrique.gus.pk, fabrique.gus.pk, {"on_paper": False})


def test_recorded_from_paper_by_a_manager(fabrique: Cast) -> None:
    person = people.create_person(by=None, given_name="Marthe", family_name="Kervella")
    mandate = give_mandate(by=fabrique.manon, person=person, delegate=fabrique.bob, note=" classeur bleu ")
    assert (mandate.on_paper, mandate.recorded_by, mandate.note) == (True, fabrique.manon, "classeur bleu")


def test_a_member_records_nothing_for_others_and_a_manager_nothing_for_themselves(fabrique: Cast) -> None:
    with pytest.raises(NotAllowed):
        give_mandate(by=fabrique.bob, person=fabrique.gus, delegate=fabrique.manon)
    with pytest.raises(NotAllowed):
        give_mandate(by=fabrique.manon, person=fabrique.gus, delegate=fabrique.manon)


def test_it_is_never_passed_on(fabrique: Cast) -> None:
    fabrique.gus.acted_by = fabrique.bob
    with pytest.raises(NotAllowed):
        give_mandate(by=fabrique.gus, person=fabrique.gus, delegate=fabrique.manon)


def test_only_to_somebody_else_who_is_there_and_signs_in(fabrique: Cast) -> None:
    without = people.create_person(by=None, given_name="Sans", family_name="Compte")
    for delegate in (fabrique.gus, without):
        with pytest.raises(Invalid) as refused:
            give_mandate(by=fabrique.gus, person=fabrique.gus, delegate=delegate)
        assert refused.value.field == "delegate"
    people.change_status(by=None, person=fabrique.bob, status=Status.LEFT)
    fabrique.bob.refresh_from_db()
    with pytest.raises(Invalid):
        give_mandate(by=fabrique.gus, person=fabrique.gus, delegate=fabrique.bob)


def test_not_for_somebody_who_left(fabrique: Cast) -> None:
    people.change_status(by=None, person=fabrique.gus, status=Status.LEFT)
    fabrique.gus.refresh_from_db()
    with pytest.raises(Invalid):
        give_mandate(by=fabrique.manon, person=fabrique.gus, delegate=fabrique.bob)


def test_once_and_until_a_moment_to_come(fabrique: Cast) -> None:
    with pytest.raises(Invalid):
        give_mandate(
            by=fabrique.gus, person=fabrique.gus, delegate=fabrique.bob, expires_at=timezone.now() - timedelta(1)
        )
    mandate = give_mandate(
        by=fabrique.gus, person=fabrique.gus, delegate=fabrique.bob, expires_at=timezone.now() + timedelta(1)
    )
    with pytest.raises(Conflict):
        give_mandate(by=fabrique.gus, person=fabrique.gus, delegate=fabrique.bob)
    Mandate.objects.filter(pk=mandate.pk).update(expires_at=timezone.now() - timedelta(1))
    assert not mandates.active(fabrique.bob).exists()
    assert give_mandate(by=fabrique.gus, person=fabrique.gus, delegate=fabrique.bob).is_active


@pytest.mark.parametrize("who", ["gus", "bob", "manon", "alice"])
def test_either_of_the_two_or_a_manager_ends_it(fabrique: Cast, who: str) -> None:
    mandate = give_mandate(by=fabrique.gus, person=fabrique.gus, delegate=fabrique.bob)
    mandate = end_mandate(by=getattr(fabrique, who), mandate=mandate)
    assert mandate.ended_by == getattr(fabrique, who)
    assert last("people.mandate_ended").target == mandate.pk
    with pytest.raises(Conflict):
        end_mandate(by=fabrique.gus, mandate=mandate)


def test_nobody_else_ends_it(fabrique: Cast) -> None:
    mandate = give_mandate(by=fabrique.alice, person=fabrique.alice, delegate=fabrique.manon)
    with pytest.raises(NotAllowed):
        end_mandate(by=fabrique.bob, mandate=mandate)


def test_acting_is_published_with_both_names(fabrique: Cast) -> None:
    mandate = give_mandate(by=fabrique.gus, person=fabrique.gus, delegate=fabrique.bob)
    start_acting(by=fabrique.bob, mandate=mandate)
    gus = Person.objects.get(pk=fabrique.gus.pk)
    gus.acted_by = fabrique.bob
    people.change_person(by=gus, person=gus, town="Morlaix")
    entry = last("people.changed")
    assert (entry.actor, entry.on_behalf) == (fabrique.bob.pk, fabrique.gus.pk)
    stop_acting(by=fabrique.bob, person=gus)
    assert verbs()[-3:] == ["people.acting_started", "people.changed", "people.acting_stopped"]


def test_nobody_acts_under_the_mandate_of_others_nor_an_ended_one(fabrique: Cast) -> None:
    mandate = give_mandate(by=fabrique.gus, person=fabrique.gus, delegate=fabrique.bob)
    with pytest.raises(NotAllowed):
        start_acting(by=fabrique.manon, mandate=mandate)
    end_mandate(by=fabrique.gus, mandate=mandate)
    with pytest.raises(NotAllowed):
        start_acting(by=fabrique.bob, mandate=mandate)
