"""Things shown inside a text: each reader sees what they may see, a visitor nothing."""

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.http import Http404
from django.test import RequestFactory

from tests.cast import make_person
from tilios.core.access.models import ShareLink, Visitor
from tilios.core.documents import embedding
from tilios.core.documents.access import Writer
from tilios.core.documents.answering import answer
from tilios.core.documents.models import Document
from tilios.core.people.roles import Role
from tilios.core.search import index
from tilios.tools.colours.tests.contract import open_session
from tilios.tools.pads.tests.contract import text
from tilios.tools.polls.models import Poll

if TYPE_CHECKING:
    from tests.cast import Cast


def ask(document: Document, writer: Writer, step: str, *, accept: str = "application/json", **query: str) -> Any:
    request = RequestFactory().get("/texte/" + step, query, headers={"Accept": accept})
    return answer(request, document, writer, step, "/texte/")


@pytest.fixture
def hidden(fabrique: "Cast") -> Any:
    """A poll that Alice sees because she runs them all, and Bob does not."""
    poll = Poll.objects.create(title="Réservé au bureau", author=fabrique.alice, least_role=Role.ADMIN, ballot="single")
    index.update(poll)
    return poll


def test_one_finds_what_one_may_see_and_nothing_else(fabrique: "Cast", document: Document, hidden: Any) -> None:
    for typed in ("", "bureau"):
        alice, bob = (
            json.loads(ask(document, Writer(person=who), "embeds", q=typed).content)
            for who in (fabrique.alice, fabrique.bob)
        )
        assert "Réservé au bureau" in [one["label"] for one in alice]
        assert "Réservé au bureau" not in [one["label"] for one in bob]


def test_a_card_is_drawn_for_its_reader(fabrique: "Cast", document: Document, hidden: Any) -> None:
    step = f"embeds/polls.poll/{hidden.pk}"
    seen = json.loads(ask(document, Writer(person=fabrique.alice), step).content)["html"]
    assert "Réservé au bureau" in seen
    assert "0 vote jusqu’ici" in seen
    refused = json.loads(ask(document, Writer(person=fabrique.bob), step).content)["html"]
    assert refused == '<p class="soft">Une chose que vous ne pouvez pas voir.</p>'
    # What is not there, and what is of no kind that is shown, cannot be told from what is hidden.
    for other in ("embeds/polls.poll/999999", "embeds/people.person/1", "embeds/nothing/1"):
        assert json.loads(ask(document, Writer(person=fabrique.alice), other).content)["html"] == refused


def test_a_link_of_the_drawn_text_leads_whoever_may_see_the_thing(
    fabrique: "Cast", document: Document, hidden: Any
) -> None:
    step = f"embeds/polls.poll/{hidden.pk}"
    found = ask(document, Writer(person=fabrique.alice), step, accept="text/html")
    assert found.status_code == 302
    assert found["Location"].endswith(f"/sondages/{hidden.pk}/")
    with pytest.raises(Http404):
        ask(document, Writer(person=fabrique.bob), step, accept="text/html")


def test_a_visitor_finds_nothing_and_sees_no_card(fabrique: "Cast", document: Document, poll: Any) -> None:
    link = ShareLink.objects.create(kind="polls.poll", target=poll.pk, mode="vote", token="t" * 22)
    visitor = Writer(visitor=Visitor.objects.create(link=link, name="Une passante"))
    assert json.loads(ask(document, visitor, "embeds", q="compte").content) == []
    assert "compte rendu" not in ask(document, visitor, f"embeds/polls.poll/{poll.pk}").content.decode()


def test_who_only_reads_gets_no_suggestion(fabrique: "Cast", document: Document) -> None:
    guest = make_person(fabrique.fabrique, "Ana Passe", Role.GUEST)
    assert json.loads(ask(document, Writer(person=guest), "embeds").content) == []


def test_every_kind_that_is_shown_in_texts_draws_its_card(fabrique: "Cast", poll: Any) -> None:
    Poll.objects.filter(pk=poll.pk).update(ballot="single")
    things = {"polls.poll": poll, "colours.session": open_session(fabrique.bob), "pads.text": text(fabrique.bob)}
    assert {kind.name for kind in embedding.kinds()} == set(things)
    for name, thing in things.items():
        html = embedding.card(fabrique.bob, name, thing.pk)
        assert str(thing) in html, name
        assert "<a href=" in html, name
