"""Labels placed on their sheet, to the tenth of a millimetre, and letters large enough for what each holds."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tilios.kit.postal import Postal, postal
from tilios.tools.members.models import LabelSheet, Record, RecordKind
from tilios.tools.members.queries.families import Letter, address, letters

PAGE = (210.0, 297.0)  # A4
MARGIN = 3.5  # inside a label, on each side
LARGEST, SMALLEST = 11.0, 5.0  # points
POINT = 25.4 / 72  # millimetres
WIDE, NARROW = 0.64, 0.5  # of the size of a letter: how wide it is, a capital or a small one, on average
LEADING = 1.22


@dataclass(frozen=True)
class Sheet:
    """How an A4 sheet is cut in labels: millimetres."""

    key: str
    name: str
    columns: int
    rows: int
    width: float
    height: float
    left: float
    top: float
    gap_x: float = 0.0
    gap_y: float = 0.0

    @property
    def count(self) -> int:
        return self.columns * self.rows

    def place(self, number: int) -> tuple[float, float]:
        """Where the label `number`, from 0, begins: from the left and from the top of the sheet."""
        row, column = divmod(number, self.columns)
        return self.left + column * (self.width + self.gap_x), self.top + row * (self.height + self.gap_y)

    @property
    def size(self) -> tuple[float, float]:
        """How far the labels go from the left and from the top of the sheet."""
        x, y = self.place(self.count - 1)
        return x + self.width, y + self.height


SOLD = (
    Sheet("l7160", "Avery L7160", 3, 7, 63.5, 38.1, 7.21, 15.15, 2.54),
    Sheet("l7163", "Avery L7163", 2, 7, 99.1, 38.1, 4.63, 15.15, 2.54),
    Sheet("l7159", "Avery L7159", 3, 8, 63.5, 33.9, 7.21, 12.9, 2.54),
)


def own_sheet(row: LabelSheet) -> Sheet:
    sizes = (row.width, row.height, row.left, row.top, row.gap_x, row.gap_y)
    return Sheet(f"propre-{row.pk}", row.name, row.columns, row.rows, *(float(size) for size in sizes))


def sheets() -> list[Sheet]:
    """Those sold in shops, then the structure's own. One query."""
    return [*SOLD, *(own_sheet(row) for row in LabelSheet.objects.all())]


def described(sheet: Sheet) -> str:
    words = {
        "name": sheet.name, "count": sheet.count, "width": f"{sheet.width:g}".replace(".", ","),
        "height": f"{sheet.height:g}".replace(".", ","),
    }  # fmt: skip
    return _("%(name)s: %(count)s a sheet, %(width)s × %(height)s mm") % words


@dataclass(frozen=True)
class Envelope:
    """To whom, of which records, and the lines of the post."""

    letter: Letter
    postal: Postal


def envelopes(records: Iterable[Record], *, by_family: bool) -> tuple[list[Envelope], list[Record]]:
    """One envelope a letter, and those without an address. One query."""
    records = list(records)
    found = letters(records, together=by_family)
    return [Envelope(letter, _postal(letter)) for letter in found], [one for one in records if not address(one)]


def _postal(letter: Letter) -> Postal:
    """The lines of `letter`: form of address and name, for whose attention, the address of its first record."""
    first = letter.records[0]
    person = first.person
    alone = len(letter.records) == 1 and first.kind == RecordKind.HUMAN
    name = f"{first.title} {letter.name}".strip() if alone else letter.name
    before = letter.lines[: len(letter.lines) - len(address(first))]
    employer = person.organisation if alone and person.organisation != person.display_name else ""
    return postal(
        name, (employer, *before), street=person.street, postcode=person.postcode, town=person.town,
        country=person.country,
    )  # fmt: skip


def pages_of(sheet: Sheet, count: int, first: int) -> int:
    """How many sheets `count` labels take from the place `first` (from 1) on."""
    return -(-(count + first - 1) // sheet.count) if count else 0


def placed(sheet: Sheet, lines: Sequence[Postal], first: int) -> Iterator[list[dict[str, object]]]:
    """The labels of each page: where each stands, its lines, the size of its letters in points."""
    numbered = list(enumerate(lines, start=first - 1))
    for page in range(pages_of(sheet, len(lines), first)):
        yield [
            {
                "x": _mm(sheet.place(number % sheet.count)[0]),
                "y": _mm(sheet.place(number % sheet.count)[1]),
                "lines": one.lines,
                "size": f"{letters_for(sheet, one.lines):.2f}",
            }
            for number, one in numbered
            if number // sheet.count == page
        ]


def letters_for(sheet: Sheet, lines: Sequence[str]) -> float:
    """The size of letters, in points, in which all the lines stand inside a label."""
    across = (sheet.width - 2 * MARGIN) / (max(map(_width, lines)) * POINT)
    down = (sheet.height - MARGIN) / (len(lines) * LEADING * POINT)
    return max(SMALLEST, min(LARGEST, across, down))


def _width(line: str) -> float:
    """How long a line is, about, for letters of size 1."""
    return sum(NARROW if sign.islower() or sign in " .,-'" else WIDE for sign in line)


def _mm(value: float) -> str:
    return f"{value:.2f}"  # whatever the language: a comma is no number in a style sheet
