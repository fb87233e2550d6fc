"""Behind a link: a text is read, commented on and written in, without an account."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from tilios.core.access import sharing
from tilios.core.documents import rendering
from tilios.core.structures.scope import scope
from tilios.tools.pads.actions import texts
from tilios.tools.pads.actions.spaces import open_spaces
from tilios.tools.pads.models import Item
from tilios.tools.pads.tests.contract import text

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db
Linked = Callable[..., tuple[str, Item]]


@pytest.fixture
def linked(cast: "Cast") -> Linked:
    def make(mode: str, **options: object) -> tuple[str, Item]:
        with scope(cast.fabrique):
            item = text(cast.alice)
            return f"/l/{sharing.create_link(by=cast.alice, target=item, mode=mode, **options).token}/", item

    return make


def test_a_reader_sees_the_text_and_keeps_it_as_a_file(linked: Linked, client: Client) -> None:
    address, item = linked("read")
    page = client.get(address).content.decode()
    assert "Bonjour à tout le monde" in page
    assert "<tilios-text" not in page
    assert client.get(f"{address}export-txt").content.decode().startswith(item.name)
    for step in ("ticket", "history", "state", "threads", "ecrire", "files/7", "export-exe", "files/abc", "../8/"):
        assert client.get(f"{address}{step}").status_code == 404, step
    assert client.post(f"{address}threads", {"body": "x"}).status_code == 404


def test_one_gives_a_name_then_writes(cast: "Cast", linked: Linked, client: Client) -> None:
    address, item = linked("write")
    first = client.get(address).content.decode()
    assert "Votre nom" in first
    assert "Bonjour à tout le monde" in first
    assert client.get(f"{address}ticket").status_code == 404
    client.post(address, {"enter": "1", "name": "Mamie"})
    assert "<tilios-text" in client.get(address).content.decode()
    ticket = client.get(f"{address}ticket").json()
    assert (ticket["access"], ticket["name"]) == (30, "Mamie")
    form = client.get(f"{address}ecrire").context
    sent = {"before": form["before"], "base": form["base"], "text": form["form"] + "\n\nMerci."}
    assert client.post(f"{address}ecrire", sent).status_code == 302
    with scope(cast.fabrique):
        assert rendering.render(texts.document_of(item)).text.endswith("Merci.")
    said = client.post(f"{address}sayings", {"body": "Bonjour"})
    assert said.json()["name"] == "Mamie"
    assert client.get(f"{address}people?q=a").json() == []  # the members of the structure are not shown to strangers


def test_who_may_comment_may_not_write(linked: Linked, client: Client) -> None:
    address, _item = linked("comment")
    client.post(address, {"enter": "1", "name": "Voisin"})
    assert client.get(f"{address}ticket").json()["access"] == 20
    assert client.get(f"{address}ecrire").status_code == 404
    assert client.post(f"{address}history/1", {"restore": "1"}).status_code == 403
    assert client.post(f"{address}sayings", {"body": "Bonjour"}).status_code == 201


@pytest.mark.parametrize("mode", ["read", "comment", "write"])
def test_what_is_thrown_away_or_revoked_opens_nothing(cast: "Cast", linked: Linked, client: Client, mode: str) -> None:
    address, item = linked(mode)
    with scope(cast.fabrique):
        texts.throw_away(by=cast.alice, rights=open_spaces(cast.alice), item=item)
    assert client.get(address).status_code == 404
    assert client.get(f"{address}export-txt").status_code == 404


def test_documents_are_not_made_without_end_for_whoever_has_the_link(linked: Linked, client: Client) -> None:
    address, _item = linked("read")
    codes = [client.get(f"{address}export-txt").status_code for _try in range(24)]
    assert codes[:20] == [200] * 20
    assert codes[-1] == 429


def test_a_link_for_two_people_asks_a_name_before_it_shows_anything(linked: Linked) -> None:
    address, _item = linked("read", max_visitors=1)
    first, second = Client(), Client()
    assert "Bonjour à tout le monde" not in first.get(address).content.decode()
    assert first.get(f"{address}export-txt").status_code != 200 or "Bonjour" not in first.get(
        f"{address}export-txt"
    ).content.decode(errors="replace")
    first.post(address, {"enter": "1", "name": "Une"})
    assert "Bonjour à tout le monde" in first.get(address).content.decode()
    refused = second.post(address, {"enter": "1", "name": "Deux"})
    assert refused.status_code == 409
    assert "Bonjour à tout le monde" not in refused.content.decode()
