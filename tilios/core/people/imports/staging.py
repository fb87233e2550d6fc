"""From an uploaded file to rows of the database: what comes next survives a restart."""

import hashlib
import json
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext

from tilios.core.errors import Invalid
from tilios.core.people.imports.fields import FIELDS
from tilios.core.people.models import ImportBatch, ImportMapping, ImportRow, Person
from tilios.kit import mapping
from tilios.kit.refusals import Refusal
from tilios.kit.sheets import Limits, open_sheet
from tilios.kit.text import fold

LIMITS = Limits(rows=50_000, columns=150, cell=4_000)
CHUNK = 1_000


@transaction.atomic
def read_file(*, by: Person, stream: IO[bytes], name: str) -> ImportBatch:
    """Keep the rows of a CSV, ODS or XLSX, with a guess of its columns, or those chosen last time for such headers.

    Raises Invalid("file") with the reason when it is no sheet, is damaged, too large, or holds no row but its header.
    """
    try:
        with open_sheet(stream, limits=LIMITS) as sheet:
            rows = iter(sheet)
            first = next(rows, None)
            if first is None or not first.cells:
                raise Refusal("sheet_empty", "This file is empty.")
            header = without_empty_end(first.cells)
            batch = ImportBatch(
                name=name[:200] or "import",
                header=header,
                encoding=sheet.encoding[:20],
                delimiter=sheet.delimiter,
                created_by=by,
            )
            batch.columns, batch.remembered = _columns(header)
            batch.save()
            waiting: list[ImportRow] = []
            for row in rows:
                waiting.append(ImportRow(batch=batch, **staged(row.line, row.cells, row.problem, len(header))))
                if len(waiting) == CHUNK:
                    batch.total += len(ImportRow.objects.bulk_create(waiting))
                    waiting = []
            batch.total += len(ImportRow.objects.bulk_create(waiting))
    except Refusal as refusal:
        raise Invalid("file", gettext(refusal.message) % refusal.params) from refusal
    if not batch.total:
        raise Invalid("file", gettext("This file holds a line of headers and nothing below it."))
    batch.save(update_fields=["total"])
    return batch


def without_empty_end(cells: list[str]) -> list[str]:
    """The headers, tidied, without the empty ones at the end."""
    header = [" ".join(cell.split())[:120] for cell in cells]
    while header and not header[-1]:
        header.pop()
    return header


def staged(line: int, cells: list[str], spoilt: Refusal | None, columns: int) -> dict[str, Any]:
    """What a row keeps of a line of the file."""
    kept: dict[str, Any] = {"number": line, "cells": cells[:columns]}
    if spoilt is not None:
        kept["problems"] = [{**problem("error", "", spoilt), "of_file": True}]
    return kept


def problem(level: str, field: str, refusal: Refusal) -> dict[str, object]:
    """What a row keeps of a refusal; it is put into words in the language of whoever reads it."""
    return {"level": level, "field": field, "message": refusal.message, "params": refusal.params}


def headers_key(header: list[str]) -> str:
    """What recognises the same set of headers next time."""
    return hashlib.sha256(json.dumps([fold(cell) for cell in header]).encode()).hexdigest()


def _columns(header: list[str]) -> tuple[list[str], bool]:
    """The field of each column, "" for none; and whether it was remembered."""
    saved = ImportMapping.objects.filter(headers=headers_key(header)).first()
    if saved is not None and len(saved.columns) == len(header):
        return [name if name in FIELDS else "" for name in saved.columns], True
    guessed = mapping.guess(header)
    return [guess.field if guess.field in FIELDS else "" for guess in guessed], False
