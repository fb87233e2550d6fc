"""Store bytes, collect those that nothing needs, check all of them.

How storing and collecting the same bytes at once stay safe: whoever moves the file of a blob holds its row, made or
locked in a transaction. Two that store meet on the unique name; one that collects and one that stores, on the lock.
"""

import hashlib
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.files.storage import Storage
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.blobs import queries, sniffing
from tilios.core.blobs.errors import Damaged, TooLarge
from tilios.core.blobs.models import Blob, State
from tilios.core.blobs.partial import Partial
from tilios.core.blobs.references import is_kept, references
from tilios.core.blobs.s3 import S3Blobs
from tilios.core.blobs.staging import Staging, staged, staged_partial
from tilios.core.blobs.storage import MIB, DiskStorage, blob_storage, path_of

CHUNK = MIB
BATCH = 500
SHA256 = re.compile(r"[0-9a-f]{64}")

log = logging.getLogger(__name__)


def store(stream: Any, *, media_type: str | None = None, name: str = "", max_size: int | None = None) -> Blob:
    """The blob of what `stream` still has to give (anything with `read`), in constant memory. Same bytes, same blob.

    What the client says, `media_type` and `name`, only refines what the bytes show. When `stream` comes from the
    network, call it before opening a transaction: until it ends, SQLite lets nobody else write. Inside a transaction
    the blob is held until it ends, and its bytes are swept later if it is rolled back.

    Raises TooLarge above `max_size` bytes, DiskFull; nothing is left behind.
    """
    storage = blob_storage()
    with staged(storage) as staging:
        sha256, size = _receive(stream, staging, max_size)
        found = sniffing.media_type_of(staging.file, name=name, claimed=media_type)
        staging.settle()
        return _publish(storage, staging, Blob(sha256=sha256, size=size, media_type=found))


@contextmanager
def prepared(partial: Partial, *, media_type: str | None = None, name: str = "") -> Iterator[Callable[[], Blob]]:
    """A function that makes the blob of a partial file that is complete, to be called in the transaction of the row
    that points at it; all that is slow is done before. The file is its owner's to discard, once that is committed.

    Raises Gone when there is no file, DiskFull.
    """
    storage = blob_storage()
    sha256, size = partial.sha256(), partial.size
    with staged_partial(storage, partial) as staging:
        found = sniffing.media_type_of(staging.file, name=name, claimed=media_type)
        staging.settle()
        yield lambda: _publish(storage, staging, Blob(sha256=sha256, size=size, media_type=found))


@transaction.atomic
def keep(blob: Blob) -> Blob:
    """Hold `blob` until the end of the caller's transaction, in which a row will point at it.

    For bytes found by their name rather than received: they may be about to be collected. Raises Damaged if they are
    gone or not whole.
    """
    held = Blob.objects.select_for_update().filter(pk=blob.pk, state=State.WHOLE).first()
    if held is None:
        raise Damaged
    _not_orphaned(held)
    return held


@dataclass(frozen=True)
class Collected:
    """What a collection removed: blobs, their bytes, and files that had no row."""

    blobs: int = 0
    size: int = 0
    strays: int = 0


def collect(older_than: timedelta = timedelta(days=7)) -> Collected:
    """Remove the blobs that no row has kept for `older_than`, then files left behind by what failed.

    Takes each blob in a transaction of its own: safe to stop, and to run while people work.
    """
    _mark_orphans()
    count = size = 0
    before = timezone.now() - older_than
    for pk in list(queries.orphans().filter(orphaned_at__lte=before).values_list("pk", flat=True)):
        removed = _collect_one(pk, before)
        if removed is not None:
            count, size = count + 1, size + removed
    return Collected(count, size, sweep(older_than))


def sweep(older_than: timedelta = timedelta(days=7)) -> int:
    """Remove files that no row names, left by a crash between file and row. How many."""
    storage = blob_storage()
    before = timezone.now() - older_than
    count = sum(_remove_bytes(sha256) for sha256 in _strays(storage, before))
    if isinstance(storage, (DiskStorage, S3Blobs)):
        count += storage.clear_staging(max(older_than.total_seconds(), 86400.0))
    return count


@dataclass(frozen=True)
class Problem:
    """A blob whose bytes are not what they should be."""

    sha256: str
    state: str
    message: str

    def __str__(self) -> str:
        return self.message


def scrub(limit: int | None = None) -> list[Problem]:
    """Read the bytes of every blob again, or of the `limit` blobs not read for longest; mark what is wrong, give it.

    A blob found whole again, put back from a backup, is marked whole.
    """
    problems = []
    for blob in _by_last_reading(limit):
        state = _state_of(blob)
        changed = Blob.objects.filter(pk=blob.pk).update(state=state, verified_at=timezone.now())
        if changed and state != State.WHOLE:
            message = _("Blob %(sha256)s is damaged.") if state == State.DAMAGED else _("Blob %(sha256)s is missing.")
            problems.append(Problem(blob.sha256, state, message % {"sha256": blob.sha256}))
    return problems


# Storing -------------------------------------------------------------------------------------------------------------


def _receive(stream: Any, staging: Staging, max_size: int | None) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if max_size is not None and size > max_size:
            raise TooLarge(max_size)
        digest.update(chunk)
        staging.write(chunk)
    return digest.hexdigest(), size


@transaction.atomic
def _publish(storage: Storage, staging: Staging, new: Blob) -> Blob:
    """Put the bytes in place and have their row, which is held until the end of the transaction."""
    blob, made = _row(new)
    if made or blob.state != State.WHOLE or not _is_there(storage, blob):
        staging.publish(blob.path)
        if not made:
            log.warning("blob %s was %s: healed by a new upload", blob.sha256, blob.state)
            blob.state, blob.verified_at = State.WHOLE, None
            blob.save(update_fields=["state", "verified_at"])
    _not_orphaned(blob)
    return blob


def _row(new: Blob) -> tuple[Blob, bool]:
    """The row of these bytes, locked, and whether it was made now."""
    while True:
        held = Blob.objects.select_for_update().filter(sha256=new.sha256).first()
        if held is not None:
            return held, False
        try:
            with transaction.atomic():
                new.pk = None
                new.save(force_insert=True)
                return new, True
        except IntegrityError:
            continue  # stored by somebody else since we looked


def _is_there(storage: Storage, blob: Blob) -> bool:
    try:
        return storage.size(blob.path) == blob.size
    except OSError:
        return False


def _not_orphaned(blob: Blob) -> None:
    if blob.orphaned_at is not None:
        blob.orphaned_at = None
        blob.save(update_fields=["orphaned_at"])


# Collecting ----------------------------------------------------------------------------------------------------------


def _mark_orphans() -> None:
    """Write down since when nothing keeps a blob: its delay runs from there, not from when it was stored."""
    kept = queries.kept()
    _mark(Blob.objects.filter(kept, orphaned_at__isnull=False), None)
    _mark(Blob.objects.filter(~kept, orphaned_at__isnull=True), timezone.now())


def _mark(rows: QuerySet[Blob], orphaned_at: datetime | None) -> None:
    """Mark `rows` some at a time, passing over those being stored: they are not to be waited for."""
    found = BATCH
    while found == BATCH:
        with transaction.atomic():
            free = rows.select_for_update(skip_locked=True).order_by("pk").values_list("pk", flat=True)[:BATCH]
            pks = list(free)
            Blob.objects.filter(pk__in=pks).update(orphaned_at=orphaned_at)
            found = len(pks)


def _collect_one(pk: int, before: datetime) -> int | None:
    """Remove a blob if it still is an orphan. Its size, or None if it is kept or being stored."""
    try:
        with transaction.atomic():
            row = Blob.objects.select_for_update(skip_locked=True).filter(pk=pk, orphaned_at__lte=before).first()
            if row is None or is_kept(row):
                return None
            for reference in references():
                if not reference.keeps:
                    reference.to(row).delete()
            rows = Blob.objects.filter(pk=pk)
            # Not `delete()`: it would look for what to cascade to through managers that see one structure only.
            rows._raw_delete(rows.db)
            transaction.on_commit(partial(_remove_bytes, row.sha256))
            return row.size
    except IntegrityError:
        return None  # a row points at it since we looked


def _remove_bytes(sha256: str) -> bool:
    """Remove the file of a blob that has no row. Whether it did: not if the same bytes are stored again meanwhile.

    A row is made for the time it takes, so that whoever stores these bytes now waits, then writes them anew.
    """
    try:
        with transaction.atomic():
            holder = Blob(sha256=sha256, size=0, media_type="", state=State.MISSING)
            holder.save(force_insert=True)
            blob_storage().delete(path_of(sha256))
            rows = Blob.objects.filter(pk=holder.pk)
            rows._raw_delete(rows.db)
    except IntegrityError:
        return False
    except OSError:
        log.exception("the file of blob %s could not be removed; the next collection will try again", sha256)
        return False
    return True


def _strays(storage: Storage, before: datetime) -> Iterator[str]:
    """Names of the files written before `before` that no row names, folder by folder."""
    for first in _folders(storage, ""):
        for second in _folders(storage, first):
            folder = f"{first}/{second}"
            names = [name for name in storage.listdir(folder)[1] if SHA256.fullmatch(name)]
            known = set(Blob.objects.filter(sha256__in=names).values_list("sha256", flat=True))
            for name in sorted(set(names) - known):
                if name.startswith(first + second) and _written_before(storage, f"{folder}/{name}", before):
                    yield name


def _folders(storage: Storage, path: str) -> list[str]:
    try:
        return sorted(name for name in storage.listdir(path)[0] if re.fullmatch(r"[0-9a-f]{2}", name))
    except FileNotFoundError:
        return []


def _written_before(storage: Storage, name: str, before: datetime) -> bool:
    try:
        return storage.get_modified_time(name) <= before
    except FileNotFoundError:
        return False


# Checking ------------------------------------------------------------------------------------------------------------


def _by_last_reading(limit: int | None) -> Iterator[Blob]:
    """The blobs as they are due: those never read, then those read longest ago. A hundred at a time."""
    started = timezone.now()
    for due in (Q(verified_at__isnull=True), Q(verified_at__lt=started)):
        while limit is None or limit > 0:
            rows = list(Blob.objects.filter(due).order_by("verified_at", "pk")[: min(100, limit or 100)])
            if not rows:
                break
            yield from rows
            limit = None if limit is None else limit - len(rows)


def _state_of(blob: Blob) -> State:
    digest, size = hashlib.sha256(), 0
    try:
        with blob.open() as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
    except Damaged:
        return State.MISSING
    except OSError:
        log.exception("blob %s cannot be read", blob.sha256)
        return State.DAMAGED
    return State.WHOLE if (digest.hexdigest(), size) == (blob.sha256, blob.size) else State.DAMAGED
