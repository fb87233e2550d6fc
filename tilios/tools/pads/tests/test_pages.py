"""The pages of texts, as people meet them."""

import io
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from tilios.core.documents import rendering
from tilios.core.shelves.actions import rights as lists
from tilios.core.shelves.levels import Level
from tilios.core.structures.scope import scope
from tilios.tools.pads.actions import texts
from tilios.tools.pads.actions.spaces import open_spaces
from tilios.tools.pads.models import Item
from tilios.tools.pads.tests.contract import common, folder, text

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db
HOME = "/s/la-fabrique/textes/"


@pytest.fixture
def bob(cast: "Cast") -> Client:
    return cast.client("bob")


def words(cast: "Cast", pk: int) -> str:
    with scope(cast.fabrique):
        return rendering.render(texts.document_of(Item.objects.get(pk=pk))).text


def number_of(address: str) -> int:
    return int(address.rstrip("/").rsplit("/", 1)[-1])


def test_the_first_visit_shows_the_spaces_and_how_to_begin(bob: Client) -> None:
    page = bob.get(HOME).content.decode()
    assert "Commun" in page
    assert "Personnel" in page
    assert "Aucun texte pour l" in page


def test_slash_new_leads_to_a_new_text(bob: Client) -> None:
    assert bob.get("/new").headers["Location"] == f"{HOME}nouveau/"
    made = bob.post(f"{HOME}nouveau/", {"name": "Fête", "modele": ""})
    page = bob.get(made.headers["Location"]).content.decode()
    assert "Fête" in page
    assert "<tilios-text" in page


def test_a_text_begins_from_a_template_of_ours_or_of_the_structure(cast: "Cast", bob: Client) -> None:
    made = bob.post(f"{HOME}nouveau/", {"modele": "minutes", "langue": "en"})
    assert "Agenda" in words(cast, number_of(made.headers["Location"]))
    with scope(cast.fabrique):
        model = text(cast.alice, "Fiche machine", "<p>Nom de la machine</p>")
        texts.settle(by=cast.alice, rights=open_spaces(cast.alice), item=model, language="fr", is_template=True)
    assert "Fiche machine" in bob.get(f"{HOME}nouveau/").content.decode()
    made = bob.post(f"{HOME}nouveau/", {"modele": str(model.pk), "name": "Scie"})
    assert words(cast, number_of(made.headers["Location"])) == "Nom de la machine"
    refused = bob.post(f"{HOME}nouveau/", {"modele": "999999", "name": "Gardé"})
    assert refused.status_code == 422
    assert 'value="Gardé"' in refused.content.decode()


def test_one_writes_without_the_editor_and_what_others_wrote_stays(cast: "Cast", bob: Client) -> None:
    with scope(cast.fabrique):
        item = text(cast.bob, html="<p>Un.</p><p>Deux.</p>")
    address = f"{HOME}{item.pk}/ecrire/"
    form = bob.get(address).context
    given = {"before": form["before"], "base": form["base"]}
    # Alice saves meanwhile.
    alice = cast.client("alice")
    hers = alice.get(address).context
    alice.post(address, {"before": hers["before"], "base": hers["base"], "text": hers["form"].replace("Deux", "Trois")})
    bob.post(address, {**given, "text": form["form"].replace("Un.", "Un, et demi.")})
    assert words(cast, item.pk) == "Un, et demi.\nTrois."
    page = bob.get(f"{HOME}{item.pk}/contributions/").content.decode()
    assert "Alice" in page
    assert "Bob" in page


@pytest.mark.parametrize("form", ["odt", "docx", "pdf", "md", "html", "txt", "epub"])
def test_a_text_is_taken_out_in_each_form(cast: "Cast", bob: Client, form: str) -> None:
    with scope(cast.fabrique):
        item = text(cast.bob, "Procès-verbal 12/03")
    answer = bob.get(f"{HOME}{item.pk}/export/{form}/")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert f".{form}" in answer.headers["Content-Disposition"]
    start = {"odt": b"PK", "docx": b"PK", "epub": b"PK", "pdf": b"%PDF-"}.get(form, b"")
    assert answer.content.startswith(start)
    assert bob.get(f"{HOME}{item.pk}/export/exe/").status_code == 404


def test_files_become_texts_and_one_may_undo_it(cast: "Cast", bob: Client) -> None:
    with scope(cast.fabrique):
        place = common(cast.bob)
    good = io.BytesIO(b"# Titre\n\nDu *texte*.")
    good.name = "notes.md"
    bad = io.BytesIO(b"\x00\x01")
    bad.name = "photo.xyz"
    page = bob.post(f"{HOME}{place.pk}/apporter/", {"file": [good, bad]}, follow=True).content.decode()
    assert "photo.xyz" in page
    with scope(cast.fabrique):
        made = Item.objects.get(is_folder=False)
        assert made.name == "Titre"
    assert words(cast, made.pk) == "Du texte."
    token = bob.session["undo"]["token"]
    bob.post("/s/la-fabrique/annuler/", {"token": token})
    with scope(cast.fabrique):
        assert Item.objects.get(pk=made.pk).in_trash


def test_a_damaged_document_leaves_no_empty_text(cast: "Cast", bob: Client) -> None:
    with scope(cast.fabrique):
        place = common(cast.bob)
    broken = io.BytesIO(b"PK\x03\x04 not a zip")
    broken.name = "lettre.docx"
    page = bob.post(f"{HOME}{place.pk}/apporter/", {"file": broken}, follow=True).content.decode()
    assert "lettre.docx" in page
    with scope(cast.fabrique):
        assert not Item.objects.filter(is_folder=False).exists()


def test_the_chat_and_comments_go_on_without_a_script(cast: "Cast", bob: Client) -> None:
    with scope(cast.fabrique):
        item = text(cast.bob)
    address = f"{HOME}{item.pk}/echanges/"
    bob.post(address, {"body": "Qui relit ?"})
    page = cast.client("alice").get(address).content.decode()
    assert "Qui relit ?" in page
    refused = bob.post(address, {"body": " "})
    assert refused.status_code == 422


def test_a_reader_gets_no_tool_to_write(cast: "Cast") -> None:
    with scope(cast.fabrique):
        item = text(cast.alice)
        lists.give_own_list(by=cast.alice, rights=open_spaces(cast.alice), folder=item)
        lists.set_line(by=cast.alice, rights=open_spaces(cast.alice), folder=item, to=cast.gus, level=Level.VIEW)
    gus = cast.client("gus")
    page = gus.get(f"{HOME}{item.pk}/").content.decode()
    assert "Bonjour à tout le monde" in page
    assert f"{item.pk}/ecrire/" not in page
    assert f"{item.pk}/renommer/" not in page
    assert gus.get(f"{HOME}{item.pk}/ecrire/").status_code == 403
    assert gus.post(f"{HOME}{item.pk}/history/1", {"restore": "1"}).status_code == 403


def test_a_folder_is_listed_by_name_or_date_and_searched(cast: "Cast", bob: Client) -> None:
    with scope(cast.fabrique):
        inside = folder(cast.bob)
        for name in ("Bêta", "alpha", "Zêta"):
            text(cast.bob, name, parent=inside)
    rows = [one.name for one in bob.get(f"{HOME}{inside.pk}/").context["page"]]
    assert rows == ["alpha", "Bêta", "Zêta"]
    assert [one.name for one in bob.get(f"{HOME}{inside.pk}/?q=zeta").context["page"]] == ["Zêta"]
    assert bob.get(f"{HOME}{inside.pk}/?tri=-nom").context["page"][0].name == "Zêta"
