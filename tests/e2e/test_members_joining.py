"""A stranger joins on a phone with a daughter, confirms from the letter; a manager accepts on a desk; dues are due."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_invitations import letters_to
from tests.harness import browser as harness
from tests.harness.server import DemoAccount, Server

SignIn = Callable[[Page, DemoAccount], None]
TOOL = "/s/la-fabrique/adhesions/"
PUBLIC = f"{TOOL}rejoindre/adherer/"


def is_sound(page: Page) -> None:
    """Nothing that axe finds, nothing wider than the screen."""
    assert not harness.axe(page)
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1")


def link_in(server: Server, who: str) -> str:
    """The path of the link in the last letter to `who`."""
    text = letters_to(server, who)[-1].get_body(("plain",)).get_content()
    return re.findall(r"https?://[^/\s]+(/s/\S+)", text)[0]


def fill_family(page: Page, who: str, name: str) -> None:
    page.goto(PUBLIC)
    page.get_by_label("Prénom").fill("Enora")
    page.get_by_label("Nom de famille").fill(name)
    page.get_by_label("Adresse électronique").fill(who)
    page.get_by_label("Plein tarif").check()
    page.get_by_role("button", name="Ajouter une personne de ma famille").click()
    child = page.get_by_role("group", name="Personne 1 de la famille")
    expect(page.get_by_label("Prénom").first).to_have_value("Enora")
    child.get_by_label("Prénom").fill("Lou")
    child.get_by_label("Nom de famille").fill(name)
    free = child.get_by_role("option", name=re.compile("^Prix libre")).get_attribute("value")
    child.get_by_label("Cotisation").select_option(free)
    child.get_by_label("Montant choisi").fill("5")
    page.get_by_label("Virement").check()
    page.get_by_label("J'accepte que ce que j'ai écrit").check()


def test_a_stranger_joins_with_family_and_is_accepted(
    new_page: Callable[..., Page], server: Server, sign_in: SignIn
) -> None:
    who, phone = "enora@example.org", new_page(**harness.PHONE, reduced_motion="reduce")
    fill_family(phone, who, "Tanguy")
    is_sound(phone)
    phone.get_by_role("button", name="Demander à adhérer").click()
    expect(phone.get_by_role("heading", name="Regardez votre courrier")).to_be_visible()
    is_sound(phone)
    confirm = link_in(server, who)
    phone.goto(confirm)
    expect(phone.get_by_text("En tout")).to_contain_text("29,00")
    is_sound(phone)
    phone.get_by_role("button", name="Oui, je demande à adhérer").click()
    expect(phone.get_by_text("entre les mains des personnes")).to_be_visible()

    desk = new_page(**harness.DESK, reduced_motion="reduce")
    sign_in(desk, server.account("admin", "la-fabrique"))
    desk.goto(TOOL)
    with desk.expect_navigation():
        desk.get_by_role("link", name=re.compile("demandes d'adhésion attendent")).click()
    is_sound(desk)
    desk.get_by_role("link", name="Enora Tanguy").click()
    is_sound(desk)
    desk.get_by_role("button", name="Accepter").click()
    expect(desk.get_by_role("heading", name="Enora Tanguy", level=1)).to_be_visible()
    desk.goto(f"{TOOL}cotisations/?q=Tanguy")
    expect(desk.get_by_text("24,00 €").first).to_be_visible()
    expect(desk.get_by_text("5,00 €", exact=True).first).to_be_visible()

    phone.goto(confirm)
    expect(phone.get_by_role("heading", name="Bienvenue à La Fabrique")).to_be_visible()
    expect(phone.get_by_text("FR76 3000 6000 0112 3456 7890 189")).to_be_visible()
    phone.get_by_text("Le remplir avec l'application").click()
    expect(phone.get_by_role("img", name="Code du virement")).to_be_visible()
    is_sound(phone)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_public_page_is_sound_in_both_themes(new_page: Callable[..., Page], server: Server, theme: str) -> None:
    for place in (harness.PHONE, harness.DESK):
        page = new_page(**place, color_scheme=theme)
        page.goto(PUBLIC)
        page.get_by_role("button", name="Ajouter une personne de ma famille").click()
        is_sound(page)
        page.get_by_role("button", name="Demander à adhérer").click()
        expect(page.get_by_role("alert")).to_be_focused()
        is_sound(page)
        expect(page.get_by_label("Laissez ceci vide")).not_to_be_in_viewport()


def test_without_a_script_enter_sends_the_form_and_adds_nobody(no_js: Page, server: Server) -> None:
    no_js.goto(PUBLIC)
    no_js.get_by_label("Prénom").fill("Sans")
    no_js.get_by_label("Prénom").press("Enter")
    expect(no_js.get_by_text("réponses sont à corriger")).to_be_visible()
    expect(no_js.get_by_label("Prénom")).to_have_value("Sans")
    expect(no_js.get_by_role("group", name="Personne 1 de la famille")).to_have_count(0)
