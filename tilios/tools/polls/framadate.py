"""Read what Framadate exports: a CSV whose words follow the language of who exported it.

The first line names the options; in a date poll a second line gives their moments; then one line a voter. A title may
stand over several moments. Nothing is written here: the reading says what would be made, and what is wrong where.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time

from django.utils.translation import gettext as _

from tilios.kit.dates import parse_date, parse_time, parse_time_range
from tilios.kit.refusals import Refusal
from tilios.kit.sheets import Limits, open_sheet
from tilios.kit.text import fold
from tilios.tools.polls.ballots.yesno import MAYBE, NO, YES
from tilios.tools.polls.drafts import Draft

LIMITS = Limits(size=2 * 2**20, rows=5_000, columns=300)

#: As written by Framadate in its languages: French, English, German, Spanish, Italian, Dutch, Occitan, Breton, Catalan…
WORDS = {
    **dict.fromkeys(
        ("oui", "yes", "ja", "si", "oc", "ya", "sim", "igen", "tak", "ano", "da", "bai", "2", "✓", "ok"), YES
    ),
    **dict.fromkeys(
        (
            "si necessaire", "si besoin", "peut-etre", "ifneedbe", "if need be", "under reserve", "maybe",
            "wenn notwendig", "unter vorbehalt", "si es necesario", "se necessario", "indien nodig", "se necessari",
            "si cal", "mar bez ret", "se precisar", "1", "(ok)",
        ),
        MAYBE,
    ),
    **dict.fromkeys(("non", "no", "nein", "nee", "ket", "nao", "nem", "nie", "ne", "ez", "0", "✗"), NO),
}  # fmt: skip
SILENT = {"", "inconnu", "unknown", "unbekannt", "desconocido", "sconosciuto", "onbekend", "desconegut", "?", "-"}


@dataclass(frozen=True)
class Fault:
    """What is wrong on a line of the file."""

    line: int
    message: str


@dataclass(frozen=True)
class Voter:
    """A line that can be taken: `marks` are by the place of the option, from 0."""

    line: int
    name: str
    marks: dict[int, int]


@dataclass
class Reading:
    """What a file would make. A line with a fault is not among the voters."""

    is_dates: bool
    drafts: list[Draft]
    voters: list[Voter] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read(content: bytes) -> Reading:
    """Read a whole file. Raises Refusal when it is no sheet, or has no option at all."""
    with open_sheet(io.BytesIO(content), limits=LIMITS) as sheet:
        rows = list(sheet)
    if not rows:
        raise Refusal("sheet_empty", "This file is empty.")
    head, rest = rows[0], rows[1:]
    titles = _titles(head.cells)
    if not titles:
        raise Refusal("framadate_no_option", "The first line of the file names no option.")
    days = [_day(title) for title in titles]
    is_dates = sum(day is not None for day in days) * 2 > len(titles)
    faults: list[Fault] = []
    if not is_dates:
        drafts = [Draft(label=title[:200]) for title in titles]
    else:
        moments: Sequence[str] = []
        if rest and not (rest[0].cells and rest[0].cells[0].strip()):
            moments, rest = [cell.strip() for cell in rest[0].cells[1:]], rest[1:]
        drafts = []
        for index, (title, day) in enumerate(zip(titles, days, strict=True)):
            if day is None:
                faults.append(Fault(head.line, _("“%(title)s” is not a date.") % {"title": title[:40]}))
            drafts.append(_draft(day, moments[index] if index < len(moments) else ""))
    reading = Reading(is_dates, drafts, faults=faults)
    _read_voters(reading, rest)
    return reading


def _titles(cells: Sequence[str]) -> list[str]:
    """The cells after the first, without the empty ones that the closing commas of a line make."""
    titles = [" ".join(cell.split()) for cell in cells[1:]]
    while titles and not titles[-1]:
        titles.pop()
    return titles


def _day(title: str) -> date | None:
    try:
        return parse_date(title)
    except Refusal:
        return None


def _draft(day: date | None, moment: str) -> Draft:
    """A day with its moment: hours where we can tell them, else words beside the day."""
    if fold(moment) in SILENT:
        return Draft(day=day)
    start, end = _hours(moment)
    return Draft(day=day, start=start, end=end) if start else Draft(day=day, label=moment[:200])


def _hours(moment: str) -> tuple[time | None, time | None]:
    try:
        found = parse_time_range(moment)
    except Refusal:
        try:
            return parse_time(moment), None
        except Refusal:
            return None, None
    return found.start, found.end


def _read_voters(reading: Reading, rows: Sequence) -> None:
    seen: dict[str, int] = {}
    for row in rows:
        if row.problem:
            reading.faults.append(Fault(row.line, _(row.problem.message) % row.problem.params))
            continue
        name = " ".join(row.cells[0].split())[:120]
        if not name:
            reading.faults.append(Fault(row.line, _("This line has no name.")))
        elif fold(name) in seen:
            reading.faults.append(
                Fault(
                    row.line,
                    _("%(name)s is already on line %(line)d.") % {"name": name, "line": seen[fold(name)]},
                )
            )
        else:
            seen[fold(name)] = row.line
            marks = _marks(reading, row)
            if marks is not None:
                reading.voters.append(Voter(row.line, name, marks))


def _marks(reading: Reading, row: object) -> dict[int, int] | None:
    """The marks of a line, or None when one of its words is unknown (the fault names the column)."""
    marks: dict[int, int] = {}
    line, cells = row.line, row.cells[1:]  # type: ignore[attr-defined]
    for index, cell in enumerate(cells):
        word = " ".join(fold(cell).split())
        if word in SILENT:
            continue
        if index >= len(reading.drafts):
            reading.faults.append(Fault(line, _("This line has more answers than there are options.")))
            return None
        if word not in WORDS:
            said = {"word": cell[:30], "column": index + 2}
            reading.faults.append(Fault(line, _("“%(word)s” (column %(column)d) is not an answer we know.") % said))
            return None
        marks[index] = WORDS[word]
    return marks
