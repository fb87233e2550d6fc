"""Ten thousand people: brought in, seen unchanged, undone, each within a minute."""

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
from tilios.core.people.imports import actions as imports
from tilios.core.people.models import ImportBatch, Person

#: PostgreSQL takes as many; once is enough for so long a test.
ROWS = LARGE
HEADER = "nom_adh;prenom_adh;email_adh;adresse_adh;cp_adh;ville_adh;ddn_adh"


def sheet(rows: int) -> bytes:
    lines = [HEADER]
    for n in range(rows):
        born = f"{n % 28 + 1:02}/{n % 12 + 1:02}/19{n % 80 + 20}"
        lines.append(f"Nom{n};Prénom{n};personne{n}@example.org;{n} rue de l'Été;29{n % 1000:03};Plouézec;{born}")
    return "\r\n".join(lines).encode("cp1252")


def timed(what: str, work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    worker.run_all()
    took = time.perf_counter() - started
    print(f"{what}: {took:.1f} s")  # noqa: T201
    return took


@pytest.mark.slow
def test_ten_thousand_people_come_in_and_go_out_within_a_minute_each(fabrique: Cast) -> None:
    before = Person.objects.count()
    file = io.BytesIO(sheet(ROWS))
    batches: list[ImportBatch] = []
    timed("upload", lambda: batches.append(imports.read_file(by=fabrique.alice, stream=file, name="galette.csv")))
    batch = batches[0]
    assert batch.columns == ["family_name", "given_name", "email", "street", "postcode", "town", "birth_date"]
    took = {
        "check": timed("check", lambda: imports.choose_columns(by=fabrique.alice, batch=batch, columns=batch.columns))
    }
    batch.refresh_from_db()
    assert batch.counts == {"created": ROWS, "changed": 0, "unchanged": 0, "error": 0}
    assert Person.objects.count() == before
    took["import"] = timed("import", lambda: imports.confirm(by=fabrique.alice, batch=batch))
    assert Person.objects.count() == before + ROWS
    sizes_are_known()
    again = imports.read_file(by=fabrique.alice, stream=io.BytesIO(sheet(ROWS)), name="galette.csv")
    took["again"] = timed(
        "again", lambda: imports.choose_columns(by=fabrique.alice, batch=again, columns=again.columns)
    )
    again.refresh_from_db()
    assert again.counts["unchanged"] == ROWS
    batch.refresh_from_db()
    took["undo"] = timed("undo", lambda: imports.undo(by=fabrique.alice, batch=batch))
    batch.refresh_from_db()
    assert (batch.counts["undone"], batch.counts["kept"]) == (ROWS, 0)
    assert Person.objects.count() == before
    assert max(took.values()) < 60, took


def test_an_import_asks_the_database_as_often_for_each_chunk_whatever_its_rows(
    fabrique: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchers, "_watchers", [])  # the index counts its own queries

    def queries(rows: int) -> int:
        batch = imports.read_file(by=fabrique.alice, stream=io.BytesIO(sheet(rows)), name="a.csv")
        imports.choose_columns(by=fabrique.alice, batch=batch, columns=batch.columns)
        worker.run_all()
        batch.refresh_from_db()
        imports.confirm(by=fabrique.alice, batch=batch)
        with CaptureQueriesContext(connection) as captured:
            worker.run_all()
        batch.refresh_from_db()
        imports.undo(by=fabrique.alice, batch=batch)
        worker.run_all()
        return len(captured)

    # SQLite takes a thousand values at a time: a chunk of 250 is a few statements more than one of 10.
    assert queries(240) <= queries(10) + 12
