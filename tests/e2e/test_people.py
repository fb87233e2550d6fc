"""People as they meet Tilios: invited by a link and coming in on a phone, brought in from a sheet and taken back."""

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, expect

from tests.harness.browser import PHONE, axe
from tests.harness.server import Server

ADMIN = "admin"
PLACE = "/s/la-fabrique"


def sign_in(page: Page, server: Server, role: str = ADMIN) -> None:
    account = server.account(role, "la-fabrique")
    page.goto("/compte/login/")
    page.locator('input[name="login"]').fill(account.email)
    page.locator('input[name="password"]').fill(account.password)
    page.locator("main form button").first.click()
    page.wait_for_url(lambda url: "/login" not in url)


def letter_to(server: Server, address: str) -> str:
    """The last letter kept in the outbox for `address`: without a mail server, the host reads it there."""
    database = next(Path(server.data).glob("*.sqlite3"))
    with sqlite3.connect(database) as connection:
        rows = connection.execute("SELECT recipients, message FROM notify_mail ORDER BY id DESC").fetchall()
    for recipients, message in rows:
        if address in json.loads(recipients):
            body = message_from_bytes(message, policy=policy.default).get_body(("plain",))
            assert body is not None
            return body.get_content()
    raise LookupError(f"no letter for {address}")


def test_invited_by_a_link_somebody_comes_in_on_a_phone(
    desk: Page, new_page: Callable[..., Page], server: Server
) -> None:
    sign_in(desk, server)
    desk.goto(f"{PLACE}/invitations/lien/")
    desk.get_by_label("Quelques mots sur la page").fill("Bienvenue à l'atelier.")
    desk.get_by_role("button", name="Créer le lien").click()
    address = desk.get_by_label("Adresse à donner").input_value()
    assert axe(desk) == []
    desk.get_by_role("link", name="Page à imprimer").click()
    expect(desk.locator("svg.qr")).to_be_visible()

    phone = new_page(**PHONE, java_script_enabled=False)
    phone.goto(address)
    expect(phone.get_by_text("Bienvenue à l'atelier.")).to_be_visible()
    phone.get_by_label("Votre adresse électronique").fill("camille@example.org")
    phone.get_by_role("button", name="M'envoyer le message").click()
    expect(phone.get_by_text("camille@example.org")).to_be_visible()

    found = re.search(r"https?://\S+/invitation/\S+", letter_to(server, "camille@example.org"))
    assert found
    phone.goto(found[0])
    phone.get_by_label("Vos prénom et nom").fill("Camille Riou")
    phone.get_by_label("Choisir un mot de passe").fill("une phrase assez longue")
    phone.get_by_role("button", name="Rejoindre").click()
    phone.wait_for_url(f"**{PLACE}/")
    expect(phone.get_by_text("Bienvenue à La Fabrique.")).to_be_visible()

    desk.goto(f"{PLACE}/personnes/")
    desk.get_by_label("Nom, adresse électronique ou ville").fill("camille r")
    expect(desk.locator("#people-list tbody tr")).to_have_count(1)
    expect(desk.get_by_role("link", name="Camille Riou")).to_be_visible()
    assert "q=camille" in desk.url


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_of_an_invitation_is_readable_by_all(
    desk: Page, new_page: Callable[..., Page], server: Server, scheme: str
) -> None:
    sign_in(desk, server)
    desk.goto(f"{PLACE}/invitations/lien/")
    desk.get_by_role("button", name="Créer le lien").click()
    address = desk.get_by_label("Adresse à donner").input_value()
    phone = new_page(**PHONE, color_scheme=scheme)
    phone.goto(address)
    assert axe(phone) == []
    phone.goto("/invitation/inconnue/")
    expect(phone.get_by_role("heading", name="Cette porte est fermée")).to_be_visible()
    assert axe(phone) == []


def test_a_sheet_of_people_is_brought_in_with_progress_and_taken_back(
    desk: Page, server: Server, tmp_path: Path
) -> None:
    rows = [f"Import{n};Prénom{n};import{n}@example.org;{n % 28 + 1:02}/03/1980" for n in range(1500)]
    file = tmp_path / "galette.csv"
    file.write_text("\r\n".join(["nom_adh;prenom_adh;email_adh;ddn_adh", *rows, "Faux;Jo;pas une adresse;"]), "cp1252")

    sign_in(desk, server)
    desk.goto(f"{PLACE}/personnes/imports/")
    assert axe(desk) == []
    desk.get_by_label("Fichier").set_input_files(file)
    desk.get_by_role("button", name="Lire ce fichier").click()
    expect(desk.get_by_label("ddn_adh")).to_have_value("birth_date")
    assert axe(desk) == []
    desk.get_by_role("button", name="Voir ce qui se passerait").click()

    confirm = desk.get_by_role("button", name="Importer 1500 personnes")
    expect(confirm).to_be_visible(timeout=40_000)
    expect(desk.get_by_text("pas une adresse", exact=False).first).to_be_visible()
    assert axe(desk) == []
    confirm.click()

    expect(desk.locator("progress")).to_be_visible()
    seen = set()
    undo = desk.get_by_role("button", name="Annuler l'import")
    for _look in range(400):
        if undo.is_visible():
            break
        # In one step: between a look and the next, the bar, then its page, may give their place to what was done.
        with suppress(Error):
            seen.add(desk.evaluate("document.querySelector('.progress-value')?.textContent.trim() ?? ''"))
        desk.wait_for_timeout(150)
    expect(undo).to_be_visible()
    assert len(seen - {""}) >= 1, "the bar says how far it is"

    desk.goto(f"{PLACE}/personnes/?q=import1499")
    expect(desk.get_by_role("link", name="Prénom1499 Import1499")).to_be_visible()
    desk.go_back()
    undo.click()
    desk.locator("dialog").get_by_role("button", name="Confirmer").click()
    expect(desk.get_by_text("1500 lignes ont été annulées.")).to_be_visible(timeout=60_000)
    desk.goto(f"{PLACE}/personnes/?q=import1499")
    expect(desk.get_by_text("Personne ne correspond")).to_be_visible()


@pytest.mark.parametrize(
    "path", ["personnes/", "groupes/", "invitations/", "personnes/nouvelle/", "invitations/nouvelle/"]
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_people_are_accessible(new_page: Callable[..., Page], server: Server, path: str, scheme: str) -> None:
    page = new_page(**PHONE, color_scheme=scheme)
    sign_in(page, server)
    page.goto(f"{PLACE}/{path}")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_acting_for_somebody_is_said_on_every_page(desk: Page, new_page: Callable[..., Page], server: Server) -> None:
    bob = server.account("member", "la-fabrique")
    gus = new_page(**PHONE)
    sign_in(gus, server, "guest")
    own = gus.evaluate("document.querySelector('a[href*=\"/personnes/\"]')?.getAttribute('href')")
    sign_in(desk, server, "manager")
    desk.goto(f"{PLACE}/personnes/?q=gus")
    own = own or desk.get_by_role("link", name="Gus Petit").get_attribute("href")
    gus.goto(own)
    gus.get_by_role("link", name="Donner procuration à quelqu'un").click()
    gus.get_by_label("Adresse électronique de la personne qui agira").fill(bob.email)
    gus.get_by_role("button", name="Chercher", exact=True).last.click()
    gus.get_by_label("Bob Lambert").check()
    gus.get_by_role("button", name="Donner procuration").click()
    expect(gus.get_by_text("Bob Lambert").first).to_be_visible()

    other = new_page(**PHONE)
    sign_in(other, server, "member")
    other.goto(f"{PLACE}/personnes/?q=bob")
    other.get_by_role("link", name="Bob Lambert").click()
    other.get_by_role("button", name="Agir pour cette personne").click()
    expect(other.locator(".acting")).to_contain_text("Gus Petit")
    other.goto(f"{PLACE}/")
    other.locator(".acting button").click()
    expect(other.locator(".acting")).to_have_count(0)
