"""A draw by lot: nobody votes; a public seed puts the options in an order that anyone can work out again."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Invalid
from tilios.tools.polls.ballots.base import Ballot, Count, Level, Marks, Row, Votes


class Draw(Ballot):
    slug = "draw"
    label = _("Draw by lot")
    hint = _("Nobody votes: the options are drawn by lot once the list is closed.")
    suits = _("Nothing tells the options apart, or everybody must have the same chance: a turn, a place, a jury.")
    family = "lot"
    poll_kinds = ("choice",)
    template = "polls/ballots/draw.html"
    takes_votes = False
    settings = ("drawn", "seed_source")

    def levels(self, rules: Mapping[str, Any]) -> tuple[Level, ...]:
        return ()

    def rules(self, given: Mapping[str, Any], options: int) -> dict[str, Any]:
        drawn = int(given.get("drawn") or 1)
        if not 1 <= drawn <= options:
            raise Invalid("drawn", _("There are fewer options than that."))
        return {"drawn": drawn}

    def read(self, data: Any, options: Sequence[int]) -> dict[int, int]:
        return {}

    def check(self, marks: Marks, options: Sequence[int], rules: Mapping[str, Any]) -> None:
        raise Invalid("marks", _("Nobody votes in a draw."))

    def telling(self, rules: Mapping[str, Any]) -> str:
        return "lots"

    def count(self, options: Sequence[int], votes: Votes, rules: Mapping[str, Any]) -> Count:
        """Nothing to count: the order comes from the seed (`results.Result`)."""
        return Count((), tuple(Row(option, (), best=False) for option in options), 0)


BALLOT = Draw()
