"""An attempt to say whose each secret ballot is, by somebody who holds the whole database, the archive and the logs.

Sixty people vote, known one by one, in a known order, each with a class of answer; the attacker looks for anything in
which ballots stand as voters do: numbers, order of rows on the disk (rowid, ctid), transactions that wrote them (xmin),
moments, the journal, the archive. Each order is compared with the order of the votes by Spearman's rank correlation:
of sixty ranks drawn by chance it stays below 0.5 all but once in twenty thousand.
"""

import io
import json
import logging
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.db import connection

from tests.cast import Cast, make_cast
from tilios.core.people.models import Person
from tilios.core.portability.exporting import export
from tilios.core.structures.scope import scope
from tilios.tools.polls import actions
from tilios.tools.polls.actions.secret import STIRRED, fingerprint
from tilios.tools.polls.models import Poll
from tilios.tools.polls.tests.formal import NO, YES, line_of, lines, open_vote, people, vote

pytestmark = pytest.mark.django_db(transaction=True)
VOTERS = 60
CHANCE = 0.5


@pytest.fixture
def voted(transactional_db: None) -> tuple[Cast, Poll, list[Person], list[str]]:
    """A secret vote, each ballot in a transaction of its own: the voters and the fingerprints, in the order cast."""
    cast = make_cast()
    with scope(cast.fabrique):
        crowd = people(VOTERS)
        poll = open_vote(cast.alice, secret=True)
        actions.set_roll(by=cast.alice, poll=poll, lines=lines(*crowd))
        prints = [
            fingerprint(vote(poll, person, YES if place % 3 else NO).receipts[0]) for place, person in enumerate(crowd)
        ]
    return cast, poll, crowd, prints


def rank_correlation(one: Sequence[Any], other: Sequence[Any]) -> float:
    """Spearman's, from -1 to 1, ties sharing their ranks; 0 where one of the two says nothing."""
    first, second = _ranks(one), _ranks(other)
    middle = (len(first) - 1) / 2
    spread = sum((rank - middle) ** 2 for rank in first) * sum((rank - middle) ** 2 for rank in second)
    if not spread:
        return 0.0
    together = sum((a - middle) * (b - middle) for a, b in zip(first, second, strict=True))
    return float(together / spread**0.5)


def _ranks(values: Sequence[Any]) -> list[float]:
    places: dict[Any, list[int]] = {}
    for place, value in enumerate(sorted(values)):
        places.setdefault(value, []).append(place)
    return [sum(places[value]) / len(places[value]) for value in values]


def raw(table: str, *columns: str) -> list[tuple]:
    """Every row of a table as the disk gives it, without an order asked for."""
    hidden = ("ctid::text", "xmin::text::bigint") if connection.vendor == "postgresql" else ("rowid",)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join([*hidden, *columns])} FROM {table}")
        return cursor.fetchall()


def columns_of(table: str) -> list[str]:
    with connection.cursor() as cursor:
        return [column.name for column in connection.introspection.get_table_description(cursor, table)]


def _place(value: Any) -> Any:
    """A value by which to sort: "(3,17)" is page 3, row 17."""
    if isinstance(value, str) and value.startswith("("):
        page, _comma, row = value[1:-1].partition(",")
        return int(page) * 10_000 + int(row)
    return json.dumps(value) if isinstance(value, list | dict) else value if value is not None else 0


def test_the_attempt_finds_an_order_where_there_is_one(voted: tuple) -> None:
    """The same eyes, looking at the roll, see in which order its lines were written: they are not blind."""
    _cast, _poll, crowd, _prints = voted
    numbers = {person.pk: place for place, person in enumerate(crowd)}
    rows = [row for row in raw("polls_voter", "person_id", "id") if row[-2] in numbers]
    assert abs(rank_correlation([numbers[row[-2]] for row in rows], [row[-1] for row in rows])) > 0.99


def test_no_column_and_no_place_on_the_disk_carries_the_order_of_the_votes(voted: tuple) -> None:
    _cast, _poll, _crowd, prints = voted
    when = {one: place for place, one in enumerate(prints)}
    names = columns_of("polls_secretballot")
    assert set(names) == {"id", "structure_id", "poll_id", "marks", "weight", "college_id", "receipt"}
    rows = raw("polls_secretballot", *names)
    assert len(rows) == VOTERS
    moments = [when[row[len(row) - len(names) + names.index("receipt")]] for row in rows]
    for index in range(len(rows[0])):
        found = rank_correlation(moments, [_place(row[index]) for row in rows])
        assert abs(found) < CHANCE, (index, found)
    assert abs(rank_correlation(moments, list(range(VOTERS)))) < CHANCE, "the order in which the disk gives rows"


def test_the_transaction_of_a_tick_points_at_no_ballot(voted: tuple) -> None:
    """PostgreSQL keeps with each row the transaction that wrote it: the tick and its ballot were written by one."""
    _cast, _poll, _crowd, _prints = voted
    if connection.vendor != "postgresql":
        assert VOTERS <= STIRRED  # SQLite keeps rows in the order of their numbers, which are random
        return
    written = [row[1] for row in raw("polls_secretballot", "id")]
    assert len(set(written)) == 1, "every ballot was written again by the last vote"
    ticks = {row[1] for row in raw("polls_voter", "voted")}
    assert len(ticks) > 1


def test_no_other_table_points_at_a_ballot(voted: tuple) -> None:
    """Nothing in the database holds the number or the fingerprint of a ballot, or names both a voter and an answer."""
    _cast, _poll, crowd, prints = voted
    ballots = {row[-2]: row[-1] for row in raw("polls_secretballot", "id", "receipt")}
    marks = set(map(str, [*ballots, *prints]))
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if name != "polls_secretballot"]
    assert "journal_entry" in tables
    for table in tables:
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor:
                said = " ".join(map(str, row))
                if table != "sqlite_sequence":  # the highest number ever drawn, of a table whose numbers are random
                    assert not [mark for mark in marks if mark in said], table
    assert len(crowd) == VOTERS


def test_the_journal_gives_moments_and_no_voter(voted: tuple) -> None:
    _cast, poll, crowd, _prints = voted
    people_on_it = {person.pk for person in crowd}
    names = columns_of("journal_entry")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(names)} FROM journal_entry WHERE verb = 'polls.voted_secretly'")
        rows = [dict(zip(names, row, strict=True)) for row in cursor]
    assert len(rows) == VOTERS
    for row in rows:
        assert row["target"] == poll.pk
        for name in ("actor", "on_behalf", "subject", "account", "visitor"):
            assert row[name] is None
        assert row["actor"] not in people_on_it
        assert row["data"] in ({}, "{}")


def members_of(cast: Cast) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    file = io.BytesIO()
    export(cast.fabrique, file)
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            if name.startswith("data/polls."):
                yield name, [json.loads(line) for line in archive.read(name).decode().splitlines()]


def test_the_archive_tells_no_more_than_the_tables(voted: tuple) -> None:
    cast, _poll, _crowd, prints = voted
    when = {one: place for place, one in enumerate(prints)}
    tables = dict(members_of(cast))
    rows = tables["data/polls.secretballot.jsonl"]
    moments = [when[row["receipt"]] for row in rows]
    assert abs(rank_correlation(moments, [row["id"] for row in rows])) < CHANCE
    assert abs(rank_correlation(moments, list(range(len(rows))))) < CHANCE
    assert {tuple(sorted(row)) for row in tables["data/polls.voter.jsonl"]} == {
        ("college", "delegate", "id", "name", "name_key", "on_paper", "person", "poll", "present", "sheet", "visitor",
         "voted", "weight"),
    }  # fmt: skip
    assert not tables["data/polls.ballot.jsonl"]
    assert not tables["data/polls.mark.jsonl"]


def test_the_logs_of_a_vote_hold_neither_answer_nor_receipt(transactional_db: None, caplog: Any) -> None:
    cast = make_cast()
    with scope(cast.fabrique):
        poll = open_vote(cast.alice, secret=True)
        option, line = poll.options.get().pk, line_of(poll, cast.bob).pk
    address, bob = f"/s/la-fabrique/sondages/{poll.pk}/", cast.client("bob")
    sheet = bob.get(address).content.decode().split('name="sheet" value="')[1].split('"')[0]
    sent = {f"mark-{option}": "2", "voters": [line], "sheet": sheet, "confirm": "1"}
    with caplog.at_level(logging.DEBUG):
        page = bob.post(address + "voter/", sent).content.decode()
    code = page.split('class="receipt-code">')[1].split("<")[0]
    log = "\n".join(str(record.__dict__) for record in caplog.records)
    assert address in log
    for secret in (code, code.replace("-", ""), sheet, fingerprint(code), f"mark-{option}"):
        assert secret not in log
    with scope(cast.fabrique):
        session = json.dumps(dict(bob.session))
    assert code not in session
    assert sheet not in session


@pytest.mark.parametrize("voters", [STIRRED + 40])
def test_past_the_stirring_the_last_ballot_still_hides_among_hundreds(transactional_db: None, voters: int) -> None:
    cast = make_cast()
    with scope(cast.fabrique):
        crowd = people(voters)
        poll = open_vote(cast.alice, secret=True)
        for person in crowd:
            vote(poll, person, YES)
    if connection.vendor != "postgresql":
        assert len({row[0] for row in raw("polls_secretballot", "id")}) == voters
        return
    written = [row[1] for row in raw("polls_secretballot", "id")]
    assert written.count(max(written)) == STIRRED + 1
