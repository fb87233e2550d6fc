"""Drawings: whole, named, readable without colour, and light however many people answer."""

import itertools
import random
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilios.tools.colours import drawing, figures
from tilios.tools.colours.drawing import distributions, looks, maps, movements, spectra
from tilios.tools.colours.figures import Grid, Statement, Sums, Voice
from tilios.tools.colours.palettes import PALETTES
from tilios.tools.colours.scales import BLACK, PRESETS, WHITE
from tilios.ui.charts import standalone

SVG = "{http://www.w3.org/2000/svg}"
SCALE = PRESETS["agreement5"].scale
LOOK = looks.Look(SCALE, PALETTES["safe"])
STATEMENTS = [Statement(1, "Un <b>énoncé</b> & sa suite"), Statement(2, "Très long " * 30), Statement(3, "Court")]


def grid_of(people: int, *, named: bool = False, seed: int = 1) -> Grid:
    luck = random.Random(seed)
    voices = [Voice(place, f"Personne {place}" if named else "") for place in range(people)]
    pairs = itertools.product(STATEMENTS, voices)
    return Grid(STATEMENTS, voices, {(one.pk, voice.pk): luck.choice(SCALE.answers) for one, voice in pairs})


def rows(grid: Grid) -> list[drawing.Row]:
    sums = {
        one.pk: figures.sums_of([(answer, 1) for answer in grid.row(one) if answer is not None], len(SCALE))
        for one in grid.statements
    }
    return drawing.rows_of(grid.statements, sums, SCALE)


def every(look: looks.Look, people: int = 22) -> dict[str, drawing.Picture]:
    grid, after = grid_of(people, named=True), grid_of(people, seed=2)
    moves = {(0, 0): 3, (4, 1): 2, (1, 3): 1, (WHITE, 0): 1, (2, BLACK): 1}
    pairs = list(zip(rows(grid), rows(after), strict=True))
    names = ("Avant", "Après")
    return {
        "spectrum": drawing.spectrum(rows(grid), look),
        "mosaic": drawing.mosaic(grid, look, ordered=False),
        "sorted": drawing.mosaic(grid, look, ordered=True),
        "map": drawing.opinion_map(rows(grid), look),
        "groups": drawing.comparison(STATEMENTS[0], {"A": rows(grid)[0].sums, "B": None}, look),
        "rounds": drawing.two_rounds(pairs, {1: moves}, look, names=names),
        "flows": drawing.flows(STATEMENTS[0], moves, look, names=names),
        "distribution": drawing.distribution(rows(grid)[0], look),
    }


@pytest.mark.parametrize("palette", PALETTES)
def test_every_drawing_is_whole_named_and_has_its_table_and_sentence(palette: str) -> None:
    for name, picture in every(looks.Look(SCALE, PALETTES[palette])).items():
        for svg in (picture.svg, picture.narrow):
            assert svg, name
            root = ElementTree.fromstring(svg)
            assert root.get("role") == "img"
            assert picture.title in root.get("aria-label", "")
        assert "<table" in picture.table, name
        assert picture.summary, name
        assert "<b>" not in picture.svg
        ElementTree.fromstring(standalone(picture.svg).split("\n", 1)[1])


def test_nothing_breaks_when_nobody_has_answered() -> None:
    empty = Grid(STATEMENTS, [], {})
    for picture in (
        drawing.spectrum(rows(empty), LOOK),
        drawing.mosaic(empty, LOOK, ordered=True),
        drawing.opinion_map(rows(empty), LOOK),
        drawing.comparison(STATEMENTS[0], {}, LOOK),
        drawing.comparison(STATEMENTS[0], {"A": None}, LOOK),
        drawing.two_rounds([], {}, LOOK, names=("1", "2")),
        drawing.flows(STATEMENTS[0], {}, LOOK, names=("1", "2")),
        drawing.distribution(rows(empty)[0], LOOK),
    ):
        ElementTree.fromstring(picture.svg)
        assert picture.summary


def test_a_cell_that_has_room_carries_its_sign() -> None:
    picture = drawing.mosaic(grid_of(22, named=True), LOOK, ordered=False)
    words = [text.text for text in ElementTree.fromstring(picture.svg).iter(f"{SVG}text")]
    for answer in SCALE.answers:
        assert words.count(SCALE.symbol_of(answer)) > 1, answer  # once in the legend, then in cells


def test_a_cell_too_narrow_for_its_sign_carries_a_line_at_the_height_of_its_level() -> None:
    heights = []
    for answer in range(len(SCALE)):
        voices = [Voice(place) for place in range(200)]
        # One answer in two: runs of one.
        answers = {(3, voice.pk): answer if voice.pk % 2 else WHITE for voice in voices}
        svg = drawing.mosaic(Grid([STATEMENTS[2]], voices, answers), LOOK, ordered=False).svg
        line = re.search(r'<path d="M[\d.]+ ([\d.]+)h[^"]*" fill="[^"]*" fill-opacity', svg)
        assert line
        heights.append(float(line[1]))
    assert heights == sorted(set(heights))


def test_a_thousand_people_make_few_shapes() -> None:
    picture = drawing.mosaic(grid_of(1000), LOOK, ordered=True)
    assert picture.svg.count("<path") <= len(STATEMENTS) * 2 * len(SCALE.answers)
    assert picture.svg.count("<rect") <= len(SCALE.answers)


def test_sorting_puts_the_most_favourable_first_and_moves_no_answer() -> None:
    grid = grid_of(30)
    ordered = maps_of(grid)
    means = [row.figures.mean for row in rows(ordered)]
    assert means == sorted(means, reverse=True)
    assert ordered.answers == grid.answers
    assert {voice.pk for voice in ordered.people} == {voice.pk for voice in grid.people}


def maps_of(grid: Grid) -> Grid:
    from tilios.tools.colours.drawing.mosaics import in_order

    return in_order(grid, LOOK)


@given(st.lists(st.integers(0, 60), min_size=5, max_size=5), st.integers(0, 20), st.integers(0, 20))
def test_a_bar_is_balanced_on_the_middle_and_as_long_as_its_share(counts: list[int], white: int, black: int) -> None:
    sums = Sums(tuple(counts), white, black)
    before, after = spectra._sides(sums)
    total = sums.answered or 1
    assert before + after == pytest.approx(sums.expressed / total)
    turned = spectra._sides(Sums(tuple(reversed(counts)), white, black))
    assert turned == pytest.approx((after, before))


@given(st.lists(st.tuples(st.floats(30, 700), st.floats(20, 420)), max_size=12))
def test_dots_of_the_map_do_not_hide_one_another(places: list[tuple[float, float]]) -> None:
    found = maps.spread_out(places, rounds=400)
    assert found == maps.spread_out(places, rounds=400)
    for (x1, y1), (x2, y2) in itertools.combinations(found, 2):
        assert ((x1 - x2) ** 2 + (y1 - y2) ** 2) ** 0.5 > maps.DOT


def test_regions_of_the_map() -> None:
    def region(*counts: int) -> str:
        return maps.region(figures.of(Sums(counts), SCALE))

    assert region(8, 2, 0, 0, 0) == "agree"
    assert region(0, 0, 0, 2, 8) == "disagree"
    assert region(0, 2, 8, 2, 0) == "undecided"
    assert region(5, 0, 0, 0, 5) == "contested"
    assert region(0, 0, 0, 0, 0) == ""


def test_who_moved_is_counted_among_those_who_gave_two_colours() -> None:
    moves = {(0, 0): 3, (4, 1): 2, (1, 3): 1, (WHITE, 0): 5, (2, BLACK): 1, (WHITE, WHITE): 1}
    assert movements.moved(moves) == (2, 1, 4)


def test_a_hidden_group_shows_neither_bar_nor_number() -> None:
    picture = drawing.comparison(STATEMENTS[2], {"A": Sums((9, 1, 0, 0, 0)), "Petit": None}, LOOK)
    assert "Petit" in picture.svg
    assert "Petit" not in picture.table
    assert picture.svg.count("%") > 0


def test_columns_are_as_high_as_their_numbers_and_each_answer_keeps_its_sign() -> None:
    row = rows(
        Grid(
            [STATEMENTS[2]],
            [Voice(place) for place in range(43)],
            dict(zip(((3, place) for place in range(43)), [0] * 40 + [1] * 2 + [WHITE], strict=True)),
        )
    )[0]
    root = ElementTree.fromstring(drawing.distribution(row, LOOK).svg)
    heights = [float(one.get("height", "0")) for one in root.iter(f"{SVG}rect")]
    feet = [height for height in heights if height == distributions.FOOT]
    assert len(feet) == len(SCALE.answers)
    columns = [height for height in heights if height != distributions.FOOT]
    assert columns == pytest.approx([220, 11, 5.5])
    words = [text.text for text in root.iter(f"{SVG}text")]
    assert all(SCALE.symbol_of(answer) in words for answer in SCALE.answers)


def test_numbers_of_the_map_are_named_beside_it() -> None:
    silent = Statement(9, "Sans <i>réponse</i>")
    grid = grid_of(22)
    found = [*rows(grid), drawing.rows_of([silent], {}, SCALE)[0]]
    picture = drawing.opinion_map(found, LOOK)
    assert '<li value="3">Court</li>' in picture.drawings
    assert "Court" in [text.text for text in ElementTree.fromstring(picture.svg).iter(f"{SVG}text")]
    assert "réponse" not in picture.drawings  # nobody answered: no dot, no number


def test_groups_of_one_mean_are_said_to_be_so() -> None:
    same = Sums((1, 2, 3, 2, 1))
    assert "3" in drawing.comparison(STATEMENTS[2], {"A": same, "B": same}, LOOK).summary
    assert "A" not in drawing.comparison(STATEMENTS[2], {"A": same, "B": same}, LOOK).summary.split()
    other = drawing.comparison(STATEMENTS[2], {"A": same, "B": Sums((9, 0, 0, 0, 0))}, LOOK).summary
    assert other.index("B") < other.index("A (")
