"""No page asks more queries of more rows: ten and a thousand, for people and for guests."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tilios.core.access import sharing
from tilios.core.structures.scope import scope
from tilios.kit.text import fold
from tilios.tools.polls.models import Ballot, Mark, Option, Poll
from tilios.tools.polls.tests.contract import open_choice, open_dates

FEW, MANY = 10, 1000


def queries_of(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
        if response.streaming:
            b"".join(response)
    assert response.status_code == 200, url
    return len(queries)


def vote(poll: Poll, first: int, last: int) -> None:
    """Votes by bulk: a thousand through the action would only be slower."""
    options = list(poll.options.all())
    made = Ballot.objects.bulk_create(
        Ballot(poll=poll, name=f"Voix {number}", name_key=fold(f"Voix {number}")) for number in range(first, last)
    )
    Mark.objects.bulk_create(
        Mark(ballot=ballot, option=option, value=(number + place) % 3)
        for number, ballot in enumerate(made)
        for place, option in enumerate(options)
    )


@pytest.mark.slow
def test_pages_of_a_poll_ask_as_much_of_a_thousand_voters_as_of_ten(
    cast: Cast, visitor_of: Callable[[str], SimpleNamespace]
) -> None:
    with scope(cast.fabrique):
        poll = open_dates(cast.alice)
        tokens = [sharing.create_link(by=cast.alice, target=poll, mode=mode).token for mode in ("vote", "read")]
        vote(poll, 0, FEW)
    base = f"/s/la-fabrique/sondages/{poll.pk}/"
    doors: list[tuple[Any, str]] = [
        *((cast.client("alice"), base + path) for path in (
            "", "votes/", "clore/", "participation/", "modifier/", "saisir/", "resultats.svg", "resultats.png",
        )),
        *((visitor_of(token).client, f"/l/{token}/") for token in tokens),
    ]  # fmt: skip
    before = [queries_of(client, url) for client, url in doors]
    with scope(cast.fabrique):
        vote(poll, FEW, MANY)
    after = [queries_of(client, url) for client, url in doors]
    assert {url: pair for (_client, url), *pair in zip(doors, before, after, strict=True) if pair[1] > pair[0]} == {}
    assert max(after) < 40, after


@pytest.mark.slow
def test_lists_ask_as_much_of_a_thousand_polls_as_of_ten(cast: Cast) -> None:
    with scope(cast.fabrique):
        for number in range(FEW):
            open_choice(cast.alice, title=f"Sondage {number}")
    urls = ["/s/la-fabrique/", *(f"/s/la-fabrique/sondages/?onglet={tab}" for tab in ("ouverts", "attente", "clos"))]
    before = [queries_of(cast.client("bob"), url) for url in urls]
    with scope(cast.fabrique):
        polls = Poll.objects.bulk_create(
            Poll(title=f"Autre {number}", kind="choice", ballot="single", author=cast.alice) for number in range(MANY)
        )
        Option.objects.bulk_create(Option(poll=poll, label=label) for poll in polls for label in "AB")
    after = [queries_of(cast.client("bob"), url) for url in urls]
    assert all(later <= sooner for sooner, later in zip(before, after, strict=True)), (before, after)
