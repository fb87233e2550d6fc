"""Programs of the system that read documents, run with bounded output from inside the jail."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import IO

import pypandoc

from tilios.kit.documents.problems import Problem, Unreadable

PANDOC_READS = frozenset({"docx", "odt", "rtf", "epub"})
MOST = 8 * 2**20  # bytes of words that pandoc may write
MOST_CONVERTED = 120 * 2**20  # bytes of a document, its pictures in it


@cache
def pandoc_path() -> str | None:
    """The pandoc that comes with Tilios; None where its package brings none for this machine."""
    try:
        return str(pypandoc.get_pandoc_path())
    except OSError:
        return None


def has_pandoc() -> bool:
    return pandoc_path() is not None


@cache
def has_office() -> bool:
    """Whether LibreOffice is installed."""
    return shutil.which("soffice") is not None


def pandoc(file: IO[bytes], form: str, to: str) -> str:
    """The document in `file`, of format `form`, as `to` ("plain", "html"). Raises Unreadable.

    What is written beyond MOST bytes is left out.
    """
    written = _piped(file, form, to, ("--wrap=none",), MOST)
    return written.decode("utf-8", "ignore" if len(written) == MOST else "replace")


def converted(file: IO[bytes], form: str, to: str) -> bytes:
    """The same, whole and as bytes ("odt", "docx", "json"). Raises Unreadable."""
    options = ("--standalone", "--wrap=none", "--mathml", "--output=-")
    written = _piped(file, form, to, options, MOST_CONVERTED)
    if len(written) == MOST_CONVERTED:
        raise Unreadable(Problem.TOO_LARGE)
    return written


def _piped(file: IO[bytes], form: str, to: str, options: tuple[str, ...], most: int) -> bytes:
    program = pandoc_path()
    if program is None:
        raise Unreadable(Problem.NO_PROGRAM)
    os.lseek(file.fileno(), 0, os.SEEK_SET)  # not file.seek: inside its buffer that moves nothing that pandoc sees
    # SECURITY: --sandbox: pandoc opens no file and no address that a document names. Its heap is bounded beside the
    # limit of the jail, because it asks for its address space in advance.
    command = [program, "+RTS", "-M700M", "-RTS", "--sandbox", "--from", form, "--to", to, *options]
    with subprocess.Popen(command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:  # noqa: S603
        assert process.stdout is not None
        written = process.stdout.read(most)
        if len(written) == most:
            process.kill()
            return written
        code = process.wait()
    if code:
        # pandoc says 251 when its heap is full, and is killed at the other limits.
        raise Unreadable(Problem.TOO_HEAVY if code < 0 or code == 251 else Problem.DAMAGED)
    return written


def office_pdf(file: IO[bytes], form: str, folder: Path) -> bytes:
    """The PDF that LibreOffice makes of the document in `file`. `folder` is emptied by whoever made it.

    Raises Unreadable.
    """
    if not has_office():
        raise Unreadable(Problem.NO_PROGRAM)
    source = folder / f"document.{form}"
    file.seek(0)
    with source.open("wb") as copy:
        shutil.copyfileobj(file, copy)
    command = [
        *("soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--norestore", "--nolockcheck"),
        *("--nodefault", "--convert-to", "pdf", "--outdir", str(folder), str(source)),
    ]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)  # noqa: S603
    made = source.with_suffix(".pdf")
    if done.returncode < 0:
        raise Unreadable(Problem.TOO_HEAVY)
    if not made.is_file():  # it says 0 whatever happens
        raise Unreadable(Problem.DAMAGED)
    return made.read_bytes()
