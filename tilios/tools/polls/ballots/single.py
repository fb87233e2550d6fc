"""One option and only one."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tilios.core.errors import Invalid
from tilios.tools.polls.ballots.base import Ballot, Level, Marks, whole_number


class Single(Ballot):
    slug = "single"
    label = _("One option only")
    hint = _("Choose one option.")
    suits = _("There are two or three options, and everybody has a clear favourite.")
    poll_kinds = ("choice", "dates")
    template = "polls/ballots/single.html"
    quick_template = "polls/ballots/single_quick.html"

    def levels(self, rules: Mapping[str, Any]) -> tuple[Level, ...]:
        return (Level(1, pgettext_lazy("mark", "Chosen"), "✓", "yes"),)

    def read(self, data: Any, options: Sequence[int]) -> dict[int, int]:
        chosen = whole_number(data, "choice")
        return {} if chosen is None else {chosen: 1}

    def check(self, marks: Marks, options: Sequence[int], rules: Mapping[str, Any]) -> None:
        super().check(marks, options, rules)
        if len(marks) > 1:
            raise Invalid("marks", _("Only one option can be chosen."))

    def is_quick(self, options: int) -> bool:
        return options <= 5


BALLOT = Single()
