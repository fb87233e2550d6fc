"""An import taken back whole, what changed since left alone, and works that die half-way."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.cast import Cast
from tilios.core.billing import actions as billing
from tilios.core.billing.models import Charge
from tilios.core.errors import Conflict
from tilios.core.jobs import worker
from tilios.core.journal.models import Entry
from tilios.core.people.models import Group, ImportState, Membership, Person
from tilios.tools.members import actions
from tilios.tools.members.imports import actions as imports
from tilios.tools.members.imports import bringing, jobs, undoing
from tilios.tools.members.models import (
    Answer,
    Contribution,
    DuesKind,
    Family,
    Field,
    MemberImport,
    Rate,
    Record,
    RegisterSettings,
    Status,
)
from tilios.tools.members.tests import exported
from tilios.tools.members.tests.contract import member
from tilios.tools.members.tests.test_imports import brought, tried

TABLES = (
    Person,
    Record,
    Status,
    Family,
    Group,
    Membership,
    DuesKind,
    Rate,
    Field,
    Answer,
    Contribution,
    RegisterSettings,
)
SHEET = (
    "Numéro;Nom;Prénom;Email;Profession;Statut;Famille;Groupes;Couleur;Montant;Date de paiement\n"
    "7;Martin;Jo;jo@example.org;Tourneuse;Actif;Martin;Bois;rouge;20;01/01/2024\n"
    "8;Durand;Léa;lea@example.org;;Actif;;Bois, Métal;bleu;;\n"
)
COLUMNS = [
    "number", "family_name", "given_name", "email", "profession", "status", "family", "groups", "new:text",
    "dues_cents", "dues_paid_on",
]  # fmt: skip


def whole() -> dict[str, list[dict[str, Any]]]:
    """Everything the register says, but when a record was last written."""
    kept = {}
    for model in TABLES:
        rows = [dict(row) for row in model.objects.order_by("pk").values()]
        for row in rows:
            row.pop("changed_at", None)
        kept[model.__name__] = rows
    return kept


def undone(cast: Cast, batch: MemberImport) -> MemberImport:
    imports.undo(by=cast.alice, batch=batch)
    worker.run_all()
    batch.refresh_from_db()
    assert batch.state == ImportState.UNDONE
    return batch


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(lambda: exported.mysql(exported.galette_tables()), id="galette"),
        pytest.param(exported.helloasso, id="helloasso"),
        pytest.param(exported.paheko, id="paheko"),
    ],
)
def test_undone_the_register_is_what_it_was(fabrique: Cast, content: Callable[[], bytes]) -> None:
    actions.add_record(by=None, person=fabrique.bob)
    before = whole()
    batch = brought(fabrique, content())
    assert whole() != before
    batch = undone(fabrique, batch)
    assert whole() == before
    assert batch.counts["kept"] == 0
    assert not Charge.objects.filter(cancelled_at=None).exists()
    assert Entry.objects.filter(verb__in=("members.imported", "members.import_undone")).count() == 2


def test_undone_records_that_were_there_take_their_values_back(fabrique: Cast) -> None:
    there = member("Jo", "Martin", number="7", email="jo@example.org", profession="Menuisière")
    Group.objects.create(name="Bois")
    before = whole()
    batch = brought(fabrique, SHEET, columns=COLUMNS)
    there.refresh_from_db()
    assert (there.profession, there.due_on, there.family.name) == ("Tourneuse", date(2024, 12, 31), "Martin")
    undone(fabrique, batch)
    assert whole() == before


def test_what_was_changed_since_is_left_and_told(fabrique: Cast) -> None:
    batch = brought(fabrique, SHEET, columns=COLUMNS)
    jo, lea = Record.objects.get(number="7"), Record.objects.get(number="8")
    actions.change_record(by=fabrique.alice, record=lea, profession="Doreuse")
    batch = undone(fabrique, batch)
    assert not Record.objects.filter(pk=jo.pk).exists()
    lea.refresh_from_db()
    assert (lea.profession, batch.counts["kept"], batch.counts["undone"]) == ("Doreuse", 1, 1)
    assert batch.rows.get(undone="kept").person_id == lea.person_id
    assert Status.objects.filter(name="Actif").exists()
    assert not DuesKind.objects.exists()


def test_dues_paid_since_stay_with_their_member(fabrique: Cast) -> None:
    batch = brought(fabrique, exported.paheko())
    charge = Charge.objects.get()
    billing.record_payment(
        by=fabrique.alice, payer=charge.payer, means="cash", received_on=date.today(), amount_cents=2000
    )
    batch = undone(fabrique, batch)
    jeanne = Record.objects.get(number="42")
    assert list(jeanne.contributions.values_list("first", flat=True)) == [date(2024, 9, 1)]
    assert batch.counts["kept"] == 2


def test_an_import_is_undone_once(fabrique: Cast) -> None:
    batch = undone(fabrique, brought(fabrique, SHEET, columns=COLUMNS))
    with pytest.raises(Conflict):
        imports.undo(by=fabrique.alice, batch=batch)


def dying(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, at: int) -> Callable[[], None]:
    """Have the function die at its call number `at`, its transaction with it; gives what mends it."""
    calls: list[None] = []
    work = getattr(module, name)

    def die(*args: Any, **kwargs: Any) -> Any:
        calls.append(None)
        done = work(*args, **kwargs)
        if len(calls) == at:
            raise RuntimeError("power cut")
        return done

    monkeypatch.setattr(module, name, die)
    return lambda: monkeypatch.setattr(module, name, work)


@pytest.mark.parametrize("at", [1, 2, 3, 4])
def test_an_import_that_dies_goes_on_where_it_stopped(fabrique: Cast, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    monkeypatch.setattr(jobs, "CHUNK", 2)
    dump = exported.mysql(exported.galette_tables())
    undone(fabrique, brought(fabrique, dump))
    batch = tried(fabrique, dump)
    mend = dying(monkeypatch, bringing, "bring_in", at)
    imports.confirm(by=fabrique.alice, batch=batch)
    worker.run_all()
    batch.refresh_from_db()
    assert (batch.state, batch.rows.filter(applied=True).count()) == (ImportState.IMPORTING, 2 * (at - 1))
    mend()
    imports.resume(by=fabrique.alice, batch=batch)
    worker.run_all()
    batch.refresh_from_db()
    assert (batch.state, batch.counts["created"], batch.counts["error"]) == (ImportState.IMPORTED, 7, 0)
    assert (Record.objects.count(), Contribution.objects.count(), Field.objects.count()) == (4, 3, 2)
    assert Record.objects.get(number="12").payer == Record.objects.get(number="A-7")


def test_an_undoing_that_dies_goes_on_where_it_stopped(fabrique: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "CHUNK", 2)
    before = whole()
    batch = brought(fabrique, exported.mysql(exported.galette_tables()))
    mend = dying(monkeypatch, undoing, "undo_rows", 2)
    imports.undo(by=fabrique.alice, batch=batch)
    worker.run_all()
    batch.refresh_from_db()
    assert (batch.state, batch.counts["undone"]) == (ImportState.UNDOING, 2)
    mend()
    imports.resume(by=fabrique.alice, batch=batch)
    worker.run_all()
    assert whole() == before


def test_a_work_that_goes_on_is_not_taken_up(fabrique: Cast) -> None:
    batch = tried(fabrique, SHEET, columns=COLUMNS)
    imports.confirm(by=fabrique.alice, batch=batch)
    with pytest.raises(Conflict):
        imports.resume(by=fabrique.alice, batch=batch)


def test_a_file_is_forgotten_until_it_is_brought_in(fabrique: Cast) -> None:
    batch = tried(fabrique, SHEET, columns=COLUMNS)
    imports.discard(by=fabrique.alice, batch=batch)
    assert not MemberImport.objects.exists()
    batch = brought(fabrique, SHEET, columns=COLUMNS)
    with pytest.raises(Conflict):
        imports.discard(by=fabrique.alice, batch=batch)
