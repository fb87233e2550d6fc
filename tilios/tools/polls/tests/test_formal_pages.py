"""Pages of a formal vote: for who runs it, for who votes, for a guest; with what is typed wrong as well."""

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from tests.cast import Cast
from tilios.core.access import sharing
from tilios.core.structures.scope import scope
from tilios.tools.polls import actions
from tilios.tools.polls.models import PaperBatch, Poll, SecretBallot, Voter
from tilios.tools.polls.tests.contract import marks
from tilios.tools.polls.tests.formal import YES, line_of, open_vote, people, vote
from tilios.tools.polls.tests.test_pages import rows, settings

BASE = "/s/la-fabrique/sondages/"


@pytest.fixture
def poll(cast: Cast) -> Poll:
    with scope(cast.fabrique):
        return open_vote(cast.alice, secret=True)


def sheet_of(page: str) -> str:
    found = re.search(r'name="sheet" value="([^"]+)"', page)
    assert found
    return found[1]


def code_of(page: str) -> str:
    found = re.search(r'receipt-code">([A-Z2-7-]+)<', page)
    assert found, page
    return found[1]


def form(cast: Cast, poll: Poll, client: Client, value: int = YES) -> dict[str, str]:
    with scope(cast.fabrique):
        option = poll.options.get().pk
    sheet = sheet_of(client.get(f"{BASE}{poll.pk}/").content.decode())
    with scope(cast.fabrique):
        line = line_of(poll, cast.bob)
    return {f"mark-{option}": str(value), "sheet": sheet, "voters": str(line.pk)}


def test_a_formal_vote_is_made_from_the_form_of_a_poll(cast: Cast) -> None:
    alice = cast.client("alice")
    sent = settings(ballot="yesno", formal="on", secret="on", quorum="un tiers", majority="2/3", base="present")
    sent |= rows({"label": "Les comptes"})
    refused = alice.post(BASE + "nouveau/choix/", sent)
    assert refused.status_code == 422
    assert 'value="un tiers"' in refused.content.decode()
    sent |= {"quorum": "1/3", "most_proxies": "4", "quorum_by": "weights", "guests": ""}
    assert alice.post(BASE + "nouveau/choix/", sent).status_code == 302
    with scope(cast.fabrique):
        made = Poll.objects.get()
        assert (made.formal, made.secret, made.quorum, made.majority, made.base, made.most_proxies, made.quorum_by) == (
            True, True, "1/3", "2/3", "present", 4, "weights",
        )  # fmt: skip
        assert (made.results, made.ballot_rules, made.roll.count()) == ("closed", {"maybe": False}, 3)
        option = made.options.get()
    page = alice.get(f"{BASE}{made.pk}/modifier/").content.decode()
    assert 'name="formal"' not in page
    same = settings(ballot="yesno", quorum="1/4", majority="2/3", base="present", most_proxies="4", guests="",
                    title="Autre titre", results="closed", names="keepers")  # fmt: skip
    sent = same | rows({"label": "Les comptes", "pk": option.pk}, initial=1)
    response = alice.post(f"{BASE}{made.pk}/modifier/", sent)
    assert response.status_code == 302, response.content.decode()
    with scope(cast.fabrique):
        made.refresh_from_db()
    assert (made.title, made.quorum, made.formal, made.secret) == ("Autre titre", "1/4", True, True)


def test_an_ordinary_poll_stays_as_simple_as_before(cast: Cast) -> None:
    sent = settings() | rows({"label": "A"}, {"label": "B"})
    cast.client("alice").post(BASE + "nouveau/choix/", sent)
    with scope(cast.fabrique):
        made = Poll.objects.get()
        assert not made.formal
        assert not made.roll.exists()
    page = cast.client("bob").get(f"{BASE}{made.pk}/").content.decode()
    for word in ("Vote formel", 'name="blank"', "Quorum"):
        assert word not in page
    assert cast.client("alice").get(f"{BASE}{made.pk}/liste/").status_code == 409


def test_a_secret_ballot_is_read_again_then_cast_then_found_by_its_receipt(cast: Cast, poll: Poll) -> None:
    bob = cast.client("bob")
    sent = form(cast, poll, bob)
    confirm = bob.post(f"{BASE}{poll.pk}/voter/", sent)
    assert confirm.status_code == 200
    assert "no-store" in confirm["Cache-Control"]
    with scope(cast.fabrique):
        assert not SecretBallot.objects.exists()
    first = bob.post(f"{BASE}{poll.pk}/voter/", sent | {"confirm": "1"})
    assert "no-store" in first["Cache-Control"]
    code = code_of(first.content.decode())
    again = bob.post(f"{BASE}{poll.pk}/voter/", sent | {"confirm": "1"})
    assert code_of(again.content.decode()) == code
    page = bob.get(f"{BASE}{poll.pk}/").content.decode()
    assert 'id="voter"' not in page
    assert code not in page
    refused = bob.post(f"{BASE}{poll.pk}/voter/", sent | {"confirm": "1", "sheet": "autre"})
    assert refused.status_code == 409
    assert bob.get(f"{BASE}{poll.pk}/recus/").status_code == 409
    with scope(cast.fabrique):
        assert SecretBallot.objects.count() == 1
        actions.close_poll(by=cast.alice, poll=poll)
    found = bob.post(f"{BASE}{poll.pk}/recus/", {"code": code.lower().replace("-", " ")}).content.decode()
    assert "Ce bulletin est compté" in found
    assert "Aucun bulletin" in bob.post(f"{BASE}{poll.pk}/recus/", {"code": "AAAA-AAAA-AAAA"}).content.decode()


def test_what_is_wrong_in_a_secret_ballot_is_told_before_anything_is_cast(cast: Cast, poll: Poll) -> None:
    bob = cast.client("bob")
    sent = form(cast, poll, bob)
    for wrong in ({"voters": ""}, {"blank": "1"}, {"mark-999": "2"}):
        response = bob.post(f"{BASE}{poll.pk}/voter/", {**sent, **wrong})
        assert response.status_code == 422, wrong
        assert " checked" in response.content.decode()
    empty = {name: value for name, value in sent.items() if not name.startswith("mark")}
    assert bob.post(f"{BASE}{poll.pk}/voter/", empty).status_code == 422
    assert "Un vote blanc" in bob.post(f"{BASE}{poll.pk}/voter/", empty | {"blank": "1"}).content.decode()
    assert cast.client("gus").post(f"{BASE}{poll.pk}/voter/", sent).status_code == 404


def test_nobody_sees_anything_of_a_secret_vote_before_its_close(cast: Cast, poll: Poll) -> None:
    with scope(cast.fabrique):
        vote(poll, cast.bob, YES)
        read = sharing.create_link(by=cast.alice, target=poll, mode="read").token
    alice = cast.client("alice")
    for path in ("resultats.csv", "resultats.svg", "votes/", "proces-verbal.pdf"):
        assert alice.get(f"{BASE}{poll.pk}/{path}").status_code == 403, path
    for url in (f"{BASE}{poll.pk}/", f"{BASE}{poll.pk}/clore/", f"/l/{read}/"):
        page = alice.get(url).content.decode()
        assert "bars-row" not in page
        assert 'class="decision' not in page
    assert alice.post(f"{BASE}{poll.pk}/clore/", {"outcome": "", "chosen": ""}).status_code == 302
    page = alice.get(f"{BASE}{poll.pk}/").content.decode()
    assert 'class="decision' in page
    assert "Bob Lambert" not in page
    assert alice.get(f"{BASE}{poll.pk}/votes/").status_code == 403
    assert alice.post(f"{BASE}{poll.pk}/rouvrir/", {}).status_code in {409, 422}
    with scope(cast.fabrique):
        poll.refresh_from_db()
        assert poll.closed_at


def test_a_guest_without_an_account_casts_a_secret_ballot(
    cast: Cast, visitor_of: Callable[[str], SimpleNamespace]
) -> None:
    with scope(cast.fabrique):
        poll = open_vote(cast.alice, secret=True, guests=True)
        token = sharing.create_link(by=cast.alice, target=poll, mode="vote").token
        option = poll.options.get().pk
    guest, impatient = visitor_of(token), visitor_of(token)
    sent = {f"mark-{option}": "2", "sheet": sheet_of(guest.client.get(guest.url).content.decode()), "name": ""}
    assert guest.client.post(guest.url + "voter/", sent).status_code == 422
    sent["name"] = "Zoé"
    assert guest.client.post(guest.url + "voter/", sent).status_code == 200
    with scope(cast.fabrique):
        assert not Voter.objects.exclude(visitor=None).exists()
    pages = [one.client.post(one.url + "voter/", sent | {"confirm": "1"}) for one in (guest, impatient)]
    codes = {code_of(page.content.decode()) for page in pages}
    assert len(codes) == 1
    assert 'id="voter"' not in impatient.client.get(guest.url).content.decode()
    assert guest.client.get(guest.url + "recus/").status_code == 409
    with scope(cast.fabrique):
        assert SecretBallot.objects.count() == 1
        assert Voter.objects.filter(voted=True).count() == 1
        actions.close_poll(by=cast.alice, poll=poll)
    page = guest.client.post(guest.url + "recus/", {"code": codes.pop()}).content.decode()
    assert "Ce bulletin est compté" in page


def test_the_roll_is_pasted_read_ticked_and_searched(cast: Cast) -> None:
    with scope(cast.fabrique):
        poll = open_vote(cast.alice)
    alice, base = cast.client("alice"), f"{BASE}{poll.pk}/liste/"
    assert cast.client("bob").get(base).status_code == 403
    refused = alice.post(base + "modifier/", {"colleges": "A ; 50", "voters": "Personne@nulle.part\nZoé ; B"})
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "Ligne 1" in page
    assert "Ligne 2" in page
    assert "Personne@nulle.part" in page
    assert alice.post(base + "modifier/", {"colleges": "A ; 50", "voters": "Zoé ; A"}).status_code == 422
    good = {"colleges": "A\nB", "voters": "Zoé ; A ; 2\nBob Lambert ; B"}
    assert alice.post(base + "modifier/", good).status_code == 302
    with scope(cast.fabrique):
        assert poll.roll.count() == 2
        zoe = poll.roll.get(name="Zoé")
    assert "Zoé" in alice.get(base + "?q=zoe").content.decode()
    assert "Zoé" not in alice.get(base + "?q=lambert").content.decode()
    alice.post(f"{base}{zoe.pk}/pointer/", {"on_paper": "on"})
    with scope(cast.fabrique):
        zoe.refresh_from_db()
    assert (zoe.present, zoe.on_paper, zoe.voted) == (True, True, True)
    assert alice.post(base + "modifier/", good).status_code == 409


def test_a_proxy_is_given_and_taken_back_from_the_page_of_the_vote(cast: Cast) -> None:
    with scope(cast.fabrique):
        poll = open_vote(cast.alice)
        manon, alice = line_of(poll, cast.manon), line_of(poll, cast.alice)
    bob, url = cast.client("bob"), f"{BASE}{poll.pk}/pouvoir/"
    assert bob.post(url, {"holder": "x"}).status_code == 422
    assert bob.post(url, {"holder": str(manon.pk)}).status_code == 302
    assert "Manon Le Goff" in bob.get(url).content.decode()
    page = cast.client("manon").get(f"{BASE}{poll.pk}/").content.decode()
    assert "Bob Lambert" in page
    assert cast.client("manon").post(url, {"holder": str(alice.pk)}).status_code == 422  # holds one: gives none
    assert bob.post(url, {"take_back": "1"}).status_code == 302
    assert bob.post(url, {"take_back": "1"}).status_code == 409
    assert cast.client("gus").get(url).status_code == 404


def test_paper_is_keyed_in_by_two_and_the_second_does_not_see_the_first(cast: Cast) -> None:
    with scope(cast.fabrique):
        crowd = people(2)
        poll = open_vote(cast.alice)
        for person in crowd:
            actions.tick_voter(by=cast.alice, poll=poll, voter=line_of(poll, person), present=True, on_paper=True)
    alice, manon, url = cast.client("alice"), cast.client("manon"), f"{BASE}{poll.pk}/papier/"
    assert alice.post(url, {"label": "Entrée", "sheets": "3", "klass": "0"}).status_code == 422
    assert alice.post(url, {"label": "Entrée", "sheets": "2", "klass": "0"}).status_code == 302
    with scope(cast.fabrique):
        batch = PaperBatch.objects.get()
    grid = f"{url}{batch.pk}/"
    refused = alice.post(grid, {"s1-0": "o", "s2-0": "zut"})
    assert refused.status_code == 422
    assert 'value="zut"' in refused.content.decode()
    assert alice.post(grid, {"s1-0": "o", "s2-0": "b"}).status_code == 302
    assert 'value="o"' in alice.get(grid).content.decode()
    assert 'value="o"' not in manon.get(grid).content.decode()
    manon.post(grid, {"s1-0": "n", "s2-0": "b"})
    assert alice.post(grid + "compter/").status_code == 302
    with scope(cast.fabrique):
        assert not poll.ballots.exists()
    assert "<strong>1</strong>" in manon.get(grid).content.decode()
    manon.post(grid, {"s1-0": "o", "s2-0": "b"})
    assert alice.post(grid + "compter/").status_code == 302
    with scope(cast.fabrique):
        assert poll.ballots.count() == 2


def test_attendance_and_minutes_are_pdf_documents(cast: Cast) -> None:
    with scope(cast.fabrique):
        poll = open_vote(cast.alice, majority="2/3", quorum="1/3")
        actions.give_proxy(by=cast.manon, poll=poll, giver=line_of(poll, cast.manon), holder=line_of(poll, cast.bob))
        actions.cast_ballot(by=cast.bob, poll=poll, marks=marks(poll, YES))
    alice = cast.client("alice")
    assert cast.client("bob").get(f"{BASE}{poll.pk}/emargement.pdf").status_code == 403
    assert alice.get(f"{BASE}{poll.pk}/proces-verbal.pdf").status_code == 403
    with scope(cast.fabrique):
        actions.close_poll(by=cast.alice, poll=poll)
    for path in ("emargement.pdf", "proces-verbal.pdf"):
        response = alice.get(f"{BASE}{poll.pk}/{path}")
        assert response["Content-Type"] == "application/pdf"
        assert response.content.startswith(b"%PDF-")
    assert cast.client("bob").get(f"{BASE}{poll.pk}/proces-verbal.pdf").status_code == 200
