"""The treasurer in real browsers: a payment recorded, a statement read and matched, on a phone and at a desk."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.harness import browser as harness
from tests.harness.server import DemoAccount, Server

SignIn = Callable[[Page, DemoAccount], None]
MONEY = "/s/la-fabrique/adhesions/argent/"
PLACES: dict[str, dict[str, Any]] = {"phone": harness.PHONE, "desk": harness.DESK}
places = pytest.mark.parametrize("place", list(PLACES))

#: Somebody of a name of their own who owes two things, made as tools make them.
OWING = """
from django.utils import timezone
from tilios.core.billing.actions import charge
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope
from tilios.tools.members.actions import add_record
with scope(Structure.objects.get(slug="la-fabrique")):
    payer = add_record(by=None, given_name="Ondine", family_name="{name}").person
    for label, cents in (("Cotisation {name}", 2500), ("Atelier {name}", 1200)):
        charge(by=None, payer=payer, label=label, amount_cents=cents, due_on=timezone.localdate(), account="dues")
"""


def owing(server: Server, name: str) -> None:
    server.tilios("manage", "shell", "--no-imports", "-c", OWING.format(name=name))


def is_sound(page: Page) -> None:
    """Nothing that axe finds, nothing wider than the screen."""
    assert not harness.axe(page)
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1")


@places
def test_a_payment_is_recorded_from_a_name_to_its_receipt(
    new_page: Callable[..., Page], server: Server, sign_in: SignIn, place: str
) -> None:
    name = f"Caisse{place}"
    owing(server, name)
    page = new_page(**PLACES[place], reduced_motion="reduce")
    sign_in(page, server.account("admin", "la-fabrique"))
    page.goto(MONEY)
    is_sound(page)
    page.get_by_role("link", name="Enregistrer un paiement").first.click()
    page.get_by_label("Nom ou adresse électronique").fill(name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=f"Ondine {name}")).to_be_visible()
    is_sound(page)
    page.get_by_role("link", name=f"Ondine {name}").click()
    expect(page.get_by_role("heading", level=1, name="Enregistrer un paiement")).to_be_visible()
    is_sound(page)
    amount = page.get_by_label("Montant reçu")
    page.get_by_label(f"Cotisation {name}").check()
    expect(amount).to_have_value("25,00")
    page.get_by_label("Don libre en plus").fill("5")
    expect(amount).to_have_value("30,00")
    page.get_by_label("Numéro du chèque").fill("0012345")
    page.get_by_role("button", name="Enregistrer le paiement").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("30,00"))
    expect(page.get_by_text(f"Cotisation {name}").first).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("^Reçu de paiement|^Reçu R"))).to_be_visible()
    is_sound(page)


def test_a_payment_is_recorded_without_a_script(no_js: Page, server: Server, sign_in: SignIn) -> None:
    owing(server, "Sansscript")
    sign_in(no_js, server.account("admin", "la-fabrique"))
    no_js.goto(f"{MONEY}paiements/nouveau/?q=sansscript")
    no_js.get_by_role("link", name="Ondine Sansscript").click()
    no_js.get_by_label("Atelier Sansscript").check()
    no_js.get_by_role("button", name="Enregistrer le paiement").click()
    expect(no_js.get_by_role("heading", level=1)).to_have_text(re.compile("12,00"))


@places
def test_a_statement_is_read_and_matched_by_keyboard(
    new_page: Callable[..., Page], server: Server, sign_in: SignIn, place: str, tmp_path: Path
) -> None:
    name = f"Virement{place}"
    owing(server, name)
    file = tmp_path / f"{place}.csv"
    month = {"phone": "03", "desk": "04"}[place]  # the lines of one place stand together in the queue they share
    file.write_text(
        "Date;Libellé;Crédit\n"
        f"02/{month}/2026;VIR ONDINE {name.upper()};20,00\n03/{month}/2026;VIR ONDINE {name.upper()} 2;5,00\n"
        f"04/{month}/2026;SUBVENTION {place.upper()};900,00\n"
    )
    page: Any = new_page(**PLACES[place], reduced_motion="reduce")
    sign_in(page, server.account("admin", "la-fabrique"))
    page.goto(f"{MONEY}releves/")
    is_sound(page)
    page.get_by_label("Fichier", exact=True).set_input_files(file)
    page.get_by_role("button", name="Lire le fichier").click()
    expect(page.get_by_role("heading", level=1, name="De qui sont ces paiements ?")).to_be_visible()
    is_sound(page)
    lines = page.locator("[data-queue] > li")
    mine = lines.filter(has=page.locator("h2", has_text=name.upper()))
    expect(mine).to_have_count(2)
    mine.first.get_by_role("button", name="Rattacher").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Annuler")).to_be_visible()
    expect(mine).to_have_count(1)
    page.get_by_role("button", name="Annuler").click()
    expect(mine).to_have_count(2)
    mine.first.get_by_role("button", name="Rattacher").first.focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('li').id") == mine.nth(1).get_attribute("id")
    grant = lines.filter(has=page.locator("h2", has_text=f"SUBVENTION {place.upper()}"))
    grant.locator("summary").click()
    grant.get_by_label("Pourquoi ce n'est le paiement de personne").fill("Subvention de la ville")
    page.keyboard.press("Enter")
    expect(grant).to_have_count(0)
    mine.first.get_by_role("link", name=re.compile("Quelqu'un d'autre")).click()
    page.get_by_label("Nom ou adresse électronique").fill(name)
    page.keyboard.press("Enter")
    page.get_by_role("link", name=f"Ondine {name}").click()
    expect(page.get_by_role("heading", name=f"Payé par Ondine {name}")).to_be_visible()
    is_sound(page)
    page.get_by_label(f"Atelier {name}").fill("12,00")
    page.get_by_label(f"Cotisation {name}").fill("8,00")
    page.get_by_role("button", name="Rattacher la ligne").click()
    expect(mine).to_have_count(1)
    page.goto(f"{MONEY}rapprochement/traites/")
    is_sound(page)
