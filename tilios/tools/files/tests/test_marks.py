"""Tags, favourites, what is recent, descriptions, and who read what."""

import pytest

from tests.cast import Cast
from tilios.core.errors import Conflict, Invalid, NotAllowed
from tilios.core.journal.models import Entry
from tilios.core.people.models import Person
from tilios.core.shelves import marks
from tilios.core.shelves.actions import marks as actions
from tilios.core.shelves.reading import note_reading
from tilios.core.structures.scope import scope
from tilios.tools.files.actions.spaces import open_spaces
from tilios.tools.files.actions.trash import trash_item
from tilios.tools.files.models import Item, Tag
from tilios.tools.files.queries.rights import Rights
from tilios.tools.files.tests.contract_sharing import closed_folder, common, make_folder, write

FILES = "/s/la-fabrique/fichiers/"


def tag(by: Person, item: Item, names: str) -> list[Tag]:
    return actions.add_tags(by=by, rights=Rights(by), item=item, names=names)


def names_of(item: Item) -> list[str]:
    return [one.name for one in marks.tags_of(item)]


def test_tags_are_written_with_commas_and_capitals_make_no_other(fabrique: Cast) -> None:
    one, two = write(fabrique.bob, "un.txt"), write(fabrique.bob, "deux.txt")
    tag(fabrique.bob, one, " Statuts ,à signer,, statuts")
    tag(fabrique.bob, two, "STATUTS")
    assert sorted(names_of(one)) == ["Statuts", "à signer"]
    assert Tag.objects.count() == 2
    (shared,) = marks.tags_of(two)
    assert {item.pk for item in marks.tagged(Rights(fabrique.alice), shared)} == {one.pk, two.pk}


@pytest.mark.parametrize("names", ["", " , ", "x" * 41, ",".join(f"t{n}" for n in range(21))])
def test_tags_that_make_no_sense_are_refused(fabrique: Cast, names: str) -> None:
    with pytest.raises(Invalid):
        tag(fabrique.bob, write(fabrique.bob, "un.txt"), names)
    assert not Tag.objects.exists()


def test_only_who_may_change_a_thing_tags_it(fabrique: Cast) -> None:
    file = write(fabrique.alice, "un.txt", parent=closed_folder(fabrique.alice, "Fermé"))
    (put,) = tag(fabrique.alice, file, "paie")
    with pytest.raises(NotAllowed):
        tag(fabrique.bob, file, "vu")
    with pytest.raises(NotAllowed):
        actions.remove_tag(by=fabrique.bob, rights=Rights(fabrique.bob), item=file, tag=put)
    # The name of a tag says something of what carries it.
    assert list(marks.seen_tags(Rights(fabrique.bob))) == []
    assert [(one.name, one.count) for one in marks.seen_tags(Rights(fabrique.alice))] == [("paie", 1)]


def test_a_tag_taken_off_its_last_thing_is_forgotten(fabrique: Cast) -> None:
    file = write(fabrique.bob, "un.txt")
    (put,) = tag(fabrique.bob, file, "passager")
    for _twice in range(2):
        actions.remove_tag(by=fabrique.bob, rights=Rights(fabrique.bob), item=file, tag=put)
    assert not Tag.objects.exists()
    with pytest.raises(Conflict):
        actions.delete_tag(by=fabrique.alice, tag=put)


def test_a_tag_renamed_like_another_becomes_that_one(fabrique: Cast) -> None:
    one, two = write(fabrique.bob, "un.txt"), write(fabrique.bob, "deux.txt")
    (bill,) = tag(fabrique.bob, one, "facture")
    (bills,) = tag(fabrique.bob, one, "factures")
    tag(fabrique.bob, two, "facture")
    assert actions.rename_tag(by=fabrique.alice, tag=bills, name="Factures").name == "Factures"
    kept = actions.rename_tag(by=fabrique.alice, tag=bill, name="factures")
    assert kept.pk == bills.pk
    assert (names_of(one), names_of(two)) == (["Factures"], ["Factures"])
    with pytest.raises(Conflict):
        actions.rename_tag(by=fabrique.alice, tag=bill, name="autre")
    with pytest.raises(Invalid):
        actions.rename_tag(by=fabrique.alice, tag=kept, name="  ")


def test_favourites_are_ones_own_and_vanish_with_the_right_to_see(fabrique: Cast) -> None:
    file = write(fabrique.bob, "un.txt")
    for _twice in range(2):
        actions.set_favourite(by=fabrique.bob, rights=Rights(fabrique.bob), item=file, wanted=True)
    assert [one.pk for one in marks.favourites(Rights(fabrique.bob))] == [file.pk]
    assert not marks.favourites(Rights(fabrique.alice)).exists()
    with pytest.raises(NotAllowed):
        actions.set_favourite(by=fabrique.gus, rights=Rights(fabrique.gus), item=file, wanted=True)
    trash_item(by=fabrique.bob, rights=Rights(fabrique.bob), item=file)
    assert not marks.favourites(Rights(fabrique.bob)).exists()


def test_what_was_opened_and_what_changed_last_come_first(fabrique: Cast) -> None:
    one, two = write(fabrique.alice, "un.txt"), write(fabrique.alice, "deux.txt")
    hidden = write(fabrique.alice, "caché.txt", parent=closed_folder(fabrique.alice, "Fermé"))
    Item.objects.filter(pk=one.pk).update(changed_ms=two.changed_ms + 1)
    open_spaces(fabrique.bob)
    assert [item.pk for item in marks.lately_changed(Rights(fabrique.bob))] == [one.pk, two.pk]
    note_reading(fabrique.bob, two)
    note_reading(fabrique.bob, hidden)
    assert [item.pk for item in marks.lately_opened(Rights(fabrique.bob))] == [two.pk]
    assert marks.lately_opened(Rights(fabrique.alice)) == []


def test_a_description_is_kept_as_written_and_a_space_is_described_by_who_manages_it(fabrique: Cast) -> None:
    file = write(fabrique.bob, "un.txt")

    def say(by: Person, item: Item, words: str) -> Item:
        return actions.describe(by=by, rights=Rights(by), item=item, description=words)

    assert say(fabrique.bob, file, " Les statuts,\r\nsignés. ").description == "Les statuts,\nsignés."
    said = Entry.objects.filter(verb="files.described")
    assert said.count() == 1
    say(fabrique.bob, file, "Les statuts,\nsignés.")
    assert said.count() == 1
    assert said.get().data == {}
    with pytest.raises(Invalid):
        say(fabrique.bob, file, "x" * 2001)
    space = common(fabrique.bob)[1]
    with pytest.raises(NotAllowed):
        say(fabrique.bob, space, "À nous")
    assert say(fabrique.alice, space, "À nous").description == "À nous"


def test_the_pages_put_and_take_off_marks(cast: Cast) -> None:
    with scope(cast.fabrique):
        file = write(cast.bob, "un.txt")
    client, page = cast.client("bob"), f"{FILES}{file.pk}/"
    assert client.post(f"{page}favori/", {"wanted": "1"}).status_code == 302
    assert "un.txt" in client.get(f"{FILES}favoris/").content.decode()
    away = client.post(f"{page}favori/", {"wanted": "0"}, headers={"referer": "https://ailleurs.example/x"})
    assert away["Location"] == page
    assert "un.txt" not in client.get(f"{FILES}favoris/").content.decode()
    refused = client.post(f"{page}a-propos/", {"tags": "x" * 60})
    assert refused.status_code == 422
    assert "x" * 60 in refused.content.decode()
    assert client.post(f"{page}a-propos/", {"tags": "à signer"}).status_code == 302
    assert client.post(f"{page}a-propos/", {"description": "Le premier"}).status_code == 302
    with scope(cast.fabrique):
        number = Tag.objects.get().pk
    assert "Le premier" in client.get(f"{page}a-propos/").content.decode()
    assert "à signer" in client.get(f"{FILES}etiquettes/").content.decode()
    assert "un.txt" in client.get(f"{FILES}etiquettes/{number}/").content.decode()
    assert client.post(f"{FILES}etiquettes/{number}/renommer/", {"name": "signé"}).status_code == 403
    boss = cast.client("alice")
    assert boss.post(f"{FILES}etiquettes/{number}/renommer/", {"name": ""}).status_code == 422
    assert boss.post(f"{FILES}etiquettes/{number}/renommer/", {"name": "signé"}).status_code == 302
    assert client.post(f"{page}etiquettes/{number}/retirer/").status_code == 302
    assert client.get(f"{FILES}etiquettes/{number}/").status_code == 404


def test_who_manages_learns_who_read_and_the_readers_know_it(cast: Cast) -> None:
    with scope(cast.fabrique):
        folder = make_folder(cast.alice, "Dossier")
        file = write(cast.alice, "un.txt", parent=folder)
        note_reading(cast.bob, file)
    assert cast.client("bob").get(f"{FILES}{file.pk}/lecteurs/").status_code == 403
    assert cast.client("gus").get(f"{FILES}{file.pk}/lecteurs/").status_code == 404
    for item in (file, folder):
        page = cast.client("alice").get(f"{FILES}{item.pk}/lecteurs/").content.decode()
        assert "Bob Lambert" in page
        assert "le journal le note" in page
    with scope(cast.fabrique):
        entries = Entry.objects.filter(verb="people.read", subject=cast.bob.pk)
        assert [entry.data for entry in entries] == [{"what": "files.readers"}] * 2
