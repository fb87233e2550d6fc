"""Records that look alike: found, made one without losing anything, or said to be of two members."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.harness.crowd import LARGE
from tilios.core.billing.models import Charge
from tilios.core.errors import Conflict, NotAllowed
from tilios.core.journal.models import Entry
from tilios.core.people import actions as people
from tilios.core.people.models import Membership, Person
from tilios.tools.members import actions
from tilios.tools.members.actions.merging import merge_records, say_different
from tilios.tools.members.models import (
    Affiliation,
    Answer,
    Contribution,
    Family,
    Field,
    NotSame,
    Office,
    Record,
    RecordKind,
    Term,
)
from tilios.tools.members.queries import merging
from tilios.tools.members.queries.duplicates import Pair, pairs
from tilios.tools.members.tests.contract import dues, member


def found() -> dict[tuple[int, int], tuple[str, ...]]:
    return {(pair.first, pair.second): pair.reasons for pair in pairs()}


def test_alike_by_mail_by_birth_and_by_postcode(fabrique: Cast) -> None:
    born = date(1980, 5, 4)
    one = member("Camille", "Dupont", email="camille@exemple.fr", birth_date=born, postcode="29000")
    mail = member("C.", "D.", email="autre@exemple.fr", other_emails=["Camille@exemple.fr"])
    birth = member("Dupond", "Camille", birth_date=born, postcode="35000")
    place = member("Camile", "Dupont", postcode="29 000")
    member("Camille", "Durand", birth_date=born, postcode="29000")
    assert found() == {
        (one.pk, mail.pk): ("mail",),
        (one.pk, birth.pk): ("birth",),
        (one.pk, place.pk): ("postcode",),
    }


def test_the_surest_first_and_what_is_said_once_stays(fabrique: Cast) -> None:
    far = [member("Ali", "Ben", postcode="29000"), member("Aly", "Ben", postcode="29000")]
    sure = [member("Zoé", "Le Goff", email="z@exemple.fr", postcode="29000") for _number in range(2)]
    assert pairs()[0] == Pair(sure[0].pk, sure[1].pk, ("mail", "postcode"))
    say_different(by=fabrique.manon, first=sure[1], second=sure[0])
    say_different(by=fabrique.manon, first=sure[0], second=sure[1])
    assert [(pair.first, pair.second) for pair in pairs()] == [(far[0].pk, far[1].pk)]
    assert NotSame.objects.count() == 1


def test_families_namesakes_of_two_ages_and_organisations_are_not_doubles(fabrique: Cast) -> None:
    family = Family.objects.create(name="Morvan")
    member("Jean", "Morvan", email="nous@exemple.fr", family=family)
    member("Lise", "Morvan", email="nous@exemple.fr", family=family)
    member("Paul", "Morvan", birth_date=date(1950, 1, 1), postcode="29000")
    member("Paul", "Morvan", birth_date=date(1980, 1, 1), postcode="29000")
    member("", "", organisation="Paul Morvan", postcode="29000", kind=RecordKind.ORGANISATION)
    assert found() == {}


def test_thousands_of_members_are_compared_in_two_queries(fabrique: Cast) -> None:
    people_rows = Person.objects.bulk_create(
        Person(display_name=f"Nom {n}", given_name=f"Prénom{n % 800}", family_name=f"Nom{n}", postcode="29000")
        for n in range(LARGE)
    )
    Record.objects.bulk_create(Record(person=person, number=str(n)) for n, person in enumerate(people_rows))
    with CaptureQueriesContext(connection) as asked:
        pairs()
    assert len(asked) == 2


@pytest.fixture
def two(fabrique: Cast) -> tuple[Record, Record]:
    """Bob, who has a login, and his double, who came first."""
    field, other = (Field.objects.create(name=name, key=name) for name in ("taille", "vélo"))
    double = member(
        "Robert", "Lambert", email="robert@exemple.fr", town="Brest", note="Vient le lundi", newsletter=True
    )
    bob = actions.add_record(by=None, person=fabrique.bob, joined_on=date(2020, 1, 1), profession="Menuisier")
    Answer.objects.create(record=double, field=field, text="XL")
    Answer.objects.create(record=bob, field=field, text="M")
    Answer.objects.create(record=double, field=other, text="oui")
    return double, bob


def test_what_differs_is_asked_and_what_one_alone_says_is_not(two: tuple[Record, Record]) -> None:
    asked = {one.name: one for one in merging.differences(*two)}
    assert set(asked) == {"given_name", "email", "number", "joined_on", "newsletter", "champ-taille"}
    assert (asked["champ-taille"].first, asked["champ-taille"].second) == ("XL", "M")
    assert asked["joined_on"].second_first
    assert asked["newsletter"].second_first
    assert not asked["email"].second_first


def test_made_one_field_by_field(fabrique: Cast, two: tuple[Record, Record]) -> None:
    double, bob = two
    merged = merge_records(
        by=fabrique.manon,
        first=double,
        second=bob,
        from_second={"given_name", "joined_on", "newsletter", "champ-taille"},
    )
    record = Record.objects.select_related("person").get()
    assert merged.record.pk == record.pk == bob.pk
    person = record.person
    assert person.account == fabrique.bob.account
    assert (person.given_name, person.email, person.town, person.note) == (
        "Bob",
        "robert@exemple.fr",
        "Brest",
        "Vient le lundi",
    )
    assert record.other_emails == ["bob.lambert@example.org"]
    assert (record.number, record.profession) == (double.number, "Menuisier")
    assert (record.joined_on, record.newsletter) == (date(2020, 1, 1), False)
    assert {(answer.field.key, answer.text) for answer in record.answers.select_related("field")} == {
        ("taille", "M"),
        ("vélo", "oui"),
    }
    entry = Entry.objects.get(verb="members.merged")
    assert (entry.target, entry.data) == (bob.pk, {"merged": double.pk})
    assert not Person.objects.filter(pk=double.person_id).exists()


def test_all_that_points_at_the_one_that_goes_follows(fabrique: Cast, two: tuple[Record, Record]) -> None:
    double, bob = two
    rate = dues()
    taken = actions.contribute(by=None, record=double, kind=rate.kind, rate=rate)
    free = actions.contribute(by=None, record=double, kind=dues("Atelier").kind, amount_cents=0)
    term = Term.objects.create(
        office=Office.objects.create(name="Trésorier"), record=double, starts_on=date(2026, 1, 1)
    )
    house = member("", "", organisation="La Ruche", kind=RecordKind.ORGANISATION)
    place = Affiliation.objects.create(organisation=house, record=double)
    child = member("Lou", "Lambert", payer=double)
    other = member("Robin", "Lambert")
    say_different(by=None, first=double, second=other)
    group = people.create_group(by=None, name="Rucher")
    people.add_to_group(by=None, person=double.person, group=group)
    merge_records(by=fabrique.manon, first=double, second=bob)
    for row in (taken, term, place):
        row.refresh_from_db()
        assert row.record_id == bob.pk
    assert taken.payer_id == fabrique.bob.pk
    charge = Charge.objects.get()
    assert (charge.payer_id, charge.beneficiary_id, charge.source_pk) == (fabrique.bob.pk, fabrique.bob.pk, taken.pk)
    child.refresh_from_db()
    assert child.payer_id == bob.pk
    low, high = sorted((bob.pk, other.pk))
    assert NotSame.objects.filter(first=low, second=high).count() == NotSame.objects.count() == 1
    assert Membership.objects.get(group=group).person_id == fabrique.bob.pk
    assert Record.objects.get(pk=bob.pk).due_on == free.last


def test_one_who_pays_for_the_other_pays_for_themselves(fabrique: Cast) -> None:
    for first_pays in (True, False):
        one = member("Ana", "Diaz")
        two = member("Anna", "Diaz", payer=one)
        pair = (one, two) if first_pays else (two, one)
        record = merge_records(by=fabrique.manon, first=pair[0], second=pair[1], from_second={"payer"}).record
        record.refresh_from_db()
        assert record.payer_id is None


def test_one_of_the_two_who_is_here_is_here(fabrique: Cast) -> None:
    gone, here = member("Ana", "Diaz"), member("Anna", "Diaz")
    actions.leave(by=None, record=gone, on=date(2030, 1, 1), reason="Déménage")
    record = merge_records(by=fabrique.manon, first=gone, second=here).record
    record.refresh_from_db()
    assert (record.left_on, record.leaving_reason) == (None, "")


def test_dues_of_one_period_are_never_given_up_in_silence(fabrique: Cast, two: tuple[Record, Record]) -> None:
    rate = dues()
    for record in two:
        actions.contribute(by=None, record=record, kind=rate.kind, rate=rate)
    with pytest.raises(Conflict, match="période"):
        merge_records(by=fabrique.manon, first=two[0], second=two[1])
    assert (Contribution.objects.count(), Record.objects.count(), Answer.objects.count()) == (2, 2, 3)
    actions.cancel_contribution(by=None, contribution=Contribution.objects.first())
    merge_records(by=fabrique.manon, first=two[0], second=two[1])
    assert Contribution.objects.filter(record=two[1]).count() == 2


def test_refused_to_others_to_two_logins_and_to_what_changed(fabrique: Cast, two: tuple[Record, Record]) -> None:
    for by in (fabrique.bob, fabrique.gus):
        with pytest.raises(NotAllowed):
            merge_records(by=by, first=two[0], second=two[1])
        with pytest.raises(NotAllowed):
            say_different(by=by, first=two[0], second=two[1])
    gus = actions.add_record(by=None, person=fabrique.gus)
    with pytest.raises(Conflict, match="compte"):
        merge_records(by=fabrique.manon, first=two[1], second=gus)
    with pytest.raises(Conflict):
        merge_records(by=fabrique.manon, first=gus, second=gus)
    seal = merging.seal(*two)
    actions.change_record(by=None, record=two[0], profession="Luthier")
    with pytest.raises(Conflict, match="entre-temps"):
        merge_records(by=fabrique.manon, first=two[0], second=two[1], seal=seal)
    assert Record.objects.count() == 3


def test_notes_too_long_to_be_joined_say_so(fabrique: Cast) -> None:
    texts: list[Any] = ["a" * 3000, "b" * 3000]
    one, other = (member("Ana", "Diaz", note=text) for text in texts)
    with pytest.raises(Conflict, match="notes"):
        merge_records(by=fabrique.manon, first=one, second=other)
