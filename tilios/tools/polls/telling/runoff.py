"""The instant run-off, round after round."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tilios.tools.polls.ballots.base import voices
from tilios.tools.polls.telling import Step
from tilios.tools.polls.telling.rounds import settled


def summary(result: Any) -> str:
    found = result.count.detail
    if not found.winners:
        return ""
    number = len(found.rounds)
    rounds = ngettext("after %d round", "after %d rounds", number) % number
    values = {"names": result.listed(found.winners), "rounds": rounds}
    if len(found.winners) > 1:
        return _("In front, level %(rounds)s: %(names)s.") % values
    return _("In front %(rounds)s: %(names)s.") % values


def explain(result: Any) -> str:
    return _(
        "Every ballot counts for the option it puts first. As long as no option has more than half "
        "of the voices, the last one goes out, and its ballots count for the next option they name."
    )


def steps(result: Any) -> Iterator[Step]:
    found, scale = result.count.detail, result.count.scale
    head = [_("Option"), *(_("Round %d") % number for number in range(1, len(found.rounds) + 1))]
    rows = [[line.name, *(_cell(turn, result.number(line), scale) for turn in found.rounds)] for line in result.ranked]
    rows.append([_("Ballots that name nobody left"), *(voices(turn.exhausted, scale) for turn in found.rounds)])
    words = [_("✗ marks who goes out at the end of the round.")]
    for number, turn in enumerate(found.rounds, 1):
        if turn.settled:
            words.append(_("Round %d:") % number + " " + settled(result, turn.settled))
    yield Step(_("Voices, round after round"), words, head, rows)


def _cell(turn: Any, number: int, scale: int) -> Any:
    if number not in turn.tally:
        return ""
    figure = voices(turn.tally[number], scale)
    return f"{figure} ✗" if number in turn.out else figure
