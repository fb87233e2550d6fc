"""Consent: each proposal passes unless somebody objects, and an objection says why."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tilios.core.errors import Invalid
from tilios.kit.voting import consent as kit
from tilios.kit.voting.ballots import by_merit
from tilios.tools.polls.ballots.base import (
    Ballot,
    Count,
    Filled,
    Level,
    Marks,
    Row,
    Votes,
    numbers,
    placed,
    reasons_of,
    voices,
)

LONGEST = 300  # characters of a reason

ANSWERS = (
    Level(kit.AGREE, pgettext_lazy("consent", "I agree"), "✓", "yes"),
    Level(kit.RESERVATIONS, pgettext_lazy("consent", "I agree, with reservations"), "≈", "maybe"),
    Level(kit.ABSTAIN, pgettext_lazy("consent", "I abstain"), "–", "none"),
    Level(kit.OBJECT, pgettext_lazy("consent", "I object"), "✗", "no"),
)


class Consent(Ballot):
    takes_reasons = True
    slug = "consent"
    label = _("Consent")
    hint = _("Say for each proposal whether you can live with it. An objection says why.")
    suits = _("A group decides together and wants nobody left behind: a proposal passes when nobody objects.")
    family = "together"
    poll_kinds = ("choice",)
    template = "polls/ballots/consent.html"

    def levels(self, rules: Mapping[str, Any]) -> tuple[Level, ...]:
        return ANSWERS

    def read(self, data: Any, options: Sequence[int]) -> dict[int, int]:
        marks = numbers(data, "mark-")
        typed = {option: " ".join(str(data.get(f"reason-{option}", "") or "").split()) for option in marks}
        return Filled(marks, {option: words[:LONGEST] for option, words in typed.items() if words})

    def check(self, marks: Marks, options: Sequence[int], rules: Mapping[str, Any]) -> None:
        super().check(marks, options, rules)
        if len(marks) < len(options):
            raise Invalid("marks", _("Answer for every proposal; you may abstain."))
        reasons = reasons_of(marks)
        if any(value == kit.OBJECT and not reasons.get(option) for option, value in marks.items()):
            raise Invalid("marks", _("Say in a few words why you object, so that the proposal can be changed."))

    def takes_place(self, value: int) -> bool:
        return False

    def telling(self, rules: Mapping[str, Any]) -> str:
        return "consent"

    def count(self, options: Sequence[int], votes: Votes, rules: Mapping[str, Any]) -> Count:
        numbered = votes.numbered(options)
        found = kit.consent(range(1, len(options) + 1), numbered.tally)
        order = by_merit({number: proposal.merit for number, proposal in found.items()})
        places = placed(options, order)
        rows = []
        for number, option in enumerate(options, 1):
            one = found[number]
            counts = (one.agree, one.reservations, one.abstain, one.objections)
            shown = tuple(voices(count, votes.scale) for count in counts)
            rows.append(Row(option, shown, one.passes, places[option]))
        return Count(ANSWERS, tuple(rows), votes.voters, (found, tuple(numbered.reasons())), votes.scale)


BALLOT = Consent()
