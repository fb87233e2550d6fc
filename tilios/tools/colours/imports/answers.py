"""A sheet of answers: a row for each who answered, a column for each statement.

The first row names the columns: the words of a statement, or its number ("3", "Q3"). A column called "name" gives
names, one called "group" the colleges. A cell holds the label of a colour, its sign, its name ("vert foncé"), or its
number from 1; "blanc"/"white" and "noir"/"black", or their signs, are white and black; an empty cell is no answer.
"""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tilios.kit.sheets.limits import Limits
from tilios.kit.sheets.reading import open_sheet
from tilios.kit.text import fold
from tilios.tools.colours.scales import BLACK, BLACK_LABEL, BLACK_SYMBOL, WHITE, WHITE_LABEL, WHITE_SYMBOL, Scale

LIMITS = Limits(size=4_000_000, rows=5_000)
NAMES = frozenset({"nom", "name", "prenom", "personne", "person", "pseudonyme", "pseudonym"})
GROUPS = frozenset({"groupe", "group", "college", "profil"})
COLOURS = {
    3: (("vert", "green"), ("orange",), ("rouge", "red")),
    5: (
        ("vert fonce", "dark green", "vert"),
        ("vert clair", "light green"),
        ("orange",),
        ("rouge clair", "light red", "rose"),
        ("rouge fonce", "dark red", "rouge"),
    ),
    7: (
        ("vert fonce", "dark green"),
        ("vert", "green"),
        ("vert clair", "light green"),
        ("orange", "jaune", "yellow"),
        ("rouge clair", "light red", "rose"),
        ("rouge", "red"),
        ("rouge fonce", "dark red"),
    ),
}


@dataclass(frozen=True)
class Fault:
    """A cell that says nothing we know: where it is, counted from 1, and what it holds."""

    line: int
    column: int
    cell: str


@dataclass
class Reading:
    """What a sheet says. Nothing is imported while there is a fault."""

    names: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    answers: list[dict[int, int]] = field(default_factory=list)  # by statement, in the order of `names`
    statements: list[int] = field(default_factory=list)  # found in the head
    faults: list[Fault] = field(default_factory=list)
    unknown: list[tuple[int, str]] = field(default_factory=list)  # columns that are no statement: number, head

    @property
    def count(self) -> int:
        return sum(map(len, self.answers))


def read(content: bytes, statements: Sequence[tuple[int, str]], scale: Scale) -> Reading:
    """What `content` says of `statements`, (number, text) in their order. Raises Refusal for what is no sheet."""
    reading = Reading()
    with open_sheet(io.BytesIO(content), limits=LIMITS) as sheet:
        rows = iter(sheet)
        head = next(rows, None)
        columns = _columns(head.cells if head else [], statements, reading)
        known = _words(scale)
        for row in rows:
            if row.problem is not None:
                reading.faults.append(Fault(row.line, 0, str(row.problem)))
                continue
            _read_row(row.line, row.cells, columns, known, reading)
    return reading


def _columns(cells: Sequence[str], statements: Sequence[tuple[int, str]], reading: Reading) -> dict[int, int | str]:
    """What each column is: "name", "group", or the number of a statement."""
    by_text = {fold(text): pk for pk, text in statements}
    found: dict[int, int | str] = {}
    for place, cell in enumerate(cells):
        head = fold(cell.strip())
        number = re.fullmatch(r"(?:q|question |enonce |statement )?(\d{1,3})", head)
        if head in NAMES:
            found[place] = "name"
        elif head in GROUPS:
            found[place] = "group"
        elif head in by_text:
            found[place] = by_text[head]
        elif number and 1 <= int(number[1]) <= len(statements):
            found[place] = statements[int(number[1]) - 1][0]
        elif head:
            reading.unknown.append((place + 1, cell.strip()[:80]))
    reading.statements = [one for one in found.values() if isinstance(one, int)]
    return found


def _read_row(
    line: int, cells: Sequence[str], columns: Mapping[int, int | str], known: Mapping[str, int], reading: Reading
) -> None:
    name, group, answers = "", "", {}
    for place, what in columns.items():
        cell = cells[place].strip() if place < len(cells) else ""
        if what == "name":
            name = cell[:120]
        elif what == "group":
            group = cell[:80]
        elif cell and isinstance(what, int):
            value = known.get(_key(cell))
            if value is None:
                reading.faults.append(Fault(line, place + 1, cell[:40]))
            else:
                answers[what] = value
    reading.names.append(name)
    reading.groups.append(group)
    reading.answers.append(answers)


def _words(scale: Scale) -> dict[str, int]:
    """Everything that names an answer; labels win over names of colours, and those over numbers."""
    words: dict[str, int] = {}
    for rank, names in enumerate(COLOURS[len(scale)]):
        words[str(rank + 1)] = rank
        words |= dict.fromkeys(names, rank)
    words |= dict.fromkeys(("blanc", "white", "b", _key(str(WHITE_LABEL)), _key(WHITE_SYMBOL)), WHITE)
    words |= dict.fromkeys(("noir", "black", "n", _key(str(BLACK_LABEL)), _key(BLACK_SYMBOL), "x"), BLACK)
    for rank, level in enumerate(scale.levels):
        words[_key(str(level.label))] = rank
        words[_key(level.symbol)] = rank
    return words


def _key(cell: str) -> str:
    """A cell as it is compared: folded when it holds letters; signs as they are, both minus signs alike."""
    text = cell.strip().lstrip("'").replace("−", "-").replace("–", "-")
    if re.fullmatch(r"\d+[.,]0+", text):
        text = re.split("[.,]", text)[0]
    return fold(text) or text
