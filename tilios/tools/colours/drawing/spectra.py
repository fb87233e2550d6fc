"""The spectrum: each statement a bar of its colours in order, balanced on the middle one.

What pulls to the left (favourable) and to the right (unfavourable) is seen at once; white stands apart at the left
end, black at the right one. All bars have the same scale, so that lengths are proportions. With few answers, each
one is a cell.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tilios.tools.colours import figures
from tilios.tools.colours.drawing.looks import (
    NARROW,
    SIGN_FROM,
    WIDTH,
    Look,
    Picture,
    Row,
    cell,
    decimal,
    legend,
    percent,
    words_of,
    wrapped,
)
from tilios.tools.colours.figures import Statement, Sums
from tilios.tools.colours.scales import BLACK, WHITE
from tilios.ui import charts
from tilios.ui.charts import frame as f

BAR, LINE, GAP, APART = 30.0, 19.0, 16.0, 14.0
CELLS_UP_TO = 40  # answers: beyond, cells say less than proportions


@dataclass(frozen=True)
class Bar:
    """A bar with its words above; `note` stands at the right of the first line."""

    label: str
    sums: Sums
    note: str = ""
    hidden: str = ""  # said in place of the bar
    is_paired: bool = False  # the next one belongs to it


def spectrum(rows: Sequence[Row], look: Look, *, title: str = "") -> Picture:
    """The spectrum of all statements, in the order given."""
    title = title or _("Spectrum")
    bars = [Bar(row.statement.label, row.sums, _note(row)) for row in rows]
    said = summary(rows, look)
    return pictured(bars, look, title=title, said=said, table=table(rows, look))


def comparison(statement: Statement, groups: Mapping[str, Sums | None], look: Look, *, title: str = "") -> Picture:
    """One statement, group by group. None stands for a group whose answers stay hidden: too few of them."""
    title = title or statement.label
    hidden = _("Hidden: too few answers to keep them secret")
    nothing = Sums((0,) * len(look.scale))
    bars, rows = [], []
    for name, sums in groups.items():
        shown = sums if sums is not None else nothing
        row = Row(Statement(0, name), shown, figures.of(shown, look.scale))
        answers = ngettext("%d answer", "%d answers", shown.answered) % shown.answered
        bars.append(Bar(name, shown, answers if sums is not None else "", "" if sums is not None else hidden))
        if sums is not None:
            rows.append(row)
    said = _differences(rows, look)
    return pictured(bars, look, title=title, said=said, table=table(rows, look, head=_("Group")))


def pictured(bars: Sequence[Bar], look: Look, *, title: str, said: str, table: SafeString) -> Picture:
    """Bars drawn for a desk and for a phone."""
    wide = draw(bars, look, title=title, description=said)
    narrow = draw(bars, look, title=title, description=said, width=NARROW)
    return Picture(title, wide, table, said, narrow)


# Drawing ------------------------------------------------------------------------------------------------------------


def draw(
    bars: Sequence[Bar], look: Look, *, title: str, description: str, width: float = WIDTH, with_legend: bool = True
) -> SafeString:
    """The bars on one scale, their legend above."""
    names, taken = legend(look, width) if with_legend else (SafeString(""), 0.0)
    sides = [_sides(bar.sums) for bar in bars]
    before, after = max((one for one, _other in sides), default=0.5), max((two for _one, two in sides), default=0.5)
    white = max((_share(bar.sums.white, bar.sums) for bar in bars), default=0)
    black = max((_share(bar.sums.black, bar.sums) for bar in bars), default=0)
    gaps = (APART if white else 0) + (APART if black else 0)
    unit = (width - gaps - 2) / max(0.01, before + after + white + black)
    start = 1 + white * unit + (APART if white else 0)
    middle, end = start + before * unit, start + (before + after) * unit + (APART if black else 0)
    parts, y = [names], taken
    for bar in bars:
        drawn, y = _bar(
            bar,
            y,
            look,
            unit=unit,
            white_ends=start - (APART if white else 0),
            middle=middle,
            black_starts=end,
            width=width,
        )
        parts += drawn
    return f.frame(width, y, parts, title=title, description=description)


def _bar(
    bar: Bar, y: float, look: Look, *, unit: float, white_ends: float, middle: float, black_starts: float, width: float
) -> tuple[list[SafeString], float]:
    """One bar below its words; where the next one starts."""
    below = width < WIDTH  # on a phone the note has a line of its own
    noted = f.text_width(bar.note) + 20 if bar.note and not below else 0
    lines = wrapped(bar.label, width - noted) if bar.label or (bar.note and not below) else []
    parts = [f.text(0, y + 14 + LINE * place, line, weight=650) for place, line in enumerate(lines)]
    if bar.note and below:
        parts.append(f.text(0, y + 14 + LINE * len(lines), bar.note, soft=True))
        y += LINE
    elif bar.note:
        parts.append(f.text(width, y + 14, bar.note, anchor="end", soft=True))
    y += LINE * len(lines) + 6
    if bar.hidden:
        parts.append(f.text(0, y + 19, bar.hidden, soft=True))
        return parts, y + BAR + GAP
    total, levels = bar.sums.answered, len(look.scale)
    if not total:
        parts.append(f.text(0, y + 19, _("No answer yet"), soft=True))
        return parts, y + BAR + GAP
    x = middle - _sides(bar.sums)[0] * unit
    places = [(answer, x_) for answer, x_ in _places(bar.sums, x, unit)]
    counts = {**dict(enumerate(bar.sums.counts)), WHITE: bar.sums.white, BLACK: bar.sums.black}
    if bar.sums.white:
        places.append((WHITE, white_ends - _share(bar.sums.white, bar.sums) * unit))
    if bar.sums.black:
        places.append((BLACK, black_starts))
    for answer, left in places:
        wide = _share(counts[answer], bar.sums) * unit
        tip = f"{look.scale.label_of(answer)} : {counts[answer]} ({percent(counts[answer] / total)})"
        each = wide / counts[answer]
        if total <= CELLS_UP_TO and each >= SIGN_FROM:
            sign = look.scale.symbol_of(answer)
            parts += [
                cell(left + each * place, y, each, BAR, answer, look, tip=tip, words=sign)
                for place in range(counts[answer])
            ]
        else:
            words = words_of(answer, counts[answer], total, look, width=wide)
            parts.append(cell(left, y, wide, BAR, answer, look, tip=tip, words=words))
    if levels % 2:
        parts.append(_mark(middle, y))
    return parts, y + BAR + (0 if bar.is_paired else GAP)


def _places(sums: Sums, x: float, unit: float) -> list[tuple[int, float]]:
    places = []
    for answer, count in enumerate(sums.counts):
        if count:
            places.append((answer, x))
            x += _share(count, sums) * unit
    return places


def _mark(x: float, y: float) -> SafeString:
    """Where the middle is: a notch above and below the bar."""
    d = f"M{f.at(x - 5)} {f.at(y - 6)}h10l-5 6zM{f.at(x - 5)} {f.at(y + BAR + 6)}h10l-5 -6z"
    return mark_safe(f'<path class="ink" d="{d}" fill="{f.INK}"/>')  # noqa: S308 (numbers)


def _share(count: int, sums: Sums) -> float:
    return count / sums.answered if sums.answered else 0.0


def _sides(sums: Sums) -> tuple[float, float]:
    """Shares before and after the middle of the scale; the middle colour, where there is one, is cut in two."""
    half = len(sums.counts) // 2
    centre = sums.counts[half] / 2 if len(sums.counts) % 2 else 0
    after = sums.counts[half + 1 :] if len(sums.counts) % 2 else sums.counts[half:]
    total = sums.answered or 1
    return (sum(sums.counts[:half]) + centre) / total, (sum(after) + centre) / total


# Words --------------------------------------------------------------------------------------------------------------


def _note(row: Row) -> str:
    if row.figures.consensus is None:
        return ""
    said = _("mean %(mean)s · consensus %(consensus)s") % {
        "mean": decimal(row.figures.mean),
        "consensus": percent(row.figures.consensus),
    }
    return _("%(said)s · split") % {"said": said} if row.figures.is_cleaved else said


def summary(rows: Sequence[Row], look: Look) -> str:
    """What one sees first: what is best received, least received, and where opinions are split."""
    known = [row for row in rows if row.figures.mean is not None]
    if not known:
        return _("Nobody has given a colour yet.")
    if len(known) == 1:
        return one_statement(known[0], look)
    best = max(known, key=lambda row: row.figures.position or 0)
    worst = min(known, key=lambda row: row.figures.position or 0)
    said = [
        _("Best received: “%(best)s”. Least well received: “%(worst)s”.")
        % {"best": best.statement.label, "worst": worst.statement.label}
    ]
    split = [row.statement.label for row in known if row.figures.is_cleaved]
    if split:
        said.append(
            ngettext("Opinions are split on “%(names)s”.", "Opinions are split on: %(names)s.", len(split))
            % {"names": " ; ".join(split)}
        )
    return " ".join(said)


def one_statement(row: Row, look: Look) -> str:
    """One statement in a sentence."""
    if row.figures.median is None or row.figures.consensus is None:
        return _("Nobody has given a colour yet.")
    most = max(range(len(row.sums.counts)), key=lambda answer: row.sums.counts[answer])
    said = _("Most given: %(colour)s (%(share)s). Middle colour: %(median)s. Consensus: %(consensus)s.") % {
        "colour": look.scale.label_of(most),
        "share": percent(row.sums.counts[most] / row.sums.answered),
        "median": look.scale.label_of(row.figures.median),
        "consensus": percent(row.figures.consensus),
    }
    split = _("Opinions are split.")
    return f"{said} {split}" if row.figures.is_cleaved else said


def _differences(rows: Sequence[Row], look: Look) -> str:
    known = [row for row in rows if row.figures.mean is not None]
    if len(known) < 2:
        return one_statement(known[0], look) if known else _("Nobody has given a colour yet.")
    best = max(known, key=lambda row: row.figures.position or 0)
    worst = min(known, key=lambda row: row.figures.position or 0)
    high, low = decimal(best.figures.mean), decimal(worst.figures.mean)
    if high == low:
        return _("All groups have about the same mean: %(mean)s.") % {"mean": high}
    return _("Most favourable: %(best)s (mean %(high)s). Least: %(worst)s (mean %(low)s).") % {
        "best": best.statement.label,
        "high": high,
        "worst": worst.statement.label,
        "low": low,
    }


def table(rows: Sequence[Row], look: Look, *, head: str = "") -> SafeString:
    """The same as figures."""
    heads = [
        head or _("Statement"),
        *(f"{look.scale.symbol_of(answer)} {look.scale.label_of(answer)}" for answer in look.answers),
        _("Answers"),
        _("Mean"),
        _("Middle colour"),
        _("Spread"),
        _("Consensus"),
        _("Opacity"),
    ]
    lines = []
    for row in rows:
        found = row.figures
        lines.append(
            [
                row.statement.label,
                *row.sums.counts,
                row.sums.white,
                row.sums.black,
                found.answered,
                decimal(found.mean),
                "–" if found.median is None else look.scale.label_of(found.median),
                decimal(found.spread),
                "–" if found.consensus is None else percent(found.consensus),
                percent(found.opacity),
            ]
        )
    return charts.table(heads, lines, cards=True)
