"""An archive that is damaged or hostile is refused whole, with a reason, and leaves nothing behind."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import Cast
from tilios.core.errors import Invalid
from tilios.core.journal.models import Entry
from tilios.core.journal.sealing import seal
from tilios.core.people.models import Person
from tilios.core.portability import archive as archives
from tilios.core.portability.columns import Damaged
from tilios.core.portability.exporting import export
from tilios.core.portability.importing import bring_in
from tilios.core.portability.tests.samples import fill_house
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope

PEOPLE = "data/people.person.jsonl"
Members = dict[str, bytes]
_made: Members = {}


@pytest.fixture
def good(cast: Cast) -> Members:
    """The members of a good archive of La Fabrique, made once: nothing in it depends on the database at hand."""
    if not _made:
        fill_house(cast)
        seal(cast.fabrique)
        file = io.BytesIO()
        export(cast.fabrique, file)
        with zipfile.ZipFile(file) as found:
            _made.update({name: found.read(name) for name in found.namelist()})
    return dict(_made)


def pack(members: Members, path: Path, *, checksums: bool = True) -> Path:
    """Write an archive; with `checksums` the manifest agrees with what is in it, as a careful attacker would see to."""
    members = dict(members)
    if checksums:
        manifest = json.loads(members["manifest.json"])
        manifest["members"] = {
            name: {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
            for name, content in members.items()
            if name != "manifest.json"
        }
        members["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return path


def refused(path: Path, reason: str = "") -> str:
    """The reason; nothing of the archive is here."""
    before = Structure.objects.count(), Entry.objects.count()
    with translation.override("en"), pytest.raises(Damaged) as refusal:
        bring_in(path)
    assert reason in refusal.value.message
    assert (Structure.objects.count(), Entry.objects.count()) == before
    return str(refusal.value.message)


def edit(members: Members, name: str, change: Callable[[list[Any]], Any]) -> Members:
    """The members with the rows of one changed: `change(rows)` in place, or gives others."""
    rows = [json.loads(line) for line in members[name].splitlines()]
    rows = change(rows) or rows
    content = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    manifest = json.loads(members["manifest.json"])
    label = name.removeprefix("data/").removesuffix(".jsonl")
    if label in manifest["counts"]:
        manifest["counts"][label] = len(rows)
    return {**members, name: content, "manifest.json": json.dumps(manifest).encode()}


def manifest_with(good: Members, **changes: Any) -> Members:
    return {**good, "manifest.json": json.dumps({**json.loads(good["manifest.json"]), **changes}).encode()}


def test_the_good_one_is_taken(good: Members, tmp_path: Path) -> None:
    made = bring_in(pack(good, tmp_path / "a.zip"))
    assert (made.structure.slug, made.linked, made.journal_holds) == ("la-fabrique-2", 4, True)


# The file


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_zip(cast: Cast, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(content)
    refused(tmp_path / "a.zip")


def test_a_file_cut_short(good: Members, tmp_path: Path) -> None:
    path = pack(good, tmp_path / "a.zip")
    path.write_bytes(path.read_bytes()[:-200])
    refused(path)


def test_a_wrong_checksum(good: Members, tmp_path: Path) -> None:
    content = good[PEOPLE].replace(b"Moreau", b"Martin")
    assert "checksum" in refused(pack({**good, PEOPLE: content}, tmp_path / "a.zip", checksums=False))


def test_a_missing_member(good: Members, tmp_path: Path) -> None:
    del good[PEOPLE]
    assert PEOPLE in refused(pack(good, tmp_path / "a.zip", checksums=False))


def test_a_member_the_manifest_does_not_know(good: Members, tmp_path: Path) -> None:
    good["open/virus.html"] = b"<script>"
    assert "open/virus.html" in refused(pack(good, tmp_path / "a.zip", checksums=False))


@pytest.mark.parametrize(
    "name",
    ["../evil", "/etc/passwd", "open/../../evil", "open\\..\\evil", "C:/evil", "open/a b", "open/", "open//a",
     "data/../blobs/x", "blobs/zz", "data/people.person.jsonl/x", "MANIFEST.JSON", "open/.hidden", "open/é.txt"],
)  # fmt: skip
def test_a_name_that_leaves_the_archive(good: Members, tmp_path: Path, name: str) -> None:
    good[name] = b"x"
    refused(pack(good, tmp_path / "a.zip"))


def test_a_name_twice(good: Members, tmp_path: Path) -> None:
    path = pack(good, tmp_path / "a.zip")
    with zipfile.ZipFile(path, "a") as file, pytest.warns(UserWarning, match="Duplicate"):
        file.writestr(PEOPLE, b"")
    refused(path, "twice")


def test_a_link(good: Members, tmp_path: Path) -> None:
    path = pack(good, tmp_path / "a.zip")
    info = zipfile.ZipInfo("open/link")
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "a") as file:
        file.writestr(info, "/etc/passwd")
    refused(path, "not an ordinary file")


def test_a_bomb(good: Members, tmp_path: Path) -> None:
    good["open/bomb.txt"] = b"\0" * (20 * 2**20)
    refused(pack(good, tmp_path / "a.zip"), "far too big")


def test_a_size_that_lies(good: Members, tmp_path: Path) -> None:
    """The list of members says less than what unpacks."""
    path = pack(good, tmp_path / "a.zip")
    size = len(good[PEOPLE]).to_bytes(4, "little")
    assert size in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(size, (5).to_bytes(4, "little")))
    refused(path)


def test_members_one_over_the_other(good: Members, tmp_path: Path) -> None:
    path = pack(good, tmp_path / "a.zip")
    with zipfile.ZipFile(path) as file:
        first, second = file.infolist()[:2]
    content = bytearray(path.read_bytes())
    place = content.rindex(second.filename.encode()) - 4  # where the list of members says where the second begins
    content[place : place + 4] = first.header_offset.to_bytes(4, "little")
    path.write_bytes(content)
    refused(path)


# The manifest


@pytest.mark.parametrize(
    "changes",
    [{"format": "zip"}, {"version": 2}, {"version": "1"}, {"version": True}, {"version": None}, {"members": []},
     {"counts": None}, {"structure": None}, {"structure": {}}, {"journal": None}, {"journal": {"structure_id": "1"}},
     {"blobs": None}, {"blobs": [1]}, {"blobs": []}],
)  # fmt: skip
def test_a_manifest_that_is_not_as_it_must_be(good: Members, tmp_path: Path, changes: dict[str, Any]) -> None:
    refused(pack(manifest_with(good, **changes), tmp_path / "a.zip", checksums="members" not in changes))


def test_an_unknown_version_says_what_to_do(good: Members, tmp_path: Path) -> None:
    message = refused(pack(manifest_with(good, version=7), tmp_path / "a.zip"))
    assert "version 7" in message
    assert "Update" in message


@pytest.mark.parametrize(
    "structure",
    [{"name": ""}, {"name": 5}, {"name": "x" * 121}, {"kind": "king"}, {"enabled_tools": {"a": 1}}, {"unknown": 1},
     {"logo": "../etc"}, {"logo": "0" * 64}, {"country": None}],
)  # fmt: skip
def test_a_structure_that_is_not_as_it_must_be(good: Members, tmp_path: Path, structure: dict[str, Any]) -> None:
    said = {**json.loads(good["manifest.json"])["structure"], **structure}
    refused(pack(manifest_with(good, structure=said), tmp_path / "a.zip"))


def test_a_slug_that_is_no_address_is_made_anew(good: Members, tmp_path: Path) -> None:
    said = {**json.loads(good["manifest.json"])["structure"], "slug": "../Évil"[:60]}
    assert bring_in(pack(manifest_with(good, structure=said), tmp_path / "a.zip")).structure.slug == "la-fabrique-2"


def test_an_address_asked_for_is_taken_or_refused(good: Members, tmp_path: Path) -> None:
    path = pack(good, tmp_path / "a.zip")
    for slug in ("la-fabrique", "Pas Une", "tilios"):
        with pytest.raises(Invalid):
            bring_in(path, slug=slug)
    assert bring_in(path, slug="tout-neuf").structure.slug == "tout-neuf"


# The rows


def set_in_first(column: str, value: Any) -> Callable[[list[Any]], None]:
    def change(rows: list[Any]) -> None:
        rows[0][column] = value

    return change


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("id", None), ("id", 0), ("id", -1), ("id", "1"), ("id", True), ("id", 2**63), ("id", 1.5),
        ("display_name", None), ("display_name", 5), ("display_name", "x" * 121), ("display_name", "a\0b"),
        ("display_name", "\ud800"), ("display_name", ["x"]), ("role", "40"), ("role", 50), ("role", 10**9),
        ("role", True), ("status", "dead"), ("birth_date", "1984-02-30"), ("birth_date", 5), ("birth_date", "hier"),
        ("created_at", "2026-05-04"), ("created_at", "2026-05-04T10:00:00"), ("created_at", 0), ("created_at", None),
        ("account", 5), ("account", "nobody"), ("account", ["a@b"]), ("account", "a@" + "b" * 300), ("newer", 1),
        ("structure", 1), ("email", {"a": 1}),
    ],
)  # fmt: skip
def test_a_value_its_column_cannot_take(good: Members, tmp_path: Path, column: str, value: Any) -> None:
    message = refused(pack(edit(good, PEOPLE, set_in_first(column, value)), tmp_path / "a.zip"))
    assert f"{PEOPLE}:1" in message


def test_two_rows_of_one_number(good: Members, tmp_path: Path) -> None:
    message = refused(pack(edit(good, PEOPLE, lambda rows: [*rows, rows[-1]]), tmp_path / "a.zip"))
    assert "the same number" in message


@pytest.mark.parametrize(
    ("name", "column", "value"),
    [
        ("data/people.membership.jsonl", "person", 999_999),
        ("data/people.membership.jsonl", "group", "1"),
        ("data/people.mandate.jsonl", "scan", "0" * 64),
        ("data/conversations.comment.jsonl", "mentions", [999_999]),
        ("data/conversations.comment.jsonl", "mentions", "everybody"),
        ("data/conversations.comment.jsonl", "mentions", [1, 1]),
        ("data/access.visitor.jsonl", "key", "a key somebody knows"),
    ],
)
def test_a_reference_that_leads_nowhere(good: Members, tmp_path: Path, name: str, column: str, value: Any) -> None:
    refused(pack(edit(good, name, set_in_first(column, value)), tmp_path / "a.zip"))


def test_rows_that_contradict_each_other(good: Members, tmp_path: Path) -> None:
    """Twice in the same group: only the database sees it, and nothing stays."""

    def twice(rows: list[Any]) -> list[Any]:
        return [*rows, {**rows[-1], "id": rows[-1]["id"] + 1}]

    refused(pack(edit(good, "data/people.membership.jsonl", twice), tmp_path / "a.zip"), "contradict each other")


@pytest.mark.parametrize(
    "line",
    [b"{", b"[]", b"5", b'{"id": NaN}', b'{"id": 1, "id": 2}', b"[" * 100_000, b'{"id": ' + b"9" * 5000 + b"}",
     b"\xff\xfe", b'{"id": 1e999}'],
)  # fmt: skip
def test_a_line_that_is_no_row(good: Members, tmp_path: Path, line: bytes) -> None:
    refused(pack({**good, PEOPLE: line + b"\n" + good[PEOPLE]}, tmp_path / "a.zip"))


def test_a_line_too_long(good: Members, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LONGEST_LINE", 5000)
    refused(pack(edit(good, PEOPLE, set_in_first("note", "x" * 6000)), tmp_path / "a.zip"), "too long")


def test_a_last_line_without_its_end(good: Members, tmp_path: Path) -> None:
    refused(pack({**good, PEOPLE: good[PEOPLE][:-1]}, tmp_path / "a.zip"))


def test_an_unknown_table_and_a_wrong_count(good: Members, tmp_path: Path) -> None:
    refused(pack({**good, "data/future.thing.jsonl": b""}, tmp_path / "a.zip"), "future.thing")
    refused(pack({**good, "data/people.account.jsonl": b""}, tmp_path / "b.zip"), "people.account")
    counts = {**json.loads(good["manifest.json"])["counts"], "people.person": 3}
    refused(pack(manifest_with(good, counts=counts), tmp_path / "c.zip"))


def test_a_tool_this_archive_does_not_know_yet_is_empty(good: Members, tmp_path: Path) -> None:
    """An archive made before a tool or a column existed is taken."""
    good = edit(good, PEOPLE, lambda rows: [{k: v for k, v in row.items() if k != "organisation"} for row in rows])
    del good["data/conversations.reaction.jsonl"]
    assert bring_in(pack(good, tmp_path / "a.zip")).rows


# Who may enter, and the journal


def test_an_address_nobody_proved_is_not_linked(cast: Cast, good: Members, tmp_path: Path) -> None:
    assert cast.bob.account is not None
    cast.bob.account.emailaddress_set.update(verified=False)
    made = bring_in(pack(good, tmp_path / "a.zip"))
    assert (made.linked, made.unlinked) == (3, 1)
    with scope(made.structure):
        assert Person.objects.get(email=cast.bob.email).account is None


def test_an_altered_journal_is_refused_unless_the_host_accepts_it(good: Members, tmp_path: Path) -> None:
    altered = edit(good, "journal/entries.jsonl", set_in_first("verb", "people.read"))
    path = pack(altered, tmp_path / "a.zip")
    refused(path, "does not match its seals")
    made = bring_in(path, accept_journal=True)
    assert not made.journal_holds
    entry = Entry.objects.get(structure=made.structure, verb="portal.imported")
    assert entry.data["sealed"] is False


# Anything at all


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_bytes_changed_anywhere_never_half_import(good: Members, tmp_path: Path, data: st.DataObject) -> None:
    """Either the archive is what it was, or it is refused: no other error, and nothing left."""
    path = pack(good, tmp_path / "a.zip")
    content = bytearray(path.read_bytes())
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=4)):
        content[place] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    _taken_or_refused(path)


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=5), inside, max_size=3),
    max_leaves=5,
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_rows_changed_anywhere_never_half_import(good: Members, tmp_path: Path, data: st.DataObject) -> None:
    """The same, by somebody who makes the checksums right again."""
    name = data.draw(st.sampled_from(sorted(name for name in good if name.endswith(".jsonl") and good[name])))
    rows = [json.loads(line) for line in good[name].splitlines()]
    row = data.draw(st.sampled_from(rows))
    row[data.draw(st.sampled_from(sorted(row)))] = data.draw(values)
    _taken_or_refused(pack(edit(good, name, lambda _rows: rows), tmp_path / "a.zip"))


def _taken_or_refused(path: Path) -> None:
    before = Structure.objects.count(), Entry.objects.count()
    refusal = None
    try:
        bring_in(path, accept_journal=True)
    except Damaged as error:
        refusal = error.message
    assert refusal != ""
    assert not refusal or (Structure.objects.count(), Entry.objects.count()) == before
