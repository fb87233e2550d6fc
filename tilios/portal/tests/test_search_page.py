"""The search page and the quick results."""

import pytest

from tests.things import KIND, circle, talkative  # noqa: F401
from tilios.core.conversations import actions
from tilios.core.search import index
from tilios.core.structures.scope import scope

HOME = "/s/la-fabrique/"


@pytest.fixture
def talk(cast, circle):  # noqa: F811
    """The circle, with a comment of Bob."""
    with scope(cast.fabrique):
        circle.said = actions.comment(target=circle, by=cast.bob, text="Qui a les clés ?")
        index.update(circle)
    return circle


def test_the_search_page_groups_what_it_finds_and_marks_the_words(cast, talk):
    page = cast.client("bob").get(f"{HOME}recherche/?q=ateliers").content.decode()
    assert "<mark>Atelier</mark> bois" in page
    assert "Group" in page


def test_what_one_does_not_see_is_neither_shown_nor_counted(cast, talk):
    assert "Atelier" not in cast.client("manon").get(f"{HOME}recherche/?q=ateliers").content.decode()
    assert cast.client("charlie").get(f"{HOME}recherche/?q=ateliers").status_code == 404


def test_a_kind_can_be_kept_and_an_unknown_one_is_ignored(cast, talk):
    client = cast.client("bob")
    assert "Atelier" in client.get(f"{HOME}recherche/?q=atelier&sorte={KIND.name}").content.decode()
    assert "Atelier" not in client.get(f"{HOME}recherche/?q=atelier&sorte=people.person").content.decode()
    assert "Atelier" in client.get(f"{HOME}recherche/?q=atelier&sorte=nothing.there&page=99").content.decode()


@pytest.mark.parametrize("asked", ["", "   ", "%00", "<script>alert(1)</script>", "a" * 5000, "\"'*()&|"])
def test_the_search_page_takes_anything(cast, asked):
    answer = cast.client("bob").get(f"{HOME}recherche/", {"q": asked})
    assert answer.status_code == 200
    assert b"<script>alert" not in answer.content
    assert cast.client("bob").get(f"{HOME}recherche/vite/", {"q": asked}).status_code == 200


def test_quick_results_are_a_piece_of_page(cast, talk):
    page = cast.client("bob").get(f"{HOME}recherche/vite/?q=atel").content.decode()
    assert "<html" not in page
    assert "Atelier" in page
