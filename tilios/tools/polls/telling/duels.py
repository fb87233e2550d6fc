"""Options compared two by two: the table of duels, strongest paths, victories kept and left out."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from tilios.kit.voting.condorcet import Duels, RankedPairs, Schulze
from tilios.tools.polls.ballots.base import voices
from tilios.tools.polls.telling import Step

MOST_PATHS = 12  # options beyond which paths are no longer written out


def summary(result: Any) -> str:
    detail = result.count.detail
    names = result.listed(detail.winners)
    if not detail.winners:
        return ""
    if detail.duels.winner is not None:
        return _("In front: %(name)s, preferred to each of the other options.") % {"name": names}
    if len(detail.winners) > 1:
        return _("In front, level: %(names)s.") % {"names": names}
    return _("In front: %(name)s, though no option is preferred to each of the others.") % {"name": names}


def explain(result: Any) -> str:
    if isinstance(result.count.detail, RankedPairs):
        return _(
            "Options are compared two by two, as in duels: a ballot speaks for the one it ranks "
            "higher. An option that wins all its duels is in front. When duels go round in a circle "
            "(A beats B, B beats C, C beats A), the clearest victories are kept first, and those "
            "that would contradict them are left out."
        )
    return _(
        "Options are compared two by two, as in duels: a ballot speaks for the one it ranks higher. "
        "An option that wins all its duels is in front. When duels go round in a circle (A beats B, "
        "B beats C, C beats A), chains of victories are compared: a chain is as strong as its "
        "weakest victory, and the option with the stronger chains comes first."
    )


def steps(result: Any) -> Iterator[Step]:
    detail = result.count.detail
    yield _duels(result, detail.duels)
    if isinstance(detail, Schulze):
        yield from _paths(result, detail)
    else:
        yield _locks(result, detail)
    rows = [[line.name, line.row.place] for line in result.ranked]
    yield Step(_("Order"), [], [_("Option"), _("Place")], rows)


def _duels(result: Any, duels: Duels) -> Step:
    scale = result.count.scale
    rows = []
    for line in result.lines:
        row, number = [line.name], result.number(line)
        for other in duels.options:
            if other == number:
                row.append("–")
                continue
            figure = voices(duels.voices[number, other], scale)
            row.append(f"{figure} ★" if duels.beats(number, other) else str(figure))
        rows.append(row)
    words = [
        _("Each line says how many ballots prefer its option to that of the column; ★ marks a duel won."),
        _("%(name)s wins all its duels.") % {"name": result.name(duels.winner)}
        if duels.winner is not None
        else _("No option wins all its duels."),
    ]
    return Step(_("Duels"), words, [_("Preferred…"), *(line.short for line in result.lines)], rows)


def _paths(result: Any, found: Schulze) -> Iterator[Step]:
    if found.duels.winner is not None or len(found.duels.options) > MOST_PATHS:
        return
    scale, rows = result.count.scale, []
    for (start, end), route in sorted(found.routes.items()):
        there, back = found.paths[start, end], found.paths[end, start]
        chain = " → ".join(result.short(one) for one in route)
        sign = "★" if there > back else ""
        rows.append([chain, voices(there, scale), voices(back, scale), sign])
    yield Step(
        _("Strongest chains of victories"),
        [
            _(
                "The strength of a chain is that of its weakest victory. ★ marks a chain stronger than the "
                "one that comes back."
            )
        ],
        [_("Chain"), _("Strength"), _("Strength of the way back"), _("Comes first")],
        rows,
    )


def _locks(result: Any, found: RankedPairs) -> Step:
    scale = result.count.scale
    rows = [
        [
            _("%(winner)s beats %(loser)s") % {"winner": result.name(lock.pair[0]), "loser": result.name(lock.pair[1])},
            f"{voices(lock.voices, scale)} – {voices(lock.against, scale)}",
            _("kept") if lock.kept else _("left out: contradicts those kept"),
        ]
        for lock in found.locks
    ]
    words = [_("Victories from the clearest; victories of equal strength are looked at together.")]
    return Step(_("Victories, one by one"), words, [_("Victory"), _("Voices"), _("What becomes of it")], rows)
