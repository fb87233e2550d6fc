"""Majority judgment: one of seven grades for each option; the median grade decides."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tilios.core.errors import Invalid
from tilios.kit.voting.judgment import judgment
from tilios.tools.polls.ballots.base import Ballot, Count, Level, Marks, Row, Votes, numbers, placed, voices

GRADES = (
    Level(6, pgettext_lazy("grade", "Excellent"), "A", "g6"),
    Level(5, pgettext_lazy("grade", "Very good"), "B", "g5"),
    Level(4, pgettext_lazy("grade", "Good"), "C", "g4"),
    Level(3, pgettext_lazy("grade", "Fairly good"), "D", "g3"),
    Level(2, pgettext_lazy("grade", "Passable"), "E", "g2"),
    Level(1, pgettext_lazy("grade", "Insufficient"), "F", "g1"),
    Level(0, pgettext_lazy("grade", "To reject"), "G", "g0"),
)


class Judgment(Ballot):
    slug = "judgment"
    label = _("Majority judgment")
    hint = _("Give each option the grade you find right. Several may have the same one.")
    suits = _("A choice among many, or for a long time: what most people find good wins, not what divides them.")
    family = "finer"
    poll_kinds = ("choice",)
    template = "polls/ballots/judgment.html"
    middle = True

    def levels(self, rules: Mapping[str, Any]) -> tuple[Level, ...]:
        return GRADES

    def read(self, data: Any, options: Sequence[int]) -> dict[int, int]:
        return numbers(data, "mark-")

    def check(self, marks: Marks, options: Sequence[int], rules: Mapping[str, Any]) -> None:
        super().check(marks, options, rules)
        if len(marks) < len(options):
            raise Invalid("marks", _("Give a grade to every option: they are compared on the same number of grades."))

    def takes_place(self, value: int) -> bool:
        return False

    def telling(self, rules: Mapping[str, Any]) -> str:
        return "grades"

    def count(self, options: Sequence[int], votes: Votes, rules: Mapping[str, Any]) -> Count:
        """An option that came after somebody voted counts "To reject" for them, as a grade not given does."""
        tally = votes.numbered(options).tally
        judges = max((sum(values.values()) for values in tally.values()), default=0)
        found = judgment(range(1, len(options) + 1), tally, judges, len(GRADES))
        places = placed(options, found.order)
        rows = tuple(
            Row(
                option,
                tuple(voices(found.profiles[number].counts[grade.value], votes.scale) for grade in GRADES),
                number in found.winners,
                places[option],
            )
            for number, option in enumerate(options, 1)
        )
        return Count(GRADES, rows, votes.voters, found, votes.scale)


BALLOT = Judgment()
