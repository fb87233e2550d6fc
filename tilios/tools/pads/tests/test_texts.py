"""Texts are begun, named, moved, copied, thrown away and brought back."""

from typing import TYPE_CHECKING

import pytest

from tilios.core.documents import actions as documents
from tilios.core.documents import queries, rendering
from tilios.core.documents.access import Writer
from tilios.core.documents.building import from_html
from tilios.core.documents.models import Document, Update
from tilios.core.errors import Conflict, Invalid, NotAllowed
from tilios.core.journal.models import Entry
from tilios.core.search.queries import search
from tilios.core.shelves.levels import Space
from tilios.core.structures.scope import scope
from tilios.tools.pads import library
from tilios.tools.pads.actions import texts, upkeep
from tilios.tools.pads.actions.spaces import open_spaces
from tilios.tools.pads.models import Item
from tilios.tools.pads.tests.contract import common, folder, text

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


def words(item: Item) -> str:
    return rendering.render(texts.document_of(item)).text


def test_everybody_finds_the_common_space_their_groups_and_their_own(cast: "Cast") -> None:
    with scope(cast.fabrique):
        common(cast.bob)
        assert Item.objects.filter(space=Space.COMMON).count() == 1
        assert Item.objects.filter(owner=cast.bob).count() == 1
        open_spaces(cast.gus)
        assert not Item.objects.filter(owner=cast.gus).exists()


def test_a_text_begins_blank_or_from_a_template(cast: "Cast") -> None:
    with scope(cast.fabrique):
        blank = text(cast.bob, "", "")
        assert (blank.name, blank.is_named) == ("Sans titre", False)
        minutes = library.template("minutes", "fr")
        assert minutes
        made = texts.begin_text(
            by=cast.bob, rights=open_spaces(cast.bob), parent=common(cast.bob), name="CR", state=minutes.state()
        )
        assert "Ordre du jour" in words(made)
        assert Entry.objects.filter(verb="pads.begun", target=made.pk).exists()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_template_is_a_whole_text(language: str) -> None:
    found = library.templates(language)
    assert len(found) == 5
    for one in found:
        assert one.title
        assert one.about
        assert len(one.state()) > 200


def test_a_text_without_a_title_takes_its_first_heading(cast: "Cast") -> None:
    with scope(cast.fabrique):
        item = text(cast.bob, "", "<h2>Fête du quartier</h2><p>Le 12 juin.</p>")
        texts.note_change(texts.document_of(item))
        item.refresh_from_db()
        assert item.name == "Fête du quartier"
        texts.rename(by=cast.bob, rights=open_spaces(cast.bob), item=item, name="Juin")
        texts.note_change(texts.document_of(item))
        item.refresh_from_db()
        assert item.name == "Juin"


def test_what_is_written_is_found_by_those_who_may_read_it(cast: "Cast") -> None:
    with scope(cast.fabrique):
        item = text(cast.bob, "Compte rendu", "<p>La scie à ruban est réparée.</p>")
        own = Item.objects.get(owner=cast.bob)
        mine = text(cast.bob, "Journal", "<p>La scie me fatigue.</p>", parent=own)
        for one in (item, mine):
            texts.note_change(texts.document_of(one))
        assert {hit.target for hit in search(cast.bob, "scie").hits} == {item.pk, mine.pk}
        assert {hit.target for hit in search(cast.alice, "scie").hits} == {item.pk}


def test_a_copy_reads_the_same_and_begins_its_own_history(cast: "Cast") -> None:
    with scope(cast.fabrique):
        item = text(cast.bob)
        document = texts.document_of(item)
        first = document.last_number
        documents.append(document=document, writer=Writer(person=cast.bob), data=from_html("<p>Un mot de plus.</p>"))
        rights = open_spaces(cast.alice)
        whole = texts.copy_text(by=cast.alice, rights=rights, item=item)
        past = texts.copy_text(by=cast.alice, rights=rights, item=item, number=first)
        assert words(whole) == words(item) != words(past)
        assert "Un mot de plus" not in words(past)
        assert queries.contributions(texts.document_of(whole))[0]["person"] == cast.alice.pk
        with pytest.raises(Invalid):
            texts.copy_text(by=cast.alice, rights=rights, item=item, number=99)


def test_a_folder_moves_with_all_it_holds_and_not_into_itself(cast: "Cast") -> None:
    with scope(cast.fabrique):
        rights = open_spaces(cast.alice)
        outer, inner = folder(cast.alice, "Projets"), folder(cast.alice, "Fêtes")
        item = text(cast.alice, parent=inner)
        texts.move(by=cast.alice, rights=rights, item=inner, parent=outer)
        item.refresh_from_db()
        assert item.path == f"/{common(cast.alice).pk}/{outer.pk}/{inner.pk}/{item.pk}/"
        with pytest.raises(Conflict):
            texts.move(by=cast.alice, rights=rights, item=outer, parent=inner)
        with pytest.raises(Conflict):
            texts.make_folder(by=cast.alice, rights=rights, parent=common(cast.alice), name="Projets")


def test_what_is_thrown_away_comes_back_until_it_is_removed_with_its_history(cast: "Cast") -> None:
    with scope(cast.fabrique):
        rights = open_spaces(cast.bob)
        inside = folder(cast.bob)
        item = text(cast.bob, parent=inside)
        texts.throw_away(by=cast.bob, rights=rights, item=inside)
        assert not rights.visible().filter(pk=item.pk).exists()
        texts.restore(by=cast.bob, rights=rights, item=inside)
        assert rights.visible().filter(pk=item.pk).exists()
        texts.throw_away(by=cast.bob, rights=rights, item=inside)
        assert texts.forget(by=cast.bob, rights=rights, items=[inside]) == 1
        assert not Document.objects.filter(kind="pads.text", target=item.pk).exists()
        assert not Update.objects.exists()


def test_the_trash_empties_itself_after_thirty_days(cast: "Cast") -> None:
    with scope(cast.fabrique):
        old, young = text(cast.bob, "Vieux"), text(cast.bob, "Jeune")
        for one in (old, young):
            texts.throw_away(by=cast.bob, rights=open_spaces(cast.bob), item=one)
        Item.objects.filter(pk=old.pk).update(trashed_ms=1)
        upkeep.keep_up()
        assert list(Item.objects.filter(in_trash=True)) == [young]


def test_somebody_elses_text_is_theirs_to_rename_in_their_own_space(cast: "Cast") -> None:
    with scope(cast.fabrique):
        open_spaces(cast.bob)
        mine = text(cast.bob, parent=Item.objects.get(owner=cast.bob))
        for name in ("rename", "throw_away"):
            options = {"name": "Pris"} if name == "rename" else {}
            with pytest.raises(NotAllowed):
                getattr(texts, name)(by=cast.alice, rights=open_spaces(cast.alice), item=mine, **options)


def test_texts_of_somebody_who_is_gone_leave_with_their_words(cast: "Cast") -> None:
    with scope(cast.fabrique):
        open_spaces(cast.bob)
        item = text(cast.bob, parent=Item.objects.get(owner=cast.bob))
        Item.objects.filter(owner=cast.bob).delete()
        upkeep.forget_orphans()
        assert not Document.objects.filter(kind="pads.text", target=item.pk).exists()
