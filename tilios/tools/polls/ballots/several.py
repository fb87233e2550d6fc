"""Several options, from a least to a most."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from tilios.core.errors import Invalid
from tilios.tools.polls.ballots.base import Ballot, Level, Marks


class Several(Ballot):
    slug = "several"
    label = _("Several options")
    hint = _("Choose as many options as you like.")
    suits = _("Several options may be kept, or are good for the same person.")
    poll_kinds = ("choice", "dates")
    template = "polls/ballots/several.html"
    quick_template = "polls/ballots/several_quick.html"
    settings = ("least", "most")

    def levels(self, rules: Mapping[str, Any]) -> tuple[Level, ...]:
        return (Level(1, pgettext_lazy("mark", "Chosen"), "✓", "yes"),)

    def rules(self, given: Mapping[str, Any], options: int) -> dict[str, Any]:
        least, most = given.get("least") or 1, given.get("most")
        if least > options:
            raise Invalid("least", _("There are fewer options than that."))
        if most is not None and most < least:
            raise Invalid("most", _("The most cannot be below the least."))
        return {"least": least, "most": most}

    def read(self, data: Any, options: Sequence[int]) -> dict[int, int]:
        return {int(value): 1 for value in data.getlist("choice") if value.isascii() and value.isdigit()}

    def check(self, marks: Marks, options: Sequence[int], rules: Mapping[str, Any]) -> None:
        super().check(marks, options, rules)
        least, most = rules.get("least") or 1, rules.get("most")
        if len(marks) < least:
            raise Invalid(
                "marks",
                ngettext_lazy("Choose at least %d option.", "Choose at least %d options.", least) % least,
            )
        if most is not None and len(marks) > most:
            raise Invalid(
                "marks", ngettext_lazy("Choose at most %d option.", "Choose at most %d options.", most) % most
            )

    def instruction(self, rules: Mapping[str, Any]) -> Any:
        least, most = rules.get("least") or 1, rules.get("most")
        if most is None:
            return (
                self.hint
                if least == 1
                else ngettext_lazy("Choose at least %d option.", "Choose at least %d options.", least) % least
            )
        if least == most:
            return ngettext_lazy("Choose %d option.", "Choose %d options.", most) % most
        if least == 1:
            return ngettext_lazy("Choose at most %d option.", "Choose at most %d options.", most) % most
        return _("Choose from %(least)d to %(most)d options.") % {"least": least, "most": most}

    def is_quick(self, options: int) -> bool:
        return options <= 5


BALLOT = Several()
