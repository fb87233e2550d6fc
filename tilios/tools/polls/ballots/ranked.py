"""Options put in order, the best first; counted by one of five methods."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tilios.core.errors import Invalid
from tilios.kit.voting.borda import borda
from tilios.kit.voting.condorcet import ranked_pairs, schulze
from tilios.kit.voting.runoff import runoff
from tilios.kit.voting.stv import VOICE, Transferable, transferable
from tilios.tools.polls.ballots.base import Ballot, Count, Level, Marks, Row, Votes, numbers, placed, voices

METHODS = {
    "schulze": _("Duels, by Schulze's method: what is preferred to each other option wins"),
    "ranked_pairs": _("Duels, by ranked pairs: the clearest victories count first"),
    "borda": _("Borda's points: more points for a better place"),
    "irv": _("Instant run-off: the last goes out, round after round, until one has more than half"),
    "stv": _("Transferable vote: several seats, shared in proportion to opinions"),
}
STRICT = {"irv", "stv"}  # methods that need one option a rank
MOST_RANKS = 200

DUELS = Level(1, pgettext_lazy("of an option", "Duels won"), "⚔", "yes")
POINTS = Level(1, pgettext_lazy("of a vote", "Points"), "●", "yes")
LAST = Level(1, pgettext_lazy("of a count in rounds", "Voices at its last round"), "▮", "yes")


class Ranked(Ballot):
    slug = "ranked"
    label = _("Options in order of preference")
    hint = _("Put the options in order, the one you like best first. You may leave some out.")
    suits = _("Three options or more, and one to keep: a second choice counts, nobody votes against their taste.")
    family = "rank"
    poll_kinds = ("choice",)
    template = "polls/ballots/ranked.html"
    script = "ranked.js"
    settings = ("method", "seats")

    def levels(self, rules: Mapping[str, Any]) -> tuple[Level, ...]:
        return tuple(Level(rank, _("Rank %d") % rank, str(rank), "number") for rank in range(1, MOST_RANKS + 1))

    def rules(self, given: Mapping[str, Any], options: int) -> dict[str, Any]:
        method = given.get("method") or "schulze"
        if method not in METHODS:
            raise Invalid("method", _("This way of counting does not exist."))
        if method != "stv":
            return {"method": method}
        seats = int(given.get("seats") or 2)
        if not 1 <= seats < max(options, 2):
            raise Invalid("seats", _("There are fewer seats than options, and at least one."))
        return {"method": method, "seats": seats}

    def read(self, data: Any, options: Sequence[int]) -> dict[int, int]:
        return numbers(data, "mark-")

    def check(self, marks: Marks, options: Sequence[int], rules: Mapping[str, Any]) -> None:
        if any(not 1 <= rank <= len(options) for rank in marks.values()):
            raise Invalid("marks", _("Ranks go from 1 to %d.") % len(options))
        super().check(marks, options, rules)
        ranks = sorted(marks.values())
        twice = next((one for one, other in pairwise(ranks) if one == other), None)
        if twice is not None and method_of(rules) in STRICT:
            raise Invalid(
                "marks", _("Several options have rank %d: here, each rank is given to one option only.") % twice
            )

    def takes_place(self, value: int) -> bool:
        return False

    def instruction(self, rules: Mapping[str, Any]) -> Any:
        if method_of(rules) in STRICT:
            return self.hint
        return _("Put the options in order, 1 for the best. Several may share a rank; you may leave some out.")

    def telling(self, rules: Mapping[str, Any]) -> str:
        return {"irv": "runoff", "stv": "seats", "borda": "figures"}.get(method_of(rules), "duels")

    def count(self, options: Sequence[int], votes: Votes, rules: Mapping[str, Any]) -> Count:
        numbered = range(1, len(options) + 1)
        cast = votes.numbered(options).ballots()
        method = method_of(rules)
        if method == "stv":
            return _seats(options, transferable(numbered, cast, int(rules.get("seats") or 2)), votes)
        found: Any
        if method == "borda":
            found, head = borda(numbered, cast), POINTS
            figures = {number: voices(points, votes.scale) for number, points in found.points.items()}
        elif method == "irv":
            found, head = runoff(numbered, cast), LAST
            figures = _last(((turn.tally, votes.scale) for turn in found.rounds), numbered)
        else:
            found, head = (ranked_pairs if method == "ranked_pairs" else schulze)(numbered, cast), DUELS
            figures = {number: found.duels.won(number) for number in numbered}
        return _count(options, head, figures, found, found.winners, found.order, votes)


def method_of(rules: Mapping[str, Any]) -> str:
    return str(rules.get("method") or "schulze")


def _count(
    options: Sequence[int],
    head: Level,
    figures: Mapping[int, Any],
    found: Any,
    winners: Iterable[int],
    order: Sequence[Sequence[int]],
    votes: Votes,
) -> Count:
    places, first = placed(options, order), set(winners)
    rows = tuple(
        Row(option, (figures[number],), number in first, places.get(option, 0))
        for number, option in enumerate(options, 1)
    )
    return Count((head,), rows, votes.voters, found, votes.scale)


def _seats(options: Sequence[int], found: Transferable, votes: Votes) -> Count:
    """Those elected in the order of their election, then those level for the last seats."""
    order = [(one,) for one in found.elected]
    tallies = ((turn.tally, VOICE * votes.scale) for turn in found.rounds)
    figures = _last(tallies, range(1, len(options) + 1))
    tiers = [*order, found.level] if found.level else order
    return _count(options, LAST, figures, found, found.elected, tiers, votes)


def _last(tallies: Iterable[tuple[Mapping[int, int], int]], numbered: Iterable[int]) -> dict[int, Any]:
    """The voices of each option in the last round that counted it."""
    figures: dict[int, Any] = dict.fromkeys(numbered, 0)
    for tally, scale in tallies:
        figures |= {number: voices(weight, scale) for number, weight in tally.items()}
    return figures


BALLOT = Ranked()
