"""A text leaves with its whole history, and another Tilios has it as it was."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tilios.core.documents import actions as documents
from tilios.core.documents import queries, rendering
from tilios.core.documents.access import Writer
from tilios.core.documents.building import from_html
from tilios.core.documents.models import Document
from tilios.core.people.models import Person
from tilios.core.portability.erasing import erase
from tilios.core.portability.exporting import export
from tilios.core.portability.importing import bring_in
from tilios.core.structures.scope import scope
from tilios.tools.pads.actions import texts, upkeep
from tilios.tools.pads.actions.spaces import open_spaces
from tilios.tools.pads.models import Item
from tilios.tools.pads.tests.contract import folder, text

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_history_moments_comments_and_chat_come_along(cast: "Cast", tmp_path: Path) -> None:
    with scope(cast.fabrique):
        item = text(cast.bob, "Charte", parent=folder(cast.bob))
        document = texts.document_of(item)
        writer = Writer(person=cast.alice)
        documents.name_revision(document=document, by=Writer(person=cast.bob), name="Avant")
        documents.append(document=document, writer=writer, data=from_html("<p>Ajout d'Alice.</p>"))
        documents.begin_thread(document=document, by=writer, start=b"\x01", end=b"\x02", quote="Bonjour", body="Oui ?")
        documents.say(document=document, by=writer, body="Relu")
        documents.compact(document)
        before = (
            rendering.render(document).html,
            [(one["number"], one["name"], one["writers"]) for one in queries.history(document)],
            [(row["name"], row["edits"]) for row in queries.contributions(document)],
            queries.state_at(document, 1),
        )
        with (tmp_path / "all.zip").open("wb") as file:
            export(cast.fabrique, file)
    made = bring_in(tmp_path / "all.zip", slug="ailleurs")
    with scope(made.structure):
        copy = Item.objects.get(name="Charte")
        assert copy.path.endswith(f"/{copy.parent_id}/{copy.pk}/")
        there = texts.document_of(copy)
        after = (
            rendering.render(there).html,
            [(one["number"], one["name"], one["writers"]) for one in queries.history(there)],
            [(row["name"], row["edits"]) for row in queries.contributions(there)],
            queries.state_at(there, 1),
        )
        assert after == before
        assert [one.quote for one in queries.threads(there)] == ["Bonjour"]
        assert [one.body for one in queries.sayings(there)] == ["Relu"]


def test_erasing_somebody_keeps_what_all_share_without_their_name(cast: "Cast") -> None:
    with scope(cast.fabrique):
        open_spaces(cast.bob)
        shared = text(cast.bob, "Commun")
        own = text(cast.bob, "Journal", parent=Item.objects.get(owner=cast.bob))
        documents.say(document=texts.document_of(shared), by=Writer(person=cast.bob), body="Je relis")
        erase(by=cast.alice, person=Person.objects.get(pk=cast.bob.pk))
        upkeep.forget_orphans()
        assert not Document.objects.filter(kind="pads.text", target=own.pk).exists()
        document = texts.document_of(Item.objects.get(pk=shared.pk))
        assert "Bonjour" in rendering.render(document).text
        assert {one["name"] for one in queries.contributions(document)} == {""}
        assert {one["name"] for one in queries.authors(document).values()} == {""}
