"""Families and the people of organisations: put together, taken apart, who pays, one letter for a household."""

from datetime import date

import pytest

from tests.cast import Cast
from tilios.core.errors import Invalid, NotAllowed
from tilios.core.journal.models import Entry
from tilios.tools.members import actions
from tilios.tools.members.actions.families import choose_payer, put_in_family, remove_family, save_family
from tilios.tools.members.actions.organisations import affiliate, end_affiliation
from tilios.tools.members.models import Affiliation, Family, Record, RecordKind
from tilios.tools.members.queries.families import families, letters, people_of
from tilios.tools.members.tests.contract import member

HOME = "/s/la-fabrique/adhesions/"


def again(record: Record) -> Record:
    return Record.objects.get(pk=record.pk)


def organisation(name: str = "La Ruche", **fields: str) -> Record:
    return member("", "", organisation=name, kind=RecordKind.ORGANISATION, **fields)


@pytest.fixture
def household(fabrique: Cast) -> tuple[Family, list[Record]]:
    family = save_family(by=fabrique.manon, name=" Famille Morvan ")
    people = [
        member(name, "Morvan", street="3 rue Kéréon", town="Brest", family=family) for name in ("Jo", "Lise", "Al")
    ]
    return family, people


def test_named_filled_and_removed_its_people_stay(fabrique: Cast) -> None:
    family = save_family(by=fabrique.manon, name=" Famille Morvan ")
    record = put_in_family(by=fabrique.manon, record=member(), family=family)
    assert (family.name, again(record).family) == ("Famille Morvan", family)
    save_family(by=fabrique.manon, family=family, name="Morvan")
    put_in_family(by=fabrique.manon, record=record, family=None)
    assert again(record).family is None
    put_in_family(by=fabrique.manon, record=record, family=family)
    remove_family(by=fabrique.manon, family=family)
    assert again(record).family is None
    assert not Family.objects.exists()
    assert Entry.objects.filter(verb__startswith="members.family").count() == 3


def test_what_is_refused_of_families(fabrique: Cast) -> None:
    with pytest.raises(Invalid):
        save_family(by=fabrique.manon, name="  ")
    family = save_family(by=fabrique.manon, name="Morvan")
    with pytest.raises(Invalid):
        put_in_family(by=fabrique.manon, record=organisation(), family=family)
    for verb in (
        lambda: save_family(by=fabrique.bob, name="A"),
        lambda: put_in_family(by=fabrique.bob, record=member(), family=family),
        lambda: choose_payer(by=fabrique.bob, family=family, payer=None),
        lambda: remove_family(by=fabrique.bob, family=family),
    ):
        with pytest.raises(NotAllowed):
            verb()


def test_one_pays_for_all_then_another_then_each(fabrique: Cast, household: tuple[Family, list[Record]]) -> None:
    family, (jo, lise, al) = household
    choose_payer(by=fabrique.manon, family=family, payer=jo)
    assert [again(one).payer for one in (jo, lise, al)] == [None, jo, jo]
    choose_payer(by=fabrique.manon, family=family, payer=lise)
    assert [again(one).payer for one in (jo, lise, al)] == [lise, None, lise]
    choose_payer(by=fabrique.manon, family=family, payer=None)
    assert [again(one).payer for one in (jo, lise, al)] == [None, None, None]


def test_a_payer_from_elsewhere_stays_and_what_cannot_be_changes_nothing(
    fabrique: Cast, household: tuple[Family, list[Record]]
) -> None:
    family, (jo, lise, al) = household
    aunt = member("Anne", "Kerjean")
    actions.change_record(by=None, record=al, payer=aunt)
    choose_payer(by=fabrique.manon, family=family, payer=None)
    assert again(al).payer == aunt
    with pytest.raises(Invalid):
        choose_payer(by=fabrique.manon, family=family, payer=aunt)
    actions.change_record(by=None, record=member("Zoé", "Le Goff"), payer=lise)
    with pytest.raises(Invalid):
        choose_payer(by=fabrique.manon, family=family, payer=jo)
    assert [again(one).payer for one in (jo, lise, al)] == [None, None, aunt]


def test_one_letter_for_a_household_and_one_for_who_lives_elsewhere(
    fabrique: Cast, household: tuple[Family, list[Record]]
) -> None:
    family, (_jo, _lise, al) = household
    actions.change_record(by=None, record=al, street="8 quai Hoche")
    member("Ana", "Diaz")
    alone = member("Ali", "Ben", street="3 rue Kéréon", town="Brest")
    sent = letters(Record.objects.select_related("person", "family"))
    assert [(letter.name, len(letter.records)) for letter in sent] == [
        ("Ali Ben", 1),
        ("Al Morvan", 1),
        ("Famille Morvan", 2),
    ]
    assert sent[2].lines == ("3 rue Kéréon", "Brest")
    assert sent[0].records == (alone,)
    assert next(iter(people_of(family))).pk == al.pk


def test_people_of_an_organisation_and_its_letters(fabrique: Cast) -> None:
    house, jo = organisation(street="1 quai Hoche", town="Brest"), member("Jo", "Morvan")
    place = affiliate(by=fabrique.manon, organisation=house, record=jo, title=" Présidente ", is_contact=True)
    assert (place.title, letters([house])[0].lines) == ("Présidente", ("Jo Morvan", "1 quai Hoche", "Brest"))
    affiliate(by=fabrique.manon, organisation=house, record=jo)
    assert Affiliation.objects.count() == 1
    assert letters([house])[0].lines == ("1 quai Hoche", "Brest")
    end_affiliation(by=fabrique.manon, affiliation=place)
    assert not Affiliation.objects.exists()
    assert Entry.objects.filter(verb__startswith="members.affiliat", subject=jo.person_id).count() == 3


def test_what_is_refused_of_organisations(fabrique: Cast) -> None:
    house, jo = organisation(), member("Jo", "Morvan")
    with pytest.raises(Invalid):
        affiliate(by=fabrique.manon, organisation=jo, record=house)
    with pytest.raises(Invalid):
        affiliate(by=fabrique.manon, organisation=house, record=house)
    with pytest.raises(NotAllowed):
        affiliate(by=fabrique.bob, organisation=house, record=jo)
    place = affiliate(by=None, organisation=house, record=jo)
    with pytest.raises(NotAllowed):
        end_affiliation(by=fabrique.bob, affiliation=place)


def test_families_are_found_by_their_name_or_their_people(
    fabrique: Cast, household: tuple[Family, list[Record]]
) -> None:
    save_family(by=None, name="Famille Diaz")
    for text, count in (("morvan", 1), ("lise", 1), ("diaz", 1), ("", 2), ("lise diaz", 0)):
        assert families(text).count() == count
    assert [family.count for family in families("lise")] == [3]


def test_the_pages_of_a_family(fabrique: Cast) -> None:
    client, jo = fabrique.client("manon"), member("Jo", "Morvan", town="Brest", birth_date=date(1980, 1, 1))
    there = client.post(f"{HOME}familles/", {"name": "Famille Morvan"}).headers["Location"]
    assert client.post(there, {"member": jo.number}).status_code == 302
    assert "Jo Morvan" in client.get(there).content.decode()
    assert client.post(f"{there}payer/", {"payer": jo.pk}).status_code == 302
    assert client.post(f"{there}modifier/", {"name": ""}).status_code == 422
    assert client.post(f"{there}modifier/", {"name": "Morvan"}).status_code == 302
    wrong = client.post(there, {"member": "personne"})
    assert (wrong.status_code, "personne" in wrong.content.decode()) == (422, True)
    assert client.post(there, {"member": organisation().number}).status_code == 422
    assert client.post(f"{there}personnes/{jo.pk}/retirer/").status_code == 302
    assert again(jo).family is None
    assert client.post(f"{there}supprimer/").status_code == 302
    assert not Family.objects.exists()


def test_a_payer_who_cannot_be_is_said(fabrique: Cast, household: tuple[Family, list[Record]]) -> None:
    family, (jo, lise, _al) = household
    actions.change_record(by=None, record=member("Zoé", "Le Goff"), payer=lise)
    wrong = fabrique.client("manon").post(f"{HOME}familles/{family.pk}/payer/", {"payer": jo.pk})
    assert wrong.status_code == 422
    assert "paie pour d" in wrong.content.decode()
    assert again(lise).payer is None


def test_the_page_of_an_organisation(fabrique: Cast) -> None:
    house, jo = organisation(), member("Jo", "Morvan")
    url, client = f"{HOME}organisations/{house.pk}/personnes/", fabrique.client("manon")
    assert client.post(url, {"member": "Jo Morvan", "title": "Trésorier", "is_contact": "on"}).status_code == 302
    assert "Trésorier" in client.get(url).content.decode()
    assert client.post(url, {"member": house.number}).status_code == 422
    assert client.get(f"{HOME}organisations/{jo.pk}/personnes/").status_code == 404
    place = Affiliation.objects.get()
    assert client.post(f"{HOME}organisations/places/{place.pk}/retirer/").headers["Location"] == url
    assert not Affiliation.objects.exists()


def test_members_and_treasurers_do_not_enter(fabrique: Cast, household: tuple[Family, list[Record]]) -> None:
    for path in ("familles/", f"familles/{household[0].pk}/", f"organisations/{organisation().pk}/personnes/"):
        assert fabrique.client("bob").get(f"{HOME}{path}").status_code == 403
        assert fabrique.client("charlie").get(f"{HOME}{path}").status_code == 404
        assert fabrique.client("manon").get(f"{HOME}{path}").status_code == 200
