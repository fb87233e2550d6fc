"""So many points to share among the options."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from tilios.core.errors import Invalid
from tilios.tools.polls.ballots.base import Ballot, Count, Level, Marks, Votes, numbers
from tilios.tools.polls.ballots.score import counted

MOST_POINTS = 100


class Points(Ballot):
    slug = "points"
    label = _("Points to share")
    hint = _("Share your points among the options.")
    suits = _("There is a budget, or time, to spread: people show what they care about most.")
    family = "finer"
    poll_kinds = ("choice",)
    template = "polls/ballots/points.html"
    script = "points.js"
    settings = ("points", "points_most", "points_all")

    def levels(self, rules: Mapping[str, Any]) -> tuple[Level, ...]:
        return tuple(
            Level(value, ngettext_lazy("%d point", "%d points", value) % value, str(value), "number")
            for value in range(1, points(rules) + 1)
        )

    def rules(self, given: Mapping[str, Any], options: int) -> dict[str, Any]:
        number, most = int(given.get("points") or 10), given.get("points_most")
        if not 1 <= number <= MOST_POINTS:
            raise Invalid("points", _("From 1 to %d points can be shared.") % MOST_POINTS)
        if most is not None and not 1 <= most <= number:
            raise Invalid("points_most", _("The most for one option is between 1 and the points to share."))
        every = bool(given.get("points_all"))
        if every and most is not None and most * options < number:
            raise Invalid("points_most", _("All points could not be used: with this limit there are too many of them."))
        return {"points": number, "points_most": most, "points_all": every}

    def read(self, data: Any, options: Sequence[int]) -> dict[int, int]:
        return {option: value for option, value in numbers(data, "mark-").items() if value}

    def check(self, marks: Marks, options: Sequence[int], rules: Mapping[str, Any]) -> None:
        number, most = points(rules), rules.get("points_most")
        if any(value < 0 for value in marks.values()):
            raise Invalid("marks", _("Points are whole numbers."))
        total = sum(marks.values())
        if total > number:
            values = {"given": total, "number": number}
            raise Invalid("marks", _("You gave %(given)d points, and there are %(number)d to share.") % values)
        if most is not None and any(value > most for value in marks.values()):
            raise Invalid(
                "marks",
                ngettext_lazy("Give at most %d point to one option.", "Give at most %d points to one option.", most)
                % most,
            )
        if marks and rules.get("points_all") and total < number:
            left = number - total
            raise Invalid(
                "marks",
                ngettext_lazy("%d point is left to give.", "%d points are left to give.", left) % left,
            )
        super().check(marks, options, rules)

    def takes_place(self, value: int) -> bool:
        return False

    def instruction(self, rules: Mapping[str, Any]) -> Any:
        number, most = points(rules), rules.get("points_most")
        values = {"number": number, "most": most}
        if rules.get("points_all"):
            if most is not None and most < number:
                return _("Share all of your %(number)d points, at most %(most)d to one option.") % values
            return _("Share all of your %(number)d points among the options.") % values
        if most is not None and most < number:
            return _("Share up to %(number)d points, at most %(most)d to one option.") % values
        return _("Share up to %(number)d points among the options.") % values

    def telling(self, rules: Mapping[str, Any]) -> str:
        return "figures"

    def count(self, options: Sequence[int], votes: Votes, rules: Mapping[str, Any]) -> Count:
        return counted(options, votes, Level(1, pgettext_lazy("of a vote", "Points"), "●", "yes"))


def points(rules: Mapping[str, Any]) -> int:
    return int(rules.get("points") or 10)


BALLOT = Points()
