"""Hidden results never leak: page, votes, participation, exports, links, search, journal, comments, dashboard."""

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from tests.cast import Cast
from tilios.core.access import sharing
from tilios.core.journal.models import Entry
from tilios.core.structures.scope import scope
from tilios.tools.polls import actions, search
from tilios.tools.polls.drafts import Draft
from tilios.tools.polls.models import Poll, Results
from tilios.tools.polls.tests.contract import marks, open_choice
from tilios.tools.polls.views.shown import Shown

BASE = "/s/la-fabrique/sondages/"
VisitorOf = Callable[[str], SimpleNamespace]


@pytest.fixture
def hidden(cast: Cast) -> Poll:
    """A poll whose results are hidden until the close; Manon and a guest have chosen the second option, all but one."""
    with scope(cast.fabrique):
        poll = open_choice(cast.alice, results=Results.CLOSED, drafts=[Draft(label="Aaa"), Draft(label="Bbb")])
        actions.cast_ballot(by=cast.manon, poll=poll, marks=marks(poll, None, 1), remark="remarque de Manon")
        for number in range(6):
            actions.key_in_ballot(by=cast.alice, poll=poll, name=f"Voix {number}", marks=marks(poll, None, 1))
        return poll


def shows_results(page: str) -> bool:
    """Whether a page shows a bar, a figure, a mark, or who is in front."""
    return bool(re.search(r'class="bars|votes-cell|figure-mark|is-best|remarque de Manon|★', page))


@pytest.mark.parametrize("who", ["alice", "manon", "bob"])
def test_no_page_shows_a_hidden_result_to_anybody(cast: Cast, hidden: Poll, who: str) -> None:
    client = cast.client(who)
    page = client.get(f"{BASE}{hidden.pk}/").content.decode()
    assert not shows_results(page.replace('value="remarque de Manon"', "") if who == "manon" else page)
    assert client.get(f"{BASE}{hidden.pk}/votes/").status_code == 403
    for form in ("csv", "ods", "svg", "png"):
        assert client.get(f"{BASE}{hidden.pk}/resultats.{form}").status_code == 403, form
    for path in ("participation/", "clore/", "saisir/", "modifier/"):
        assert not shows_results(client.get(f"{BASE}{hidden.pk}/{path}").content.decode()), path
    assert not shows_results(client.get("/s/la-fabrique/").content.decode())
    assert not shows_results(client.get(BASE).content.decode())


def test_correcting_a_keyed_vote_does_not_show_it(cast: Cast, hidden: Poll) -> None:
    with scope(cast.fabrique):
        ballot = hidden.ballots.filter(name="Voix 1").get()
    page = cast.client("alice").get(f"{BASE}{hidden.pk}/saisir/{ballot.pk}/").content.decode()
    assert " checked" not in page


def test_links_show_no_hidden_result(cast: Cast, hidden: Poll, visitor_of: VisitorOf) -> None:
    with scope(cast.fabrique):
        tokens = [sharing.create_link(by=cast.alice, target=hidden, mode=mode).token for mode in ("vote", "read")]
    for token in tokens:
        visitor = visitor_of(token)
        assert not shows_results(visitor.client.get(visitor.url).content.decode())
    assert visitor.client.get(f"{visitor.url}resultats-csv/").status_code == 403


def test_search_and_journal_hold_no_answer(cast: Cast, hidden: Poll) -> None:
    with scope(cast.fabrique):
        option = hidden.options.all()[1]
        found = search.entry(hidden)
        assert found is not None
        assert "Manon" not in found.text + found.title
        for entry in Entry.objects.filter(verb__startswith="polls."):
            assert set(entry.data) <= {"ballot", "fields", "people", "option"}
            assert entry.data.get("option") != option.pk


def test_asking_for_the_result_too_early_fails_loudly(cast: Cast, hidden: Poll) -> None:
    with scope(cast.fabrique):
        for reader in (Shown(hidden, person=cast.alice), Shown(hidden, guest=True), Shown(hidden)):
            with pytest.raises(PermissionError):
                _ = reader.result


def test_once_closed_everybody_sees(cast: Cast, hidden: Poll) -> None:
    with scope(cast.fabrique):
        actions.close_poll(by=cast.alice, poll=hidden)
    assert shows_results(cast.client("bob").get(f"{BASE}{hidden.pk}/").content.decode())
    assert cast.client("bob").get(f"{BASE}{hidden.pk}/resultats.csv").status_code == 200


def test_results_seen_after_voting_are_seen_by_each_in_turn(cast: Cast, visitor_of: VisitorOf) -> None:
    with scope(cast.fabrique):
        poll = open_choice(cast.alice, results=Results.VOTED)
        actions.cast_ballot(by=cast.manon, poll=poll, marks=marks(poll, 1))
        token = sharing.create_link(by=cast.alice, target=poll, mode="vote").token
        option = poll.options.all()[0].pk
    url = f"{BASE}{poll.pk}/"
    assert shows_results(cast.client("manon").get(url).content.decode())
    for who in ("alice", "bob"):
        assert not shows_results(cast.client(who).get(url).content.decode())
        assert cast.client(who).get(url + "resultats.csv").status_code == 403
    cast.client("bob").post(url + "voter/", {"choice": option})
    assert shows_results(cast.client("bob").get(url).content.decode())
    guest = visitor_of(token)
    assert not shows_results(guest.client.get(guest.url).content.decode())
    guest.client.post(guest.url + "voter/", {"name": "Zoé", "choice": option})
    assert shows_results(guest.client.get(guest.url).content.decode())


def test_names_kept_for_the_keepers_are_in_no_page_or_export_of_others(cast: Cast) -> None:
    with scope(cast.fabrique):
        poll = open_choice(cast.alice, names="keepers")
        actions.key_in_ballot(by=cast.alice, poll=poll, name="Nom caché", marks=marks(poll, 1), remark="phrase cachée")
    url = f"{BASE}{poll.pk}/"
    for who, sees in (("alice", True), ("manon", True), ("bob", False)):
        client = cast.client(who)
        page = client.get(url).content.decode()
        sheet = b"".join(client.get(url + "resultats.csv")).decode()
        assert ("Nom caché" in page) is sees
        assert ("Nom caché" in sheet) is sees
        assert ("phrase cachée" in page + sheet) is sees
        assert client.get(url + "votes/").status_code == (200 if sees else 403)
        assert "bars-row" in page
