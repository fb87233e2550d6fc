"""Results as files: the sheet says every vote, formulas are inert, the two pictures show the same."""

import csv
import io
from xml.etree import ElementTree

import pytest
from PIL import Image

from tests.cast import Cast
from tilios.core.structures.scope import scope
from tilios.kit.sheets import open_sheet
from tilios.tools.polls import actions
from tilios.tools.polls.models import Poll
from tilios.tools.polls.tests.contract import marks, open_dates


@pytest.fixture
def voted(cast: Cast) -> Poll:
    with scope(cast.fabrique):
        poll = open_dates(cast.alice, title="Quand ?", days=2)
        actions.cast_ballot(by=cast.bob, poll=poll, marks=marks(poll, 2, 1))
        actions.key_in_ballot(by=cast.alice, poll=poll, name="=1+1", marks=marks(poll, 2), remark="@SUM(A1)")
        return poll


def get(cast: Cast, poll: Poll, form: str) -> bytes:
    response = cast.client("bob").get(f"/s/la-fabrique/sondages/{poll.pk}/resultats.{form}")
    assert response.status_code == 200
    assert f'filename="quand.{form}"' in response["Content-Disposition"]
    return b"".join(response) if response.streaming else response.content


def test_the_csv_says_every_vote_in_words_and_the_sums(cast: Cast, voted: Poll) -> None:
    rows = list(csv.reader(io.StringIO(get(cast, voted, "csv").decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 6
    assert rows[1][:3] == ["Bob Lambert", "Oui", "Si besoin"]
    assert rows[2][0] != "=1+1"
    assert rows[2][0].endswith("=1+1")
    assert "Alice Moreau" in rows[2][-1]
    assert [row[1:] for row in rows[3:]] == [["2", "0"], ["0", "1"], ["0", "0"]]


def test_the_ods_holds_the_same_and_no_formula(cast: Cast, voted: Poll) -> None:
    with open_sheet(io.BytesIO(get(cast, voted, "ods"))) as sheet:
        rows = [row.cells for row in sheet]
    assert rows[1][:3] == ["Bob Lambert", "Oui", "Si besoin"]
    assert rows[3][1] == "2"


def test_the_svg_stands_alone(cast: Cast, voted: Poll) -> None:
    svg = get(cast, voted, "svg").decode()
    root = ElementTree.fromstring(svg.encode())
    assert root.tag.endswith("svg")
    assert "class=" not in svg
    assert "style=" not in svg
    assert "<script" not in svg
    assert "Quand ?" in svg


def test_the_png_is_a_picture_that_shows_the_colours_of_the_answers(cast: Cast, voted: Poll) -> None:
    picture = Image.open(io.BytesIO(get(cast, voted, "png")))
    assert picture.format == "PNG"
    colours = {colour for _count, colour in picture.convert("RGB").getcolors(1 << 20)}
    assert {(0x2F, 0x85, 0x77), (0xD9, 0x8A, 0x1F)} <= colours


def test_an_unknown_form_is_not_there(cast: Cast, voted: Poll) -> None:
    assert cast.client("bob").get(f"/s/la-fabrique/sondages/{voted.pk}/resultats.exe").status_code == 404
