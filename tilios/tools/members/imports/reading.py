"""What a file is, told by its content: a dump of Galette, the file of Paheko, or a sheet of any program."""

import gzip
import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from django.utils.translation import gettext_noop

from tilios.core.people.imports.staging import LIMITS, without_empty_end
from tilios.kit import jail
from tilios.kit.refusals import Refusal
from tilios.kit.sheets import Sheet, open_sheet
from tilios.kit.text import fold
from tilios.tools.members.imports import galette, paheko, sqldump
from tilios.tools.members.imports.columns import guess
from tilios.tools.members.imports.sources import Line, Source

MOST_BYTES = 64 * 2**20
SQLITE = b"SQLite format 3\0"
GZIP = b"\x1f\x8b"
DUMP = re.compile(
    rb"^(?:INSERT\s+INTO|COPY\s+\S+\s*\(|CREATE\s+TABLE|-- (?:MySQL|MariaDB|PostgreSQL|phpMyAdmin))",
    re.IGNORECASE | re.MULTILINE,
)
HEAD = 64 * 2**10
_TOO_LARGE = gettext_noop(
    "This file is larger than %(limit)s MB: export the members and their dues, without the pictures."
)
JAIL = jail.Limits(memory=1024 * 2**20, output=128 * 2**20, cpu_s=30, wall_s=60)
#: Headers that only one program writes.
SIGNS = {
    "galette": {"nom_adh", "id_adh"},
    "helloasso": {"reference commande", "montant tarif", "nom payeur", "nom acheteur", "carte d'adherent"},
    "paheko": {"numero de membre", "nom & prenom"},
}


@contextmanager
def opened(stream: IO[bytes]) -> Iterator[Source]:
    """The file as it is understood; its lines are read while the block lasts.

    Raises Refusal with what to export and from where when nothing of it can be read.
    """
    with tempfile.TemporaryFile() as file:
        shutil.copyfileobj(_bounded(stream), file)
        file.seek(0)
        head = file.read(HEAD)
        file.seek(0)
        if head.startswith(SQLITE):
            yield paheko.source(_sqlite(file))
        elif DUMP.search(head):
            yield galette.source(sqldump.tables(_text(file.read()), galette.WANTED))
        else:
            with open_sheet(file, limits=LIMITS) as sheet:
                yield _sheet(sheet)


def _bounded(stream: IO[bytes]) -> IO[bytes]:
    """The bytes, unpacked if they are, no more than may be. Raises Refusal."""
    whole = tempfile.TemporaryFile()  # noqa: SIM115 (closed with what holds it)
    first = stream.read(2)
    stream.seek(0)
    try:
        source: IO[bytes] = gzip.GzipFile(fileobj=stream) if first == GZIP else stream  # type: ignore[assignment]
        size = 0
        while chunk := source.read(2**18):
            size += len(chunk)
            if size > MOST_BYTES:
                raise Refusal("too_large", _TOO_LARGE, limit=MOST_BYTES // 2**20)
            whole.write(chunk)
    except (OSError, EOFError) as error:
        raise Refusal("damaged", gettext_noop("This compressed file is damaged.")) from error
    whole.seek(0)
    return whole


def _text(content: bytes) -> str:
    """The text of a dump: UTF-8 unless it is not, then the Western European of old servers."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        if b"utf8" in content[:HEAD].lower() or b"'UTF8'" in content[:HEAD]:
            return content.decode("utf-8-sig", "replace")
        return content.decode("cp1252", "replace")


def _sqlite(file: IO[bytes]) -> dict[str, list[dict[str, object]]]:
    """The tables of an SQLite file, read behind walls. Raises Refusal."""
    try:
        output = jail.run("tilios.tools.members.imports.jailed", paheko.WANTED, stdin=file, limits=JAIL)
    except jail.Exhausted as error:
        raise Refusal(
            "sqlite_too_heavy", gettext_noop("This file takes too long to read, or too much memory.")
        ) from error
    except jail.Crashed as error:
        raise Refusal("sqlite_damaged", gettext_noop("This SQLite file is damaged.")) from error
    found = json.loads(output)
    if "problem" in found:
        raise Refusal("sqlite_damaged", gettext_noop("This SQLite file is damaged."))
    tables: dict[str, list[dict[str, object]]] = found["tables"]
    return tables


def _sheet(sheet: Sheet) -> Source:
    rows = iter(sheet)
    first = next(rows, None)
    if first is None or not first.cells:
        raise Refusal("sheet_empty", gettext_noop("This file is empty."))
    header = without_empty_end(first.cells)
    lines = (Line(row.line, row.cells, row.problem) for row in rows)
    folded = {fold(text).strip(" :*") for text in header}
    program = next((name for name, signs in SIGNS.items() if signs & folded), "sheet")
    return Source(program, header, guess(header), lines, {}, sheet.encoding[:20], sheet.delimiter)
