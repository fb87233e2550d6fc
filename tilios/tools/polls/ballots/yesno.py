"""Yes, if need be, no: one answer for each option. The ballot of date polls."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from tilios.tools.polls.ballots.base import Ballot, Level, whole_number

YES, MAYBE, NO = 2, 1, 0


class YesNo(Ballot):
    slug = "yesno"
    label = _("Yes, if need be, no")
    hint = _("Say yes, if need be or no for each option.")
    suits = _("Several things may suit, and the one that suits most people is wanted: a date, for example.")
    poll_kinds = ("dates", "choice")
    template = "polls/ballots/yesno.html"
    quick_template = "polls/ballots/yesno_quick.html"
    settings = ("maybe",)

    def levels(self, rules: Mapping[str, Any]) -> tuple[Level, ...]:
        yes, maybe = Level(YES, _("Yes"), "✓", "yes"), Level(MAYBE, _("If need be"), "(✓)", "maybe")
        no = Level(NO, _("No"), "✗", "no")
        return (yes, maybe, no) if rules.get("maybe", True) else (yes, no)

    def rules(self, given: Mapping[str, Any], options: int) -> dict[str, Any]:
        return {"maybe": bool(given.get("maybe", True))}

    def read(self, data: Any, options: Sequence[int]) -> dict[int, int]:
        asked = {key.removeprefix("mark-") for key in data if key.startswith("mark-")}
        found = {int(key): whole_number(data, f"mark-{key}") for key in asked if key.isdigit()}
        return {option: value for option, value in found.items() if value is not None}

    def takes_place(self, value: int) -> bool:
        return value == YES

    def merit(self, counts: tuple[int, ...]) -> tuple[int, ...]:
        return counts[:-1]  # yes, then if need be; a no counts nothing

    def instruction(self, rules: Mapping[str, Any]) -> Any:
        return self.hint if rules.get("maybe", True) else _("Say yes or no for each option.")

    def is_quick(self, options: int) -> bool:
        return options <= 3


BALLOT = YesNo()
