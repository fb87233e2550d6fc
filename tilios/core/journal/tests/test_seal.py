"""Tampering is done the way an intruder would: the triggers lifted, then raw SQL."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from tests.cast import Cast
from tilios.core.journal import anchor, sealing, triggers
from tilios.core.journal.actions import publish
from tilios.core.journal.models import Entry, Seal
from tilios.core.journal.sealing import seal, seal_everything
from tilios.core.journal.verification import verify


@contextmanager
def lifted() -> Iterator[Callable[..., None]]:
    """Yield a function that runs raw SQL while the database's refusal is lifted."""
    triggers.unprotect(connection)

    def run(sql: str, *parameters: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)

    yield run
    triggers.protect(connection)


def names(found: list[Any]) -> set[tuple[str, int | None]]:
    return {(problem.what, problem.entry or problem.seal) for problem in found}


@pytest.fixture
def witness(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An anchor for tests that are rolled back, and so never commit."""
    monkeypatch.setattr(anchor, "path", lambda: tmp_path / "anchors.json")
    monkeypatch.setattr(anchor, "transaction", SimpleNamespace(on_commit=lambda call: call()))


@pytest.fixture
def sealed(fabrique: Cast, witness: None, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Nine entries in three seals; their numbers."""
    monkeypatch.setattr(sealing, "BATCH", 3)
    monkeypatch.setattr(sealing.waiting, "__defaults__", (3,))
    seal(fabrique.fabrique)
    before = Seal.objects.filter(structure=fabrique.fabrique).count()
    for number in range(9):
        publish("people.changed", by=fabrique.alice, subject=fabrique.bob, step=number)
    assert seal(fabrique.fabrique) == 9
    seals = Seal.objects.filter(structure=fabrique.fabrique, number__gt=before).order_by("number")
    assert [len(one.entries) for one in seals] == [3, 3, 3]
    return [number for one in seals for number in one.entries]


@pytest.mark.parametrize("table", ["journal_entry", "journal_seal"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET at = at", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_remove(sealed: list[int], table: str, statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


@pytest.mark.postgresql
def test_postgresql_refuses_to_truncate(sealed: list[int]) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL has TRUNCATE")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE journal_entry")


def test_an_untouched_journal_holds(fabrique: Cast, sealed: list[int]) -> None:
    seal_everything()
    assert verify() == []
    assert seal(fabrique.fabrique) == 0


def test_the_instance_has_a_chain_of_its_own(cast: Cast, witness: None) -> None:
    publish("portal.instance_started")
    assert seal(None) == 1
    assert Seal.objects.get(structure=None).number == 1
    assert verify(None) == []


def test_an_altered_entry_is_named(fabrique: Cast, sealed: list[int]) -> None:
    with lifted() as run:
        run("UPDATE journal_entry SET actor = %s WHERE id = %s", fabrique.bob.pk, sealed[4])
    assert names(verify(fabrique.fabrique)) == {("entry altered", sealed[4])}


@pytest.mark.parametrize("column", ["verb", "door", "kind"])
def test_every_word_of_an_entry_counts(fabrique: Cast, sealed: list[int], column: str) -> None:
    with lifted() as run:
        run(f"UPDATE journal_entry SET {column} = 'autre' WHERE id = %s", sealed[0])
    assert names(verify(fabrique.fabrique)) == {("entry altered", sealed[0])}


def test_an_entry_moved_to_another_structure_is_named(fabrique: Cast, sealed: list[int]) -> None:
    with lifted() as run:
        run("UPDATE journal_entry SET structure_id = %s WHERE id = %s", fabrique.atelier.pk, sealed[0])
    assert ("entry removed", sealed[0]) in names(verify(fabrique.fabrique))


def test_a_removed_entry_is_named(fabrique: Cast, sealed: list[int]) -> None:
    with lifted() as run:
        run("DELETE FROM journal_entry WHERE id = %s", sealed[8])
    assert names(verify(fabrique.fabrique)) == {("entry removed", sealed[8])}


def test_entries_that_changed_places_are_named(fabrique: Cast, sealed: list[int]) -> None:
    first, second = sealed[3], sealed[5]
    with lifted() as run:
        run("UPDATE journal_entry SET id = -1 WHERE id = %s", first)
        run("UPDATE journal_entry SET id = %s WHERE id = %s", first, second)
        run("UPDATE journal_entry SET id = %s WHERE id = -1", second)
    assert names(verify(fabrique.fabrique)) == {("entry reordered", first), ("entry reordered", second)}


def test_an_entry_put_among_sealed_ones_is_named(fabrique: Cast, sealed: list[int]) -> None:
    """A number left free by a rollback is used for an entry that claims to be of last year."""
    free = sealed[8] + 10
    entry = publish("people.changed", by=fabrique.alice)
    with lifted() as run:
        run("UPDATE journal_entry SET id = %s WHERE id = %s", free + 5, entry.pk)
    seal(fabrique.fabrique)
    Entry.objects.create(
        pk=free, structure=fabrique.fabrique, verb="people.read", at=timezone.now() - timedelta(days=365)
    )
    seal(fabrique.fabrique)
    assert names(verify(fabrique.fabrique)) == {("entry inserted", free)}


def test_an_entry_that_commits_late_goes_into_the_next_seal(
    fabrique: Cast, sealed: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL gives numbers before the commit: a lower number may appear after higher ones were sealed."""
    monkeypatch.setattr(sealing, "lateness", lambda: timedelta(hours=6))
    monkeypatch.setattr("tilios.core.journal.verification.lateness", lambda: timedelta(hours=6))
    late = sealed[8] + 10
    Entry.objects.create(pk=late + 1, structure=fabrique.fabrique, verb="people.read")
    assert seal(fabrique.fabrique) == 1
    Entry.objects.create(pk=late, structure=fabrique.fabrique, verb="people.read")
    assert seal(fabrique.fabrique) == 1
    last = Seal.objects.filter(structure=fabrique.fabrique).order_by("-number").first()
    assert last is not None
    assert (last.entries, last.highest) == ([late], late + 1)
    assert seal(fabrique.fabrique) == 0
    assert verify(fabrique.fabrique) == []


def test_a_changed_seal_is_named(fabrique: Cast, sealed: list[int]) -> None:
    """Somebody alters an entry and its digest in the seal: the seal's own hash does not follow."""
    last = Seal.objects.filter(structure=fabrique.fabrique).order_by("-number")[1]
    entry = Entry.objects.get(pk=last.entries[0])
    entry.verb = "people.read"
    digests = [sealing.digest(entry), *last.digests[1:]]
    with lifted() as run:
        run("UPDATE journal_entry SET verb = 'people.read' WHERE id = %s", entry.pk)
        run("UPDATE journal_seal SET digests = %s WHERE id = %s", json.dumps(digests), last.pk)
    assert names(verify(fabrique.fabrique)) == {("seal changed", last.number)}


def test_a_seal_hashed_anew_breaks_the_chain(fabrique: Cast, sealed: list[int]) -> None:
    """They hash the seal anew too: the next one does not follow it."""
    last, changed = Seal.objects.filter(structure=fabrique.fabrique).order_by("-number")[:2]
    changed.at -= timedelta(days=1)
    with lifted() as run:
        run(
            "UPDATE journal_seal SET at = %s, hash = %s WHERE id = %s", changed.at, sealing.hash_of(changed), changed.pk
        )
    assert names(verify(fabrique.fabrique)) == {("seal changed", last.number)}


def test_a_removed_seal_is_named(fabrique: Cast, sealed: list[int]) -> None:
    middle = Seal.objects.filter(structure=fabrique.fabrique).order_by("-number")[1]
    with lifted() as run:
        run("DELETE FROM journal_seal WHERE id = %s", middle.pk)
    found = names(verify(fabrique.fabrique))
    assert ("seal removed", middle.number) in found
    if connection.vendor == "sqlite":  # elsewhere they may still be late ones
        assert {number for what, number in found if what == "entry inserted"} == set(middle.entries)


@pytest.mark.django_db(transaction=True)
class TestAnchor:
    """The anchor is written once the transaction commits, so these tests commit."""

    def test_the_end_cut_off_is_found_and_never_sealed_over(self, fabrique: Cast) -> None:
        publish("people.changed", by=fabrique.alice)
        seal(fabrique.fabrique)
        publish("people.changed", by=fabrique.alice)
        seal(fabrique.fabrique)
        assert verify(fabrique.fabrique) == []
        last = Seal.objects.filter(structure=fabrique.fabrique).latest("number")
        with lifted() as run:
            run("DELETE FROM journal_seal WHERE id = %s", last.pk)
            run("DELETE FROM journal_entry WHERE id = %s", last.entries[0])
        assert names(verify(fabrique.fabrique)) == {("cut off", last.number)}
        publish("people.changed", by=fabrique.alice)
        assert seal(fabrique.fabrique) == 0
        assert names(verify(fabrique.fabrique)) == {("cut off", last.number)}

    def test_a_restored_database_is_accepted_by_the_host(self, fabrique: Cast) -> None:
        publish("people.changed", by=fabrique.alice)
        seal(fabrique.fabrique)
        last = Seal.objects.filter(structure=fabrique.fabrique).latest("number")
        with lifted() as run:
            run("DELETE FROM journal_seal WHERE id = %s", last.pk)
        assert anchor.accept_present_ends() == {
            str(fabrique.fabrique.pk): {"number": last.number, "hash": last.hash},
        }
        assert seal(fabrique.fabrique) > 0
        assert verify(fabrique.fabrique) == []

    def test_a_chain_written_anew_is_found(self, fabrique: Cast) -> None:
        publish("people.changed", by=fabrique.alice)
        seal(fabrique.fabrique)
        last = Seal.objects.filter(structure=fabrique.fabrique).latest("number")
        last.at -= timedelta(days=1)
        with lifted() as run:
            run("UPDATE journal_seal SET at = %s, hash = %s WHERE id = %s", last.at, sealing.hash_of(last), last.pk)
        assert names(verify(fabrique.fabrique)) == {("seal changed", last.number)}

    def test_a_missing_or_broken_file_is_said(self, fabrique: Cast) -> None:
        publish("people.changed", by=fabrique.alice)
        seal(fabrique.fabrique)
        anchor.path().write_text("{", "utf-8")
        assert {what for what, _number in names(verify(fabrique.fabrique))} == {"anchor"}
        anchor.path().unlink()
        assert {what for what, _number in names(verify(fabrique.fabrique))} == {"anchor"}

    def test_what_is_rolled_back_leaves_no_anchor(self, fabrique: Cast) -> None:
        publish("people.changed", by=fabrique.alice)
        with transaction.atomic():
            seal(fabrique.fabrique)
            transaction.set_rollback(True)
        assert str(fabrique.fabrique.pk) not in (anchor.read() or {})
