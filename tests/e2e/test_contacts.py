"""Contacts and phones as people use them: with a mouse, the keyboard alone, without a script, two devices at once."""

import plistlib
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.harness import browser as harness
from tests.harness.server import DemoAccount, Server

SignIn = Callable[[Page, DemoAccount], None]
HOME = "/s/la-fabrique/agenda/"
CONTACTS = f"{HOME}contacts/"


def made(page: Page, given: str, family: str, mail: str) -> None:
    page.goto(f"{CONTACTS}nouveau/")
    page.get_by_label("Prénom").first.fill(given)
    page.get_by_label("Nom de famille").fill(family)
    page.get_by_label("Adresse électronique").first.fill(mail)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", name=f"{given} {family}", level=1)).to_be_visible()


def test_two_contacts_become_one_and_two_again(new_page: Callable[..., Page], server: Server, sign_in: SignIn) -> None:
    page = new_page(**harness.PHONE)
    sign_in(page, server.account("admin", "la-fabrique"))
    made(page, "Odile", "Merle", "odile@merle.example")
    made(page, "Odile", "Merle-Roy", "odile@merle.example")
    page.goto(f"{CONTACTS}doublons/")
    page.get_by_role("link", name="Comparer Odile Merle, Odile Merle-Roy").click()
    page.get_by_label("Odile Merle-Roy").check()
    page.get_by_role("button", name="En faire un seul contact").click()
    expect(page.get_by_role("heading", name="Odile Merle-Roy", level=1)).to_be_visible()
    with page.expect_navigation():  # or it would be cut by the next one
        page.get_by_role("button", name="Annuler").click()
    page.goto(f"{CONTACTS}?q=odile")
    expect(page.get_by_role("link", name="Odile Merle", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Odile Merle-Roy", exact=True)).to_be_visible()


def test_contacts_are_labelled_with_the_keyboard_alone(
    new_page: Callable[..., Page], server: Server, sign_in: SignIn
) -> None:
    page = new_page(**harness.DESK)
    sign_in(page, server.account("admin", "la-fabrique"))
    made(page, "Perrine", "Touche", "perrine@touche.example")
    page.goto(f"{CONTACTS}?q=perrine")
    page.get_by_role("checkbox", name="Choisir Perrine Touche").focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("1 choisis")).to_be_visible()
    page.locator(".agenda-together-more > summary").focus()
    page.keyboard.press("Enter")
    page.get_by_role("combobox", name="Étiquette").last.focus()
    page.keyboard.type("clavier")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Mettre", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 contact modifié.")).to_be_visible()
    page.goto(f"{CONTACTS}?etiquette=clavier")
    expect(page.get_by_role("link", name="Perrine Touche")).to_be_visible()


def test_without_a_script_contacts_are_thrown_away_and_come_back(
    new_page: Callable[..., Page], server: Server, sign_in: SignIn
) -> None:
    page = new_page(**harness.PHONE, java_script_enabled=False)
    sign_in(page, server.account("admin", "la-fabrique"))
    made(page, "Solène", "Sansscript", "solene@sans.example")
    page.goto(f"{CONTACTS}?q=solene")
    page.get_by_role("checkbox", name="Choisir Solène Sansscript").check()
    with page.expect_navigation():  # or it would be cut by the next one
        page.get_by_role("button", name="Mettre à la corbeille").click()
    page.goto(f"{CONTACTS}corbeille/")
    page.get_by_role("button", name="Restaurer Solène Sansscript").click()
    expect(page.get_by_role("heading", name="Solène Sansscript", level=1)).to_be_visible()


def test_a_phone_scans_a_code_takes_its_profile_and_is_disconnected(
    new_page: Callable[..., Page], server: Server, sign_in: SignIn, tmp_path: Path
) -> None:
    desk = new_page(**harness.DESK)
    sign_in(desk, server.account("member", "la-fabrique"))
    desk.goto(f"{HOME}telephone/?appareil=iphone")
    desk.get_by_role("link", name="Connecter mon iPhone").click()
    desk.get_by_label("Nom de l'appareil").fill("Téléphone du bureau")
    desk.get_by_role("button", name="Montrer un code à scanner").click()
    code = desk.locator("[data-address]").get_attribute("data-address") or ""
    phone = new_page(**harness.PHONE)  # signed in nowhere
    phone.goto(code)
    assert not harness.axe(phone)
    with phone.expect_download() as taken:
        phone.get_by_role("button", name="iPhone, iPad, Mac").click()
    kept = tmp_path / "profil"
    taken.value.save_as(kept)
    assert taken.value.suggested_filename == "tilios.mobileconfig"
    assert len(plistlib.loads(kept.read_bytes())["PayloadContent"]) == 2
    assert phone.goto(code).status == 404  # type: ignore[union-attr]
    desk.goto(f"{HOME}telephone/")
    desk.get_by_role("button", name="Déconnecter Téléphone du bureau").click()
    desk.get_by_role("button", name="Déconnecter", exact=True).last.click()
    expect(desk.get_by_text("Aucun appareil pour le moment.")).to_be_visible()


@pytest.mark.parametrize(("place", "theme"), [("phone", "dark"), ("desk", "light")])
def test_their_pages_are_accessible_and_fit(
    new_page: Callable[..., Page], server: Server, sign_in: SignIn, place: str, theme: str
) -> None:
    options = harness.PHONE if place == "phone" else harness.DESK
    page = new_page(**options, color_scheme=theme, reduced_motion="reduce")
    sign_in(page, server.account("admin", "la-fabrique"))
    pages = [
        "contacts/organisations/",
        "contacts/groupes/nouveau/",
        "contacts/doublons/",
        "contacts/corbeille/",
        "apporter/serveur/",
        "telephone/connecter/?appareil=iphone",
        *(f"telephone/?appareil={one}" for one in ("android", "iphone", "mac", "ordinateur", "nextcloud")),
    ]
    for address in pages:
        page.goto(HOME + address)
        assert page.locator("h1").count() == 1, address
        assert not harness.axe(page), address
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), address
