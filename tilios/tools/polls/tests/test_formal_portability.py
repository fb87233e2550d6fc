"""A formal vote taken out and brought in is the same vote; its pages ask as much of a long roll as of a short one."""

import json
import zipfile
from pathlib import Path

import pytest

from tests.cast import Cast
from tilios.core.portability.exporting import export
from tilios.core.portability.importing import bring_in
from tilios.core.structures.scope import scope
from tilios.tools.polls import actions, queries
from tilios.tools.polls.actions.secret import fingerprint
from tilios.tools.polls.models import Poll, Voter
from tilios.tools.polls.tests.contract import fill_formal
from tilios.tools.polls.tests.formal import NO, YES, line_of, lines, open_vote, people, vote
from tilios.tools.polls.tests.test_bounds import queries_of
from tilios.tools.polls.tests.test_decision import decided


def test_the_roll_the_secret_ballots_and_the_decision_are_the_same_elsewhere(cast: Cast, tmp_path: Path) -> None:
    with scope(cast.fabrique):
        crowd = people(11)
        poll = open_vote(cast.alice, secret=True, quorum="1/3", majority="2/3")
        both = [("Salariat", None), ("Usagers", None)]
        roll = lines(*crowd[:5], college="Salariat") + lines(*crowd[5:], college="Usagers", weight=2)
        actions.set_roll(by=cast.alice, poll=poll, lines=roll, colleges=both)
        giver, holder = line_of(poll, crowd[9]), line_of(poll, crowd[0])
        actions.give_proxy(by=cast.alice, poll=poll, giver=giver, holder=holder)
        codes = [vote(poll, person, YES if place else NO).receipts[0] for place, person in enumerate(crowd[:9])]
        actions.close_poll(by=cast.alice, poll=poll)
        before, first = decided(poll), {one.college: one.tally for one in queries.by_college(poll)}
    path = tmp_path / "archive.zip"
    with path.open("wb") as file:
        export(cast.fabrique, file)
    made = bring_in(path, slug="ailleurs")
    with scope(made.structure):
        again = Poll.objects.get(title=poll.title)
        after = decided(again)
        assert (after.standing, after.voters, after.sentence) == (before.standing, before.voters, before.sentence)
        assert set(queries.fingerprints(again)) == {fingerprint(code) for code in codes}
        assert len(queries.by_college(again)) == len(first)
        assert Voter.objects.exclude(delegate=None).get().delegate.display_name == "Voix 000"  # type: ignore[union-attr]


def test_the_open_sheets_leave_out_a_secret_vote_until_its_close_and_its_names_after(
    cast: Cast, tmp_path: Path
) -> None:
    with scope(cast.fabrique):
        poll = open_vote(cast.alice, secret=True)
        vote(poll, cast.bob, YES)
    sheet = f"open/polls/{poll.pk}-approuver-les-comptes.csv"
    for over in (False, True):
        path = tmp_path / f"{over}.zip"
        with path.open("wb") as file:
            export(cast.fabrique, file)
        with zipfile.ZipFile(path) as archive:
            assert (sheet in archive.namelist()) is over
            rows = [json.loads(line) for line in archive.read("data/polls.secretballot.jsonl").decode().splitlines()]
            assert all(set(row) == {"id", "poll", "marks", "weight", "college", "receipt"} for row in rows)
            if over:
                assert "Bob" not in archive.read(sheet).decode()
        with scope(cast.fabrique):
            actions.close_poll(by=cast.alice, poll=poll)


@pytest.mark.slow
def test_pages_of_a_formal_vote_ask_as_much_of_a_long_roll_as_of_a_short_one(cast: Cast) -> None:
    counts = []
    for number in (10, 400):
        with scope(cast.fabrique):
            poll = fill_formal(cast.alice, number)
            batch, line = poll.batches.get().pk, poll.roll.all()[0].pk
        base = f"/s/la-fabrique/sondages/{poll.pk}/"
        paths = ("", "liste/", "liste/modifier/", "liste/N/", "pouvoir/", "papier/", "papier/N/", "votes/")
        numbers = {"liste/N/": f"liste/{line}/", "papier/N/": f"papier/{batch}/"}
        client = cast.client("alice")
        counts.append({path: queries_of(client, base + numbers.get(path, path)) for path in paths})
    few, many = counts
    assert {path: (few[path], many[path]) for path in few if many[path] > few[path]} == {}
    assert max(many.values()) < 45, many
