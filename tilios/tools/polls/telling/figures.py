"""Sums: points shared, scores, Borda's points."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tilios.tools.polls.ballots.base import voices
from tilios.tools.polls.telling import Step


def summary(result: Any) -> str:
    return ""


def explain(result: Any) -> str:
    match result.poll.ballot:
        case "points":
            return _(
                "The points that each person gave to an option are added up. The option with most points is in front."
            )
        case "score":
            return _(
                "The scores of each option are added up: the highest total is in front. An option "
                "that somebody left out gets nothing from them. The mean is of those who gave a "
                "score; the spread says how far opinions differ: 0 when all agree."
            )
        case _:
            return _(
                "Each ballot gives an option as many points as there are options ranked below it. "
                "Options of the same rank share the points of their places, and so do those left "
                "out. The option with most points is in front."
            )


def steps(result: Any) -> Iterator[Step]:
    detail, scale = result.count.detail, result.count.scale
    if result.poll.ballot == "ranked":
        rows = [[line.name, line.row.counts[0]] for line in result.ranked]
        yield Step(_("Points of each option"), [], [_("Option"), pgettext("of a vote", "Points")], rows)
        return
    head = [_("Option"), pgettext("of scores", "Total"), _("Given by"), _("Mean"), _("Spread")]
    rows = []
    for line in result.ranked:
        score = detail.scores[result.number(line)]
        mean = "–" if score.mean is None else round(float(score.mean), 2)
        spread = "–" if score.spread is None else round(score.spread, 2)
        rows.append([line.name, line.row.counts[0], voices(score.given, scale), mean, spread])
    yield Step(_("Figures of each option"), [], head, rows)
