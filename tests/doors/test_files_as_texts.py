"""A document among the files opens as a live text: one tool asks, another answers the capability."""

import io
from typing import TYPE_CHECKING

import pytest

from tilios.core.blobs import actions as blobs
from tilios.core.documents import rendering
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope
from tilios.tools.files.actions.spaces import open_spaces
from tilios.tools.files.actions.writing import write_file
from tilios.tools.files.models import Item as File
from tilios.tools.pads.actions import texts
from tilios.tools.pads.models import Item as Text

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


def put(cast: "Cast", name: str, content: bytes) -> str:
    """The address of a file of Bob's."""
    with scope(cast.fabrique):
        rights = open_spaces(cast.bob)
        blob = blobs.store(io.BytesIO(content), name=name)
        place = File.objects.get(owner=cast.bob)
        file, _new = write_file(by=cast.bob, rights=rights, parent=place, name=name, blob=blob)
    return f"/s/la-fabrique/fichiers/{file.pk}/"


def test_a_file_opens_as_a_live_text_and_stays_as_it_is(cast: "Cast") -> None:
    bob, address = cast.client("bob"), put(cast, "charte.md", b"# Charte\n\nOn range.")
    assert "Ouvrir comme texte" in bob.get(address).content.decode()
    assert bob.post(f"{address}texte/").headers["Location"].startswith("/s/la-fabrique/textes/")
    with scope(cast.fabrique):
        made = Text.objects.get(is_folder=False)
        assert (made.name, made.folder.owner) == ("Charte", cast.bob)
        assert rendering.render(texts.document_of(made)).text == "On range."
        assert File.objects.filter(name="charte.md", in_trash=False).exists()


def test_what_cannot_be_read_is_said_and_makes_nothing(cast: "Cast") -> None:
    bob, address = cast.client("bob"), put(cast, "cassé.odt", b"PK\x03\x04 rien")
    assert bob.post(f"{address}texte/").headers["Location"] == address
    with scope(cast.fabrique):
        assert not Text.objects.filter(is_folder=False).exists()


def test_without_the_tool_nothing_is_proposed(cast: "Cast") -> None:
    Structure.objects.filter(pk=cast.fabrique.pk).update(enabled_tools=["files"])
    bob, address = cast.client("bob"), put(cast, "charte.md", b"# Charte")
    assert "Ouvrir comme texte" not in bob.get(address).content.decode()
    assert bob.post(f"{address}texte/").status_code == 404
