"""What every view shares: its scale and palette, cells with their signs, legend, numbers in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from tilios.tools.colours import figures
from tilios.tools.colours.figures import Figures, Statement, Sums
from tilios.tools.colours.palettes import Palette
from tilios.tools.colours.scales import BLACK, WHITE, Scale
from tilios.ui import charts
from tilios.ui.charts import frame as f

WIDTH = 920.0
NARROW = 360.0  # on a phone
SIGN_FROM, SMALLEST = 15.0, 8.0  # pixels: of a cell that carries its sign, of the letters of a sign
NO_BREAK = "\u00a0"
EDGE = "#857b68"  # around white and black, on paper of any colour


@dataclass(frozen=True)
class Look:
    """How a session is drawn: its colours, and whether voices weigh more than one."""

    scale: Scale
    palette: Palette

    def colour(self, answer: int) -> str:
        return self.palette.colour_of(answer, len(self.scale))

    def ink(self, answer: int) -> str:
        return self.palette.ink_on(self.colour(answer))

    @property
    def answers(self) -> tuple[int, ...]:
        return self.scale.answers


@dataclass(frozen=True)
class Row:
    """One statement with its sums and figures."""

    statement: Statement
    sums: Sums
    figures: Figures


def rows_of(statements: Sequence[Statement], sums: Mapping[int, Sums], scale: Scale) -> list[Row]:
    """The rows of `statements`, in their order; one without answers has sums of nothing."""
    nothing = Sums((0,) * len(scale))
    found = [(statement, sums.get(statement.pk, nothing)) for statement in statements]
    return [Row(statement, one, figures.of(one, scale)) for statement, one in found]


@dataclass(frozen=True)
class Picture:
    """A drawing, the same as a table, and what one sees in a sentence or two."""

    title: str
    svg: SafeString
    table: SafeString
    summary: str
    narrow: SafeString | None = None  # the same for a phone, where the wide one would be too small to read
    names: Sequence[tuple[int, str]] = ()  # what the numbers of the narrow drawing stand for

    @property
    def drawings(self) -> SafeString:
        """Both drawings; the style sheet shows the one that fits, the narrow one with what its numbers stand for."""
        if not self.narrow:
            return self.svg
        rows = format_html_join("", '<li value="{}">{}</li>', self.names)
        return format_html(
            '<div class="wide-drawing">{}</div><div class="narrow-drawing">{}{}</div>',
            self.svg,
            self.narrow,
            format_html('<ol class="drawing-names">{}</ol>', rows) if self.names else "",
        )

    @property
    def figure(self) -> SafeString:
        """For a page: the drawing with its table folded below."""
        return charts.figure(self.drawings, self.table, self.title)


# Numbers in words ---------------------------------------------------------------------------------------------------


def percent(share: float) -> str:
    """A share as whole percents; the space before the sign never ends a line."""
    return f"{round(100 * share)}{NO_BREAK}%"


def decimal(value: float | None, places: int = 1) -> str:
    """A number of the reader's language; a dash where nothing is known."""
    return "–" if value is None else str(number_format(value, decimal_pos=places))


# Parts --------------------------------------------------------------------------------------------------------------


def cell(
    x: float,
    y: float,
    width: float,
    height: float,
    answer: int,
    look: Look,
    *,
    tip: str,
    words: str = "",
    largest: float = 15.0,
) -> SafeString:
    """A coloured cell with `words` in it (its sign, or its sign and a number) where they fit, no larger than that."""
    css = ' class="axis"' if answer in {WHITE, BLACK} else ' class="gap"'
    edge = EDGE if answer in {WHITE, BLACK} else f.PAPER
    size = min(largest, height * 0.62, (width - 3) / (0.6 * max(1, len(words))))
    label = ""
    if words and width >= SIGN_FROM and size >= SMALLEST:
        label = (
            f'<text x="{f.at(x + width / 2)}" y="{f.at(y + height / 2 + size * 0.36)}" text-anchor="middle" '
            f'font-size="{f.at(size)}" font-weight="700" fill="{look.ink(answer)}" aria-hidden="true">'
            f"{escape(words)}</text>"
        )
    return mark_safe(  # noqa: S308 (numbers, colours of ours, and words escaped)
        f'<g><title>{escape(tip)}</title><rect{css} x="{f.at(x)}" y="{f.at(y)}" width="{f.at(width)}" '
        f'height="{f.at(height)}" fill="{look.colour(answer)}" stroke="{edge}"/>{label}</g>'
    )


def legend(look: Look, width: float = WIDTH) -> tuple[SafeString, float]:
    """Every answer with its sign and words, on as many lines as they need, and the height they take."""
    parts: list[SafeString] = []
    x, y = 1.0, 1.0
    for answer in look.answers:
        label = look.scale.label_of(answer)
        needed = 34 + f.text_width(label) + 16
        if x > 1 and x + needed > width:
            x, y = 1.0, y + 28
        parts.append(cell(x, y, 26, 20, answer, look, tip=label, words=look.scale.symbol_of(answer)))
        parts.append(f.text(x + 33, y + 15, label))
        x += needed
    return f.join(parts), y + 36


def words_of(answer: int, count: float, total: float, look: Look, *, width: float) -> str:
    """What a segment says of itself as far as it has room: sign and percents, sign, or nothing."""
    sign = look.scale.symbol_of(answer)
    whole = f"{sign} {percent(count / total)}"
    return whole if width >= len(whole) * 9 + 6 else sign


def wrapped(text: str, width: float, *, most: int = 2) -> list[str]:
    """`text` on lines that fit `width` pixels, `most` at the most; what is left out ends in an ellipsis."""
    room = max(8, int(width / (f.FONT * f.LETTER)))
    lines: list[str] = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) + 1 <= room or not lines[-1]:
            lines[-1] = f"{lines[-1]} {word}".strip()
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], f.shorten(" ".join(lines[most - 1 :]), width)]
    return [f.shorten(line, width) for line in lines]
