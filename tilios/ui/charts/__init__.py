"""Charts drawn on the server: SVG that any theme repaints, that prints, exports, and stands beside its table.

Every function is pure and returns a SafeString. Colours are presentation attributes (the light palette) that the
style sheet overrides by class; no inline style, no script.

    drawing = charts.bars(["janv.", "févr."], [12, 18], title=_("Members"))
    charts.figure(drawing, charts.table([_("Month"), _("Members")], rows), _("Members"))
"""

from tilios.ui.charts.frame import figure, standalone, table
from tilios.ui.charts.grids import Level, SpectrumRow, heat_map, spectrum
from tilios.ui.charts.painting import png
from tilios.ui.charts.pyramids import pyramid
from tilios.ui.charts.series import Series, bars, line, stacked_bars

__all__ = [
    "Level",
    "Series",
    "SpectrumRow",
    "bars",
    "figure",
    "heat_map",
    "line",
    "png",
    "pyramid",
    "spectrum",
    "stacked_bars",
    "standalone",
    "table",
]
