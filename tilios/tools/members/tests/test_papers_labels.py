"""Labels: where each stands on its sheet, what it says, the sheets of one's own."""

from typing import Any

import pytest
from django.http import QueryDict

from tests.cast import Cast
from tilios.core.errors import Invalid, NotAllowed
from tilios.core.journal.models import Entry
from tilios.core.structures.scope import scope
from tilios.tools.members import queries
from tilios.tools.members.actions import papers as actions
from tilios.tools.members.forms.papers import LabelsForm
from tilios.tools.members.models import Family, LabelSheet
from tilios.tools.members.papers import making
from tilios.tools.members.papers.kinds import KINDS
from tilios.tools.members.papers.labels import SOLD, Sheet, letters_for, own_sheet, pages_of
from tilios.tools.members.tests.contract import member
from tilios.tools.members.tests.reading_papers import Line, lines_of, sizes_of
from tilios.tools.members.tests.reading_papers import pages_of as words_of

BASE = "/s/la-fabrique/adhesions/documents/"
SIZES = {"columns": 2, "rows": 4, "width": 90, "height": 60, "left": 10, "top": 20, "gap_x": 5, "gap_y": 2}


def made(cast: Cast, **options: str) -> bytes:
    """The labels of everybody, with these options."""
    data = QueryDict(mutable=True)
    data.update({"sheet": "l7160", "first": "1", "each": "famille"} | options)
    form = LabelsForm(data, by=cast.manon)
    assert form.is_valid(), form.errors
    people = list(queries.records().select_related("family"))
    return making.laid_out(by=cast.manon, kind=KINDS["etiquettes"], people=people, said=form.cleaned_data)


def inside(sheet: Sheet, number: int, line: Line) -> bool:
    left, top = sheet.place(number)
    return left < line.left and line.right < left + sheet.width and top < line.top and line.bottom < top + sheet.height


def lived(given: str, last: str = "Dupont", **fields: Any) -> Any:
    return member(given, last, **{"street": "3 rue Neuve", "postcode": "59000", "town": "Lille"} | fields)


@pytest.mark.parametrize("sheet", SOLD, ids=lambda sheet: sheet.key)
def test_a_sheet_is_as_the_shop_sells_it_and_stands_in_the_page(sheet: Sheet) -> None:
    across, down = sheet.size
    assert abs(across + sheet.left - 210) < 0.3
    assert abs(down + sheet.top - 297) < 0.3
    assert sheet.count == {"l7160": 21, "l7163": 14, "l7159": 24}[sheet.key]


@pytest.mark.parametrize("sheet", SOLD, ids=lambda sheet: sheet.key)
def test_every_line_stands_inside_its_label(fabrique: Cast, sheet: Sheet) -> None:
    streets = "BÂTIMENT WW\nMMMM\n1 rue WW"
    lived("Maximilienne-Alexandrine", "AVandenbroucke de la Fontaine-Saint-Hilaire", street=streets)
    for number in range(sheet.count):
        lived("Éloïse", f"Z{number:03}")
    body = made(fabrique, sheet=sheet.key)
    assert sizes_of(body) == [(210.0, 297.0)] * 2
    lines = lines_of(body)
    long = [line for line in lines if line.top < sheet.top + sheet.height and line.left < sheet.left + sheet.width]
    assert len(long) >= 5
    assert all(inside(sheet, 0, line) for line in long)
    for number in range(1, sheet.count):
        own = next(line for line in lines if line.text.endswith(f"Z{number - 1:03}"))
        assert inside(sheet, number, own), (number, own)
    assert f"Z{sheet.count - 1:03}" in words_of(body)[1]


def test_a_sheet_begun_starts_at_the_label_said(fabrique: Cast) -> None:
    lived("Zoé")
    [name, *_others] = lines_of(made(fabrique, first="6"))
    assert inside(SOLD[0], 5, name)
    assert pages_of(SOLD[0], 21, 2) == 2
    assert pages_of(SOLD[0], 0, 5) == 0


def test_one_for_a_family_or_one_for_each(fabrique: Cast) -> None:
    family = Family.objects.create(name="Famille Morvan")
    for name in ("Jo", "Lise"):
        lived(name, "Morvan", family=family)
    [together] = words_of(made(fabrique))
    assert together.startswith("Famille Morvan")
    assert "Lise" not in together
    [each] = words_of(made(fabrique, each="personne"))
    assert "Jo Morvan" in each
    assert "Lise Morvan" in each


def test_names_are_printed_as_they_are_written(fabrique: Cast) -> None:
    lived("<b>Zoé</b>", "& <script>")
    lived("محمد", "", street="14 شارع الحرية", town="تونس", country="Tunisie")
    [words] = words_of(made(fabrique))
    assert "<b>Zoé</b> & <script>" in words
    assert "TUNISIE" in words
    assert "14" in words


def test_letters_are_as_large_as_the_label_takes() -> None:
    assert letters_for(SOLD[0], ["Zoé", "3 rue Neuve", "59000 LILLE"]) == 11
    assert 5 < letters_for(SOLD[0], ["W" * 38] * 6) < 8


def test_who_has_no_address_is_said_before(fabrique: Cast) -> None:
    lived("Zoé")
    member("Sans", "Adresse")
    page = fabrique.client("manon").get(f"{BASE}faire/etiquettes/").content.decode()
    assert "1 étiquette, 1 feuille" in page
    assert "1 personne sans adresse" in page
    assert "Sans Adresse" in page


def test_a_sheet_of_ones_own_is_measured_once(fabrique: Cast) -> None:
    lived("Zoé")
    client = fabrique.client("manon")
    assert client.post(f"{BASE}planches/nouvelle/", {"name": "Maison"} | SIZES).status_code == 302
    sheet = LabelSheet.objects.get()
    [name, *_others] = lines_of(made(fabrique, sheet=f"propre-{sheet.pk}", first="8"))
    assert inside(own_sheet(sheet), 7, name)
    assert "Maison" in client.get(f"{BASE}faire/etiquettes/").content.decode()
    client.post(f"{BASE}planches/{sheet.pk}/", {"name": "Autre"} | SIZES | {"columns": 1})
    sheet.refresh_from_db()
    assert (sheet.name, sheet.columns) == ("Autre", 1)
    client.post(f"{BASE}planches/{sheet.pk}/retirer/")
    assert not LabelSheet.objects.exists()
    assert Entry.objects.filter(verb__startswith="members.sheet").count() == 3


@pytest.mark.parametrize(
    "wrong", [{"columns": 3}, {"rows": 5}, {"width": "-3"}, {"rows": 0}, {"height": "x"}, {"name": ""}, {"gap_x": 80}]
)
def test_a_sheet_that_is_none_is_refused_and_kept_in_the_form(fabrique: Cast, wrong: dict[str, Any]) -> None:
    answer = fabrique.client("manon").post(f"{BASE}planches/nouvelle/", {"name": "Maison"} | SIZES | wrong)
    assert answer.status_code == 422
    assert 'value="60"' in answer.content.decode() or "height" in wrong
    assert not LabelSheet.objects.exists()


def test_two_sheets_have_two_names_and_those_who_keep_the_register_write_them(fabrique: Cast) -> None:
    actions.save_sheet(by=fabrique.manon, name="Maison", **SIZES)
    with pytest.raises(Invalid):
        actions.save_sheet(by=fabrique.manon, name="maison", **SIZES)
    with pytest.raises(NotAllowed):
        actions.save_sheet(by=fabrique.bob, name="Autre", **SIZES)


def test_a_first_label_off_the_sheet_is_refused(fabrique: Cast) -> None:
    lived("Zoé")
    answer = fabrique.client("manon").post(
        f"{BASE}faire/etiquettes/", {"sheet": "l7160", "first": "22", "each": "famille"}
    )
    assert answer.status_code == 422
    assert "21 étiquettes" in answer.content.decode()
    assert 'value="22"' in answer.content.decode()


def test_a_sheet_of_another_structure_is_none(cast: Cast) -> None:
    with scope(cast.atelier):
        theirs = LabelSheet.objects.create(name="La leur", **SIZES)
    assert cast.client("manon").get(f"{BASE}planches/{theirs.pk}/").status_code == 404
    with scope(cast.fabrique):
        lived("Zoé")
    data = {"sheet": f"propre-{theirs.pk}", "first": "1", "each": "famille"}
    assert cast.client("manon").post(f"{BASE}faire/etiquettes/", data).status_code == 422
