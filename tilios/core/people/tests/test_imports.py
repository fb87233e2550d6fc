"""Bringing people in: what files look like, whom each line is about, what goes wrong."""

import io
from datetime import date
from typing import Any

import pytest

from tests.cast import Cast
from tilios.core.errors import Conflict, Invalid, NotAllowed
from tilios.core.jobs import worker
from tilios.core.jobs.models import Progress
from tilios.core.people import actions as people
from tilios.core.people.imports import actions as imports
from tilios.core.people.imports import bringing, jobs, queries, steps
from tilios.core.people.models import (
    Group,
    ImportBatch,
    ImportMapping,
    ImportRow,
    ImportState,
    Membership,
    Person,
)
from tilios.core.people.roles import Role
from tilios.core.people.tests.published import last, verbs
from tilios.core.structures.scope import scope
from tilios.kit.sheets import write_ods, write_xlsx

GALETTE = (
    "nom_adh;prenom_adh;email_adh;adresse_adh;cp_adh;ville_adh;ddn_adh\r\n"
    "Le Goff;Anaïs;ANAIS@example.org;3 rue de l'Église;29600;Morlaix;31/12/1980\r\n"
    "Œuvrard;Zoé;;8 allée des Chênes;2960;Plouézoc'h;01/02/1975\r\n"
)


def read(cast: Cast, text: str | bytes, name: str = "gens.csv", encoding: str = "utf-8") -> ImportBatch:
    content = text if isinstance(text, bytes) else text.encode(encoding)
    return imports.read_file(by=cast.manon, stream=io.BytesIO(content), name=name)


def tried(cast: Cast, text: str | bytes, **options: Any) -> ImportBatch:
    batch = read(cast, text)
    imports.choose_columns(by=cast.manon, batch=batch, columns=batch.columns, **options)
    worker.run_all()
    batch.refresh_from_db()
    assert batch.state == ImportState.CHECKED
    return batch


def brought(cast: Cast, text: str | bytes, **options: Any) -> ImportBatch:
    batch = tried(cast, text, **options)
    imports.confirm(by=cast.manon, batch=batch)
    worker.run_all()
    batch.refresh_from_db()
    assert batch.state == ImportState.IMPORTED
    return batch


def problems(batch: ImportBatch) -> dict[int, list[str]]:
    return {row.number: [found["message"] for found in row.problems] for row in batch.rows.all() if row.problems}


def outcomes(batch: ImportBatch) -> dict[int, str]:
    return dict(batch.rows.values_list("number", "outcome"))


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16"])
def test_what_galette_exports_is_understood_in_any_encoding(fabrique: Cast, encoding: str) -> None:
    batch = read(fabrique, GALETTE.encode(encoding))
    assert batch.columns == ["family_name", "given_name", "email", "street", "postcode", "town", "birth_date"]
    batch = brought(fabrique, GALETTE.encode(encoding))
    anais = Person.objects.get(email="anais@example.org")
    assert (anais.display_name, anais.birth_date, anais.street) == (
        "Anaïs Le Goff", date(1980, 12, 31), "3 rue de l'Église",
    )  # fmt: skip
    zoe = Person.objects.get(family_name="Œuvrard")
    assert (zoe.postcode, zoe.role, zoe.account, zoe.sort_name) == ("02960", Role.MEMBER, None, "oeuvrard  zoe")


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_any_separator(fabrique: Cast, delimiter: str) -> None:
    assert read(fabrique, GALETTE.replace(";", delimiter)).columns[0] == "family_name"


@pytest.mark.parametrize("write", [write_ods, write_xlsx])
def test_workbooks_and_their_real_dates(fabrique: Cast, write: Any) -> None:
    file = io.BytesIO()
    write([["Nom", "Prénom", "Date de naissance"], ["Martin", "Jo", date(1980, 12, 31)]], file)
    brought(fabrique, file.getvalue())
    assert Person.objects.get(family_name="Martin").birth_date == date(1980, 12, 31)


@pytest.mark.parametrize(
    "content",
    [b"", b"nom;prenom\n", b"%PDF-1.4 \x00\x01", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04 not a workbook"],
    ids=["empty", "headers alone", "pdf", "png", "broken zip"],
)
def test_what_is_no_sheet_is_refused_with_the_reason(fabrique: Cast, content: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        read(fabrique, content)
    assert refused.value.field == "file"
    assert str(refused.value.message)
    assert not ImportBatch.objects.exists()
    assert not ImportRow.objects.exists()


def test_nothing_is_written_before_confirmation(fabrique: Cast) -> None:
    before = Person.objects.count()
    batch = tried(fabrique, GALETTE)
    assert batch.counts == {"created": 2, "changed": 0, "unchanged": 0, "error": 0}
    assert Person.objects.count() == before
    assert "people.imported" not in verbs()


def test_somebody_is_recognised_by_their_address_and_changed_field_by_field(fabrique: Cast) -> None:
    bob = people.change_person(by=None, person=fabrique.bob, town="Brest", phone="01 02 03 04 05")
    batch = tried(fabrique, f"nom;prenom;mail;tel;ville;cp\nLAMBERT;bob;{bob.email.upper()};0102030405;Morlaix;\n")
    row = batch.rows.get()
    assert (row.person, row.outcome) == (bob, "changed")
    # Case, and the spaces of a number, change nothing; an empty cell neither.
    assert (row.values, row.before) == ({"town": "Morlaix"}, {"town": "Brest"})
    shown = queries.describe(row)
    assert [(str(change["label"]), change["before"], change["after"]) for change in shown["changes"]] == [
        ("Ville", "Brest", "Morlaix")
    ]
    imports.confirm(by=fabrique.manon, batch=batch)
    worker.run_all()
    bob.refresh_from_db()
    assert (bob.town, bob.family_name, bob.phone) == ("Morlaix", "Lambert", "01 02 03 04 05")


def test_then_by_names_and_birth_date(fabrique: Cast) -> None:
    person = people.create_person(by=None, given_name="Hélène", family_name="Le Gall", birth_date=date(1960, 3, 1))
    batch = tried(fabrique, "nom;prenom;mail;né le\nLE GALL;Helene;helene@example.org;1er mars 1960\n")
    row = batch.rows.get()
    assert (row.person, row.outcome) == (person, "changed")
    assert row.values == {"given_name": "Helene", "email": "helene@example.org", "display_name": "Helene Le Gall"}


def test_a_namesake_is_not_taken_for_the_same_when_something_tells_them_apart(fabrique: Cast) -> None:
    person = people.create_person(by=None, given_name="Jean", family_name="Martin", town="Brest")
    batch = tried(fabrique, "nom;prenom;ville\nMartin;Jean;Morlaix\nMartin;Jean;Brest\n")
    rows = {row.number: row for row in batch.rows.all()}
    assert (rows[2].outcome, rows[2].person) == ("created", None)
    assert rows[2].problems[0]["level"] == "warning"
    assert (rows[3].outcome, rows[3].person) == ("unchanged", person)
    assert queries.warned(batch) == 2


def test_the_same_file_twice_changes_nothing(fabrique: Cast) -> None:
    text = GALETTE + "Sans;Rien;;;;;\r\n"
    brought(fabrique, text)
    assert tried(fabrique, text).counts == {"created": 0, "changed": 0, "unchanged": 3, "error": 0}


def test_each_wrong_line_says_why_and_the_others_go_in(fabrique: Cast) -> None:
    text = (
        "nom;prenom;mail;naissance;tel\n"
        "Martin;Jo;pas une adresse;;\n"
        "Martin;Jo;;45/45/1990;\n"
        "Martin;Jo;;31/12/2990;\n"
        ";;seul@example.org;;\n"
        f"Martin;Jo;;;{'1' * 40}\n"
        "Bien;Tout;bien@example.org;;\n"
        "Autre;Nom;BIEN@example.org;;\n"
        "Deux;Fois;;1/1/1980;\n"
        "DEUX;fois;;01-01-1980;\n"
        '"Guillemet;ouvert;x@example.org;;\n'
    )
    batch = brought(fabrique, text)
    assert outcomes(batch) == {2: "error", 3: "error", 4: "error", 5: "error", 6: "error", 7: "created", 8: "error",
                               9: "created", 10: "error", 11: "error"}  # fmt: skip
    said = problems(batch)
    assert "not an email address" in said[2][0]
    assert said[8] == [
        "Same address as line %(line)s. If two people share it, leave it to one of them and empty it for the other."
    ]
    assert batch.rows.get(number=8).problems[0]["params"] == {"line": 7}
    assert said[10] == ["Same name and birth date as line %(line)s."]
    assert "quotation mark" in said[11][0]
    assert Person.objects.filter(family_name__in=["Martin", "Autre", "Bien", "Deux"]).count() == 2
    assert all(queries.words(found)["message"] for row in batch.rows.all() for found in row.problems)


def test_an_address_that_several_bear_does_not_choose_one(fabrique: Cast) -> None:
    for name in ("Anne", "Luc"):
        people.create_person(by=None, given_name=name, family_name="Riou", email="famille@example.org")
    batch = tried(fabrique, "nom;prenom;mail\nRiou;Luc;famille@example.org\nRiou;Paul;famille2@example.org\n")
    assert outcomes(batch)[2] == "unchanged"
    batch = tried(fabrique, "nom;prenom;mail\nRiou;Paul;famille@example.org\n")
    assert outcomes(batch) == {2: "error"}


def test_a_whole_name_is_cut_in_two(fabrique: Cast) -> None:
    brought(fabrique, 'Nom complet,E-mail\n"DUPONT Marie",marie@example.org\n')
    person = Person.objects.get(email="marie@example.org")
    assert (person.given_name, person.family_name, person.display_name) == ("Marie", "DUPONT", "DUPONT Marie")


def test_everybody_of_the_file_joins_a_group_and_those_of_their_line(fabrique: Cast) -> None:
    chorale = people.create_group(by=None, name="Chorale")
    batch = brought(
        fabrique,
        "nom;prenom;mail;groupes\nMartin;Jo;jo@example.org;chorale, Cuisine\n"
        f"Lambert;Bob;{fabrique.bob.email};Cuisine\n",
        group=chorale,
        role=Role.GUEST,
    )
    assert batch.counts["changed"] == 1
    cuisine = Group.objects.get(name="Cuisine")
    assert batch.new_groups == [cuisine.pk]
    assert Person.objects.get(email="jo@example.org").role == Role.GUEST
    assert Person.objects.get(pk=fabrique.bob.pk).role == Role.MEMBER
    for person in (Person.objects.get(email="jo@example.org"), fabrique.bob):
        assert set(person.groups.all()) == {chorale, cuisine}


def test_the_role_of_the_new_people_is_not_above_that_of_who_imports(fabrique: Cast) -> None:
    batch = read(fabrique, GALETTE)
    with pytest.raises(NotAllowed):
        imports.choose_columns(by=fabrique.manon, batch=batch, columns=batch.columns, role=Role.ADMIN)


def test_the_records_of_people_above_are_left_alone(fabrique: Cast) -> None:
    batch = tried(fabrique, f"nom;prenom;mail;ville\nMoreau;Alice;{fabrique.alice.email};Brest\n")
    assert outcomes(batch) == {2: "error"}


def test_whoever_lost_their_role_meanwhile_imports_nothing_above_it(fabrique: Cast) -> None:
    batch = tried(fabrique, f"nom;prenom;mail;ville\nLambert;Bob;{fabrique.bob.email};Brest\n")
    imports.confirm(by=fabrique.manon, batch=batch)
    people.change_role(by=None, person=fabrique.manon, role=Role.GUEST)
    worker.run_all()
    assert Person.objects.get(pk=fabrique.bob.pk).town == ""


def test_columns_are_remembered_for_the_same_headers(fabrique: Cast) -> None:
    batch = read(fabrique, "Colonne A;Colonne B\nMartin;Jo\n")
    assert (batch.columns, batch.remembered) == (["", ""], False)
    imports.choose_columns(by=fabrique.manon, batch=batch, columns=["family_name", "given_name"])
    again = read(fabrique, "colonne a;COLONNE B\nAutre;Nom\n")
    assert (again.columns, again.remembered) == (["family_name", "given_name"], True)
    assert ImportMapping.objects.count() == 1
    assert read(fabrique, "Colonne A;Autre\nMartin;Jo\n").remembered is False


def test_columns_remembered_by_one_structure_are_not_another_s(cast: Cast) -> None:
    with scope(cast.fabrique):
        batch = read(cast, "Colonne A;Colonne B\nMartin;Jo\n")
        imports.choose_columns(by=cast.manon, batch=batch, columns=["family_name", "given_name"])
    with scope(cast.atelier):
        batch = imports.read_file(by=cast.charlie, stream=io.BytesIO(b"Colonne A;Colonne B\nMartin;Jo\n"), name="a.csv")
        assert not batch.remembered


@pytest.mark.parametrize("columns", [["", ""], ["email", ""], ["family_name", "family_name"], ["inconnu", "note"]])
def test_columns_must_hold_a_name_and_a_field_once(fabrique: Cast, columns: list[str]) -> None:
    batch = read(fabrique, "a;b\nMartin;Jo\n")
    with pytest.raises(Invalid) as refused:
        imports.choose_columns(by=fabrique.manon, batch=batch, columns=columns)
    assert refused.value.field == "columns"


def test_each_step_comes_once_and_in_order(fabrique: Cast) -> None:
    batch = read(fabrique, GALETTE)
    with pytest.raises(Conflict):
        imports.confirm(by=fabrique.manon, batch=batch)
    with pytest.raises(Conflict):
        imports.undo(by=fabrique.manon, batch=batch)
    batch = brought(fabrique, GALETTE)
    for step in (imports.confirm, imports.discard, imports.resume):
        with pytest.raises(Conflict):
            step(by=fabrique.manon, batch=batch)
    with pytest.raises(Conflict):
        imports.choose_columns(by=fabrique.manon, batch=batch, columns=batch.columns)


def test_a_file_that_is_forgotten_leaves_nothing(fabrique: Cast) -> None:
    batch = tried(fabrique, GALETTE)
    imports.discard(by=fabrique.manon, batch=batch)
    assert not ImportBatch.objects.exists()
    assert not ImportRow.objects.exists()


def test_the_journal_holds_one_line_for_the_whole_file(fabrique: Cast) -> None:
    before = len(verbs())
    batch = brought(fabrique, GALETTE)
    assert verbs()[before:] == ["people.imported"]
    entry = last("people.imported")
    assert (entry.actor, entry.target, entry.door) == (fabrique.manon.pk, batch.pk, "import")
    assert entry.data == {"created": 2, "changed": 0, "unchanged": 0, "error": 0}
    assert queries.origin_of(Person.objects.get(email="anais@example.org")).batch == batch


def test_the_bar_moves_and_ends(fabrique: Cast) -> None:
    batch = brought(fabrique, GALETTE)
    progress = queries.progress_of(batch)
    assert (progress.done, progress.total, progress.state) == (2, 2, "done")


def test_a_worker_that_dies_is_replaced_by_one_that_goes_on(fabrique: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "CHUNK", 2)
    lines = "".join(f"Nom{n};P;p{n}@example.org\n" for n in range(6))
    batch = tried(fabrique, f"nom;prenom;mail\n{lines}Double;D;p1@example.org\n")
    imports.confirm(by=fabrique.manon, batch=batch)
    bring_in, calls = bringing.bring_in, []

    def die_at_the_second_chunk(*arguments: Any) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("the light went out")
        bring_in(*arguments)

    monkeypatch.setattr(bringing, "bring_in", die_at_the_second_chunk)
    worker.run_all()
    assert Person.objects.filter(given_name="P").count() == 2
    batch.refresh_from_db()
    assert (batch.state, queries.progress_of(batch).state) == (ImportState.IMPORTING, "failed")
    monkeypatch.setattr(bringing, "bring_in", bring_in)
    imports.resume(by=fabrique.manon, batch=batch)
    worker.run_all()
    batch.refresh_from_db()
    assert batch.state == ImportState.IMPORTED
    assert batch.counts == {"created": 6, "changed": 0, "unchanged": 0, "error": 1}
    assert Person.objects.filter(given_name="P").count() == 6


def test_a_job_that_comes_twice_does_nothing_the_second_time(fabrique: Cast) -> None:
    batch = brought(fabrique, GALETTE)
    count = Person.objects.count()
    jobs.bring_in.enqueue(fabrique.fabrique.pk, batch.pk)
    jobs.check.enqueue(fabrique.fabrique.pk, batch.pk)
    worker.run_all()
    assert Person.objects.count() == count
    assert Progress.objects.filter(state="failed").count() == 0


def test_what_is_needed_to_undo_is_forgotten_after_ninety_days(fabrique: Cast) -> None:
    batch, left = brought(fabrique, GALETTE), read(fabrique, GALETTE)
    assert imports.forget_old() == 0
    ImportBatch.objects.filter(pk=batch.pk).update(created_at=batch.created_at - steps.KEEP)
    ImportBatch.objects.filter(pk=left.pk).update(created_at=left.created_at - steps.ABANDONED)
    assert imports.forget_old() == 2
    batch.refresh_from_db()
    assert not batch.can_be_undone
    with pytest.raises(Conflict):
        imports.undo(by=fabrique.manon, batch=batch)
    row = batch.rows.first()
    assert (row.cells, row.values, row.person is not None) == ([], {}, True)
    assert not ImportBatch.objects.filter(pk=left.pk).exists()


def test_erasing_somebody_leaves_nothing_of_them_in_the_import(fabrique: Cast) -> None:
    batch = brought(fabrique, GALETTE)
    Person.objects.get(email="anais@example.org").delete()
    assert batch.rows.count() == 1
    assert not ImportRow.objects.filter(cells__icontains="anais").exists()


def test_nobody_of_another_structure_is_recognised(cast: Cast) -> None:
    with scope(cast.fabrique):
        batch = tried(cast, f"nom;prenom;mail\nDiallo;Charlie;{cast.charlie.email}\n")
        assert outcomes(batch) == {2: "created"}
        assert not Membership.objects.exists()
