"""Bring a structure in from an archive: all of it, or nothing.

Everything is examined first (examining.py); then one transaction makes the structure and its rows. Rows get new
numbers, links and invitations new secrets, and an account is linked only when it has proved the mail address.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.blobs import actions as blobs
from tilios.core.blobs.models import Blob, State
from tilios.core.errors import Invalid
from tilios.core.journal.actions import publish, through
from tilios.core.journal.models import Entry
from tilios.core.people.models import Account, Person
from tilios.core.portability import tables
from tilios.core.portability.archive import Reader
from tilios.core.portability.columns import Damaged
from tilios.core.portability.examining import (
    Described,
    Journal,
    Table,
    examine,
    examine_blobs,
    examine_structure,
    fingerprint,
    tables_of,
)
from tilios.core.portability.numbers import Numbers
from tilios.core.portability.snapshot import nothing
from tilios.core.search import index
from tilios.core.structures.actions import RESERVED_SLUGS, free_slug
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import no_scope, scope
from tilios.kit.text import slugify

CHUNK = 500


@dataclass(frozen=True)
class BroughtIn:
    """What an import made."""

    structure: Structure
    rows: int
    linked: int  # persons whose account is here
    unlinked: int  # persons who had an account there and have none here
    lost_blobs: int
    journal_holds: bool


def bring_in(
    path: Path, *, slug: str = "", account: Any = None, accept_journal: bool = False, report: Any = nothing
) -> BroughtIn:
    """The structure of the archive at `path`, under `slug` or the nearest free address.

    Raises Damaged, with the reason, for an archive that cannot be taken whole; Invalid("slug") for an address that is
    taken or not one. A journal whose seals do not hold is refused too, unless `accept_journal`: it then says so.
    Publishes "portal.imported".
    """
    with no_scope(), Reader(path) as archive:
        values = examine_structure(archive)
        values["slug"] = _slug(slug, values)
        described = examine_blobs(archive)
        found = tables_of(archive)
        archive.check(report)
        numbers = examine(archive, found)
        journal = Journal(archive)
        holds = journal.is_sealed()
        if not holds and not accept_journal:
            raise Damaged(_("The journal of the archive does not match its seals: it was altered before the export."))
        here = _store(archive, described)
        try:
            with through("import"), transaction.atomic():
                made = _Import(archive, found, numbers, here, journal).run(values, account, holds)
        except (IntegrityError, DataError) as error:
            # SECURITY: what the database said is for the log: it may quote a row.
            raise Damaged(_("The rows of the archive contradict each other: nothing was brought in.")) from error
        lost = sum(about.lost for about in described.values())
    with scope(made.structure):
        index.rebuild()
    return BroughtIn(made.structure, made.rows, made.linked, made.unlinked, lost, holds)


def _slug(asked: str, values: dict[str, Any]) -> str:
    if asked:
        if slugify(asked) != asked or asked in RESERVED_SLUGS:
            raise Invalid("slug", _("“%(slug)s” cannot be an address.") % {"slug": asked})
        if Structure.objects.filter(slug=asked).exists():
            raise Invalid("slug", _("The address “%(slug)s” is taken.") % {"slug": asked})
        return asked
    wanted = values.get("slug") or values["name"]
    return free_slug(wanted)


def _store(archive: Reader, described: dict[str, Described]) -> dict[str, int]:
    """Store the blobs of the archive; the number here of each. Stored before the transaction, which they would hold up;
    if that fails they are collected like any blob that nothing points at.
    """
    here = {}
    for sha256, about in described.items():
        if about.lost:
            lost = {"size": about.size, "media_type": about.media_type, "state": State.MISSING}
            here[sha256] = Blob.objects.get_or_create(sha256=sha256, defaults=lost)[0].pk
            continue
        with archive.blob(sha256) as stream:
            blob = blobs.store(stream, media_type=about.media_type)
        if blob.sha256 != sha256:
            raise Damaged(_("The archive changed while it was being read."))
        here[sha256] = blob.pk
    return here


class _Import:
    """The transaction that writes the rows."""

    def __init__(
        self,
        archive: Reader,
        found: list[Table],
        numbers: dict[type[Model], Numbers],
        blobs_here: dict[str, int],
        journal: Journal,
    ) -> None:
        self.archive = archive
        self.tables = found
        self.numbers = numbers
        self.blobs = blobs_here
        self.journal = journal
        self.rows = sum(map(len, numbers.values()))
        self.linked = 0
        self.unlinked = 0
        self._accounts_taken: set[int] = set()
        self.structure: Structure

    def run(self, values: dict[str, Any], account: Any, holds: bool) -> "_Import":
        self._make_structure(values)
        for model, numbers in self.numbers.items():
            numbers.give(model)
        with scope(self.structure):
            for table in self.tables:
                for rows in _chunks(self.archive.lines(table.name)):
                    self._write(table, rows)
            for _slug, functions in tables.of_tools("AFTER_IMPORT"):
                for function in functions:
                    function()
            self._write_journal()
            publish(
                "portal.imported",
                account=account,
                rows=self.rows,
                entries=self.journal.count,
                seal=self.journal.last_hash,
                sealed=holds,
                archive=fingerprint(self.archive),
            )
        return self

    def _make_structure(self, values: dict[str, Any]) -> None:
        if values["logo"] is not None:
            values["logo_id"] = self._blob(values["logo"], "manifest.json")
        del values["logo"]
        made_at = values.pop("created_at", None) or timezone.now()
        self.structure = Structure.objects.create(**values)
        Structure.objects.filter(pk=self.structure.pk).update(created_at=made_at)
        self.structure.created_at = made_at

    # Rows

    def _write(self, table: Table, rows: list[tuple[int, dict[str, Any]]]) -> None:
        read = [(f"{table.name}:{line}", *table.read(row, f"{table.name}:{line}")) for line, row in rows]
        accounts = self._accounts(table, [values for _place, _number, values, _links in read])
        objects = []
        links: dict[str, list[Model]] = {relation.name: [] for relation in table.relations}
        for place, number, values, linked in read:
            pk = self.numbers[table.model].find(number)
            attributes = {"pk": pk, "structure_id": self.structure.pk}
            for column in table.columns:
                attributes[column.field.attname] = self._here(column, values[column.name], place, accounts)
            self._renumber(table.model, attributes)
            objects.append(table.model(**attributes))
            for relation in table.relations:
                links[relation.name] += self._links(relation, pk, linked[relation.name], place)
        insert(table.model, objects)
        for relation in table.relations:
            insert(relation.remote_field.through, links[relation.name])

    def _here(self, column: Any, value: Any, place: str, accounts: dict[str, int]) -> Any:
        """A value as it is here: the row, blob or account that a reference names."""
        if value is None or column.to is None:
            return value
        if column.to is Blob:
            return self._blob(value, place)
        if column.to is Account:
            return self._account(column, accounts.get(value))
        return self._row(column.to, value, place)

    def _row(self, model: type[Model], number: int, place: str) -> int:
        found = self.numbers[model].find(number) if model in self.numbers else None
        if found is None:
            about = {"place": place, "table": model._meta.label, "number": number}
            raise Damaged(_("%(place)s points at %(table)s %(number)s, which is not in the archive.") % about)
        return found

    def _blob(self, sha256: str, place: str) -> int:
        if sha256 not in self.blobs:
            raise Damaged(_("%(place)s points at a file which is not in the archive.") % {"place": place})
        return self.blobs[sha256]

    def _links(self, relation: Any, pk: Any, numbers: list[int], place: str) -> Iterator[Model]:
        source, target = relation.m2m_field_name(), relation.m2m_reverse_field_name()
        for number in numbers:
            other = self._row(relation.related_model, number, place)
            yield relation.remote_field.through(**{f"{source}_id": pk, f"{target}_id": other})

    def _renumber(self, model: type[Model], attributes: dict[str, Any]) -> None:
        """Renumber what a (kind, number) pair names; see `_elsewhere` for what is gone."""
        if pair := tables.generic_reference(model):
            kind, target = pair
            attributes[target] = self._elsewhere(attributes[kind], attributes[target])

    def _elsewhere(self, kind: str, number: int | None) -> int | None:
        """The number here of a thing that was gone already, or that no archive takes: a negative one, which nothing
        will ever have.
        """
        if number is None or number <= 0:
            return number
        model = tables.model_of_kind(kind)
        found = self.numbers[model].find(number) if model in self.numbers else None
        return -number if found is None else found

    # Accounts

    def _accounts(self, table: Table, read: list[dict[str, Any]]) -> dict[str, int]:
        """The account that has proved each mail address of these rows."""
        names = [column.name for column in table.columns if column.to is Account]
        mails = {values[name] for values in read for name in names if values[name]}
        # SECURITY: an address nobody has proved gives nobody the place of the person in the archive.
        proved = EmailAddress.objects.filter(email__in=mails, verified=True, user__is_active=True)
        return dict(proved.values_list("email", "user_id"))

    def _account(self, column: Any, pk: int | None) -> int | None:
        if column.field.model is not Person:
            return pk
        # One person of the structure per account: here one account may have proved the addresses of two.
        if pk is None or pk in self._accounts_taken:
            self.unlinked += 1
            return None
        self._accounts_taken.add(pk)
        self.linked += 1
        return pk

    # The journal

    def _write_journal(self) -> None:
        """The entries with the numbers of here; what they speak of that is gone keeps a number that nothing has."""
        visitors = "access.visitor"
        for entries in _chunks(self.journal.entries()):
            made = []
            for _line, entry in entries:
                entry.pk = None
                entry.structure_id = self.structure.pk
                for name in ("actor", "on_behalf", "subject"):
                    setattr(entry, name, self._elsewhere(Person._meta.label_lower, getattr(entry, name)))
                entry.visitor = self._elsewhere(visitors, entry.visitor)
                entry.target = self._elsewhere(entry.kind, entry.target)
                entry.account = -abs(entry.account) if entry.account else None
                made.append(entry)
            Entry.objects.bulk_create(made)


def insert(model: type[Model], objects: list[Any]) -> None:
    """Insert rows exactly as they are: no default, no date of today, no signal."""
    fields = [field for field in model._meta.concrete_fields if not getattr(field, "generated", False)]
    if objects and objects[0].pk is None:
        fields = [field for field in fields if not field.primary_key]
    size = max(1, connection.ops.bulk_batch_size(fields, objects))
    rows = model._base_manager.all()
    for start in range(0, len(objects), size):
        rows._insert(objects[start : start + size], fields=fields, using=rows.db, raw=True)  # type: ignore[attr-defined]


def _chunks(rows: Any) -> Iterator[list[tuple[int, Any]]]:
    """Rows by the chunk, each with its line."""
    chunk: list[tuple[int, Any]] = []
    for numbered in enumerate(rows, 1):
        chunk.append(numbered)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
