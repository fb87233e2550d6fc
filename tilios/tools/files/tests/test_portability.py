"""Folders and files in an archive, and somebody erased."""

from pathlib import Path
from typing import TYPE_CHECKING

from tilios.core.portability.erasing import erase
from tilios.core.portability.exporting import export
from tilios.core.portability.importing import bring_in
from tilios.core.structures.scope import scope
from tilios.tools.files.models import Item, Version
from tilios.tools.files.models.items import below
from tilios.tools.files.tests import contract

if TYPE_CHECKING:
    from tests.cast import Cast


def test_another_tilios_has_the_same_tree_with_its_bytes_and_versions(cast: "Cast", tmp_path: Path) -> None:
    with scope(cast.fabrique):
        inside = contract.folder(cast.bob, "Travaux")
        deeper = contract.folder(cast.bob, "2026", inside)
        contract.file(cast.bob, "devis.txt", "avant", deeper)
        contract.file(cast.bob, "devis.txt", "après", deeper)
    with (tmp_path / "a.zip").open("wb") as file:
        export(cast.fabrique, file)
    there = bring_in(tmp_path / "a.zip", slug="ailleurs").structure
    with scope(there):
        top = Item.objects.get(name="Travaux")
        found = Item.objects.get(below(top.path), name="devis.txt")
        assert found.path == f"{top.path}{found.parent_id}/{found.pk}/"
        assert found.ancestors[-1] == found.parent_id
        assert found.content.open().read() == "après".encode()
        assert Version.objects.get(item=found).blob.open().read() == b"avant"
        assert found.ruler_id == found.ancestors[0]


def test_the_personal_space_of_somebody_erased_goes_and_what_they_gave_stays(cast: "Cast") -> None:
    with scope(cast.fabrique):
        shared = contract.file(cast.bob, "commun.txt")
        own = Item.objects.get(owner=cast.bob)
        kept = contract.file(cast.bob, "secret.txt", parent=own)
        erase(by=cast.alice, person=cast.bob)
        assert not Item.objects.filter(pk__in=[own.pk, kept.pk]).exists()
        shared.refresh_from_db()
        assert shared.author is None
