"""The page of a record and its form: what each level sees and changes; the directory and the public list."""

from typing import Any

from tests.cast import Cast
from tilios.core.journal.models import Entry
from tilios.core.people import actions as people
from tilios.core.people.models import Person
from tilios.core.structures.scope import scope
from tilios.tools.members import actions, queries
from tilios.tools.members.models import Record
from tilios.tools.members.tests.contract import member

BASE = "/s/la-fabrique/adhesions/"
PRIVATE = "Ne pas rappeler le soir"


def zoe(**fields: Any) -> Record:
    """Somebody of whom the register knows much."""
    record = member(
        "Zoé",
        "Martin",
        number="Z-77",
        email="zoe@example.org",
        profession="Tourneuse",
        public_note="Bienvenue",
        **fields,
    )
    Person.objects.filter(pk=record.person_id).update(note=PRIVATE)
    return record


def page(cast: Cast, who: str, record: Record) -> str:
    answer = cast.client(who).get(f"{BASE}fiches/{record.pk}/")
    assert answer.status_code == 200, who
    return answer.content.decode()


def readings_by(person: Person, record: Record) -> int:
    return Entry.objects.filter(verb="people.read", actor=person.pk, subject=record.person_id).count()


def test_the_register_is_read_whole_by_who_keeps_it_and_the_reading_kept(cast: Cast) -> None:
    with scope(cast.fabrique):
        record = zoe()
    shown = page(cast, "manon", record)
    for words in ("Z-77", "zoe@example.org", "Tourneuse", "Bienvenue", PRIVATE):
        assert words in shown, words
    assert readings_by(cast.manon, record) == 1


def test_the_directory_shows_what_the_member_shows_and_keeps_no_reading(cast: Cast) -> None:
    with scope(cast.fabrique):
        record = zoe(in_directory=True)
    shown = page(cast, "bob", record)
    assert "Tourneuse" in shown
    for words in ("Z-77", "zoe@example.org", "Bienvenue", PRIVATE):
        assert words not in shown, words
    assert readings_by(cast.bob, record) == 0
    assert cast.client("gus").get(f"{BASE}fiches/{record.pk}/").status_code == 404


def test_who_manages_the_group_of_a_member_reaches_them_and_no_more(cast: Cast) -> None:
    with scope(cast.fabrique):
        record = zoe()
        group = people.create_group(by=None, name="Bois")
        people.add_to_group(by=None, person=cast.bob, group=group, is_manager=True)
        people.add_to_group(by=None, person=record.person, group=group)
    shown = page(cast, "bob", record)
    assert "zoe@example.org" in shown
    assert "Z-77" in shown
    for words in ("Bienvenue", PRIVATE):
        assert words not in shown, words
    assert readings_by(cast.bob, record) == 1


def test_ones_own_record_tells_who_read_it_and_hides_the_private_note(cast: Cast) -> None:
    with scope(cast.fabrique):
        record = actions.add_record(by=None, person=cast.bob, public_note="Bienvenue")
        Person.objects.filter(pk=cast.bob.pk).update(note=PRIVATE)
    page(cast, "manon", record)
    shown = cast.client("bob").get(f"{BASE}ma-fiche/", follow=True).content.decode()
    assert "Manon Le Goff" in shown
    assert "Bienvenue" in shown
    assert PRIVATE not in shown


def test_members_change_what_is_theirs_of_their_own_record_alone(cast: Cast) -> None:
    with scope(cast.fabrique):
        own, other = actions.add_record(by=None, person=cast.bob), zoe(in_directory=True)
    said = {"given_name": "Bob", "family_name": "Lambert", "town": "Brest", "number": "999", "in_directory": "on"}
    assert cast.client("bob").post(f"{BASE}fiches/{own.pk}/modifier/", said).status_code == 302
    assert cast.client("bob").post(f"{BASE}fiches/{other.pk}/modifier/", said).status_code == 403
    with scope(cast.fabrique):
        own = Record.objects.select_related("person").get(pk=own.pk)
        assert (own.person.town, own.in_directory) == ("Brest", True)
        assert own.number != "999"
        actions.change_settings(by=None, members_change_own=False)
    assert cast.client("bob").get(f"{BASE}fiches/{own.pk}/modifier/").status_code == 403


def test_wrong_answers_are_said_and_what_was_typed_is_kept(cast: Cast) -> None:
    with scope(cast.fabrique):
        record = zoe()
    said = {"kind": "human", "given_name": "Zoé", "town": "Ploujean", "siret": "123", "payer": "inconnue"}
    answer = cast.client("alice").post(f"{BASE}fiches/{record.pk}/modifier/", said)
    assert answer.status_code == 422
    assert {"siret", "payer"} <= set(answer.context["form"].errors)
    assert "Ploujean" in answer.content.decode()


def test_nobody_gives_their_own_address_to_a_person_of_a_higher_role(cast: Cast) -> None:
    with scope(cast.fabrique):
        record = member("Ada", "Chef", role=30, email="ada@example.org")
        Person.objects.filter(pk=record.person_id).update(role=cast.alice.role)
    said = {"kind": "human", "given_name": "Ada", "family_name": "Chef", "email": "moi@example.org"}
    assert cast.client("manon").post(f"{BASE}fiches/{record.pk}/modifier/", said).status_code == 422
    with scope(cast.fabrique):
        assert queries.records().get(pk=record.pk).person.email == "ada@example.org"


def test_the_public_list_is_not_there_until_it_is_switched_on(cast: Cast) -> None:
    with scope(cast.fabrique):
        zoe(in_public_list=True)
        member("Paul", "Discret")
    url = f"{BASE}liste-publique/"
    assert cast.client("nobody").get(url).status_code == 404
    with scope(cast.fabrique):
        actions.change_settings(by=None, has_public_list=True, public_fields=["town"])
    answer = cast.client("nobody").get(url)
    shown = answer.content.decode()
    assert "Zoé Martin" in shown
    assert "Paul Discret" not in shown
    assert "Tourneuse" not in shown  # the structure did not choose the profession
    assert answer["X-Robots-Tag"] == "noindex"


def test_the_page_of_a_person_leads_to_their_record_for_whoever_sees_it(fabrique: Cast) -> None:
    record = member("Camille", "Dupont")
    page, address = f"/s/la-fabrique/personnes/{record.person_id}/", f"/s/la-fabrique/adhesions/fiches/{record.pk}/"
    assert address in fabrique.client("alice").get(page).content.decode()
    assert address not in fabrique.client("bob").get(page).content.decode()
