"""Records: added, changed, ordered, found."""

import pytest

from tests.cast import Cast
from tilios.core.errors import Invalid, NotAllowed
from tilios.core.people import actions as people
from tilios.core.people.actions.persons import shown_name
from tilios.core.people.models import Person
from tilios.core.people.roles import Role
from tilios.core.people.tests.published import last
from tilios.core.structures.scope import OutOfScope, scope


def test_a_record_needs_a_name_and_no_login(fabrique: Cast) -> None:
    person = people.create_person(by=fabrique.manon, given_name=" Zoé ", family_name="Le Gall", email="zoe@example.org")
    assert (person.display_name, person.account, person.role) == ("Zoé Le Gall", None, Role.MEMBER)
    assert person.sort_name == "le gall  zoe"
    assert person.search_text == "zoe le gall"
    entry = last("people.added")
    assert (entry.actor, entry.subject) == (fabrique.manon.pk, person.pk)


def test_a_record_may_be_that_of_an_organisation(fabrique: Cast) -> None:
    person = people.create_person(by=fabrique.manon, organisation="Les Amis du Four")
    assert person.display_name == "Les Amis du Four"


@pytest.mark.parametrize("fields", [{}, {"given_name": "  "}, {"email": "a@example.org"}])
def test_a_record_without_any_name_is_refused(fabrique: Cast, fields: dict) -> None:
    with pytest.raises(Invalid) as refused:
        people.create_person(by=fabrique.manon, **fields)
    assert refused.value.field == "display_name"


def test_nobody_adds_somebody_above_themselves(fabrique: Cast) -> None:
    with pytest.raises(NotAllowed):
        people.create_person(by=fabrique.manon, given_name="Zoé", role=Role.ADMIN)


def test_the_name_shown_follows_the_names_until_it_is_chosen(fabrique: Cast) -> None:
    person = people.create_person(by=fabrique.manon, given_name="Zoé", family_name="Le Gall")
    person = people.change_person(by=fabrique.manon, person=person, family_name="Martin")
    assert (person.display_name, person.sort_name) == ("Zoé Martin", "martin  zoe")
    person = people.change_person(by=fabrique.manon, person=person, display_name="Zozo")
    person = people.change_person(by=fabrique.manon, person=person, family_name="Le Gall")
    assert person.display_name == "Zozo"
    assert person.search_text == "zozo zoe le gall"


def test_a_change_publishes_the_names_of_the_fields_and_never_what_they_say(fabrique: Cast) -> None:
    people.change_person(by=fabrique.manon, person=fabrique.bob, town="Brest", email="bob@example.net")
    entry = last("people.changed")
    assert (entry.subject, entry.data) == (fabrique.bob.pk, {"fields": ["email", "town"]})


def test_saying_the_same_again_publishes_nothing(fabrique: Cast) -> None:
    people.change_person(by=fabrique.manon, person=fabrique.bob, town="Brest")
    entry = last("people.changed")
    people.change_person(by=fabrique.manon, person=fabrique.bob, town="Brest")
    assert last("people.changed") == entry


def test_people_change_their_own_record_and_nobody_the_record_of_somebody_above(fabrique: Cast) -> None:
    assert people.change_person(by=fabrique.gus, person=fabrique.gus, phone="0102030405").phone == "0102030405"
    with pytest.raises(NotAllowed):
        people.change_person(by=fabrique.manon, person=fabrique.alice, town="Brest")


def test_a_change_may_not_leave_a_record_without_a_name(fabrique: Cast) -> None:
    with pytest.raises(Invalid):
        people.change_person(by=fabrique.manon, person=fabrique.bob, given_name="", family_name="", display_name="")


def test_a_record_holds_no_other_field(fabrique: Cast) -> None:
    with pytest.raises(TypeError):
        people.change_person(by=fabrique.alice, person=fabrique.bob, role=Role.ADMIN)


def test_nobody_changes_a_record_of_another_structure(cast: Cast) -> None:
    with scope(cast.fabrique), pytest.raises((OutOfScope, Person.DoesNotExist)):
        people.change_person(by=cast.alice, person=cast.charlie, town="Brest")


@pytest.mark.parametrize(
    ("display", "given", "family", "organisation", "shown"),
    [
        ("Zozo", "Zoé", "Martin", "", "Zozo"),
        ("", " Zoé ", "Martin", "", "Zoé Martin"),
        ("", "", "", "Le Four", "Le Four"),
        ("", "", "", "", ""),
    ],
)
def test_the_name_shown(display: str, given: str, family: str, organisation: str, shown: str) -> None:
    assert shown_name(display, given, family, organisation) == shown
