"""Announce an upload, receive its bytes, have its tool take it, give it up. Nothing is published here: tools do."""

import hashlib
import secrets
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tilios.core.blobs import actions as blobs
from tilios.core.blobs import partial as partials
from tilios.core.blobs.errors import DiskFull, TooLarge
from tilios.core.blobs.models import Blob
from tilios.core.blobs.partial import Gone, Overtaken
from tilios.core.errors import Conflict, Refused
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope
from tilios.core.uploads import queries
from tilios.core.uploads.errors import Busy, Corrupted, Elsewhere, Ended, Malformed, NoRoom, TooMany, TooMuchWaiting
from tilios.core.uploads.limits import limits
from tilios.core.uploads.models import Choice, State, Upload
from tilios.core.uploads.protocol import Incoming, Metadata
from tilios.core.uploads.senders import Sender

PIECE = 256 * 1024
REMEMBERED = timedelta(days=1)


@transaction.atomic
def create_upload(*, by: Sender, said: Metadata, target: Any, length: int) -> Upload:
    """Announce a file of `length` bytes for `said.tool`; `target` has been unsealed.

    Raises Malformed for a tool that takes none, what the tool's `check` raises (rights, quota, names), TooLarge,
    TooMany, TooMuchWaiting, NoRoom.
    """
    receiver = by.receiver(said.tool)
    most = limits()
    if length > most.most_bytes:
        raise TooLarge(most.most_bytes)
    if queries.begun_lately(by) >= most.per_minute:
        raise TooMany(15)
    count, size = queries.waiting(by)
    if count >= most.most_waiting or size + length > most.most_waiting_bytes:
        raise TooMuchWaiting
    receiver.load_check()(by.person, target, said.name, length)
    if not partials.has_room(length):
        raise NoRoom
    upload = Upload.objects.create(
        token=secrets.token_urlsafe(24),
        person=by.person,
        link=by.link,
        guest=by.guest,
        tool=said.tool,
        target=target,
        name=said.name,
        path=said.path,
        length=length,
        media_type=said.media_type,
        modified_ms=said.modified_ms,
        expires_at=timezone.now() + most.lifetime,
    )
    upload.partial.make()
    return upload


def receive(*, upload: Upload, offset: int, body: Incoming, checksum: bytes | None = None) -> None:
    """Add what `body` gives after the first `offset` bytes; a body that is cut has given what it gave.

    Outside any transaction: a slow sender holds nobody up. Raises Elsewhere when the file ends elsewhere, TooLarge for
    more bytes than were announced, Corrupted when they are not those of `checksum` (none is kept), NoRoom, Busy, Ended.
    """
    refuse_ended(upload)
    if (size := upload.offset) != offset:
        raise Elsewhere(size)
    left = upload.length - offset
    if body.length is not None and body.length > left:
        raise TooLarge(upload.length)
    if left == 0:
        return
    with _a_place(), _saying_what_the_disk_says():
        source = body if checksum is None else _verified(body, left, checksum)
        with upload.partial.writing(offset) as write:
            while left and (piece := source.read(min(PIECE, left))):
                write(piece)
                left -= len(piece)
    Upload.objects.filter(pk=upload.pk, state=State.RECEIVING).update(expires_at=timezone.now() + limits().lifetime)


def conclude(*, by: Sender, upload: Upload, choice: str = "") -> Upload:
    """Have the tool take a whole upload, as `choice` says where a name is taken. The row as it is then: DONE with its
    result, WAITING with the problem its sender can do something about, SKIPPED.

    Once: whoever asks again is told the same. Raises Malformed for an upload that is not whole or a choice there is
    not, Ended, NoRoom, NotAllowed.
    """
    if choice and choice not in Choice.values:
        raise Malformed
    refuse_ended(upload)
    if not upload.is_whole:
        raise Malformed(409)
    if upload.state in (State.DONE, State.SKIPPED):
        return upload
    with _saying_what_the_disk_says(), _blob_of(upload, choice) as blob, transaction.atomic():
        row = queries.lock(upload)
        if row.state in (State.RECEIVING, State.WAITING):
            _take(by, row, blob, choice)
        return row


@contextmanager
def _blob_of(upload: Upload, choice: str) -> Iterator[Callable[[], Blob]]:
    """What makes the blob, once the row is held; what is slow (reading again, sending to S3) is done before."""
    if upload.blob is not None or choice == Choice.SKIP:
        yield lambda: _kept(upload)
        return
    with ExitStack() as stack:
        try:
            made = stack.enter_context(
                blobs.prepared(upload.partial, media_type=upload.media_type or None, name=upload.name)
            )
        except Gone:
            made = partial(_kept, upload)  # somebody else concludes at this moment: the row will say how
        yield made


def _kept(upload: Upload) -> Blob:
    """The blob that the row keeps already. Raises Gone."""
    if upload.blob is None:
        raise Gone
    return upload.blob


def _take(by: Sender, row: Upload, blob: Callable[[], Blob], choice: str) -> None:
    """Inside the transaction, the row being held: what `finish` writes and what the row says are kept together."""
    row.choice = choice or row.choice
    if row.choice == Choice.SKIP:
        row.state, row.blob, row.problem = State.SKIPPED, None, ""
    else:
        row.blob = row.blob or blob()
        finish = by.receiver(row.tool).load_finish()
        try:
            with transaction.atomic():
                row.result = finish(by.person, row, row.blob)
            # From now on the tool's row keeps the bytes; this one only remembers the answer, for who did not hear it.
            row.state, row.problem, row.blob = State.DONE, "", None
            row.expires_at = timezone.now() + REMEMBERED
        except Refused as error:
            # The bytes are here and stay: the sender chooses, or asks for what is missing, and tries again.
            row.state, row.problem = State.WAITING, str(error.message)
            row.result = {"conflict": isinstance(error, Conflict), "status": error.status}
    row.save(update_fields=["state", "blob", "choice", "problem", "result", "expires_at"])
    transaction.on_commit(row.partial.discard)


@transaction.atomic
def terminate(*, upload: Upload) -> None:
    """Give an upload up: its bytes go at once. What a tool has taken stays where it is; ask the tool. Raises Ended."""
    row = queries.lock(upload)
    refuse_ended(row)
    if row.state != State.DONE:
        row.state, row.blob, row.result = State.ENDED, None, None
        row.save(update_fields=["state", "blob", "result"])
    transaction.on_commit(row.partial.discard)


def expire() -> int:
    """Periodic: forget the uploads whose time is over, and files that no upload needs any more. How many uploads."""
    count = 0
    for structure in Structure.objects.order_by("pk").iterator():
        with scope(structure), transaction.atomic():
            over = list(Upload.objects.select_for_update(of=("self",)).filter(expires_at__lte=timezone.now())[:1000])
            for upload in over:
                transaction.on_commit(upload.partial.discard)
            count += Upload.objects.filter(pk__in=[upload.pk for upload in over]).delete()[0]
    # What a crash left between a row and its file: nothing alive is as old, since each byte received makes it young.
    partials.clear((limits().lifetime.days + 1) * 86400.0)
    return count


def refuse_ended(upload: Upload) -> None:
    """Raises Ended for an upload given up, or whose time is over."""
    if upload.state == State.ENDED or upload.expires_at <= timezone.now():
        raise Ended


@contextmanager
def _saying_what_the_disk_says() -> Iterator[None]:
    try:
        yield
    except Overtaken as error:
        raise Elsewhere(error.size) from error
    except Gone as error:
        raise Ended from error
    except DiskFull as error:
        raise NoRoom from error


class _Places:
    """Those who send may not take all threads from those who read pages."""

    def __init__(self) -> None:
        self.lock, self.taken = threading.Lock(), 0


_places = _Places()


@contextmanager
def _a_place() -> Iterator[None]:
    with _places.lock:
        if _places.taken >= limits().at_once:
            raise Busy
        _places.taken += 1
    try:
        yield
    finally:
        with _places.lock:
            _places.taken -= 1


def _verified(body: Incoming, most: int, checksum: bytes) -> Any:
    """The whole body, received aside, from its start. Raises Corrupted."""
    # SECURITY: bytes enter the file once they are known to be right: killed at any moment, it holds no other.
    aside = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115  # closed with the last reference
    digest, left = hashlib.sha256(), most
    while left and (piece := body.read(min(PIECE, left))):
        digest.update(piece)
        aside.write(piece)
        left -= len(piece)
    if digest.digest() != checksum:
        aside.close()
        raise Corrupted
    aside.seek(0)
    return aside
