"""Consent: what passes, what meets objections, and why."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from tilios.tools.polls.ballots.consent import ANSWERS
from tilios.tools.polls.telling import Step


def summary(result: Any) -> str:
    if not result.voters:
        return ""
    proposals, _reasons = result.count.detail
    passed = [number for number, proposal in proposals.items() if proposal.passes]
    refused = [number for number, proposal in proposals.items() if proposal.objections]
    parts = []
    if passed:
        parts.append(_("Nobody objects to: %(names)s.") % {"names": result.listed(passed)})
    if refused:
        parts.append(_("Objections to: %(names)s.") % {"names": result.listed(refused)})
    return " ".join(parts) or _("Nobody has agreed to anything yet.")


def explain(result: Any) -> str:
    return _(
        "A proposal passes when at least one person agrees and nobody objects. An objection says "
        "what would harm the group or its work, not what one would like better. Reservations do not "
        "stop a proposal: they are read. After objections, the proposals are changed and a next "
        "round is opened."
    )


def steps(result: Any) -> Iterator[Step]:
    proposals, reasons = result.count.detail
    labels = {answer.value: str(answer.label) for answer in ANSWERS}
    head = [_("Proposal"), *labels.values(), _("Passes")]
    rows = [
        [line.name, *line.row.counts, _("yes") if proposals[result.number(line)].passes else _("no")]
        for line in result.ranked
    ]
    yield Step(_("Answers for each proposal"), [], head, rows)
    if reasons:
        told = [[result.name(number), labels.get(value, ""), words] for number, value, words in reasons]
        yield Step(_("Reasons given"), [], [_("Proposal"), _("Answer"), _("Reason")], told)
