"""Ten thousand members of Galette with their dues: brought in, seen unchanged, undone; queries counted by chunk."""

import io
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.harness.crowd import LARGE, sizes_are_known
from tilios.core.jobs import worker
from tilios.core.people import watchers
from tilios.core.people.models import ImportState, Person
from tilios.tools.members.imports import actions as imports
from tilios.tools.members.models import Answer, Contribution, MemberImport, Record
from tilios.tools.members.tests import exported
from tilios.tools.members.tests.exported import adherent

#: PostgreSQL takes as many; once is enough for so long a test.
MEMBERS = LARGE


def galette(members: int) -> bytes:
    """A dump of so many members, each with dues of one year and an answer, one in ten paid for by another."""
    tables = exported.galette_tables()
    people = [
        adherent(
            n, nom_adh=f"Nom{n}", prenom_adh=f"Prénom{n}", email_adh=f"personne{n}@example.org",
            cp_adh=f"29{n % 1000:03}", ville_adh="Plouézec", ddn_adh=f"19{n % 80 + 20}-{n % 12 + 1:02}-{n % 28 + 1:02}",
            parent_id=n - 1 if n % 10 == 0 else None,
        )
        for n in range(1, members + 1)
    ]  # fmt: skip
    dues = [[n, n, 1, "20.00", 3, "", "2024-01-12", "2024-01-01", "2024-12-31", None] for n in range(1, members + 1)]
    answers = [[n, 1, "adh", 1, str(n % 2)] for n in range(1, members + 1)]
    tables["adherents"] = (exported.ADHERENTS, people)
    tables["cotisations"] = (exported.COTISATIONS, dues)
    tables["dynamic_fields"] = (tables["dynamic_fields"][0], answers)
    tables["groups_members"] = (tables["groups_members"][0], [[1, n] for n in range(1, members + 1, 3)])
    tables["groups_managers"] = (tables["groups_managers"][0], [])
    return exported.mysql(tables)


def timed(what: str, work: Callable[[], Any]) -> Any:
    started = time.perf_counter()
    done = work()
    worker.run_all()
    print(f"{what}: {time.perf_counter() - started:.1f} s")  # noqa: T201
    return done


def read(cast: Cast, members: int) -> MemberImport:
    return imports.read_file(by=cast.alice, stream=io.BytesIO(galette(members)), name="galette.sql")


def check(cast: Cast, batch: MemberImport) -> MemberImport:
    return imports.choose_columns(by=cast.alice, batch=batch, columns=batch.columns)


@pytest.mark.slow
def test_ten_thousand_members_come_in_and_go_out(fabrique: Cast) -> None:
    before = Person.objects.count()
    batch = timed("upload", lambda: read(fabrique, MEMBERS))
    timed("check", lambda: check(fabrique, batch))
    timed("bring in", lambda: imports.confirm(by=fabrique.alice, batch=batch))
    batch.refresh_from_db()
    assert (batch.counts["created"], batch.counts["error"]) == (2 * MEMBERS, 0)
    assert (Record.objects.count(), Contribution.objects.count()) == (MEMBERS, MEMBERS)
    assert Answer.objects.count() == MEMBERS
    assert Record.objects.exclude(payer=None).count() == MEMBERS // 10
    sizes_are_known()
    again = timed("upload again", lambda: read(fabrique, MEMBERS))
    timed("check again", lambda: check(fabrique, again))
    again.refresh_from_db()
    assert again.counts["unchanged"] == 2 * MEMBERS
    timed("undo", lambda: imports.undo(by=fabrique.alice, batch=batch))
    batch.refresh_from_db()
    assert (batch.state, batch.counts["kept"]) == (ImportState.UNDONE, 0)
    assert (Record.objects.count(), Person.objects.count()) == (0, before)


def test_queries_grow_with_the_chunks_and_not_with_the_members(fabrique: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchers, "_watchers", [])  # the index counts its own queries

    def queries(members: int) -> list[int]:
        counts = []
        batch = read(fabrique, members)
        steps = (
            lambda: check(fabrique, batch),
            lambda: imports.confirm(by=fabrique.alice, batch=batch),
            lambda: imports.undo(by=fabrique.alice, batch=batch),
        )
        for step in steps:
            with CaptureQueriesContext(
                connection,
            ) as asked:
                step()
                worker.run_all()
            counts.append(len(asked))
        return counts

    few, many = queries(20), queries(110)
    # Rows are removed a hundred at a time; SQLite takes wide ones a few dozen at a time, each in its own statement.
    most = 3 if connection.vendor == "postgresql" else 12
    assert all(more - less <= most for less, more in zip(few, many, strict=True)), (few, many)
