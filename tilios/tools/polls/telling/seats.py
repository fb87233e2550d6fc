"""The transferable vote: quota, elections, surpluses, who goes out."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tilios.kit.voting.stv import VOICE
from tilios.tools.polls.ballots.base import voices
from tilios.tools.polls.telling import Step
from tilios.tools.polls.telling.rounds import settled


def summary(result: Any) -> str:
    found = result.count.detail
    parts = []
    if found.elected:
        parts.append(_("Elected: %(names)s.") % {"names": result.listed(found.elected)})
    if found.level:
        left = found.seats - len(found.elected)
        seats = ngettext("Level for %d seat:", "Level for %d seats:", left) % left
        parts.append(f"{seats} {result.listed(found.level)}.")
    return " ".join(parts)


def explain(result: Any) -> str:
    return _(
        "Every ballot counts for the option it puts first. Whoever reaches the quota is elected; "
        "what they have above it goes on to the next options of all their ballots, each with the "
        "same share of its value. When nobody reaches the quota, the last one goes out, and their "
        "ballots go on whole. Groups of opinion so get seats in proportion to their voices."
    )


def steps(result: Any) -> Iterator[Step]:
    found, scale = result.count.detail, VOICE * result.count.scale
    values = {
        "votes": voices(found.ballots, result.count.scale),
        "seats": found.seats,
        "quota": voices(found.quota, result.count.scale),
    }
    words = [_("%(votes)s voices for %(seats)d seats: the quota is %(quota)s voices.") % values]
    for number, turn in enumerate(found.rounds, 1):
        words.append(f"{_('Round %d:') % number} {' '.join(_events(result, turn, scale))}")
    head = [_("Option"), *(_("Round %d") % number for number in range(1, len(found.rounds) + 1))]
    rows = [[line.name, *(_cell(turn, result.number(line), scale) for turn in found.rounds)] for line in result.ranked]
    rows.append([_("Ballots that name nobody left"), *(voices(turn.exhausted, scale) for turn in found.rounds)])
    yield Step(_("Voices, round after round"), words, head, rows)


def _events(result: Any, turn: Any, scale: int) -> Iterator[str]:
    if turn.elected:
        yield _("elected: %(names)s.") % {"names": result.listed(turn.elected)}
    if turn.surplus_of is not None:
        values = {"name": result.name(turn.surplus_of), "voices": voices(turn.surplus, scale)}
        yield _("The surplus of %(name)s, %(voices)s voices, goes on.") % values
    if turn.out:
        yield _("goes out: %(names)s.") % {"names": result.listed(turn.out)}
    if turn.settled:
        yield settled(result, turn.settled)


def _cell(turn: Any, number: int, scale: int) -> Any:
    if number in turn.kept:
        return f"{voices(turn.kept[number], scale)} ✓"
    if number not in turn.tally:
        return ""
    figure = voices(turn.tally[number], scale)
    return f"{figure} ✓" if number in turn.elected else f"{figure} ✗" if number in turn.out else figure
