"""What two people type of a sheet of paper: a few keys a sheet, read without a mouse. Pure.

- yes or no for each option: a cell an option, `o`, `y`, `1` or `+` for yes, `n`, `0` or `-` for no;
- one option, or several: one cell with the numbers of the options, `2` or `1 3`;
- any other kind of ballot: a cell an option, with the whole number of its mark.

`b` alone is a blank sheet; nothing typed is a sheet not read yet.
"""

import re
from collections.abc import Sequence

from tilios.tools.polls.models import Poll

BLANK = "b"
CHOICES = ("single", "several")
YES, NO = {"o", "y", "1", "+", "✓"}, {"n", "0", "-", "✗"}


class Unreadable(ValueError):
    """A cell that says nothing known; its text is what was typed."""


def is_one_cell(poll: Poll) -> bool:
    """Whether a sheet is one cell, or one an option."""
    return poll.ballot in CHOICES


def read(poll: Poll, cells: Sequence[str], options: Sequence[int]) -> dict[int, int] | None:
    """The marks that the cells of a sheet say: {} for a blank one, None when nothing was typed. Raises Unreadable."""
    typed = [cell.strip().lower() for cell in cells]
    if not any(typed):
        return None
    if set(typed) - {""} == {BLANK}:
        return {}
    if is_one_cell(poll):
        return _chosen(typed[0], options)
    return {option: _value(poll, cell) for option, cell in zip(options, typed, strict=False) if cell}


def write(poll: Poll, values: Sequence[int | None]) -> list[str]:
    """The cells that say these marks, kept by position."""
    if all(value is None for value in values):
        cells = 1 if is_one_cell(poll) else len(values)
        return [BLANK, *[""] * (cells - 1)]
    if is_one_cell(poll):
        return [" ".join(str(place) for place, value in enumerate(values, 1) if value)]
    if poll.ballot == "yesno":
        return ["" if value is None else "o" if value else "n" for value in values]
    return ["" if value is None else str(value) for value in values]


def _chosen(cell: str, options: Sequence[int]) -> dict[int, int]:
    places = re.split(r"[\s,;]+", cell)
    if not all(re.fullmatch(r"[0-9]{1,3}", place) and 1 <= int(place) <= len(options) for place in places):
        raise Unreadable(cell)
    return {options[int(place) - 1]: 1 for place in places}


def _value(poll: Poll, cell: str) -> int:
    if poll.ballot == "yesno":
        if cell in YES | NO:
            return 2 if cell in YES else 0
    elif re.fullmatch(r"-?[0-9]{1,9}", cell):
        return int(cell)
    raise Unreadable(cell)
