"""Two palettes: the classic one (Régnier's abacus, 1973), and one that stays readable whatever colours the eye tells
apart. A sign stands in the cells of both.

The safe palette goes from deep blue to burnt orange. Its colours, white and black included, are at 25 or more of one
another (CIE76) in normal, protan, deutan and tritan vision: `tests/test_palettes.py` simulates them. In the classic one
the two ends, dark green and dark red, look alike to one man in twelve.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from tilios.tools.colours.scales import BLACK, WHITE
from tilios.ui.colour import contrast

WHITE_COLOUR, BLACK_COLOUR = "#FFFFFF", "#000000"


@dataclass(frozen=True)
class Palette:
    """Colours by the size of the scale, the most favourable first."""

    slug: str
    name: Any
    by_size: dict[int, tuple[str, ...]]

    def colours(self, size: int) -> tuple[str, ...]:
        return self.by_size[size]

    def colour_of(self, answer: int, size: int) -> str:
        """The colour of an answer, white and black included."""
        if answer == WHITE:
            return WHITE_COLOUR
        return BLACK_COLOUR if answer == BLACK else self.by_size[size][answer]

    @staticmethod
    def ink_on(colour: str) -> str:
        """Pure black or white, whichever reads best on `colour`: one of them has a contrast of 4.5 on any colour."""
        return max((BLACK_COLOUR, WHITE_COLOUR), key=lambda ink: contrast(ink, colour))


CLASSIC = Palette(
    "classic",
    _("Classic: from green to red"),
    {
        3: ("#1B7A3A", "#F39C2C", "#A31621"),
        5: ("#1B7A3A", "#8CC96B", "#F39C2C", "#E8695C", "#A31621"),
        7: ("#12592A", "#3D9A4B", "#A3D17F", "#F6B73C", "#F0907F", "#D2413A", "#7F0F18"),
    },
)
SAFE = Palette(
    "safe",
    _("For all eyes: from blue to orange"),
    {
        3: ("#1A3F8B", "#E2B085", "#6B3403"),
        5: ("#1A3F8B", "#66B0D9", "#E2B085", "#F27516", "#6B3403"),
        7: ("#002F7A", "#1D69FF", "#48C9FB", "#A7A7A5", "#F2C739", "#BD6014", "#5E3000"),
    },
)
PALETTES = {palette.slug: palette for palette in (CLASSIC, SAFE)}


def of(slug: str) -> Palette:
    """The palette called `slug`; the classic one for any other word."""
    return PALETTES.get(slug, CLASSIC)
