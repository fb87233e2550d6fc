"""What answers add up to. Pure: numbers in, numbers out; definitions in words are in `definitions.py`."""

from tilios.tools.colours.figures.grids import Grid, Statement, Voice
from tilios.tools.colours.figures.measures import CLEAVED_FROM, Figures, Sums, of, sums_of

__all__ = ["CLEAVED_FROM", "Figures", "Grid", "Statement", "Sums", "Voice", "of", "sums_of"]
