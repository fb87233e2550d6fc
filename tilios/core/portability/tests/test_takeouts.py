"""Archives asked for on a page: made in the background, kept for a while, gone afterwards."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from tests.cast import Cast
from tilios.core.blobs import actions as blobs
from tilios.core.blobs.models import Blob
from tilios.core.errors import Conflict, NotAllowed
from tilios.core.jobs.models import Progress
from tilios.core.jobs.worker import run_all
from tilios.core.journal.models import Entry, Seal
from tilios.core.journal.sealing import seal
from tilios.core.journal.verification import verify
from tilios.core.people.models import Person
from tilios.core.portability import takeouts
from tilios.core.portability.closing import erase_structure
from tilios.core.portability.models import Takeout
from tilios.core.portability.tests.samples import fill_house, fill_what_is_empty
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope


def test_an_archive_is_made_in_the_background(fabrique: Cast) -> None:
    takeout = takeouts.ask(by=fabrique.alice)
    assert not takeouts.ready().exists()
    run_all()
    takeout.refresh_from_db()
    assert takeout.blob is not None
    assert Progress.objects.get(key=takeout.progress_key).state == "done"
    with takeout.blob.open() as file, zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
    entry = Entry.objects.filter(verb="portal.exported").latest("pk")
    assert (entry.actor, entry.data["sha256"]) == (fabrique.alice.pk, takeout.blob.sha256)


def test_one_at_a_time_and_by_administrators(fabrique: Cast) -> None:
    takeouts.ask(by=fabrique.alice)
    with pytest.raises(Conflict):
        takeouts.ask(by=fabrique.alice)
    with pytest.raises(NotAllowed):
        takeouts.ask(by=fabrique.manon)
    run_all()
    takeouts.ask(by=fabrique.alice)


def test_its_time_over_it_is_gone_and_its_bytes_after_it(fabrique: Cast) -> None:
    takeout = takeouts.ask(by=fabrique.alice)
    run_all()
    Takeout.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert not takeouts.ready().exists()
    takeouts.collect()
    assert not Takeout.objects.filter(pk=takeout.pk).exists()
    blobs.collect(timedelta(0))
    assert not Blob.objects.exists()


def test_a_structure_erased_for_good_leaves_nothing_but_its_number(cast: Cast) -> None:
    fill_house(cast)
    with scope(cast.fabrique):
        fill_what_is_empty()
        takeouts.ask(by=cast.alice)
    run_all()
    seal(cast.fabrique)
    people_elsewhere = Entry.objects.filter(structure=cast.atelier).count()
    counts = erase_structure(cast.fabrique)
    assert counts["people.Person"] > 4
    assert not Structure.objects.filter(slug="la-fabrique").exists()
    assert not Entry.objects.filter(structure=cast.fabrique.pk).exists()
    assert not Seal.objects.filter(structure=cast.fabrique.pk).exists()
    assert Entry.objects.filter(structure=cast.atelier).count() == people_elsewhere
    entry = Entry.objects.get(verb="portal.structure_erased")
    assert (entry.structure, entry.data["number"]) == (None, cast.fabrique.pk)
    with scope(cast.atelier):
        assert Person.objects.count() == 1
    connection.check_constraints()
    assert not [problem for problem in verify() if problem.what != "anchor"]
    blobs.collect(timedelta(0))
    assert not Blob.objects.exists()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.all().delete()


def test_lost_bytes_do_not_hold_up_the_rest(cast: Cast, tmp_path) -> None:
    from tilios.core.blobs.storage import blob_storage
    from tilios.core.portability.exporting import export
    from tilios.core.portability.importing import bring_in

    fill_house(cast)
    logo = Structure.objects.get(pk=cast.fabrique.pk).logo
    assert logo is not None
    blob_storage().delete(logo.path)
    file = io.BytesIO()
    manifest = export(cast.fabrique, file)
    assert [blob["sha256"] for blob in manifest["blobs"] if blob["lost"]] == [logo.sha256]
    (tmp_path / "a.zip").write_bytes(file.getvalue())
    made = bring_in(tmp_path / "a.zip")
    assert made.lost_blobs == 1
    assert made.structure.logo_id == logo.pk
