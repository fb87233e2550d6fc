"""Finer kinds of ballot in a real poll: rules, refusals that lose nothing, results and exports, rounds, lots."""

import csv
from typing import Any

import pytest

from tests.cast import Cast
from tilios.core.errors import Conflict, Invalid, NotAllowed
from tilios.core.journal.models import Entry
from tilios.kit.voting.consent import AGREE, OBJECT, RESERVATIONS
from tilios.tools.polls import actions, ballots, queries
from tilios.tools.polls.ballots import Filled
from tilios.tools.polls.drafts import Draft
from tilios.tools.polls.models import Mark, Poll
from tilios.tools.polls.results import Result
from tilios.tools.polls.tests.contract import marks, open_choice

BASE = "/s/la-fabrique/sondages/"


def result_of(poll: Poll) -> Result:
    options = queries.options_of(poll)
    return Result(poll, options, queries.result_of(poll, options))


def ahead(poll: Poll) -> list[str]:
    return [line.name for line in result_of(poll).best]


def consent_of(poll: Poll, *answers: int, why: str = "") -> Filled:
    given = marks(poll, *answers)
    return Filled(given, {option: why for option, value in given.items() if value in (OBJECT, RESERVATIONS) and why})


def open_draw(cast: Cast, **fields: Any) -> Poll:
    return open_choice(cast.alice, ballot="draw", seed_source="le Loto du 5", ballot_rules={"drawn": 1}, **fields)


# Rules and checks


@pytest.mark.parametrize(
    ("slug", "given", "field"),
    [
        ("points", {"points": 101}, "points"),
        ("points", {"points": 5, "points_most": 6}, "points_most"),
        ("points", {"points": 10, "points_most": 3, "points_all": True}, "points_most"),
        ("score", {"scale": 7}, "scale"),
        ("ranked", {"method": "coin"}, "method"),
        ("ranked", {"method": "stv", "seats": 3}, "seats"),
        ("draw", {"drawn": 4}, "drawn"),
    ],
)
def test_rules_nobody_could_follow_are_refused_where_they_were_typed(slug: str, given: dict, field: str) -> None:
    with pytest.raises(Invalid) as error:
        ballots.of(slug).rules(given, 3)
    assert error.value.field == field


@pytest.mark.parametrize(
    ("slug", "rules", "given"),
    [
        ("points", {"points": 5}, {1: 4, 2: 2}),
        ("points", {"points": 5, "points_most": 3}, {1: 4}),
        ("points", {"points": 5, "points_all": True}, {1: 4}),
        ("points", {"points": 5}, {1: -1}),
        ("points", {"points": 5}, {}),
        ("score", {"scale": 5}, {1: 6}),
        ("score", {"scale": 5}, {1: -1}),
        ("score", {"scale": 5}, {}),
        ("ranked", {"method": "irv"}, {1: 1, 2: 1}),
        ("ranked", {"method": "stv"}, {1: 2, 2: 2}),
        ("ranked", {}, {1: 4}),
        ("ranked", {}, {1: 0}),
        ("judgment", {}, {1: 6, 2: 5}),
        ("judgment", {}, {1: 6, 2: 5, 3: 7}),
        ("consent", {}, {1: 3, 2: 3}),
        ("consent", {}, {1: 3, 2: 3, 3: 0}),
        ("draw", {}, {1: 1}),
        ("score", {"scale": 5}, {9: 1}),
    ],
)
def test_a_ballot_that_breaks_the_rules_is_refused_with_a_sentence(slug: str, rules: dict, given: dict) -> None:
    with pytest.raises(Invalid) as error:
        ballots.of(slug).check(given, [1, 2, 3], rules)
    assert error.value.field == "marks"
    assert str(error.value.message).endswith(".")


@pytest.mark.parametrize(
    ("slug", "rules", "given"),
    [
        ("points", {"points": 5, "points_most": 3, "points_all": True}, {1: 3, 2: 2}),
        ("score", {"scale": 20}, {1: 0, 2: 20}),
        ("ranked", {"method": "schulze"}, {1: 1, 2: 1}),
        ("ranked", {"method": "irv"}, {1: 1, 3: 2}),
        ("judgment", {}, {1: 0, 2: 0, 3: 6}),
        ("consent", {}, Filled({1: 3, 2: 1, 3: 0}, {3: "trop cher"})),
    ],
)
def test_a_ballot_within_the_rules_is_taken(slug: str, rules: dict, given: dict) -> None:
    ballots.of(slug).check(given, [1, 2, 3], rules)


def test_a_draw_needs_its_source_beforehand(fabrique: Cast) -> None:
    with pytest.raises(Invalid) as error:
        open_choice(fabrique.alice, ballot="draw")
    assert error.value.field == "seed_source"


# Results


METHODS = ["schulze", "ranked_pairs", "borda", "irv", "stv"]


@pytest.mark.parametrize("method", METHODS)
def test_every_method_counts_orders_and_tells_how(fabrique: Cast, method: str) -> None:
    poll = open_choice(fabrique.alice, ballot="ranked", ballot_rules={"method": method, "seats": 1})
    actions.cast_ballot(by=fabrique.alice, poll=poll, marks=marks(poll, 1, 2, 3))
    actions.cast_ballot(by=fabrique.bob, poll=poll, marks=marks(poll, 1, 3, 2))
    actions.cast_ballot(by=fabrique.manon, poll=poll, marks=marks(poll, 3, 1, 2))
    result = result_of(poll)
    assert [line.name for line in result.best] == ["Le Phare"]
    assert "Le Phare" in result.summary
    assert result.explanation
    assert result.steps
    assert result.ranked[0].name == "Le Phare"


def test_a_weighted_ballot_counts_as_so_many_and_is_shown_in_voices() -> None:
    for slug, rules, given in (
        ("ranked", {"method": "stv", "seats": 1}, {1: 1, 2: 2}), ("ranked", {"method": "borda"}, {1: 1, 2: 2}),
        ("score", {"scale": 5}, {1: 3, 2: 1}), ("judgment", {}, {1: 6, 2: 0}), ("consent", {}, {1: 3, 2: 0}),
        ("single", {}, {1: 1}),
    ):  # fmt: skip
        tally = {option: {value: 4} for option, value in given.items()}
        heavy = ballots.Votes(1, tally, lambda given=given: [(given, 4)], scale=2)
        twice = ballots.Votes.of([given, given])
        kind = ballots.of(slug)
        one, other = kind.count([1, 2], heavy, rules), kind.count([1, 2], twice, rules)
        assert [row.counts for row in one.rows] == [row.counts for row in other.rows], slug
        assert one.best == other.best == (1,)


def test_points_scores_and_grades_put_in_front_what_they_should(fabrique: Cast) -> None:
    points = open_choice(fabrique.alice, ballot="points", ballot_rules={"points": 10})
    actions.cast_ballot(by=fabrique.alice, poll=points, marks=marks(points, 7, 3))
    actions.cast_ballot(by=fabrique.bob, poll=points, marks=marks(points, None, 10))
    assert ahead(points) == ["La Ruche"]
    score = open_choice(fabrique.alice, ballot="score", ballot_rules={"scale": 20})
    actions.cast_ballot(by=fabrique.alice, poll=score, marks=marks(score, 12, 19, 0))
    assert ahead(score) == ["La Ruche"]
    grades = open_choice(fabrique.alice, ballot="judgment")
    actions.cast_ballot(by=fabrique.alice, poll=grades, marks=marks(grades, 4, 5, 0))
    actions.cast_ballot(by=fabrique.bob, poll=grades, marks=marks(grades, 4, 5, 6))
    assert ahead(grades) == ["La Ruche"]


def test_the_reason_of_an_objection_is_kept_shown_and_comes_back_to_who_gave_it(fabrique: Cast) -> None:
    poll = open_choice(fabrique.alice, ballot="consent")
    actions.cast_ballot(by=fabrique.bob, poll=poll, marks=consent_of(poll, AGREE, AGREE, OBJECT, why="Trop petit"))
    assert Mark.objects.get(value=OBJECT).reason == "Trop petit"
    assert ahead(poll) == ["Le Phare", "La Ruche"]
    page = fabrique.client("bob").get(f"{BASE}{poll.pk}/").content.decode()
    assert 'value="Trop petit"' in page
    assert page.count("Trop petit") >= 3  # in the form, in the steps, in the table


def test_an_objection_without_a_reason_comes_back_as_filled(fabrique: Cast) -> None:
    poll = open_choice(fabrique.alice, ballot="consent")
    first, second, third = marks(poll, 1, 1, 1)
    sent = {f"mark-{first}": "3", f"mark-{second}": "2", f"reason-{second}": "À revoir", f"mark-{third}": "0"}
    response = fabrique.client("bob").post(f"{BASE}{poll.pk}/voter/", sent)
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="À revoir"' in page
    assert page.count(" checked") == 3
    assert not Mark.objects.exists()


def test_exports_hold_the_votes_and_the_steps(fabrique: Cast) -> None:
    poll = open_choice(fabrique.alice, ballot="ranked", ballot_rules={"method": "schulze"})
    actions.cast_ballot(by=fabrique.bob, poll=poll, marks=marks(poll, 2, 1))
    client = fabrique.client("alice")
    content = b"".join(client.get(f"{BASE}{poll.pk}/resultats.csv")).decode("utf-8-sig")
    rows = list(csv.reader(content.splitlines(), delimiter=";"))
    assert any(row[1:4] == ["2", "1", ""] for row in rows)
    assert any(row[:1] == ["Duels"] for row in rows)
    for form in ("ods", "svg", "png"):
        assert client.get(f"{BASE}{poll.pk}/resultats.{form}").status_code == 200


@pytest.mark.parametrize("ballot", ["score", "points", "judgment", "ranked", "consent", "draw"])
def test_pages_and_pictures_of_every_kind_show_with_and_without_votes(fabrique: Cast, ballot: str) -> None:
    poll = open_draw(fabrique) if ballot == "draw" else open_choice(fabrique.alice, ballot=ballot)
    client = fabrique.client("alice")
    pages = ("", "resultats.svg", "resultats.png", "resultats.csv", "modifier/", "saisir/", "dupliquer/", "clore/")
    assert [client.get(f"{BASE}{poll.pk}/{page}").status_code for page in pages] == [200] * len(pages)
    if ballot != "draw":
        given = consent_of(poll, 3, 1, 0, why="non") if ballot == "consent" else marks(poll, 1, 2, 3)
        actions.cast_ballot(by=fabrique.bob, poll=poll, marks=given)
        assert [client.get(f"{BASE}{poll.pk}/{page}").status_code for page in pages] == [200] * len(pages)


def test_a_vote_withdrawn_by_mistake_comes_back_with_its_reason(fabrique: Cast) -> None:
    poll = open_choice(fabrique.alice, ballot="consent")
    actions.cast_ballot(by=fabrique.bob, poll=poll, marks=consent_of(poll, AGREE, AGREE, OBJECT, why="Trop petit"))
    client = fabrique.client("bob")
    page = client.post(f"{BASE}{poll.pk}/retirer/", follow=True).content.decode()
    assert not Mark.objects.exists()
    token = page.split('name="token" value="')[1].split('"')[0]
    action = page.split('name="token"')[0].rsplit('action="', 1)[1].split('"')[0]
    assert client.post(action, {"token": token}).status_code == 302
    assert Mark.objects.get(value=OBJECT).reason == "Trop petit"


# Rounds


def next_drafts(poll: Poll) -> list[Draft]:
    return [Draft(label=f"{option.label} amendé") for option in poll.options.all()]


def test_the_next_round_follows_the_first_which_it_closes(fabrique: Cast) -> None:
    first = open_choice(fabrique.alice, ballot="consent")
    fields = {"kind": "choice", "ballot": "consent", "tell": False}
    second = actions.open_round(by=fabrique.alice, follows=first, drafts=next_drafts(first), title="Suite", **fields)
    first.refresh_from_db()
    assert (second.follows, second.round_number) == (first, 2)
    assert first.closed_at
    entry = Entry.objects.order_by("-pk")[0]
    assert (entry.verb, entry.target, entry.data) == (
        "polls.round_opened",
        second.pk,
        {"follows": first.pk, "round": 2},
    )
    assert queries.rounds_of(first) == queries.rounds_of(second) == [first, second]
    with pytest.raises(Conflict):
        actions.open_round(by=fabrique.alice, follows=first, drafts=next_drafts(first), title="Encore", **fields)


def test_only_who_runs_a_consent_opens_its_next_round(fabrique: Cast) -> None:
    consent, plain = open_choice(fabrique.alice, ballot="consent"), open_choice(fabrique.alice)
    fields = {"kind": "choice", "ballot": "consent", "tell": False, "title": "Suite"}
    with pytest.raises(NotAllowed):
        actions.open_round(by=fabrique.bob, follows=consent, drafts=next_drafts(consent), **fields)
    with pytest.raises(Conflict):
        actions.open_round(by=fabrique.alice, follows=plain, drafts=next_drafts(plain), **fields)
    assert queries.rounds_of(plain) == []


# Lots


def test_lots_are_drawn_once_and_only_once_the_list_is_closed(fabrique: Cast) -> None:
    poll = open_draw(fabrique)
    with pytest.raises(Conflict):
        actions.draw_lots(by=fabrique.alice, poll=poll, seed="4 11 23")
    actions.close_poll(by=fabrique.alice, poll=poll)
    with pytest.raises(NotAllowed):
        actions.draw_lots(by=fabrique.bob, poll=poll, seed="4 11 23")
    with pytest.raises(Invalid):
        actions.draw_lots(by=fabrique.alice, poll=poll, seed="  ")
    actions.draw_lots(by=fabrique.alice, poll=poll, seed=" 4  11 23 ")
    entry = Entry.objects.order_by("-pk")[0]
    assert (entry.verb, entry.data) == ("polls.drawn", {"seed": "4 11 23"})
    poll.refresh_from_db()
    result = result_of(poll)
    assert sorted(lot.number for lot in result.lots) == [1, 2, 3]
    assert result.name(result.lots[0].number) in result.summary
    with pytest.raises(Conflict):
        actions.draw_lots(by=fabrique.alice, poll=poll, seed="autre")
    with pytest.raises(Conflict):
        actions.reopen_poll(by=fabrique.alice, poll=poll)


def test_a_draw_waits_for_nobody_and_takes_no_vote(fabrique: Cast) -> None:
    poll = open_draw(fabrique)
    assert queries.count_of_tabs(fabrique.bob) == {"open": 1, "waiting": 0}
    assert not queries.silent_people(poll).exists()
    with pytest.raises(Invalid):
        actions.cast_ballot(by=fabrique.bob, poll=poll, marks=marks(poll, 1))


def test_a_seed_refused_is_shown_again(fabrique: Cast) -> None:
    poll = open_draw(fabrique)
    client = fabrique.client("alice")
    assert client.post(f"{BASE}{poll.pk}/tirer/", {"seed": "12"}).status_code == 409
    actions.close_poll(by=fabrique.alice, poll=poll)
    assert client.post(f"{BASE}{poll.pk}/tirer/", {"seed": " "}).status_code == 422
    assert 'name="seed"' in client.get(f"{BASE}{poll.pk}/").content.decode()
    assert client.post(f"{BASE}{poll.pk}/tirer/", {"seed": "12"}).status_code == 302
    assert fabrique.client("bob").post(f"{BASE}{poll.pk}/tirer/", {"seed": "13"}).status_code == 403


# Forms


def sent(**more: str) -> dict[str, str]:
    rows = {f"options-{row}-label": label for row, label in enumerate(("Rouge", "Vert", "Bleu"))}
    return {
        "title": "Quelle couleur ?", "electorate": "members", "least_role": "10", "results": "open", "names": "shown",
        "timezone": "Europe/Paris", "guests": "on", "options-TOTAL_FORMS": "3", "options-INITIAL_FORMS": "0",
        **rows, **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("more", "rules"),
    [
        (
            {"ballot": "points", "points": "8", "points_all": "on"},
            {"points": 8, "points_most": None, "points_all": True},
        ),
        ({"ballot": "score", "scale": "20"}, {"scale": 20}),
        ({"ballot": "ranked", "method": "stv", "seats": "2"}, {"method": "stv", "seats": 2}),
        ({"ballot": "ranked", "method": "irv"}, {"method": "irv"}),
        ({"ballot": "judgment"}, {}),
        ({"ballot": "draw", "seed_source": "le Loto", "drawn": "2"}, {"drawn": 2}),
    ],
)
def test_the_form_makes_each_kind_with_its_rules(fabrique: Cast, more: dict, rules: dict) -> None:
    client = fabrique.client("alice")
    assert client.post(f"{BASE}nouveau/choix/", sent(**more)).status_code == 302
    poll = Poll.objects.get()
    assert (poll.ballot, poll.ballot_rules) == (more["ballot"], rules)
    page = client.get(f"{BASE}{poll.pk}/modifier/").content.decode()
    assert f'value="{poll.ballot}" checked' in page


def test_a_form_refused_keeps_what_was_typed(fabrique: Cast) -> None:
    response = fabrique.client("alice").post(f"{BASE}nouveau/choix/", sent(ballot="draw", drawn="2"))
    page = response.content.decode()
    assert response.status_code == 422
    assert "d&#x27;où viendra la graine" in page
    assert 'value="Rouge"' in page


def test_dates_are_still_asked_in_the_simple_ways() -> None:
    assert {kind.slug for kind in ballots.offered("dates")} == {"yesno", "single", "several"}
