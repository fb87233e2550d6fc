"""Take a structure out: every row, blob and journal entry of it, in one archive (docs/archive-format.md)."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any

from django.conf import settings
from django.db.models import Field, Model
from django.utils import timezone

import tilios
from tilios.core.blobs import errors
from tilios.core.blobs.models import Blob
from tilios.core.journal.models import Entry, Seal
from tilios.core.people.models import Person
from tilios.core.portability import open_formats, tables
from tilios.core.portability.archive import FORMAT, PIECE, VERSION, Writer
from tilios.core.portability.columns import Column
from tilios.core.portability.snapshot import nothing, snapshot
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope

CHUNK = 500
Report = Callable[[int, int], None]

#: What the host says of a structure is not the structure's to take along.
HOST_COLUMNS = frozenset({"suspended_at", "suspension_reason"})
#: Each list of the journal is written as it was sealed, so that the seals still prove it.
JOURNAL: dict[str, Any] = {"journal/entries.jsonl": Entry, "journal/seals.jsonl": Seal}


def export(structure: Structure, file: IO[bytes], *, report: Report = nothing) -> dict[str, Any]:
    """Write the archive of `structure` into `file`; its manifest. `report(rows written, rows in all)` follows.

    Reads one moment of the database, in constant memory.
    """
    writer = Writer(file)
    try:
        with scope(structure), snapshot():
            return _Export(structure, writer, report).run()
    except BaseException:
        writer.abandon()
        raise


def structure_columns() -> list[Column]:
    return [Column(field) for field in Structure._meta.concrete_fields if not _is_hosts(field)]


def _is_hosts(field: Field) -> bool:
    return field.primary_key or field.name in HOST_COLUMNS


class _Export:
    def __init__(self, structure: Structure, writer: Writer, report: Report) -> None:
        self.structure = structure
        self.writer = writer
        self.report = report
        self.counts: dict[str, int] = {}
        self.done = 0
        self.total = 0
        self.blobs: set[str] = set()

    def run(self) -> dict[str, Any]:
        models = tables.exported_models()
        journal = {name: model.objects.filter(structure=self.structure) for name, model in JOURNAL.items()}
        self.total = sum(model.objects.count() for model in models) + sum(rows.count() for rows in journal.values())
        about = self._structure()
        for model in models:
            name = f"data/{model._meta.label_lower}.jsonl"
            self.counts[model._meta.label_lower] = self.writer.lines(name, self._counted(self._rows(model)))
        for name, rows in journal.items():
            self.counts[name.removesuffix(".jsonl")] = self.writer.lines(name, self._counted(_plain(rows)))
        open_formats.write(self.structure, self.writer)
        blobs = self._blobs()
        manifest = {
            "format": FORMAT,
            "version": VERSION,
            "tilios": tilios.__version__,
            "made_at": timezone.now().isoformat(timespec="seconds"),
            "server": settings.TILIOS_URL,
            "structure": about,
            "journal": {"structure_id": self.structure.pk},  # its number enters the hash of every seal
            "counts": self.counts,
            "blobs": blobs,
        }
        self.writer.close(manifest)
        return {**manifest, "members": self.writer.members}

    def _counted(self, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for row in rows:
            self.done += 1
            if self.done % CHUNK == 0:
                self.report(self.done, self.total)
            yield row

    def _structure(self) -> dict[str, Any]:
        columns = structure_columns()
        values = Structure.objects.filter(pk=self.structure.pk).values_list(*(column.source for column in columns))[0]
        about = {column.name: column.write(value) for column, value in zip(columns, values, strict=True)}
        if about["logo"]:
            self.blobs.add(about["logo"])
        return about

    def _rows(self, model: type[Model]) -> Iterator[dict[str, Any]]:
        """The rows of one table, by number."""
        columns = [Column(field) for field in tables.columns(model)]
        hidden = tables.secrets_of(model)
        of_blobs = {column.name for column in columns if column.to is Blob}
        sources = ["pk", *(column.source for column in columns)]
        relations = tables.own_relations(model)
        found = model.objects.order_by("pk").values_list(*sources).iterator(chunk_size=CHUNK)  # type: ignore[attr-defined]
        for chunk in _chunks(found):
            linked = {relation.name: _linked(relation, [values[0] for values in chunk]) for relation in relations}
            for pk, *values in chunk:
                row = {"id": pk}
                for column, value in zip(columns, values, strict=True):
                    row[column.name] = bool(value) if column.name in hidden else column.write(value)
                for name, numbers in linked.items():
                    row[name] = numbers.get(pk, [])
                if model is Person and row["visit_ends_at"]:
                    row["account"] = None  # the host's visit: their right to be here does not travel
                self.blobs.update(row[name] for name in of_blobs if row[name])
                yield row

    def _blobs(self) -> list[dict[str, Any]]:
        """Write the blobs the rows point at; what the manifest says of them, of those that are lost too."""
        described = []
        for names in _chunks(sorted(self.blobs)):
            for blob in Blob.objects.filter(sha256__in=names).order_by("sha256"):
                about = {"sha256": blob.sha256, "media_type": blob.media_type, "size": blob.size}
                described.append({**about, "lost": not self._blob(blob)})
        return described

    def _blob(self, blob: Blob) -> bool:
        """Write the bytes of one blob. False when they are gone or altered: the rest of the archive stays good."""
        if not _is_whole(blob):
            return False
        # Pictures, documents and recordings are compressed already.
        with blob.open() as source, self.writer.member(f"blobs/{blob.sha256}", compressed=False) as target:
            while piece := source.read(PIECE):
                target.write(piece)
        return True


def _is_whole(blob: Blob) -> bool:
    """Read the bytes once before they are written: a member of a zip cannot be taken back."""
    sha256 = hashlib.sha256()
    try:
        with blob.open() as source:
            while piece := source.read(PIECE):
                sha256.update(piece)
    except (errors.Damaged, OSError):
        return False
    return sha256.hexdigest() == blob.sha256


def _chunks(rows: Iterable[Any]) -> Iterator[list[Any]]:
    chunk: list[Any] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _linked(relation: Any, pks: list[int]) -> dict[int, list[int]]:
    """The rows that each of `pks` has in a many-to-many relation, by number."""
    through = relation.remote_field.through
    source, target = relation.m2m_column_name(), relation.m2m_reverse_name()
    found: dict[int, list[int]] = {}
    rows = through._default_manager.filter(**{f"{source}__in": pks}).order_by(target).values_list(source, target)
    for one, other in rows:
        found.setdefault(one, []).append(other)
    return found


def _plain(rows: Any) -> Iterator[dict[str, Any]]:
    """Rows of the journal, every column as it was sealed."""
    columns = [Column(field) for field in rows.model._meta.concrete_fields if field.name not in {"id", "structure"}]
    names = ["pk", *(column.source for column in columns)]
    size = 20 if rows.model is Seal else CHUNK  # a seal lists a thousand entries
    for pk, *values in rows.order_by("pk").values_list(*names).iterator(chunk_size=size):
        yield {"id": pk, **{column.name: column.write(value) for column, value in zip(columns, values, strict=True)}}
