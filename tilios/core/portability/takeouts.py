"""Archives made in the background: asked for on a page, made by a job, kept a few days, then collected."""

import tempfile
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.access import roles
from tilios.core.blobs import actions as blobs
from tilios.core.errors import Conflict, require
from tilios.core.jobs import job, progress
from tilios.core.jobs.models import Progress
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.core.portability.exporting import export
from tilios.core.portability.models import Takeout
from tilios.core.portability.snapshot import reporting
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import current_structure, scope, unscoped

KEPT = timedelta(days=3)
MEDIA_TYPE = "application/zip"


@transaction.atomic
def ask(*, by: Person) -> Takeout:
    """Have the archive of the structure in scope made. Publishes "portal.export_asked".

    Raises NotAllowed without the right, Conflict while another one is being made.
    """
    require(roles.may(by, "portal.export"))
    structure = Structure.objects.select_for_update().get(slug=current_structure().slug)
    if any(is_being_made(takeout) for takeout in Takeout.objects.filter(blob=None)):
        raise Conflict(_("An archive is already being made."))
    row = progress.start(label="portability.takeout", structure=structure, person=by.acted_by or by)
    takeout = Takeout.objects.create(progress_key=row.key, made_by=by)
    publish("portal.export_asked", by=by)
    make.enqueue(structure.pk, takeout.pk)
    return takeout


def is_being_made(takeout: Takeout) -> bool:
    row = Progress.objects.filter(key=takeout.progress_key).first()
    return row is not None and row.state in {"waiting", "running"}


@job
def make(structure_id: int, takeout_id: int) -> None:
    """Make the archive `takeout_id`; taken again after a crash it starts over. Publishes "portal.exported"."""
    structure = Structure.objects.get(pk=structure_id)
    with scope(structure):
        takeout = Takeout.objects.filter(pk=takeout_id, blob=None).first()
    if takeout is None:
        return
    with progress.following(takeout.progress_key) as row, tempfile.TemporaryFile(dir=_scratch()) as file:
        with reporting(row.key) as report:
            manifest = export(structure, file, report=report)
        file.seek(0)
        blob = blobs.store(file, media_type=MEDIA_TYPE, name="archive.zip")
        rows = sum(manifest["counts"].values())
        with scope(structure), transaction.atomic():
            blobs.keep(blob)
            now = timezone.now()
            Takeout.objects.filter(pk=takeout.pk).update(blob=blob, rows=rows, expires_at=now + KEPT)
            publish("portal.exported", by=takeout.made_by, rows=rows, bytes=blob.size, sha256=blob.sha256)
        row.result = {"takeout": takeout.pk}


def _scratch() -> Any:
    """A folder of the data folder: the archive may be larger than what /tmp holds."""
    folder = settings.TILIOS_DATA / "tmp"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def all_of_structure() -> QuerySet[Takeout]:
    """The archives of the structure in scope, newest first; those of which nothing is left are not shown."""
    fresh = Takeout.objects.select_related("blob", "made_by")
    return fresh.exclude(expires_at__lte=timezone.now())


def ready() -> QuerySet[Takeout]:
    """Archives that can be downloaded."""
    return all_of_structure().exclude(blob=None)


@transaction.atomic
def remove(*, by: Person, takeout: Takeout) -> None:
    """Remove an archive before its time. Publishes "portal.archive_removed"; raises NotAllowed without the right."""
    require(roles.may(by, "portal.export"))
    takeout.delete()
    publish("portal.archive_removed", by=by)


def collect() -> int:
    """Periodic: forget the archives whose time is over; their bytes are collected as blobs. How many."""
    now = timezone.now()
    with unscoped("archives of every structure expire by the clock"):
        over = Takeout.objects.filter(expires_at__lte=now)
        never_made = Takeout.objects.filter(blob=None, created_at__lte=now - KEPT)
        return over.delete()[0] + never_made.delete()[0]
