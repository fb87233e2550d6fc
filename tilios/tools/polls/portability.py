"""What archives and erasure need to know of polls (docs/archive-format.md)."""

import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import pgettext_lazy

from tilios.core.portability.archive import Writer
from tilios.core.portability.personal import anonymous
from tilios.kit.sheets import Cell
from tilios.kit.text import slugify
from tilios.tools.polls import queries, results, rules
from tilios.tools.polls.models import Names, Poll

PERSONAL = {
    "polls.Ballot": anonymous("remark"),  # the vote counts, nobody's
    "polls.Ballot.keyed_by": "unlinked",
    "polls.Ballot.acted_by": "unlinked",
    "polls.Poll.closed_by": "unlinked",
    "polls.Voter": anonymous("name"),  # the line stays on the roll, nobody's; a secret ballot is nobody's already
    "polls.PaperBatch.first_by": "unlinked",
    "polls.PaperBatch.second_by": "unlinked",
}

LABELS = {
    "polls.Ballot": pgettext_lazy("rows of a table", "Votes in polls"),
    "polls.College": pgettext_lazy("rows of a table", "Colleges of voters"),
    "polls.Entitled": pgettext_lazy("rows of a table", "Places on the lists of voters"),
    "polls.Mark": pgettext_lazy("rows of a table", "Answers in votes"),
    "polls.Option": pgettext_lazy("rows of a table", "Options of polls"),
    "polls.PaperBatch": pgettext_lazy("rows of a table", "Piles of paper ballots"),
    "polls.PaperSheet": pgettext_lazy("rows of a table", "Paper ballots being keyed in"),
    "polls.Poll": pgettext_lazy("rows of a table", "Polls"),
    "polls.Reminder": pgettext_lazy("rows of a table", "Reminders of polls"),
    "polls.SecretBallot": pgettext_lazy("rows of a table", "Secret ballots"),
    "polls.Voter": pgettext_lazy("rows of a table", "Lines of the rolls of votes"),
}

HEADS = {
    "opened_at": pgettext_lazy("head of a column", "opened"),
    "closed_at": pgettext_lazy("head of a column", "closed"),
}


def sheets(archive: Writer) -> None:
    """A sheet of all polls, and one for each: what the place shows of its results, not more."""
    polls = Poll.objects.filter(deleted_at=None).order_by("pk")
    archive.csv("open/polls/polls.csv", _list(polls.iterator(chunk_size=500)))
    for pk in list(polls.values_list("pk", flat=True)):
        poll = Poll.objects.get(pk=pk)
        # SECURITY: results promised hidden are not opened by taking an archive while people vote.
        if rules.sees_results(poll, has_voted=False):
            archive.csv(f"open/polls/{pk}-{slugify(poll.title, length=50)}.csv", _one(poll))


def _list(polls: Any) -> Iterator[list[Cell]]:
    names = ("title", "description", "opened_at", "deadline", "closed_at", "outcome", "review_on")
    fields: list[Any] = [Poll._meta.get_field(name) for name in names]
    yield [str(HEADS.get(field.name, field.verbose_name)).capitalize() for field in fields]
    for poll in polls:
        values = [getattr(poll, name) for name in names]
        yield [value.astimezone(poll.tz) if isinstance(value, datetime) else value for value in values]


def _one(poll: Poll) -> Iterator[list[Cell]]:
    options = queries.options_of(poll)
    result = results.Result(poll, options, queries.result_of(poll, options))
    named = poll.names == Names.SHOWN and not poll.secret
    votes = results.votes(poll, options, queries.ballots_of(poll).iterator(chunk_size=500)) if named else None
    yield from results.sheet(result, votes)


OPEN = (sheets,)

NOT_SECRET = {"polls.Poll.secret": "says that the ballots of a poll are secret; it opens nothing"}

#: The number of a guest's form lets whoever holds it send that form again.
SECRETS = {"polls.Ballot": {"sheet": lambda there: secrets.token_urlsafe(18) if there else ""}}
