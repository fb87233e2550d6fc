"""Records: who sees what, who read it, who changes it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tilios.core.journal.actions import record_read
from tilios.core.journal.models import Entry
from tilios.core.people import actions as people
from tilios.core.people.models import Person, Status
from tilios.core.people.roles import Role
from tilios.core.structures.scope import scope


def url(person: Person, page: str = "") -> str:
    return f"/s/la-fabrique/personnes/{person.pk}/{page}"


@pytest.fixture
def bob(cast: Cast) -> Person:
    with scope(cast.fabrique):
        return people.change_person(
            by=None, person=cast.bob, phone="0102030405", street="3 rue Haute", note="aime le calme"
        )


def readings() -> list[tuple[int | None, int | None, int | None]]:
    entries = Entry.objects.filter(verb="people.read").order_by("pk")
    return [(entry.actor, entry.on_behalf, entry.subject) for entry in entries]


def test_a_member_sees_the_name_of_another_and_nothing_private(cast: Cast, bob: Person) -> None:
    with scope(cast.fabrique):
        people.change_role(by=None, person=cast.gus, role=Role.MEMBER)
    html = cast.client("gus").get(url(bob)).content.decode()
    assert "Bob Lambert" in html
    for private in (bob.email, "0102030405", "rue Haute", "aime le calme"):
        assert private not in html
    assert readings() == []


def test_a_guest_sees_their_own_record_alone(cast: Cast, bob: Person) -> None:
    assert cast.client("gus").get(url(cast.gus)).status_code == 200
    assert cast.client("gus").get(url(bob)).status_code == 404


def test_a_manager_sees_all_and_it_is_recorded_each_time(cast: Cast, bob: Person) -> None:
    for page in ("", "modifier/"):
        html = cast.client("manon").get(url(bob, page)).content.decode()
        assert "0102030405" in html
        assert "aime le calme" in html
    assert readings() == [(cast.manon.pk, None, bob.pk)] * 2


def test_people_see_who_read_their_record_and_not_the_private_note(cast: Cast, bob: Person) -> None:
    with scope(cast.fabrique):
        for _time in range(3):
            record_read(by=cast.manon, subject=bob, what="people.record")
    page = cast.client("bob").get(url(bob))
    lines = page.context["readings"]
    assert [(line["name"], line["count"]) for line in lines] == [("Manon Le Goff", 3)]
    assert "aime le calme" not in page.content.decode()
    assert readings().count((cast.bob.pk, None, bob.pk)) == 0
    assert "readings" not in cast.client("manon").get(url(bob)).context


def test_the_record_of_another_structure_does_not_exist(cast: Cast) -> None:
    for page in ("", "modifier/", "representant/"):
        assert cast.client("alice").get(url(cast.charlie, page)).status_code == 404
    for page in ("role/", "presence/", "inviter/", "modifier/", "representant/"):
        assert cast.client("alice").post(url(cast.charlie, page)).status_code == 404


def test_those_who_left_are_seen_by_those_who_keep_the_records(cast: Cast, bob: Person) -> None:
    with scope(cast.fabrique):
        people.change_status(by=None, person=cast.gus, status=Status.LEFT)
    assert cast.client("bob").get(url(cast.gus)).status_code == 404
    assert cast.client("manon").get(url(cast.gus)).status_code == 200


FORM = {"given_name": "Bob", "family_name": "Lambert", "display_name": "", "email": "Bob@Example.net", "town": "Brest"}


def test_people_correct_their_own_record_but_not_the_note(cast: Cast, bob: Person) -> None:
    response = cast.client("bob").post(url(bob, "modifier/"), {**FORM, "note": "je suis formidable", "role": "40"})
    assert response.status_code == 302
    with scope(cast.fabrique):
        bob = Person.objects.get(pk=bob.pk)
    assert (bob.email, bob.town, bob.phone, bob.note, bob.role) == (
        "bob@example.net", "Brest", "", "aime le calme", Role.MEMBER,
    )  # fmt: skip
    assert bob.account.email == "bob.lambert@example.org"


def test_the_name_shown_is_empty_in_the_form_until_it_is_chosen(cast: Cast, bob: Person) -> None:
    form = cast.client("bob").get(url(bob, "modifier/")).context["form"]
    assert form["display_name"].value() == ""
    cast.client("bob").post(url(bob, "modifier/"), {**FORM, "given_name": "Robert"})
    with scope(cast.fabrique):
        assert Person.objects.get(pk=bob.pk).display_name == "Robert Lambert"


@pytest.mark.parametrize(
    "change",
    [{"email": "non"}, {"birth_date": "45/45/1990"}, {"given_name": "", "family_name": ""}, {"phone": "1" * 31}],
)
def test_a_wrong_value_comes_back_with_its_reason(cast: Cast, bob: Person, change: dict[str, str]) -> None:
    response = cast.client("bob").post(url(bob, "modifier/"), {**FORM, **change})
    assert response.status_code == 422
    assert response.context["form"].errors


def test_dates_are_read_as_people_write_them(cast: Cast, bob: Person) -> None:
    cast.client("manon").post(url(bob, "modifier/"), {**FORM, "birth_date": "31/12/1980"})
    with scope(cast.fabrique):
        assert Person.objects.get(pk=bob.pk).birth_date.isoformat() == "1980-12-31"


def test_others_change_nothing(cast: Cast, bob: Person) -> None:
    with scope(cast.fabrique):
        people.change_role(by=None, person=cast.gus, role=Role.MEMBER)
    assert cast.client("gus").post(url(bob, "modifier/"), FORM).status_code == 403
    assert cast.client("manon").post(url(cast.alice, "modifier/"), FORM).status_code == 403
    assert cast.client("manon").get(url(cast.alice, "modifier/")).status_code == 403
    for page in ("role/", "presence/", "inviter/"):
        assert cast.client("gus").post(url(bob, page)).status_code == 403


def test_a_record_is_added_with_a_role_and_a_group(cast: Cast) -> None:
    with scope(cast.fabrique):
        group = people.create_group(by=None, name="Chorale")
    data = {"given_name": "Zoé", "family_name": "Martin", "role": "20", "group": group.pk}
    response = cast.client("manon").post("/s/la-fabrique/personnes/nouvelle/", data)
    assert response.status_code == 302
    with scope(cast.fabrique):
        assert Person.objects.get(family_name="Martin").groups.get() == group


@pytest.mark.parametrize("change", [{"role": "40"}, {"role": ""}, {"given_name": "", "family_name": ""}])
def test_a_record_that_cannot_be_added_comes_back(cast: Cast, change: dict[str, str]) -> None:
    data = {"given_name": "Zoé", "family_name": "Martin", "role": "20", **change}
    assert cast.client("manon").post("/s/la-fabrique/personnes/nouvelle/", data).status_code == 422


def test_the_group_of_another_structure_cannot_be_given(cast: Cast) -> None:
    with scope(cast.atelier):
        foreign = people.create_group(by=None, name="Secret")
    data = {"given_name": "Zoé", "family_name": "Martin", "role": "20", "group": foreign.pk}
    response = cast.client("manon").post("/s/la-fabrique/personnes/nouvelle/", data)
    assert response.status_code == 422
    assert b"Secret" not in response.content
    with scope(cast.fabrique):
        assert not Person.objects.filter(family_name="Martin").exists()


def test_role_and_presence_are_changed_from_the_record(cast: Cast, bob: Person) -> None:
    client = cast.client("alice")
    assert client.post(url(bob, "role/"), {"role": "30"}).status_code == 302
    assert client.post(url(bob, "presence/"), {"status": "left"}).status_code == 302
    with scope(cast.fabrique):
        bob = Person.objects.get(pk=bob.pk)
    assert (bob.role, bob.status) == (Role.MANAGER, Status.LEFT)
    assert cast.client("bob").get(url(bob)).status_code == 404
    assert client.post(url(bob, "role/"), {"role": "x"}).status_code == 422
    assert client.post(url(cast.alice, "role/"), {"role": "20"}).status_code == 409
    assert client.post(url(cast.alice, "presence/"), {"status": "left"}).status_code == 409


def test_a_record_page_asks_as_much_after_a_thousand_readings(cast: Cast, bob: Person) -> None:
    def queries(client: Client) -> int:
        client.get(url(bob))
        with CaptureQueriesContext(connection) as captured:
            client.get(url(bob))
        return len(captured)

    def read(times: int) -> None:
        with scope(cast.fabrique):
            for _time in range(times):
                record_read(by=cast.manon, subject=bob, what="people.record")
                people.change_person(by=cast.manon, person=bob, town=str(_time))

    read(3)
    few = queries(cast.client("bob")), queries(cast.client("manon"))
    read(100)
    assert (queries(cast.client("bob")), queries(cast.client("manon"))) == few
    assert max(few) < 25
