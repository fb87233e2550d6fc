"""The views of a session, drawn on the server: SVG that every theme repaints, a table of the same, a sentence or two.

Pure but for the language: each function takes numbers (figures.Grid, figures.Sums) and gives a `Picture`.

| view | function |
|---|---|
| raw and sorted mosaic | `mosaic(grid, look, ordered=…)` |
| spectrum | `spectrum(rows, look)` |
| map of mean and spread | `opinion_map(rows, look)` |
| comparison of groups, of one statement | `comparison(statement, sums_by_group, look)` |
| before and after, all statements | `two_rounds(pairs, look)` |
| before and after of one statement: who moved | `flows(statement, moves, look)` |
| distribution of one statement | `distribution(row, look)` |
"""

from tilios.tools.colours.drawing.distributions import distribution
from tilios.tools.colours.drawing.looks import Look, Picture, Row, rows_of
from tilios.tools.colours.drawing.maps import opinion_map
from tilios.tools.colours.drawing.mosaics import mosaic
from tilios.tools.colours.drawing.movements import flows, two_rounds
from tilios.tools.colours.drawing.spectra import comparison, spectrum

__all__ = [
    "Look",
    "Picture",
    "Row",
    "comparison",
    "distribution",
    "flows",
    "mosaic",
    "opinion_map",
    "rows_of",
    "spectrum",
    "two_rounds",
]
