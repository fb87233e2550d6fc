"""The settings of a structure: identity, look, tools, rights."""

import io
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from tests.cast import Cast
from tilios.core.access.models import ActionRule
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope
from tilios.portal import appearance
from tilios.portal.forms.settings import zone_choices

IDENTITY = {
    "name": "La Fabrique",
    "kind": "village",
    "street": "3 place du Marché",
    "postcode": "29600",
    "town": "Morlaix",
    "country": "FR",
    "rna": "w751004076",
    "siret": "732 829 320 00074",
}
URL = "/s/la-fabrique/reglages/"


@pytest.fixture
def alice(cast: Cast) -> Client:
    return cast.client("alice")


def fabrique() -> Structure:
    return Structure.objects.get(slug="la-fabrique")


def picture(size: tuple[int, int] = (900, 600)) -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", size, "#b4532a").save(file, "PNG")
    file.seek(0)
    file.name = "logo.png"
    return file


def test_the_identity_is_kept_in_one_form(alice: Client) -> None:
    assert alice.post(URL, IDENTITY).status_code == 302
    found = fabrique()
    assert (found.rna, found.siret, found.town) == ("W751004076", "73282932000074", "Morlaix")


def test_every_fault_is_said_at_once_and_nothing_typed_is_lost(alice: Client) -> None:
    answer = alice.post(URL, IDENTITY | {"name": "", "rna": "W12", "siret": "732829321", "town": "Brest"})
    page = answer.content.decode()
    assert answer.status_code == 422
    for words in ("W suivi de neuf caractères", "clé de contrôle", 'value="Brest"', 'value="732829321"'):
        assert words in page, words
    assert fabrique().town == ""


def test_a_logo_is_written_again_small_and_can_be_taken_away(alice: Client) -> None:
    url = f"{URL}apparence/"
    assert alice.post(url, {"colour": "#2f6f5e", "logo": picture()}).status_code == 302
    found = fabrique()
    assert found.colour == "#2f6f5e"
    assert found.logo is not None
    with found.logo.open() as file:
        assert max(Image.open(file).size) == appearance.LOGO_SIDE
    served = alice.get("/s/la-fabrique/logo/")
    assert (served.status_code, served["Content-Type"]) == (200, "image/png")
    alice.post(url, {"colour": "#2f6f5e"})
    assert fabrique().logo is not None
    alice.post(url, {"colour": "#2f6f5e", "remove_logo": "on"})
    assert fabrique().logo is None


def test_what_is_no_image_is_refused_with_the_reason(alice: Client) -> None:
    file = io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
    file.name = "logo.png"
    answer = alice.post(f"{URL}apparence/", {"colour": "#2f6f5e", "logo": file})
    assert answer.status_code == 422
    assert fabrique().logo is None


@pytest.mark.parametrize("colour", ["#000000", "#ffffff", "#808080", "#ffee00", "#b4532a"])
def test_a_colour_is_shown_in_each_theme_and_said_in_words(alice: Client, colour: str) -> None:
    page = alice.get(f"{URL}apparence/apercu/", {"colour": colour}).content.decode()
    assert page.count('class="sample"') == 3
    assert "boutons" in page
    assert "style=" not in page


def test_no_colour_gives_no_preview(alice: Client) -> None:
    page = alice.get(f"{URL}apparence/apercu/", {"colour": "red;}</style>"}).content.decode()
    assert "sample" not in page


def test_tools_go_on_and_off_and_keep_their_order(alice: Client) -> None:
    Structure.objects.filter(slug="la-fabrique").update(enabled_tools=[])
    fields: dict[str, Any] = {"enabled_tools": ["polls"], "language": "en", "timezone": "Indian/Reunion"}
    assert alice.post(f"{URL}outils/", fields).status_code == 302
    found = fabrique()
    assert (found.enabled_tools, found.language, found.timezone) == (["polls"], "en", "Indian/Reunion")
    assert alice.post(f"{URL}outils/", fields | {"enabled_tools": ["nothing"]}).status_code == 422


def test_the_right_to_vote_is_raised_and_put_back(alice: Client, cast: Cast) -> None:
    page = alice.get(f"{URL}droits/")
    fields = {field.html_name: field.value() for field in page.context["form"]}
    alice.post(f"{URL}droits/", fields | {"portal__people": "30"})
    with scope(cast.fabrique):
        assert list(ActionRule.objects.values_list("action", "least")) == [("portal.people", 30)]
    assert cast.client("bob").get("/s/la-fabrique/personnes/").status_code == 403
    alice.post(f"{URL}droits/", fields)
    assert cast.client("bob").get("/s/la-fabrique/personnes/").status_code == 200


def test_a_right_below_its_floor_is_refused(alice: Client) -> None:
    fields = {field.html_name: field.value() for field in alice.get(f"{URL}droits/").context["form"]}
    assert alice.post(f"{URL}droits/", fields | {"portal__export": "10"}).status_code == 422


def test_a_manager_let_in_changes_only_what_they_may_do(alice: Client, cast: Cast) -> None:
    fields = {field.html_name: field.value() for field in alice.get(f"{URL}droits/").context["form"]}
    alice.post(f"{URL}droits/", fields | {"portal__settings": "30"})
    manon = cast.client("manon")
    page = manon.get(f"{URL}droits/")
    assert page.status_code == 200
    assert "portal__export" not in page.context["form"].fields
    theirs = {field.html_name: field.value() for field in page.context["form"]}
    assert manon.post(f"{URL}droits/", theirs | {"portal__export": "10", "portal__people": "30"}).status_code == 302
    with scope(cast.fabrique):
        assert not ActionRule.objects.filter(action="portal.export").exists()


def test_paris_comes_before_the_other_time_zones() -> None:
    (_usual_name, usual), (_others_name, others) = zone_choices()
    assert usual[0][0] == "Europe/Paris"
    assert not {name for name, _words in usual} & {name for name, _words in others}
    assert len(others) > 300
