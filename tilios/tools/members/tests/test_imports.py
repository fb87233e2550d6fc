"""Members brought in: what each program's file gives, whom each line is about, what stays out."""

import gzip
import io
from datetime import date
from typing import Any

import pytest

from tests.cast import Cast
from tilios.core.access.models import ActionGrant
from tilios.core.billing.models import Charge, Payment
from tilios.core.errors import Conflict, Invalid, NotAllowed
from tilios.core.jobs import worker
from tilios.core.people.models import ImportState, Membership, Person
from tilios.kit.sheets import write_ods, write_xlsx
from tilios.tools.members.imports import actions as imports
from tilios.tools.members.models import Contribution, DuesKind, Field, MemberImport, Rate, Record, RecordKind, Status
from tilios.tools.members.tests import exported
from tilios.tools.members.tests.contract import member


def read(cast: Cast, content: bytes | str, name: str = "membres.csv") -> MemberImport:
    content = content.encode() if isinstance(content, str) else content
    return imports.read_file(by=cast.alice, stream=io.BytesIO(content), name=name)


def tried(cast: Cast, content: bytes | str, **options: Any) -> MemberImport:
    batch = read(cast, content)
    imports.choose_columns(by=cast.alice, batch=batch, columns=options.pop("columns", batch.columns), **options)
    worker.run_all()
    batch.refresh_from_db()
    assert batch.state == ImportState.CHECKED
    return batch


def brought(cast: Cast, content: bytes | str, **options: Any) -> MemberImport:
    batch = tried(cast, content, **options)
    imports.confirm(by=cast.alice, batch=batch)
    worker.run_all()
    batch.refresh_from_db()
    assert batch.state == ImportState.IMPORTED
    return batch


def problems(batch: MemberImport) -> dict[int, list[str]]:
    return {row.number: [found["message"] for found in row.problems] for row in batch.rows.all() if row.problems}


def outcomes(batch: MemberImport) -> list[str]:
    return list(batch.rows.order_by("number").values_list("outcome", flat=True))


def said(record: Record) -> dict[str, Any]:
    return {answer.field.name: answer.day or answer.number or answer.text for answer in record.answers.all()}


DUMPS = {"mysql": exported.mysql, "postgresql": exported.postgresql}


@pytest.mark.parametrize("flavour", DUMPS)
def test_a_dump_of_galette_gives_members_groups_fields_and_dues(fabrique: Cast, flavour: str) -> None:
    batch = brought(fabrique, DUMPS[flavour](exported.galette_tables()))
    assert (batch.program, problems(batch)) == ("galette", {})
    assert (batch.counts["created"], batch.counts["error"], Record.objects.count()) == (7, 0, 4)
    anais = Record.objects.get(number="A-7")
    assert anais.person.display_name == "Anaïs Le Goff"
    assert anais.person.street == "3 rue de l'Église\nBâtiment B"
    assert anais.person.note == "Note ; avec 'apostrophe' et \\barre"
    assert (anais.person.birth_date, anais.profession, anais.title, anais.language) == (
        date(1980, 12, 31), "Menuisière", "Mme", "fr",
    )  # fmt: skip
    assert (anais.is_exempt, anais.in_directory, anais.joined_on) == (True, True, date(2019, 3, 1))
    assert str(anais.status) == "Membre actif"
    assert said(anais) == {"Taille de t-shirt": "L", "Certificat le": date(2023, 9, 1)}
    places = Membership.objects.filter(person=anais.person).values_list("group__name", "is_manager")
    assert set(places) == {("Atelier bois", False), ("Bureau", True)}
    zoe = Record.objects.get(number="12")
    assert (zoe.payer, zoe.person.birth_date, zoe.left_on) == (anais, date(2012, 5, 4), None)
    company = Record.objects.get(number="13")
    assert (company.kind, company.person.display_name) == (RecordKind.ORGANISATION, "SARL Dupré")
    assert company.left_on is not None
    dues = list(anais.contributions.order_by("first"))
    assert [(one.first, one.last, one.amount_cents, one.state, one.external_id) for one in dues] == [
        (date(2023, 1, 1), date(2023, 12, 31), 2000, "paid", "galette:100"),
        (date(2024, 1, 1), date(2024, 12, 31), 2000, "paid", "galette:101"),
    ]
    assert dues[0].note == "Chèque – Chèque 123"
    assert anais.due_on == date(2024, 12, 31)
    gift = Contribution.objects.get(external_id="galette:102")
    assert (gift.kind.is_membership, gift.record.due_on) == (False, None)
    assert not Charge.objects.exists()
    assert not Payment.objects.exists()
    assert not Person.objects.filter(family_name="faux").exists()


def test_brought_in_again_it_changes_nothing(fabrique: Cast) -> None:
    dump = exported.mysql(exported.galette_tables())
    brought(fabrique, dump)
    again = tried(fabrique, dump)
    assert set(outcomes(again)) == {"unchanged"}, [(row.number, row.values) for row in again.rows.all()]


@pytest.mark.parametrize("subscriptions", ["services_users", "services_subscriptions"])
def test_the_file_of_paheko_gives_members_and_what_they_still_owe(fabrique: Cast, subscriptions: str) -> None:
    batch = brought(fabrique, exported.paheko(subscriptions=subscriptions))
    assert (batch.program, problems(batch)) == ("paheko", {})
    jeanne = Record.objects.get(number="42")
    assert (jeanne.person.given_name, jeanne.person.family_name, jeanne.person.country) == (
        "Jeanne", "Martin", "France",
    )  # fmt: skip
    assert (jeanne.newsletter, jeanne.joined_on) == (True, date(2020, 9, 1))
    assert {answer.text for answer in jeanne.answers.all()} == {"Bois", "Français", "Anglais"}
    assert Record.objects.get(number="43").payer == jeanne
    assert Record.objects.get(number="44").left_on is not None
    paid, owed = jeanne.contributions.order_by("first")
    assert (paid.state, paid.amount_cents, paid.rate.name, paid.note) == ("paid", 3000, "Plein tarif", "CHQ-9")
    assert (owed.state, owed.amount_cents) == ("expected", 3000)
    charge = Charge.objects.get()
    assert (charge.amount_cents, charge.source_pk, charge.payer_id) == (2000, owed.pk, jeanne.person_id)
    assert Rate.objects.get().amount_cents == 3000


def test_the_members_of_helloasso_share_an_address_and_refunds_stay_out(fabrique: Cast) -> None:
    batch = brought(fabrique, exported.helloasso())
    assert batch.program == "helloasso"
    jeanne, zoe = Record.objects.filter(person__family_name="MARTIN").order_by("person__given_name")
    assert (zoe.person.email, zoe.person.birth_date) == ("jeanne@example.org", date(2014, 2, 1))
    dues = jeanne.contributions.get()
    assert (dues.amount_cents, dues.first, dues.last) == (3000, date(2024, 9, 3), date(2025, 9, 2))
    luc = Record.objects.get(person__given_name="Luc")
    assert not luc.contributions.exists()
    assert problems(batch)[4] == ["These dues were cancelled or given back: they are left out."]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ","])
def test_a_sheet_in_any_encoding(fabrique: Cast, encoding: str, delimiter: str) -> None:
    text = "Nom;Prénom;Statut;Montant;À jour jusqu'au\r\nLe Goff;Anaïs;Actif;12.50;31/12/2024\r\n"
    brought(fabrique, text.replace(";", delimiter).encode(encoding))
    record = Record.objects.get()
    assert (record.person.given_name, record.status, record.due_on) == (
        "Anaïs", Status.objects.get(), date(2024, 12, 31),
    )  # fmt: skip
    assert record.contributions.get().amount_cents == 1250


@pytest.mark.parametrize("write", [write_ods, write_xlsx])
def test_workbooks_and_fields_made_of_their_columns(fabrique: Cast, write: Any) -> None:
    file = io.BytesIO()
    write([["Nom", "Prénom", "Permis", "Taille"], ["Martin", "Jo", date(2020, 1, 2), "L"]], file)
    brought(fabrique, file.getvalue(), columns=["family_name", "given_name", "new:date", "new:choice"])
    assert said(Record.objects.get()) == {"Permis": date(2020, 1, 2), "Taille": "L"}
    assert Field.objects.get(name="Taille").choices == ["L"]
    remembered = read(fabrique, file.getvalue())
    assert remembered.remembered
    assert remembered.columns[:2] == ["family_name", "given_name"]


def test_a_line_in_error_says_why_and_the_others_come_in(fabrique: Cast) -> None:
    batch = brought(
        fabrique,
        "Nom;Prénom;Email;Membre depuis;Montant;Date de paiement\n"
        "Martin;Jo;jo@;01/02/2020;;\n;;x@example.org;;;\nDurand;Léa;;31/02/2020;;\n"
        "Petit;Ana;;;douze;01/01/2024\nGrand;Ana;;01/02/2020;12;01/01/2024\nGrand;Ana;;;;\n",
    )
    assert outcomes(batch) == ["error", "error", "error", "error", "created", "created"]
    assert Record.objects.count() == 2
    assert set(problems(batch)) >= {2, 3, 4, 5}


@pytest.mark.parametrize(
    ("known", "profession", "records", "outcome"),
    [("update", "Tourneuse", 1, "changed"), ("skip", "", 1, "unchanged"), ("new", "", 2, "created")],
)
def test_what_is_done_of_those_already_there(
    fabrique: Cast, known: str, profession: str, records: int, outcome: str
) -> None:
    there = member("Jo", "Martin", email="jo@example.org")
    batch = brought(fabrique, "Nom;Prénom;Email;Profession\nMARTIN;Jo;JO@example.org;Tourneuse\n", known=known)
    there.refresh_from_db()
    assert (there.profession, Record.objects.count(), outcomes(batch)) == (profession, records, [outcome])


def test_a_number_that_another_member_has_is_given_up(fabrique: Cast) -> None:
    there = member("Jo", "Martin")
    batch = brought(fabrique, f"Numéro;Nom;Prénom\n{there.number};Durand;Léa\n")
    made = Record.objects.exclude(pk=there.pk).get()
    assert made.number != there.number
    assert problems(batch)[2] == ["Another member has the number %(number)s: a new number is given."]


def test_a_number_recognises_somebody_of_the_same_name(fabrique: Cast) -> None:
    there = member("Jo", "Martin", number="77")
    member("Jo", "Martin", number="78")
    brought(fabrique, "Numéro;Nom;Prénom;Profession\n77;Martin;Jo;Tourneuse\n")
    there.refresh_from_db()
    assert (there.profession, Record.objects.count()) == ("Tourneuse", 2)


def test_somebody_of_the_structure_enters_the_register(fabrique: Cast) -> None:
    before = Person.objects.count()
    fabrique.bob.email = "bob@example.org"
    fabrique.bob.save()
    brought(
        fabrique, f"Prénom;Nom;Email\n{fabrique.bob.given_name};{fabrique.bob.family_name or 'B'};bob@example.org\n"
    )
    assert (Record.objects.get().person_id, Person.objects.count()) == (fabrique.bob.pk, before)


def test_dues_already_there_are_left_as_they_are(fabrique: Cast) -> None:
    record = member("Jo", "Martin", email="jo@example.org")
    kind = DuesKind.objects.create(name="Adhésion", span="months", months=12)
    Contribution.objects.create(
        record=record, kind=kind, first=date(2024, 1, 1), last=date(2024, 12, 31), amount_cents=500
    )
    brought(
        fabrique,
        "Nom;Prénom;Email;Type de cotisation;Montant;Date de début\nMartin;Jo;jo@example.org;adhesion;20;01/01/2024\n",
    )
    assert Contribution.objects.get().amount_cents == 500


def test_without_the_money_dues_are_left_out(fabrique: Cast) -> None:
    for action in ("members.register", "members.settings"):
        ActionGrant.objects.create(action=action, person=fabrique.manon)
    batch = imports.read_file(by=fabrique.manon, stream=io.BytesIO(exported.helloasso()), name="h.csv")
    imports.choose_columns(by=fabrique.manon, batch=batch, columns=batch.columns, takes_dues=True)
    worker.run_all()
    imports.confirm(by=fabrique.manon, batch=batch)
    worker.run_all()
    assert (Record.objects.count(), Contribution.objects.count()) == (3, 0)


def test_who_keeps_the_register_alone_brings_nothing_in(fabrique: Cast) -> None:
    with pytest.raises(NotAllowed):
        imports.read_file(by=fabrique.manon, stream=io.BytesIO(b"Nom\nMartin\n"), name="m.csv")
    with pytest.raises(NotAllowed):
        imports.read_file(by=fabrique.bob, stream=io.BytesIO(b"Nom\nMartin\n"), name="m.csv")


def test_columns_given_twice_or_without_a_name_are_refused(fabrique: Cast) -> None:
    batch = read(fabrique, "A;B\nx;y\n")
    for columns in (["given_name", "given_name"], ["email", ""], ["field:nothing", ""]):
        with pytest.raises(Invalid):
            imports.choose_columns(by=fabrique.alice, batch=batch, columns=columns)
    with pytest.raises(Conflict):
        imports.confirm(by=fabrique.alice, batch=batch)


def test_a_compressed_dump_is_read(fabrique: Cast) -> None:
    batch = read(fabrique, gzip.compress(exported.mysql(exported.galette_tables())), "galette.sql.gz")
    assert (batch.program, batch.total) == ("galette", 7)
