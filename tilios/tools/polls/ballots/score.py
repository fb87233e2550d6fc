"""A score for each option, from 0 to 5, 10 or 20."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tilios.core.errors import Invalid
from tilios.kit.voting import scores
from tilios.tools.polls.ballots.base import Ballot, Count, Level, Marks, Row, Votes, numbers, placed, voices

SCALES = (5, 10, 20)
MOST_BUTTONS = 10  # beyond, a score is typed


class Score(Ballot):
    slug = "score"
    label = _("A score for each option")
    hint = _("Give a score to each option. Leave out those you cannot judge.")
    suits = _("People have an opinion on every option, and it matters how strong it is.")
    family = "finer"
    poll_kinds = ("choice",)
    template = "polls/ballots/score.html"
    settings = ("scale",)

    def levels(self, rules: Mapping[str, Any]) -> tuple[Level, ...]:
        return tuple(Level(value, str(value), str(value), "number") for value in range(highest(rules) + 1))

    def rules(self, given: Mapping[str, Any], options: int) -> dict[str, Any]:
        scale = int(given.get("scale") or 5)
        if scale not in SCALES:
            raise Invalid("scale", _("Scores go up to 5, 10 or 20."))
        return {"scale": scale}

    def read(self, data: Any, options: Sequence[int]) -> dict[int, int]:
        return numbers(data, "mark-")

    def check(self, marks: Marks, options: Sequence[int], rules: Mapping[str, Any]) -> None:
        if any(not 0 <= value <= highest(rules) for value in marks.values()):
            raise Invalid("marks", _("A score is a whole number from 0 to %d.") % highest(rules))
        super().check(marks, options, rules)

    def takes_place(self, value: int) -> bool:
        return False

    def instruction(self, rules: Mapping[str, Any]) -> Any:
        return _("Give each option a score from 0 (worst) to %d (best). Leave out those you cannot judge.") % highest(
            rules
        )

    def telling(self, rules: Mapping[str, Any]) -> str:
        return "figures"

    def count(self, options: Sequence[int], votes: Votes, rules: Mapping[str, Any]) -> Count:
        return counted(options, votes, Level(1, pgettext_lazy("of scores", "Total"), "Σ", "yes"))


def highest(rules: Mapping[str, Any]) -> int:
    return int(rules.get("scale") or 5)


def counted(options: Sequence[int], votes: Votes, head: Level) -> Count:
    """Options by the sum of what they were given."""
    found = scores.scores(range(1, len(options) + 1), votes.numbered(options).tally)
    places = placed(options, found.order)
    rows = tuple(
        Row(option, (voices(found.scores[number].total, votes.scale),), number in found.winners, places[option])
        for number, option in enumerate(options, 1)
    )
    return Count((head,), rows, votes.voters, found, votes.scale)


BALLOT = Score()
