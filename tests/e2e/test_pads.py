"""Texts of the tool itself: begun, found, shared by a link to somebody without an account, read without a script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.harness import browser as harness
from tests.harness.server import DemoAccount, Server

SignIn = Callable[[Page, DemoAccount], None]
HOME = "/s/la-fabrique/textes/"


def ready(page: Page) -> None:
    expect(page.locator("tilios-text[data-ready]")).to_be_visible()


def test_a_text_begun_from_a_template_is_written_by_a_neighbour_through_a_link(
    new_page: Callable[..., Page], server: Server, sign_in: SignIn
) -> None:
    alice = new_page()
    sign_in(alice, server.account("admin", "la-fabrique"))
    alice.goto("/new")
    alice.get_by_label("Titre").fill("Fête des voisins")
    alice.get_by_label("Où").select_option(label="Commun")
    alice.get_by_role("button", name="Compte rendu de réunion").click()
    ready(alice)
    expect(alice.get_by_role("heading", name="Fête des voisins", level=1)).to_be_visible()
    expect(alice.locator(".text-area")).to_contain_text("Ordre du jour")

    alice.get_by_role("link", name="Partager").click()
    alice.get_by_label("Lire, commenter et écrire").check()
    alice.get_by_role("button", name="Créer le lien").click()
    address = alice.locator("input[value*='/l/']").first.input_value()

    neighbour = new_page(**harness.PHONE)
    neighbour.goto(address)
    expect(neighbour.locator(".pad-read")).to_contain_text("Ordre du jour")
    neighbour.get_by_label("Votre nom").fill("Mamie")
    neighbour.get_by_role("button", name="Entrer").click()
    ready(neighbour)
    neighbour.locator(".text-area p").last.click()
    neighbour.keyboard.press("End")
    neighbour.keyboard.type("J'apporte un gâteau.")
    expect(neighbour.locator("[data-part=state]")).to_have_text("Enregistré")
    assert not harness.axe(neighbour)
    assert not neighbour.evaluate("document.documentElement.scrollWidth > innerWidth")

    alice.go_back()
    alice.go_back()
    ready(alice)
    expect(alice.locator(".text-area")).to_contain_text("J'apporte un gâteau.")
    alice.goto(f"{HOME}recents/")
    expect(alice.get_by_role("link", name="Fête des voisins")).to_be_visible()


@pytest.mark.parametrize(("place", "theme"), [("phone", "dark"), ("desk", "light")])
def test_the_page_of_a_text_is_accessible(
    new_page: Callable[..., Page], server: Server, sign_in: SignIn, place: str, theme: str
) -> None:
    options = harness.PHONE if place == "phone" else harness.DESK
    page = new_page(**options, color_scheme=theme, reduced_motion="reduce")
    sign_in(page, server.account("manager", "la-fabrique"))
    page.goto(HOME)
    page.get_by_role("link", name="Conseil collégial du 17 novembre").click()
    ready(page)
    assert not harness.axe(page)
    assert page.locator("h1").count() == 1
    for panel in ("outline", "find", "threads", "chat", "moments"):
        page.locator(f"[data-panel={panel}]").click()
        expect(page.locator(f"[data-panel-of={panel}]")).to_be_visible()
        assert not harness.axe(page), panel
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), panel


def test_without_a_script_one_reads_and_writes(new_page: Callable[..., Page], server: Server, sign_in: SignIn) -> None:
    page = new_page(java_script_enabled=False)
    sign_in(page, server.account("member", "la-fabrique"))
    page.goto(HOME)
    page.get_by_role("link", name="Marché de Noël").click()
    expect(page.get_by_text("Douze tables, huit bancs")).to_be_visible()
    page.get_by_role("link", name="Modifier sans l'éditeur").last.click()
    area = page.get_by_label("Le texte")
    area.fill(area.input_value().replace("Douze tables", "Quinze tables"))
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Quinze tables, huit bancs")).to_be_visible()
