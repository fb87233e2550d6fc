"""Two rounds of one session: what changed, and who moved."""

from collections.abc import Mapping, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tilios.tools.colours.drawing.looks import NARROW, Look, Picture, Row, cell, decimal, legend, words_of
from tilios.tools.colours.drawing.spectra import Bar, pictured
from tilios.tools.colours.figures import Statement
from tilios.ui import charts
from tilios.ui.charts import frame as f

#: (answer before, answer after) -> how many people. Only those who answered both times.
Moves = Mapping[tuple[int, int], int]
WIDE, SIDE, HIGH, LEAST = 760.0, 118.0, 380.0, 3.0


def two_rounds(
    pairs: Sequence[tuple[Row, Row]], moves: Mapping[int, Moves], look: Look, *, names: tuple[str, str], title: str = ""
) -> Picture:
    """Each statement twice, one bar a round; `moves` by statement says who moved among those who answered both."""
    title = title or _("Before and after")
    bars = []
    for before, after in pairs:
        bars.append(Bar(before.statement.label, before.sums, names[0], is_paired=True))
        bars.append(Bar("", after.sums, names[1]))
    said = _summary([after.statement for _before, after in pairs], moves)
    return pictured(bars, look, title=title, said=said, table=_table(pairs, moves, names))


def flows(statement: Statement, moves: Moves, look: Look, *, names: tuple[str, str], title: str = "") -> Picture:
    """Who moved from which colour to which, as bands between two columns as high as the people in them."""
    title = title or statement.label
    said = _moved(moves)
    svg, narrow = (
        f.frame(wide, HIGH + taken, _bands(moves, look, names, wide), title=title, description=said)
        for wide, taken in ((WIDE, 100), (NARROW, 200))
    )
    return Picture(title, svg, _moves_table(moves, look), said, narrow)


# Counting -----------------------------------------------------------------------------------------------------------


def moved(moves: Moves) -> tuple[int, int, int]:
    """How many people moved towards the favourable end, towards the other, and stayed; colours only."""
    better = sum(count for (one, two), count in moves.items() if min(one, two) >= 0 and two < one)
    worse = sum(count for (one, two), count in moves.items() if min(one, two) >= 0 and two > one)
    same = sum(count for (one, two), count in moves.items() if one == two)
    return better, worse, same


def _moved(moves: Moves) -> str:
    better, worse, same = moved(moves)
    return _("%(better)s more favourable, %(worse)s less favourable, %(same)s unmoved.") % {
        "better": ngettext("%d person", "%d people", better) % better,
        "worse": ngettext("%d person", "%d people", worse) % worse,
        "same": ngettext("%d person", "%d people", same) % same,
    }


def _summary(statements: Sequence[Statement], moves: Mapping[int, Moves]) -> str:
    if not any(moves.values()):
        return _("Nobody has answered both rounds yet.")
    total: dict[tuple[int, int], int] = {}
    for found in moves.values():
        for step, count in found.items():
            total[step] = total.get(step, 0) + count
    better, worse, _same = moved(total)
    said = _("Of %(all)s answers given both times: %(better)s moved towards agreement, %(worse)s away from it.") % {
        "all": sum(total.values()),
        "better": better,
        "worse": worse,
    }
    labels = {statement.pk: statement.label for statement in statements}
    changes = {pk: sum(count for (one, two), count in moves.get(pk, {}).items() if one != two) for pk in labels}
    most = max(changes, key=lambda pk: changes[pk], default=None)
    if most is None or not changes[most]:
        return said
    most_moved = _("What moved most: “%(label)s”.") % {"label": labels[most]}
    return f"{said} {most_moved}"


# Drawing ------------------------------------------------------------------------------------------------------------


def _bands(moves: Moves, look: Look, names: tuple[str, str], wide: float) -> list[SafeString]:
    key, taken = legend(look, wide)
    side = SIDE if wide == WIDE else SIDE * 0.62
    total = sum(moves.values())
    top = taken + 26
    parts = [key, f.text(0, top - 8, names[0], weight=650), f.text(wide, top - 8, names[1], anchor="end", weight=650)]
    if not total:
        parts.append(f.text(0, top + 30, _("Nobody has answered both rounds yet."), soft=True))
        return parts
    scale = (HIGH - 6 * len(look.answers)) / total
    left, right = _stack(moves, look, 0, scale, top), _stack(moves, look, 1, scale, top)
    at_left = {answer: y for answer, (y, _tall) in left.items()}
    at_right = {answer: y for answer, (y, _tall) in right.items()}
    for before in look.answers:
        for after in look.answers:
            count = moves.get((before, after), 0)
            if not count:
                continue
            tall = count * scale
            parts.append(_band((side, wide), at_left[before], at_right[after], tall, (before, after), count, look))
            at_left[before] += tall
            at_right[after] += tall
    for stack, x in ((left, 0.0), (right, wide - side)):
        for answer, (y, tall) in stack.items():
            count = round(tall / scale)
            tip = f"{look.scale.label_of(answer)} : {count}"
            words = words_of(answer, count, total, look, width=side) if tall >= 17 else ""
            parts.append(cell(x, y, side, max(LEAST, tall), answer, look, tip=tip, words=words))
    return parts


def _stack(moves: Moves, look: Look, side: int, scale: float, top: float) -> dict[int, tuple[float, float]]:
    """Where each answer stands in its column, and how tall it is."""
    found, y = {}, top
    for answer in look.answers:
        count = sum(number for step, number in moves.items() if step[side] == answer)
        if count:
            found[answer] = (y, count * scale)
            y += count * scale + 6
    return found


def _band(
    sides: tuple[float, float], y1: float, y2: float, tall: float, step: tuple[int, int], count: int, look: Look
) -> SafeString:
    before, after = step
    x1, x2 = sides[0] + 1, sides[1] - sides[0] - 1
    middle = (x1 + x2) / 2
    d = (
        f"M{f.at(x1)} {f.at(y1)}C{f.at(middle)} {f.at(y1)} {f.at(middle)} {f.at(y2)} {f.at(x2)} {f.at(y2)}"
        f"v{f.at(tall)}C{f.at(middle)} {f.at(y2 + tall)} {f.at(middle)} {f.at(y1 + tall)} {f.at(x1)} {f.at(y1 + tall)}z"
    )
    tip = escape(f"{look.scale.label_of(before)} → {look.scale.label_of(after)} : {count}")
    # A band takes the colour of where it comes from; those who stayed are lighter, so that movement stands out.
    opacity = "0.25" if before == after else "0.7"
    return mark_safe(  # noqa: S308 (numbers, colours of ours, escaped words)
        f'<path class="axis" d="{d}" fill="{look.colour(before)}" fill-opacity="{opacity}" stroke="{f.AXIS}" '
        f'stroke-width=".5"><title>{tip}</title></path>'
    )


# Tables -------------------------------------------------------------------------------------------------------------


def _table(pairs: Sequence[tuple[Row, Row]], moves: Mapping[int, Moves], names: tuple[str, str]) -> SafeString:
    heads = [
        _("Statement"),
        _("Mean, %(round)s") % {"round": names[0]},
        _("Mean, %(round)s") % {"round": names[1]},
        _("More favourable"),
        _("Less favourable"),
        _("Unmoved"),
    ]
    lines = []
    for before, after in pairs:
        better, worse, same = moved(moves.get(before.statement.pk, {}))
        lines.append(
            [before.statement.label, decimal(before.figures.mean), decimal(after.figures.mean), better, worse, same]
        )
    return charts.table(heads, lines, cards=True)


def _moves_table(moves: Moves, look: Look) -> SafeString:
    heads = [_("From"), _("To"), _("People")]
    order = {answer: place for place, answer in enumerate(look.answers)}
    found = sorted(moves.items(), key=lambda item: (order[item[0][0]], order[item[0][1]]))
    lines = [[look.scale.label_of(one), look.scale.label_of(two), count] for (one, two), count in found if count]
    return charts.table(heads, lines)
