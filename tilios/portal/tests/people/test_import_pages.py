"""Pages of an import, from the file to the undoing, with and without JavaScript."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tilios.core.jobs import worker
from tilios.core.people import actions as people
from tilios.core.people.models import ImportBatch, ImportState, Person
from tilios.core.structures.scope import scope

URL = "/s/la-fabrique/personnes/imports/"
FILE = "nom;prénom;courriel;né le\nMartin;Jo;jo@example.org;31/12/1980\nRiou;Anne;pas une adresse;\n"


def upload(cast: Cast, who: str = "manon", content: bytes | None = None) -> str:
    file = SimpleUploadedFile("gens.csv", content if content is not None else FILE.encode("cp1252"))
    response = cast.client(who).post(URL, {"file": file})
    assert response.status_code == 302, response.content.decode()
    return response["Location"]


def columns(page: str, cast: Cast, **change: str) -> dict[str, str]:
    form = cast.client("manon").get(page).context["form"]
    return {name: str(form[name].value() or "") for name in form.fields} | change


def test_the_whole_way(cast: Cast) -> None:
    client, page = cast.client("manon"), upload(cast)
    data = columns(page, cast)
    assert [data[f"column_{number}"] for number in range(4)] == ["family_name", "given_name", "email", "birth_date"]
    assert client.post(f"{page}colonnes/", data).status_code == 302
    html = client.get(page).content.decode()
    assert "hx-get" in html
    assert "avancement" in html
    worker.run_all()
    report = client.get(page)
    assert report.context["counts"]["created"] == 1
    assert "pas une adresse" in report.content.decode()
    with scope(cast.fabrique):
        assert not Person.objects.filter(family_name="Martin").exists()
    assert client.post(f"{page}confirmer/").status_code == 302
    worker.run_all()
    assert client.get(f"{page}?voir=created").status_code == 200
    with scope(cast.fabrique):
        person = Person.objects.get(family_name="Martin")
    record = client.get(f"/s/la-fabrique/personnes/{person.pk}/").content.decode()
    assert "gens.csv" in record
    assert client.post(f"{page}annuler/").status_code == 302
    worker.run_all()
    assert client.get(page).status_code == 200
    with scope(cast.fabrique):
        assert not Person.objects.filter(family_name="Martin").exists()


def test_the_bar_asks_again_until_the_work_is_done(cast: Cast) -> None:
    client, page = cast.client("manon"), upload(cast)
    client.post(f"{page}colonnes/", columns(page, cast))
    asked = client.get(f"{page}avancement/", headers={"HX-Request": "true"})
    assert b"<progress" in asked.content
    assert b"hx-get" in asked.content
    assert client.get(f"{page}avancement/").status_code == 302
    worker.run_all()
    done = client.get(f"{page}avancement/", headers={"HX-Request": "true"})
    assert (done.status_code, done["HX-Redirect"]) == (204, page)


@pytest.mark.parametrize("content", [b"", b"nom;prenom\n", b"%PDF-1.4", b"\x89PNG\r\n\x1a\n\x00\x00"])
def test_a_file_that_is_no_sheet_comes_back_with_the_reason(cast: Cast, content: bytes) -> None:
    response = cast.client("manon").post(URL, {"file": SimpleUploadedFile("gens.csv", content)})
    assert response.status_code == 422
    assert response.context["form"].errors["file"]


def test_no_file_at_all_comes_back_too(cast: Cast) -> None:
    page = cast.client("manon").get(URL)
    assert (page.status_code, page.context["form"].errors) == (200, {})
    assert cast.client("manon").post(URL).status_code == 422


@pytest.mark.parametrize("change", [{"column_0": "", "column_1": ""}, {"column_2": "family_name"}, {"role": "40"}])
def test_wrong_columns_come_back(cast: Cast, change: dict[str, str]) -> None:
    page = upload(cast)
    assert cast.client("manon").post(f"{page}colonnes/", columns(page, cast, **change)).status_code == 422


def test_a_group_of_another_structure_cannot_be_given(cast: Cast) -> None:
    with scope(cast.atelier):
        foreign = people.create_group(by=None, name="Secret")
    page = upload(cast)
    response = cast.client("manon").post(f"{page}colonnes/", columns(page, cast, group=str(foreign.pk)))
    assert response.status_code == 422
    assert b"Secret" not in response.content


def test_an_import_can_be_forgotten_before_it_is_confirmed(cast: Cast) -> None:
    page = upload(cast)
    assert cast.client("manon").post(f"{page}oublier/").status_code == 302
    assert cast.client("manon").get(page).status_code == 404


def test_steps_out_of_order_are_refused(cast: Cast) -> None:
    client, page = cast.client("manon"), upload(cast)
    for step in ("confirmer/", "annuler/", "reprendre/"):
        assert client.post(f"{page}{step}").status_code == 409


def test_members_import_nobody_even_where_they_keep_the_records(cast: Cast) -> None:
    from tilios.core.access.models import ActionRule
    from tilios.core.people.roles import Role

    with scope(cast.fabrique):
        for action in ("portal.edit_people", "portal.import_people"):
            ActionRule.objects.create(action=action, least=Role.MEMBER)
    assert cast.client("bob").get(URL).status_code == 403


def test_the_imports_of_another_structure_do_not_exist(cast: Cast) -> None:
    page = upload(cast)
    foreign = page.replace("la-fabrique", "l-atelier")
    assert cast.client("charlie").get(foreign).status_code == 404
    for step in ("colonnes/", "confirmer/", "annuler/", "oublier/", "reprendre/"):
        assert cast.client("charlie").post(f"{foreign}{step}").status_code == 404
    with scope(cast.fabrique):
        assert ImportBatch.objects.get().state == ImportState.READ


def test_the_report_asks_as_much_for_ten_lines_as_for_a_thousand(cast: Cast) -> None:
    def queries(rows: int) -> int:
        lines = "".join(f"Nom{n};P;p{n}@example.org;\n" for n in range(rows))
        page = upload(cast, content=f"nom;prénom;courriel;né le\n{lines}".encode())
        cast.client("manon").post(f"{page}colonnes/", columns(page, cast))
        worker.run_all()
        cast.client("manon").get(page)
        with CaptureQueriesContext(connection) as captured:
            assert cast.client("manon").get(page).context["counts"]["created"] == rows
        return len(captured)

    assert queries(10) == queries(1000)
