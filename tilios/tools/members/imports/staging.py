"""From an uploaded file to rows of the database: what comes next survives a restart."""

from typing import IO

from django.db import transaction
from django.utils.translation import gettext

from tilios.core.errors import Invalid
from tilios.core.people.imports.staging import CHUNK, headers_key, staged
from tilios.core.people.models import ImportMapping, Person
from tilios.kit.refusals import Refusal
from tilios.tools.members.imports.columns import COLUMNS, new_columns, own_columns
from tilios.tools.members.imports.reading import opened
from tilios.tools.members.imports.sources import Source
from tilios.tools.members.models import MemberImport, MemberImportRow


@transaction.atomic
def stage(*, by: Person | None, stream: IO[bytes], name: str) -> MemberImport:
    """Keep the rows of a file, with a guess of its columns, or those chosen last time for such headers.

    Raises Invalid("file") with the reason when it cannot be read or holds no row but its header.
    """
    try:
        with opened(stream) as source:
            batch = MemberImport(
                name=name[:200] or "import",
                program=source.program,
                header=source.header,
                encoding=source.encoding,
                delimiter=source.delimiter,
                plan=source.plan,
                created_by=by,
            )
            batch.columns, batch.remembered = _columns(source)
            batch.save()
            waiting: list[MemberImportRow] = []
            for line in source.lines:
                waiting.append(MemberImportRow(batch=batch, **staged(*line, len(source.header))))
                if len(waiting) == CHUNK:
                    batch.total += len(MemberImportRow.objects.bulk_create(waiting))
                    waiting = []
            batch.total += len(MemberImportRow.objects.bulk_create(waiting))
    except Refusal as refusal:
        raise Invalid("file", gettext(refusal.message) % refusal.params) from refusal
    if not batch.total:
        raise Invalid("file", gettext("This file holds a line of headers and nothing below it."))
    batch.save(update_fields=["total"])
    return batch


def _columns(source: Source) -> tuple[list[str], bool]:
    """What each column holds, "" for nothing; and whether it was remembered."""
    known = {*COLUMNS, *own_columns(), *new_columns()}
    saved = ImportMapping.objects.filter(headers=key(source.header)).first()
    if saved is not None and len(saved.columns) == len(source.header):
        return [name if name in known else "" for name in saved.columns], True
    # What a program calls a field of its own may be one of the structure already.
    own = {str(column.label).casefold(): name for name, column in own_columns().items()}
    return [
        own.get(header.casefold(), name) if name.startswith("new:") else name
        for header, name in zip(source.header, source.columns, strict=True)
    ], False


def key(header: list[str]) -> str:
    """What recognises the same set of headers in a file of members, apart from files of people."""
    return headers_key(["members", *header])
