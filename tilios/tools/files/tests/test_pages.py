"""The pages of folders and files, as a browser asks them."""

import io
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tilios.core.structures.scope import scope
from tilios.tools.files.models import Item
from tilios.tools.files.tests import contract

if TYPE_CHECKING:
    from tests.cast import Cast

BASE = "/s/la-fabrique/fichiers/"


@pytest.fixture
def shelf(cast: "Cast") -> Any:
    """Everybody's space, in which bob works."""
    with scope(cast.bob.structure):
        yield contract.common(cast.bob)[1]


@pytest.fixture
def bob(cast: "Cast", client: Client) -> Client:
    client.force_login(cast.bob.account)
    return client


def names_in(folder: Item) -> list[str]:
    return list(Item.objects.filter(parent=folder, in_trash=False).order_by("name").values_list("name", flat=True))


def test_somebody_who_comes_for_the_first_time_finds_the_spaces(bob: Client) -> None:
    page = bob.get(BASE).content.decode()
    assert "Commun" in page
    assert "Personnel" in page


def test_a_folder_is_made_and_a_name_that_is_taken_is_said_with_what_was_typed(bob: Client, shelf: Item) -> None:
    url = f"{BASE}{shelf.pk}/dossier/"
    assert bob.post(url, {"name": "Travaux"}).status_code == 302
    again = bob.post(url, {"name": "Travaux"})
    assert again.status_code == 409
    assert "existe déjà" in again.content.decode()
    assert 'value="Travaux"' in again.content.decode()
    assert bob.post(url, {"name": "a/b"}).status_code == 422


def test_files_of_an_ordinary_form_arrive_and_what_is_refused_is_named(bob: Client, shelf: Item) -> None:
    url = f"{BASE}{shelf.pk}/envoyer/"
    two = [SimpleUploadedFile("un.txt", b"1"), SimpleUploadedFile("deux.txt", b"2")]
    assert bob.post(url, {"files": two}).status_code == 302
    assert names_in(shelf) == ["deux.txt", "un.txt"]
    again = bob.post(url, {"files": [SimpleUploadedFile("un.txt", b"11"), SimpleUploadedFile("trois.txt", b"3")]})
    assert again.status_code == 422
    assert "un.txt" in again.content.decode()
    assert names_in(shelf) == ["deux.txt", "trois.txt", "un.txt"]
    bob.post(url, {"files": SimpleUploadedFile("un.txt", b"111"), "taken": "beside"})
    bob.post(url, {"files": SimpleUploadedFile("un.txt", b"1111"), "taken": "replace"})
    assert "un (2).txt" in names_in(shelf)
    assert Item.objects.get(parent=shelf, name="un.txt").versions.count() == 1


def test_several_things_are_thrown_away_at_once_and_brought_back_by_undo(
    bob: Client, cast: "Cast", shelf: Item
) -> None:
    made = [contract.file(cast.bob, f"{number}.txt") for number in range(3)]
    bob.post(f"{BASE}{shelf.pk}/ensemble/", {"faire": "jeter", "choix": [made[0].pk, made[1].pk]})
    assert names_in(shelf) == ["2.txt"]
    bob.post(f"{BASE}corbeille/restaurer/", {"choix": [made[0].pk]})
    assert names_in(shelf) == ["0.txt", "2.txt"]
    bob.post(f"{BASE}corbeille/supprimer/", {"tout": "1"})
    assert not Item.objects.filter(pk=made[1].pk).exists()


def test_a_thing_moves_to_a_folder_chosen_by_walking_and_keeps_both_where_the_name_is_taken(
    bob: Client, cast: "Cast", shelf: Item
) -> None:
    inside = contract.folder(cast.bob, "Archives")
    contract.file(cast.bob, "note.txt", parent=inside)
    moved = contract.file(cast.bob, "note.txt", "autre")
    walk = bob.get(f"{BASE}ranger/?faire=deplacer&choix={moved.pk}").content.decode()
    assert "Archives" in walk
    bob.post(f"{BASE}ranger/", {"faire": "deplacer", "choix": moved.pk, "dans": inside.pk, "pris": "both"})
    assert names_in(inside) == ["note (2).txt", "note.txt"]
    bob.post(f"{BASE}ranger/", {"faire": "copier", "choix": moved.pk, "dans": shelf.pk, "pris": "both"})
    assert "note (2).txt" in names_in(shelf)


def test_a_folder_never_goes_into_itself(bob: Client, cast: "Cast", shelf: Item) -> None:
    outer = contract.folder(cast.bob, "Dehors")
    inner = contract.folder(cast.bob, "Dedans", outer)
    page = bob.post(f"{BASE}ranger/", {"faire": "deplacer", "choix": outer.pk, "dans": inner.pk})
    assert page.status_code == 409
    assert "dans lui-même" in page.content.decode()


def test_a_zip_holds_what_one_sees_and_nothing_else(bob: Client, cast: "Cast", shelf: Item) -> None:
    inside = contract.folder(cast.bob, "Été")
    contract.file(cast.bob, "plage.txt", "sable", parent=inside)
    contract.folder(cast.bob, "Vide", inside)
    answer = bob.get(f"{BASE}zip/?choix={inside.pk}")
    archive = zipfile.ZipFile(io.BytesIO(answer.getvalue()))
    assert set(archive.namelist()) == {"Été/", "Été/plage.txt", "Été/Vide/"}
    assert archive.read("Été/plage.txt") == b"sable"


def test_an_earlier_version_is_seen_named_and_gone_back_to(bob: Client, cast: "Cast", shelf: Item) -> None:
    contract.file(cast.bob, "texte.txt", "avant")
    file = contract.file(cast.bob, "texte.txt", "après")
    version = file.versions.get()
    assert bob.get(f"{BASE}{file.pk}/version/{version.pk}/").getvalue() == b"avant"
    bob.post(f"{BASE}{file.pk}/version/nommer/", {"version": version.pk, "label": "Envoyé à la mairie"})
    assert "Envoyé à la mairie" in bob.get(f"{BASE}{file.pk}/").content.decode()
    bob.post(f"{BASE}{file.pk}/version/{version.pk}/reprendre/")
    assert bob.get(f"{BASE}{file.pk}/telecharger/").getvalue() == b"avant"


def test_a_page_that_acts_is_never_shown_from_our_address(bob: Client, cast: "Cast", shelf: Item) -> None:
    evil = contract.write(cast.bob, "page.html", b"<script>alert(1)</script>")
    answer = bob.get(f"{BASE}{evil.pk}/brut/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_list_is_sorted_as_people_count_and_folders_come_first(bob: Client, cast: "Cast", shelf: Item) -> None:
    for name in ("note 10.txt", "note 9.txt", "Été.txt", "eau.txt"):
        contract.file(cast.bob, name)
    contract.folder(cast.bob, "Zèbre")
    page = bob.get(f"{BASE}{shelf.pk}/?vue=liste").content.decode()
    places = [page.index(f">{name}</a>") for name in ("Zèbre", "eau.txt", "Été.txt", "note 9.txt", "note 10.txt")]
    assert places == sorted(places)
    assert "note 9.txt" not in bob.get(f"{BASE}{shelf.pk}/?q=ETE").content.decode()


def test_what_somebody_else_keeps_to_themselves_is_not_there(bob: Client, cast: "Cast", shelf: Item) -> None:
    contract.common(cast.alice)
    own = Item.objects.get(owner=cast.alice)
    assert bob.get(f"{BASE}{own.pk}/").status_code == 404
    assert bob.post(f"{BASE}{own.pk}/dossier/", {"name": "x"}).status_code == 404
