import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.utils import translation
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from tilios.ui import charts, colour
from tilios.ui.charts import frame

STYLES = Path(__file__).resolve().parents[3] / "frontend" / "styles"
SVG = "{http://www.w3.org/2000/svg}"
LEVELS = (
    charts.Level("For", "+", "#1f7a4d"),
    charts.Level("Shared", "~", "#f2c94c"),
    charts.Level("Against", "−", "#b3332b"),
)


def parse(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def every_chart() -> list[SafeString]:
    two = [charts.Series("A & B", [1, None, 3]), charts.Series("C", [2, 2, 2])]
    labels = ["<b>one</b>", "two", "three"]
    return [
        charts.bars(labels, [1, None, 2.5], title="Bars", description="up"),
        charts.stacked_bars(labels, two, title="Stacked"),
        charts.line(labels, two, title="Line", unit=" h"),
        charts.heat_map(labels, ["x", "y"], [[1, 2], [3, None], [0, 5]], title="Heat"),
        charts.spectrum([charts.SpectrumRow("<i>q</i>", [2, 1, 3], (LEVELS[0],))], LEVELS, title="Spectrum"),
        charts.pyramid(labels, *two, title="Pyramid", unknown="few"),
    ]


@pytest.mark.parametrize("svg", every_chart())
def test_a_chart_is_an_image_with_a_name_and_no_style_of_its_own(svg):
    assert isinstance(svg, SafeString)
    root = parse(svg)
    assert root.get("role") == "img"
    assert root.get("aria-label")
    assert all(element.get("style") is None for element in root.iter())
    assert not any(name.startswith("on") for element in root.iter() for name in element.keys())  # noqa: SIM118
    assert "<b>" not in svg
    assert "<i>" not in svg


@pytest.mark.parametrize("svg", every_chart())
def test_every_painted_class_also_has_its_colour(svg):
    for element in parse(svg).iter():
        if re.fullmatch(r"(ink|soft|heat|none|s\d)", element.get("class", "")):
            assert element.get("fill")
        if re.fullmatch(r"(axis|grid|l\d)", element.get("class", "")):
            assert element.get("stroke")


@pytest.mark.parametrize("svg", every_chart())
def test_a_standalone_chart_is_a_document_of_its_own(svg):
    alone = charts.standalone(svg)
    assert alone.startswith('<?xml version="1.0" encoding="UTF-8"?>')
    assert "class=" not in alone
    assert "currentColor" not in alone
    root = parse(alone)
    assert root.tag == f"{SVG}svg"
    assert root[0].get("fill") == "#ffffff"


@pytest.mark.parametrize("values", [[], [0, 0], [None]])
def test_nothing_to_show_still_draws_the_frame(values):
    labels = [str(index) for index in range(len(values))]
    parse(charts.bars(labels, values, title="Empty"))
    parse(charts.line(labels, [charts.Series("A", values)], title="Empty"))
    parse(charts.stacked_bars(labels, [charts.Series("A", values)], title="Empty"))


def test_bars_are_as_high_as_their_values():
    rects = parse(charts.bars(["a", "b"], [10, 20], title="T")).findall(f"{SVG}rect")
    low, high = (float(rect.get("height", 0)) for rect in rects)
    assert high == pytest.approx(2 * low, abs=0.2)


def test_a_line_breaks_where_nothing_is_known():
    svg = parse(charts.line(["a", "b", "c"], [charts.Series("A", [1, None, 3])], title="T"))
    path = next(element for element in svg.iter(f"{SVG}path") if element.get("fill") == "none")
    assert path.get("d", "").count("M") == 2


def test_the_spectrum_is_sorted_and_centred():
    rows = [charts.SpectrumRow("one", [4, 2, 0]), charts.SpectrumRow("two", [0, 2, 4])]
    svg = parse(charts.spectrum(rows, LEVELS, title="T"))
    middles = {line.get("x1", "") for line in svg.iter(f"{SVG}line")}
    assert len(middles) == 1
    middle = float(middles.pop())
    cells = [rect for rect in svg.iter(f"{SVG}rect") if rect.get("width") != "20"]
    shared = [rect for rect in cells if rect.get("fill") == "#f2c94c"]
    for first, second in (shared[:2], shared[2:]):
        centre = (float(first.get("x", 0)) + float(second.get("x", 0)) + float(second.get("width", 0))) / 2
        assert centre == pytest.approx(middle, abs=0.2)
    assert all(float(rect.get("x", 0)) < middle for rect in cells if rect.get("fill") == "#1f7a4d")
    assert all(float(rect.get("x", 0)) >= middle for rect in cells if rect.get("fill") == "#b3332b")


def test_an_answer_is_told_by_a_sign_too():
    svg = parse(charts.spectrum([charts.SpectrumRow("q", [1, 0, 0])], LEVELS, title="T"))
    assert [text.text for text in svg.iter(f"{SVG}text")].count("+") == 2  # the legend and the cell


@given(st.floats(min_value=0.001, max_value=1e9))
def test_the_scale_is_short_round_and_holds_the_highest(highest):
    ticks = frame.ticks(highest)
    assert ticks[0] == 0
    assert ticks[-1] >= highest * (1 - 1e-9)
    assert 2 <= len(ticks) <= 6


def test_figures_are_written_in_the_language_of_the_reader():
    with translation.override("fr"):
        assert frame.number(1234.5).replace("\u202f", " ").replace("\xa0", " ") == "1 234,5"
    with translation.override("en"):
        assert frame.number(1234) == "1,234"


def test_the_table_has_heads_and_the_figure_holds_both():
    table = charts.table(["Month", "Members"], [["Jan <x>", 1234], ["Feb", None]], caption="Members")
    assert '<th scope="row">Jan &lt;x&gt;</th>' in table
    assert 'class="number"' in table
    figure = charts.figure(charts.bars(["a"], [1], title="T"), table, "Members", csv_url="/m.csv")
    assert figure.count("<svg") >= 1
    assert "<table" in figure
    assert "/m.csv" in figure


def test_the_colours_are_those_of_the_style_sheet():
    tokens = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", (STYLES / "tokens.css").read_text()))
    assert tuple(tokens[f"series-{rank}"] for rank in range(1, 9)) == frame.SERIES
    names = ("ink", "ink-soft", "line-strong", "line", "sheet", "sunken")
    values = (frame.INK, frame.SOFT, frame.AXIS, frame.GRID, frame.PAPER, frame.NONE)
    assert tuple(tokens[name] for name in names) == values


@pytest.mark.parametrize("file", ["tokens.css", "themes/dark.css"])
def test_series_are_seen_and_the_darkest_heat_is_read(file):
    css = (STYLES / "tokens.css").read_text() + (STYLES / file).read_text()
    tokens = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", css))
    for rank in range(1, 9):
        assert colour.contrast(tokens[f"series-{rank}"], tokens["sheet"]) >= 2.6, rank
    red, green, blue = re.findall(r"--heat: (\d+) (\d+) (\d+);", css)[-1]
    heat = f"#{int(red):02x}{int(green):02x}{int(blue):02x}"
    assert colour.contrast(tokens["ink"], colour.mix(heat, tokens["sheet"], 0.5)) >= colour.TEXT
