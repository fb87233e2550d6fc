"""Pages of groups: seen by members, kept by managers and by the group's own."""

import pytest

from tests.cast import Cast, make_person
from tilios.core.people import actions as people
from tilios.core.people.models import Group, Membership
from tilios.core.people.roles import Role
from tilios.core.structures.scope import scope

URL = "/s/la-fabrique/groupes/"


@pytest.fixture
def chorale(cast: Cast) -> Group:
    """Bob manages it, Gus is in it."""
    with scope(cast.fabrique):
        group = people.create_group(by=None, name="Chorale", description="Le mardi soir")
        people.add_to_group(by=None, person=cast.bob, group=group, is_manager=True)
        people.add_to_group(by=None, person=cast.gus, group=group)
    return group


def test_members_see_groups_and_who_is_in_them(cast: Cast, chorale: Group) -> None:
    assert b"Chorale" in cast.client("bob").get(URL).content
    page = cast.client("bob").get(f"{URL}{chorale.pk}/")
    assert [place.person.display_name for place in page.context["page"]] == ["Bob Lambert", "Gus Petit"]
    assert cast.client("gus").get(URL).status_code == 403


def test_a_manager_makes_renames_and_removes_a_group(cast: Cast) -> None:
    client = cast.client("manon")
    made = client.post(f"{URL}nouveau/", {"name": "Cuisine"})
    assert made.status_code == 302
    assert client.post(f"{URL}nouveau/", {"name": "cuisine"}).status_code == 422
    assert client.post(f"{made['Location']}modifier/", {"name": "La cuisine"}).status_code == 302
    assert b"La cuisine" in client.get(made["Location"]).content
    assert client.post(f"{made['Location']}supprimer/").status_code == 302
    assert client.get(made["Location"]).status_code == 404


def test_its_own_manager_says_who_is_in_it(cast: Cast, chorale: Group) -> None:
    with scope(cast.fabrique):
        lea = people.create_person(by=None, given_name="Léa", family_name="Guen")
    client, page = cast.client("bob"), f"{URL}{chorale.pk}/"
    assert client.post(f"{page}membres/", {"do": "add", "person": lea.pk}).status_code == 302
    assert client.post(f"{page}membres/", {"do": "manager", "person": lea.pk}).status_code == 302
    with scope(cast.fabrique):
        assert Membership.objects.get(person=lea).is_manager
    assert client.post(f"{page}membres/", {"do": "member", "person": lea.pk}).status_code == 302
    assert client.post(f"{page}membres/", {"do": "remove", "person": lea.pk}).status_code == 302
    assert client.post(f"{page}modifier/", {"name": "Chorale du mardi"}).status_code == 302
    assert client.post(f"{page}supprimer/").status_code == 403
    with scope(cast.fabrique):
        assert not Membership.objects.filter(person=lea).exists()


def test_another_member_does_not(cast: Cast, chorale: Group) -> None:
    with scope(cast.fabrique):
        lea = make_person(cast.fabrique, "Léa Guen", Role.MEMBER)
    from django.test import Client

    client = Client()
    client.force_login(lea.account)
    page = f"{URL}{chorale.pk}/"
    assert client.get(page).status_code == 200
    assert client.post(f"{page}membres/", {"do": "add", "person": lea.pk}).status_code == 403
    assert client.get(f"{page}modifier/").status_code == 403


def test_people_to_add_are_searched_by_name(cast: Cast, chorale: Group) -> None:
    page = cast.client("bob").get(f"{URL}{chorale.pk}/?q=mor")
    assert [person.display_name for person in page.context["candidates"]] == ["Alice Moreau"]
    page = cast.client("bob").get(f"{URL}{chorale.pk}/?q=gus")
    assert page.context["candidates"] == []
    part = cast.client("bob").get(f"{URL}{chorale.pk}/?q=mor", headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="candidates"')


@pytest.mark.parametrize("data", [{}, {"do": "add"}, {"do": "rien", "person": "me"}, {"do": "add", "person": "x"}])
def test_a_form_made_by_hand_breaks_nothing(cast: Cast, chorale: Group, data: dict[str, str]) -> None:
    data = {key: str(cast.alice.pk) if value == "me" else value for key, value in data.items()}
    assert cast.client("manon").post(f"{URL}{chorale.pk}/membres/", data).status_code == 422


def test_nobody_manages_a_group_they_are_not_in(cast: Cast, chorale: Group) -> None:
    response = cast.client("manon").post(f"{URL}{chorale.pk}/membres/", {"do": "manager", "person": cast.alice.pk})
    assert response.status_code == 403


def test_people_and_groups_of_another_structure_stay_there(cast: Cast, chorale: Group) -> None:
    with scope(cast.atelier):
        foreign = people.create_group(by=None, name="Secret")
    assert cast.client("manon").post(
        f"{URL}{chorale.pk}/membres/", {"do": "add", "person": cast.charlie.pk}
    ).status_code == 422  # fmt: skip
    assert cast.client("alice").get(f"{URL}{foreign.pk}/").status_code == 404
    for page in ("membres/", "modifier/", "supprimer/"):
        assert cast.client("alice").post(f"{URL}{foreign.pk}/{page}").status_code == 404
