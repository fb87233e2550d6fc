"""Majority judgment: the profile of each option, its median grade, how level medians were told apart."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tilios.tools.polls.ballots.base import voices
from tilios.tools.polls.ballots.judgment import GRADES
from tilios.tools.polls.telling import Step

LABELS = {grade.value: grade.label for grade in GRADES}


def median(result: Any, line: Any) -> str:
    return str(LABELS[result.count.detail.profiles[result.number(line)].median])


def summary(result: Any) -> str:
    found = result.count.detail
    if not found.winners:
        return ""
    grade = LABELS[found.profiles[found.winners[0]].median]
    values = {"names": result.listed(found.winners), "grade": grade}
    if len(found.winners) > 1:
        return _("In front, level: %(names)s, with the median grade “%(grade)s”.") % values
    return _("In front: %(names)s, with the median grade “%(grade)s”.") % values


def explain(result: Any) -> str:
    return _(
        "The grades of each option are lined up from the best to the worst: the one in the middle is"
        " its median grade, which at least half of the voters find deserved or too low. The best "
        "median grade is in front. When two options have the same one, one such grade is taken away "
        "from both, and the new medians are compared; and so on until they differ."
    )


def steps(result: Any) -> Iterator[Step]:
    found, scale = result.count.detail, result.count.scale
    if not found.judges:
        return
    head = [_("Option"), *(str(grade.label) for grade in GRADES), _("Median grade"), _("Better"), _("Worse")]
    rows = []
    for line in result.ranked:
        profile = found.profiles[result.number(line)]
        shares = (profile.better / profile.total, profile.worse / profile.total)
        counts = [voices(profile.counts[grade.value], scale) for grade in GRADES]
        rows.append(
            [line.name, *counts, median(result, line), *(f"{100 * share:.0f}\N{NO-BREAK SPACE}%" for share in shares)]
        )
    words = [_("“Better” and “Worse” are the shares of grades above and below the median grade.")]
    yield Step(_("Grades of each option"), words, head, rows)
    if found.tie_breaks:
        yield Step(_("Between equal median grades"), [_tie(result, one) for one in found.tie_breaks])


def _tie(result: Any, told: Any) -> str:
    removed = voices(told.removed, result.count.scale)
    after = ngettext(
        "Once %(number)s median grade is taken away from each",
        "Once %(number)s median grades are taken away from each",
        int(removed) or 1,
    )
    values = {
        "ahead": result.name(told.ahead),
        "behind": result.name(told.behind),
        "better": LABELS[told.grade_ahead],
        "worse": LABELS[told.grade_behind],
        "after": after % {"number": removed},
    }
    return _("%(after)s, %(ahead)s has “%(better)s” and %(behind)s has “%(worse)s”: %(ahead)s comes before.") % values
