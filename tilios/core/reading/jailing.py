"""Hand a blob to the jail, and say in one way what went wrong there."""

import json
import logging
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import IO, Any

from tilios.core.blobs.errors import Damaged
from tilios.core.blobs.models import Blob
from tilios.kit import jail
from tilios.kit.documents import behind, programs
from tilios.kit.documents.kinds import Kind
from tilios.kit.documents.problems import Problem, Unreadable
from tilios.kit.jail import MIB, Limits

MOST_BYTES = 200 * MIB  # of a document that is read whole; of a text, the beginning is enough
READING = Limits(memory=1024 * MIB, output=32 * MIB, cpu_s=30, wall_s=40)
CONVERTING = Limits(memory=3072 * MIB, output=128 * MIB, cpu_s=90, wall_s=120)
DRAWING = Limits(memory=1024 * MIB, output=16 * MIB, cpu_s=15, wall_s=20)
WHOLE = frozenset(Kind) - {Kind.TEXT, Kind.CODE, Kind.MARKDOWN, Kind.HTML}

# A reading may take a gigabyte: not more than two at once in a process.
_reading = threading.BoundedSemaphore(2)
log = logging.getLogger(__name__)


def read(blob: Blob, kind: Kind, form: str) -> dict[str, Any]:
    """What `kit.documents.reading.read` finds in `blob`. Raises Unreadable."""
    found: dict[str, Any] = json.loads(_run("read", blob, kind, form, READING))
    return found


def pdf_of(blob: Blob, kind: Kind, form: str) -> bytes:
    """The PDF that LibreOffice makes of `blob`. Takes seconds. Raises Unreadable."""
    if not can_convert():
        raise Unreadable(Problem.NO_PROGRAM)
    return _run("pdf", blob, kind, form, CONVERTING)


def cover_of(pdf: Blob) -> bytes:
    """A PNG of the first page of a PDF. Raises Unreadable."""
    return _run("cover", pdf, Kind.PDF, "pdf", DRAWING)


@cache
def can_convert() -> bool:
    """Whether office documents can be shown as their office suite lays them out."""
    # SECURITY: an office document may name files of the server and addresses, which LibreOffice would put in what it
    # makes. Only walls that hide all files and the network make this safe: without bubblewrap, nothing is converted.
    # LibreOffice does not start without /proc.
    return programs.has_office() and jail.walls() is jail.Walls.BUBBLEWRAP and jail.has_proc()


def _run(task: str, blob: Blob, kind: Kind, form: str, limits: Limits) -> bytes:
    if blob.size > MOST_BYTES and kind in WHOLE:
        raise Unreadable(Problem.TOO_LARGE)
    _say_how_strong()
    try:
        with _file_of(blob) as file, _reading:
            return behind.run(task, kind, form, stdin=file, limits=limits)
    except Damaged as error:
        raise Unreadable(Problem.GONE) from error


@contextmanager
def _file_of(blob: Blob) -> Iterator[IO[bytes]]:
    """The bytes of `blob` as a file of the system, which another process can read."""
    with blob.open() as source:
        inner = getattr(source, "file", source)
        try:
            inner.fileno()
        except (AttributeError, OSError):
            with tempfile.TemporaryFile() as copy:
                shutil.copyfileobj(source, copy)
                copy.seek(0)
                yield copy
        else:
            yield inner


@cache
def _say_how_strong() -> None:
    """Once for each process: the person who looks after the server should know."""
    strong = jail.walls() is jail.Walls.BUBBLEWRAP
    log.log(
        logging.INFO if strong else logging.WARNING,
        "documents are read behind the walls of %s; pandoc: %s; LibreOffice: %s%s",
        jail.walls().value,
        programs.has_pandoc(),
        can_convert(),
        "" if strong else "; install bubblewrap for stronger walls (tilios/core/reading/README.md)",
    )
