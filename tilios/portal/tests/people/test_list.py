"""The list of people: who sees whom, search, filters, order, and what is done to many at once."""

import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, make_person
from tilios.core.access.models import ActionRule
from tilios.core.journal.models import Entry
from tilios.core.people import actions as people
from tilios.core.people.models import Group, Membership, Person, Status
from tilios.core.people.roles import Role
from tilios.core.structures.scope import scope
from tilios.kit.sheets import open_sheet

URL = "/s/la-fabrique/personnes/"
SELECTION = f"{URL}selection/"


def names(cast: Cast, who: str, query: str = "") -> list[str]:
    response = cast.client(who).get(f"{URL}?{query}")
    assert response.status_code == 200
    return [person.display_name for person in response.context["page"]]


@pytest.fixture
def crowd(cast: Cast) -> Cast:
    with scope(cast.fabrique):
        group = people.create_group(by=None, name="Chorale")
        people.add_to_group(by=None, person=cast.gus, group=group)
        elise = people.create_person(by=None, given_name="Élise", family_name="Œuvrard", town="Plouézoc'h")
        gone = people.create_person(by=None, given_name="Parti", family_name="Ailleurs", email="parti@example.org")
        people.change_status(by=None, person=gone, status=Status.LEFT)
        people.add_to_group(by=None, person=elise, group=group)
    return cast


def test_members_see_names_and_managers_logins_too(crowd: Cast) -> None:
    page = crowd.client("bob").get(URL)
    assert page.status_code == 200
    html = page.content.decode()
    assert "Élise Œuvrard" in html
    assert crowd.alice.email not in html
    assert 'name="person"' not in html
    assert "Parti" not in html
    assert 'name="person"' in crowd.client("manon").get(URL).content.decode()


def test_guests_do_not_see_the_people(crowd: Cast) -> None:
    assert crowd.client("gus").get(URL).status_code == 403


def test_nobody_of_another_structure_is_there(crowd: Cast) -> None:
    assert "Charlie Diallo" not in names(crowd, "alice", "statut=all")


def test_people_are_found_by_parts_of_their_names_without_accents(crowd: Cast) -> None:
    assert names(crowd, "bob", "q=elise+oeu") == ["Élise Œuvrard"]
    assert names(crowd, "bob", "q=GOFF") == ["Manon Le Goff"]
    assert names(crowd, "bob", "q=zzz") == []


def test_only_those_who_keep_the_records_find_people_by_what_is_private(crowd: Cast) -> None:
    assert names(crowd, "manon", "q=alice.moreau%40") == ["Alice Moreau"]
    assert names(crowd, "manon", "q=plouezoc") == ["Élise Œuvrard"]
    assert names(crowd, "manon", "q=Plouézoc%27h+oeu") == ["Élise Œuvrard"]
    assert names(crowd, "bob", "q=alice.moreau%40") == []
    assert names(crowd, "bob", "q=Plouézoc") == []


def test_filters_narrow_the_list(crowd: Cast) -> None:
    with scope(crowd.fabrique):
        group = Group.objects.get()
    assert names(crowd, "manon", "role=40") == ["Alice Moreau"]
    assert names(crowd, "manon", f"groupe={group.pk}") == ["Élise Œuvrard", "Gus Petit"]
    assert names(crowd, "manon", "statut=left") == ["Parti Ailleurs"]
    assert "Parti Ailleurs" in names(crowd, "manon", "statut=all")
    assert names(crowd, "manon", "acces=no") == ["Élise Œuvrard"]
    assert "Élise Œuvrard" not in names(crowd, "manon", "acces=yes")
    assert names(crowd, "bob", "statut=left") == names(crowd, "bob")


def test_the_order_is_french_and_can_be_turned(crowd: Cast) -> None:
    rising = names(crowd, "manon")
    assert rising == ["Bob Lambert", "Manon Le Goff", "Alice Moreau", "Élise Œuvrard", "Gus Petit"]
    assert names(crowd, "manon", "tri=-nom") == rising[::-1]
    assert names(crowd, "manon", "tri=role")[0] == "Alice Moreau"
    assert names(crowd, "manon", "tri=recent")[0] == "Élise Œuvrard"


PAGES = (
    "personnes/", "personnes/nouvelle/", "personnes/imports/", "groupes/", "groupes/nouveau/",
    "invitations/", "invitations/nouvelle/", "invitations/lien/",
)  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_without_a_reproach(crowd: Cast, page: str) -> None:
    answer = crowd.client("alice").get(f"/s/la-fabrique/{page}")
    assert answer.status_code == 200
    assert b"error-summary" not in answer.content


@pytest.mark.parametrize(
    "query", ["groupe=999999", "role=abc", "tri=--", "page=zz", "statut=x", "q=%00", "groupe=9999999999999999999999"]
)
def test_a_query_made_by_hand_breaks_nothing(crowd: Cast, query: str) -> None:
    assert crowd.client("manon").get(f"{URL}?{query}").status_code == 200


def test_the_group_of_another_structure_filters_nothing(crowd: Cast) -> None:
    with scope(crowd.atelier):
        foreign = people.create_group(by=None, name="Secret")
    response = crowd.client("manon").get(f"{URL}?groupe={foreign.pk}")
    assert "Secret" not in response.content.decode()
    assert len(response.context["page"].object_list) == 5


def test_htmx_receives_the_list_alone(crowd: Cast) -> None:
    html = crowd.client("manon").get(f"{URL}?q=elise", headers={"HX-Request": "true"}).content.decode()
    assert html.lstrip().startswith('<div class="flow" id="people-list">')
    assert "Alice" not in html


def make_many(cast: Cast, count: int) -> None:
    with scope(cast.fabrique):
        group = people.create_group(by=None, name=f"Groupe {count}")
        made = Person.objects.bulk_create(
            Person(display_name=f"P {n}", sort_name=f"p {n:05}", search_text=f"p {n}") for n in range(count)
        )
        Membership.objects.bulk_create(Membership(person=person, group=group) for person in made)


def test_a_page_asks_as_much_for_ten_people_as_for_a_thousand(cast: Cast) -> None:
    def queries(path: str) -> int:
        client = cast.client("manon")
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    with scope(cast.fabrique):
        group = people.create_group(by=None, name="Chorale")
        people.add_to_group(by=None, person=cast.gus, group=group)
    paths = [URL, "/s/la-fabrique/groupes/", f"/s/la-fabrique/groupes/{group.pk}/", "/s/la-fabrique/invitations/"]
    make_many(cast, 10)
    few = [queries(path) for path in paths]
    make_many(cast, 1000)
    with scope(cast.fabrique):
        people.add_many_to_group(by=None, people=Person.objects.filter(display_name__startswith="P "), group=group)
    assert [queries(path) for path in paths] == few
    assert max(few) < 20
    assert len(cast.client("manon").get(URL).context["page"].object_list) == 50


# Many at once ---------------------------------------------------------------------------------------------------------


def test_the_chosen_join_a_group(crowd: Cast) -> None:
    with scope(crowd.fabrique):
        group = Group.objects.get()
    data = {"do": "group", "group": group.pk, "person": [crowd.bob.pk, crowd.alice.pk], "query": "q=a"}
    response = crowd.client("manon").post(SELECTION, data)
    assert response.status_code == 302
    assert response["Location"].endswith("/personnes/?q=a")
    with scope(crowd.fabrique):
        assert group.members.count() == 4


def test_everybody_means_the_whole_filtered_list(crowd: Cast) -> None:
    with scope(crowd.fabrique):
        group = people.create_group(by=None, name="Tous")
    crowd.client("manon").post(
        SELECTION, {"do": "group", "group": group.pk, "everybody": "1", "query": "role=20&q=e", "person": []}
    )
    with scope(crowd.fabrique):
        assert {person.display_name for person in group.members.all()} == {"Bob Lambert", "Élise Œuvrard"}


def test_the_chosen_receive_a_role_or_none_does(crowd: Cast) -> None:
    client = crowd.client("manon")
    client.post(SELECTION, {"do": "role", "role": Role.GUEST, "person": [crowd.bob.pk]})
    with scope(crowd.fabrique):
        assert Person.objects.get(pk=crowd.bob.pk).role == Role.GUEST
    response = client.post(SELECTION, {"do": "role", "role": Role.MEMBER, "person": [crowd.bob.pk, crowd.alice.pk]})
    assert response.status_code == 403
    with scope(crowd.fabrique):
        assert Person.objects.get(pk=crowd.bob.pk).role == Role.GUEST


@pytest.mark.parametrize("kind", ["csv", "ods"])
def test_a_file_of_people_is_a_reading_that_each_can_see(crowd: Cast, kind: str) -> None:
    with scope(crowd.fabrique):
        people.change_person(by=None, person=crowd.bob, phone="+33 1 02 03 04 05", town="=1+1")
    response = crowd.client("manon").post(SELECTION, {"do": kind, "person": [crowd.bob.pk, crowd.manon.pk]})
    assert f".{kind}" in response["Content-Disposition"]
    with open_sheet(io.BytesIO(response.content)) as sheet:
        rows = [row.cells for row in sheet]
    assert [row[:2] for row in rows[1:]] == [["Lambert", "Bob"], ["Le Goff", "Manon"]]
    assert "+33 1 02 03 04 05" in rows[1]
    if kind == "csv":
        assert b"'=1+1" in response.content
    readings = Entry.objects.filter(verb="people.read")
    assert [(entry.actor, entry.subject, entry.data) for entry in readings] == [
        (crowd.manon.pk, crowd.bob.pk, {"what": "people.export"})
    ]


@pytest.mark.parametrize(
    "data",
    [{"do": "group"}, {"do": "role", "role": "40"}, {"do": "csv"}, {"do": "rien"}, {}],
)
def test_people_and_groups_of_another_structure_cannot_be_named(crowd: Cast, data: dict[str, Any]) -> None:
    with scope(crowd.atelier):
        foreign = people.create_group(by=None, name="Secret")
    response = crowd.client("alice").post(SELECTION, {"group": foreign.pk, "person": [crowd.charlie.pk], **data})
    assert response.status_code == 422
    assert b"Charlie" not in response.content
    response = crowd.client("alice").post(
        SELECTION, {"group": foreign.pk, "person": [crowd.bob.pk], **data, "do": "group"}
    )
    assert response.status_code == 404
    with scope(crowd.atelier):
        assert not foreign.members.exists()
        assert Person.objects.get(pk=crowd.charlie.pk).role == Role.ADMIN


def test_members_do_nothing_to_many(crowd: Cast) -> None:
    for do in ("group", "role", "csv"):
        response = crowd.client("bob").post(SELECTION, {"do": do, "person": [crowd.gus.pk]})
        assert response.status_code == 403


def test_a_structure_may_let_members_keep_the_records(crowd: Cast) -> None:
    with scope(crowd.fabrique):
        ActionRule.objects.create(action="portal.edit_people", least=Role.MEMBER)
        make_person(crowd.fabrique, "Nina Neuve", Role.MEMBER, login=False)
    assert 'name="person"' in crowd.client("bob").get(URL).content.decode()
    assert crowd.client("bob").post(
        SELECTION, {"do": "role", "role": Role.MANAGER, "person": [crowd.gus.pk]}
    ).status_code == 403  # fmt: skip
