"""Look at every row of an archive before anything of it is written. Raises Damaged, with the reason and the place."""

import hashlib
import re
from array import array
from bisect import bisect_left
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from tilios.core.journal.models import Entry, Seal
from tilios.core.journal.sealing import digest, hash_of
from tilios.core.portability import tables
from tilios.core.portability.archive import Reader
from tilios.core.portability.columns import SHA256, Column, Damaged, is_number
from tilios.core.portability.exporting import structure_columns
from tilios.core.portability.numbers import Numbers
from tilios.kit.text import slugify

MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,59}")


class Table:
    """How the rows of one table are read."""

    def __init__(self, model: type[Model]) -> None:
        self.model = model
        self.name = f"data/{model._meta.label_lower}.jsonl"
        self.columns = [Column(field) for field in tables.columns(model)]
        self.hidden = tables.secrets_of(model)
        self.relations = tables.own_relations(model)
        self._known = {"id", *(column.name for column in self.columns), *(link.name for link in self.relations)}

    def read(self, row: dict[str, Any], place: str) -> tuple[int, dict[str, Any], dict[str, list[int]]]:
        """(number, value of each column, numbers of each relation); references are those of the archive."""
        if unknown := row.keys() - self._known:
            about = {"place": place, "column": min(unknown)[:60]}
            raise Damaged(_("%(place)s: “%(column)s” is unknown here. Does it come from a newer Tilios?") % about)
        if not is_number(row.get("id")):
            raise Damaged(_("%(place)s: the row has no number.") % {"place": place})
        try:
            values = {column.name: self._value(column, row) for column in self.columns}
        except Damaged as error:
            raise Damaged(f"{place}: {error.message}") from error
        return row["id"], values, {link.name: self._linked(link.name, row, place) for link in self.relations}

    def _value(self, column: Column, row: dict[str, Any]) -> Any:
        if column.name in self.hidden:
            there = row.get(column.name, False)
            if not isinstance(there, bool):
                raise column.wrong()
            return self.hidden[column.name](there)
        return column.read(row[column.name]) if column.name in row else column.default()

    def _linked(self, name: str, row: dict[str, Any], place: str) -> list[int]:
        numbers = row.get(name, [])
        if not isinstance(numbers, list) or not all(map(is_number, numbers)) or len(set(numbers)) != len(numbers):
            raise Damaged(_("%(place)s: “%(column)s” is not a list of rows.") % {"place": place, "column": name})
        return numbers


def tables_of(archive: Reader) -> list[Table]:
    """The tables the archive holds. Raises Damaged for one that is unknown here."""
    known = {model._meta.label_lower: model for model in tables.exported_models()}
    labels = [name.removeprefix("data/").removesuffix(".jsonl") for name in archive.names("data")]
    for label in labels:
        if label not in known:
            raise Damaged(_("“%(name)s” is unknown here. Does it come from a newer Tilios?") % {"name": label})
    return [Table(known[label]) for label in labels]


def examine(archive: Reader, found: list[Table]) -> dict[type[Model], Numbers]:
    """Read every row of every table. The numbers of the archive, by table."""
    counts = archive.manifest.get("counts")
    if not isinstance(counts, dict):
        raise Damaged(_("The manifest does not count the rows."))
    numbers: dict[type[Model], Numbers] = {model: Numbers() for model in tables.exported_models()}
    for table in found:
        noted = numbers[table.model]
        for line, row in enumerate(archive.lines(table.name), 1):
            place = f"{table.name}:{line}"
            noted.note(table.read(row, place)[0], place)
        if counts.get(table.model._meta.label_lower) != len(noted):
            raise Damaged(_("“%(name)s” does not have as many rows as the manifest says.") % {"name": table.name})
    return numbers


def examine_structure(archive: Reader) -> dict[str, Any]:
    """What the manifest says of the structure, as values of its columns."""
    said = archive.manifest.get("structure")
    columns = structure_columns()
    if not isinstance(said, dict):
        raise Damaged(_("The manifest says nothing of the structure."))
    if unknown := said.keys() - {column.name for column in columns}:
        about = {"place": "manifest.json", "column": min(unknown)[:60]}
        raise Damaged(_("%(place)s: “%(column)s” is unknown here. Does it come from a newer Tilios?") % about)
    try:
        values = {
            column.name: column.read(said[column.name]) if column.name in said else column.default()
            for column in columns
            if column.name != "slug" or "slug" in said
        }
    except Damaged as error:
        raise Damaged(f"manifest.json: {error.message}") from error
    if not values["name"].strip():
        raise Damaged(_("The manifest says nothing of the structure."))
    tools = values["enabled_tools"]
    if not isinstance(tools, list) or not all(isinstance(slug, str) for slug in tools):
        raise Damaged(_("The manifest says nothing of the structure."))
    if slugify(values.get("slug") or "") != (values.get("slug") or "sans-nom"):
        values["slug"] = ""
    return values


@dataclass(frozen=True)
class Described:
    """A blob as the manifest describes it; `lost` when the bytes were already missing where the archive was made."""

    media_type: str
    size: int
    lost: bool


def examine_blobs(archive: Reader) -> dict[str, Described]:
    """What the manifest says of each blob, by SHA-256."""
    said = archive.manifest.get("blobs")
    found: dict[str, Described] = {}
    for one in said if isinstance(said, list) else [None]:
        if not isinstance(one, dict) or one.keys() != {"sha256", "media_type", "size", "lost"}:
            raise Damaged(_("The manifest does not describe the files of the archive."))
        size = one["size"]
        if not _is_digest(one["sha256"]) or one["sha256"] in found or not isinstance(one["lost"], bool):
            raise Damaged(_("The manifest does not describe the files of the archive."))
        if not isinstance(size, int) or isinstance(size, bool) or not 0 <= size < 2**63:
            raise Damaged(_("The manifest does not describe the files of the archive."))
        if not isinstance(one["media_type"], str) or not MEDIA_TYPE.fullmatch(one["media_type"]):
            raise Damaged(_("The manifest does not describe the files of the archive."))
        found[one["sha256"]] = Described(one["media_type"], size, one["lost"])
    there = sorted(sha256 for sha256, about in found.items() if not about.lost)
    if there != [name.removeprefix("blobs/") for name in archive.names("blobs")]:
        raise Damaged(_("The manifest does not describe the files of the archive."))
    return found


# The journal ----------------------------------------------------------------------------------------------------


class Journal:
    """The entries of the archive, with the seals that prove them."""

    def __init__(self, archive: Reader) -> None:
        self.archive = archive
        said = archive.manifest.get("journal")
        self.structure_id = said.get("structure_id") if isinstance(said, dict) else None
        if not is_number(self.structure_id):
            raise Damaged(_("The manifest says nothing of the journal."))
        self._columns: dict[type[Model], list[Column]] = {model: _columns(model) for model in (Entry, Seal)}
        self.count = 0
        self.last_hash = ""

    def entries(self) -> Any:
        """The entries, oldest first, with the numbers of the archive."""
        yield from self._rows(Entry, "journal/entries.jsonl")

    def is_sealed(self) -> bool:
        """Whether every seal holds. Reads every entry, so that one that is not as it must be is refused here."""
        sealed, holds = self._seals()
        met = bytearray(len(sealed))
        self.count = 0
        for entry in self.entries():
            self.count += 1
            place = sealed.place(entry.pk)
            if place is not None:
                met[place] = sealed.digest(place) == digest(entry)
        return holds and all(met)

    def _seals(self) -> tuple["_Sealed", bool]:
        """The entries sealed, and whether the chain of seals holds."""
        sealed, holds, expected = _Sealed(), True, 1
        for seal in self._rows(Seal, "journal/seals.jsonl"):
            if not _is_list(seal.entries, is_number) or not _is_list(seal.digests, _is_digest):
                raise Damaged(_("A seal of the journal is not as it must be."))
            holds = holds and seal.number == expected and seal.previous == self.last_hash
            holds = holds and len(seal.entries) == len(seal.digests) and seal.hash == hash_of(seal)
            expected += 1
            self.last_hash = seal.hash
            sealed.add(seal.entries, seal.digests)
        return sealed, sealed.settle() and holds

    def _rows(self, model: type[Model], name: str) -> Any:
        if name not in self.archive.names("journal"):
            raise Damaged(_("“%(name)s” is missing from the archive.") % {"name": name})
        columns = self._columns[model]
        known = {"id", *(column.name for column in columns)}
        before = 0
        for line, row in enumerate(self.archive.lines(name), 1):
            place = f"{name}:{line}"
            if row.keys() != known or not is_number(row["id"]) or row["id"] <= before:
                raise Damaged(_("%(place)s: this is not a row.") % {"place": place})
            before = row["id"]
            try:
                values = {column.field.attname: column.read(row[column.name]) for column in columns}
            except Damaged as error:
                raise Damaged(f"{place}: {error.message}") from error
            yield model(pk=row["id"], structure_id=self.structure_id, **values)


class _Sealed:
    """Numbers of sealed entries and the digest of each: 40 bytes an entry."""

    def __init__(self) -> None:
        self._numbers = array("q")
        self._digests = bytearray()

    def __len__(self) -> int:
        return len(self._numbers)

    def add(self, numbers: list[int], digests: list[str]) -> None:
        for number, value in zip(numbers, digests, strict=False):
            self._numbers.append(number)
            self._digests += bytes.fromhex(value)

    def settle(self) -> bool:
        """Put them in order (a late entry is in a later seal). Whether each number stands once."""
        order = list(range(len(self)))
        if any(self._numbers[place] >= self._numbers[place + 1] for place in order[:-1]):
            order = sorted(order, key=self._numbers.__getitem__)
            self._digests = bytearray(b"".join(self.digest_bytes(place) for place in order))
            self._numbers = array("q", (self._numbers[place] for place in order))
        return all(self._numbers[place] < self._numbers[place + 1] for place in range(len(self) - 1))

    def place(self, number: int) -> int | None:
        place = bisect_left(self._numbers, number)
        return place if place < len(self) and self._numbers[place] == number else None

    def digest_bytes(self, place: int) -> bytes:
        return bytes(self._digests[place * 32 : place * 32 + 32])

    def digest(self, place: int) -> str:
        return self.digest_bytes(place).hex()


def _columns(model: type[Model]) -> list[Column]:
    return [Column(field) for field in model._meta.concrete_fields if field.name not in {"id", "structure"}]


def _is_list(value: Any, is_one: Any) -> bool:
    return isinstance(value, list) and all(map(is_one, value))


def _is_digest(value: Any) -> bool:
    return isinstance(value, str) and bool(SHA256.fullmatch(value))


def fingerprint(archive: Reader) -> str:
    """SHA-256 of the list of members: names this archive in the journal."""
    members = archive.manifest["members"]
    return hashlib.sha256("".join(f"{name}{members[name]['sha256']}" for name in sorted(members)).encode()).hexdigest()
