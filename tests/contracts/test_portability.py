"""What a structure puts in, it takes out, whole; another Tilios takes it in and has the same.

Every tool is in these tests the day its folder appears: its contract module fills the structure.
"""

import json
import re
import zipfile
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db.models import PROTECT

from tests.cast import Cast
from tilios.core.people import actions as people
from tilios.core.people.models import Person
from tilios.core.people.roles import Role
from tilios.core.portability import personal, tables, traces
from tilios.core.portability.archive import Reader
from tilios.core.portability.columns import Column
from tilios.core.portability.erasing import erase
from tilios.core.portability.exporting import export
from tilios.core.portability.importing import bring_in
from tilios.core.portability.tests.samples import fill_house, fill_what_is_empty
from tilios.core.structures.models import Owned, Structure
from tilios.core.structures.scope import scope
from tilios.core.toolbox import registry

SECRET = re.compile(r"(.*_)?(token|secret|password|passphrase)|key")


def fill(cast: Cast) -> None:
    """Something in every table that a tool or the house has."""
    fill_house(cast)
    with scope(cast.fabrique):
        for tool in registry.tools():
            name = f"tilios.tools.{tool.slug}.tests.contract"
            if find_spec(name):
                import_module(name).fill(cast.alice, 3)
        fill_what_is_empty()


def take_out(structure: Structure, path: Path) -> Path:
    with path.open("wb") as file:
        export(structure, file)
    return path


def content(path: Path) -> dict[str, Any]:
    """What the archive says, its rows renumbered by their place, so that two archives can be compared."""
    with Reader(path) as archive:
        archive.check()
        models = {model._meta.label_lower: model for model in tables.exported_models()}
        rows = {label: list(archive.lines(f"data/{label}.jsonl")) for label in models}
        entries = list(archive.lines("journal/entries.jsonl"))
        manifest = archive.manifest
    places = {label: {row["id"]: place for place, row in enumerate(lines)} for label, lines in rows.items()}

    def place(label: str, number: Any) -> Any:
        return number if number is None else places.get(label, {}).get(number, "gone")

    for label, lines in rows.items():
        model = models[label]
        columns = [Column(field) for field in tables.columns(model)]
        pair = tables.generic_reference(model)
        for row in lines:
            row["id"] = place(label, row["id"])
            for column in columns:
                if column.is_reference and column.to is not None:
                    row[column.name] = place(column.to._meta.label_lower, row[column.name])
            for relation in tables.own_relations(model):
                to = relation.related_model._meta.label_lower  # type: ignore[union-attr]
                row[relation.name] = [place(to, number) for number in row[relation.name]]
            if pair:
                named = tables.model_of_kind(row[pair[0]])
                row[pair[1]] = place(named._meta.label_lower if named else "", row[pair[1]])
    for entry in entries:
        entry["id"] = None
        entry["account"] = "gone" if entry["account"] else None
        for name in ("actor", "on_behalf", "subject"):
            entry[name] = place("people.person", entry[name])
        entry["visitor"] = place("access.visitor", entry["visitor"])
        named = tables.model_of_kind(entry["kind"])
        entry["target"] = place(named._meta.label_lower if named else "", entry["target"])
    entries = [entry for entry in entries if entry["verb"] not in {"portal.exported", "portal.imported"}]
    structure = {**manifest["structure"], "slug": None}
    blobs = {blob["sha256"]: blob["media_type"] for blob in manifest["blobs"]}
    return {"structure": structure, "rows": rows, "entries": entries, "blobs": blobs}


def test_what_is_taken_out_and_brought_in_is_the_same(cast: Cast, tmp_path: Path) -> None:
    fill(cast)
    first = take_out(cast.fabrique, tmp_path / "first.zip")
    made = bring_in(first, slug="ailleurs")
    assert made.structure.slug == "ailleurs"
    second = take_out(made.structure, tmp_path / "second.zip")
    one, other = content(first), content(second)
    # The accounts of the cast are on this instance: linked in the copy as in the original.
    assert one == other


def test_every_table_of_the_house_and_of_the_tools_is_filled_by_this_suite(cast: Cast, tmp_path: Path) -> None:
    """A table that stays empty here is one whose export nobody has tried."""
    fill(cast)
    with Reader(take_out(cast.fabrique, tmp_path / "all.zip")) as archive:
        empty = {name for name, count in archive.manifest["counts"].items() if not count}
    assert empty <= {"journal/seals"}


def test_nothing_that_lets_somebody_in_is_in_an_archive(cast: Cast, tmp_path: Path) -> None:
    fill(cast)
    with scope(cast.fabrique):
        keys = {
            value
            for model in tables.exported_models()
            for name in tables.secrets_of(model)
            for value in model.objects.values_list(name, flat=True)  # type: ignore[attr-defined]
            if value
        }
    keys |= {getattr(cast, who).account.password for who in ("alice", "bob", "gus")}
    assert len(keys) > 3
    path = take_out(cast.fabrique, tmp_path / "all.zip")
    with zipfile.ZipFile(path) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert not [key for key in keys if key.encode() in everything]


@pytest.mark.parametrize("model", tables.exported_models(), ids=lambda model: model._meta.label)
def test_a_column_that_sounds_like_a_secret_is_declared(model: type[Owned]) -> None:
    hidden = tables.secrets_of(model)
    for field in tables.columns(model):
        declared = field.name in hidden or str(field) in tables.not_secret()
        assert declared or not SECRET.fullmatch(field.name), (
            f"{field}: say in the tool's portability module that it is SECRETS or NOT_SECRET"
        )


@pytest.mark.parametrize("model", tables.exported_models(), ids=lambda model: model._meta.label)
def test_every_column_can_be_written_and_pointed_at(model: type[Owned]) -> None:
    exported = set(tables.exported_models())
    for field in tables.columns(model):
        column = Column(field)
        if column.is_reference:
            assert column.to in exported, f"{field} points at a table that no archive holds"


def test_every_model_left_out_exists() -> None:
    known = {model._meta.label for model in apps.get_models()}
    assert set(tables.left_out()) <= known


def test_the_manifest_names_and_measures_every_member(cast: Cast, tmp_path: Path) -> None:
    fill(cast)
    path = take_out(cast.fabrique, tmp_path / "all.zip")
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert set(archive.namelist()) == {*manifest["members"], "manifest.json"}
        assert {"open/people.csv", "open/people.vcf", "open/README.md"} <= set(archive.namelist())


def test_erasing_somebody_leaves_no_trace_of_them_in_any_tool(cast: Cast) -> None:
    """Alice, under a name nobody else has, makes something in every tool; another administrator erases her."""
    with scope(cast.fabrique):
        other = people.create_person(by=None, display_name="Autre", role=Role.ADMIN, account=cast.charlie.account)
        alice = Person.objects.get(pk=cast.alice.pk)
        alice.given_name, alice.family_name, alice.display_name = "Aliénor", "Xylophène", "Aliénor Xylophène"
        alice.email, alice.mobile = "alienor.xylophene@example.org", "06 11 22 33 44"
        alice.save()
        cast.alice = alice
    fill(cast)
    with scope(cast.fabrique):
        alice = Person.objects.get(pk=cast.alice.pk)
        words = traces.Words.of(alice)
        erase(by=Person.objects.get(pk=other.pk), person=alice)
        assert not list(traces.scan(words.addresses))
        left = [trace for trace in traces.scan(words.names) if trace.model._meta.label not in kept_by_law()]
        assert not left, "say in the tool's portability module what becomes of these (PERSONAL)"


def kept_by_law() -> set[str]:
    """Tables whose rows keep the name they bear: accounts and their papers, and what cannot be without them."""
    kept = {
        label for label, said in personal.declared().items() if isinstance(said, personal.Fate) and said.then == "keep"
    }
    for _depth in range(3):
        for model in tables.owned_models():
            fields = [field for field in model._meta.concrete_fields if field.is_relation]
            if any(
                field.remote_field.on_delete is PROTECT and field.related_model._meta.label in kept for field in fields
            ):
                kept.add(model._meta.label)
    return kept
