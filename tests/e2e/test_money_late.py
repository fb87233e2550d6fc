"""What is late and direct debits in real browsers: a reminder written, debits announced, money moved."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_money import MONEY, PLACES, SignIn, is_sound, places
from tests.harness.server import Server

#: Somebody without a mail address who owes something late, and two who are debited: one by mail, one on paper.
OWING = """
from datetime import timedelta
from django.utils import timezone
from tilios.core.billing import actions as billing
from tilios.core.people.models import Person
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope
from tilios.tools.members.actions import add_record
from tilios.tools.members.actions.late import remind_late, save_late_rule
from tilios.tools.members.models import LateRule
with scope(Structure.objects.get(slug="la-fabrique")):
    by, today = Person.objects.filter(role=40).first(), timezone.localdate()
    iban = "FR7630006000011234567890189"
    billing.save_profile(by=by, legal_name="La Fabrique", iban=iban, creditor_id="FR72ZZZ123456")
    def owe(name, label, day, **fields):
        payer = add_record(by=None, given_name=name, family_name="{name}", **fields).person
        return billing.charge(by=None, payer=payer, label=label, amount_cents=2500, due_on=day, account="dues")
    owe("Ondine", "Judo {name}", today - timedelta(days=7))
    if not LateRule.objects.exists():
        body = "Bonjour {{given_name}}\\n\\n{{owed}}\\n\\n{{how_to_pay}}"
        save_late_rule(by=by, days=7, subject="À payer", body=body)
    remind_late()
    debited = [owe("Yves", "Casier {name}", today)]
    debited.append(owe("Lise", "Casier {name}", today, email="lise-{name}@example.org"))
    for charge in debited:
        billing.record_mandate(by=by, payer=charge.payer, iban=iban, signed_on=today)
    print(billing.make_batch(by=by, charges=debited, collect_on=today + timedelta(days=20)).pk)
"""


@places
def test_late_payers_are_reminded_and_debits_announced(
    new_page: Callable[..., Page], server: Server, sign_in: SignIn, place: str
) -> None:
    name = f"Rappel{place}"
    batch = server.tilios("manage", "shell", "--no-imports", "-c", OWING.format(name=name)).strip().splitlines()[-1]
    page = new_page(**PLACES[place], reduced_motion="reduce")
    sign_in(page, server.account("admin", "la-fabrique"))
    page.goto(f"{MONEY}retards/")
    expect(page.get_by_text(f"Judo {name}").first).to_be_visible()
    is_sound(page)
    page.get_by_role("link", name="Rappels", exact=True).click()
    is_sound(page)
    page.get_by_role("link", name="Nouveau rappel").click()
    days = "30" if place == "phone" else "60"
    page.get_by_label("jours après l'échéance").fill(days)
    is_sound(page)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text(f"{days} jours après l'échéance")).to_be_visible()
    page.goto("/s/la-fabrique/adhesions/cotisations/lettres/")
    expect(page.get_by_text(f"Judo {name}")).to_be_visible()
    is_sound(page)
    page.goto(f"{MONEY}prelevements/{batch}/")
    is_sound(page)
    page.get_by_role("button", name="Prévenir 2 personnes").click()
    page.get_by_role("dialog").get_by_role("button", name="Confirmer").click()
    expect(page.get_by_role("heading", level=1, name="Annonces à imprimer")).to_be_visible()
    expect(page.get_by_text("FR72ZZZ123456")).to_be_visible()
    is_sound(page)
    page.get_by_role("button", name="Elles sont imprimées").click()
    expect(page.get_by_text(re.compile("Prévenues par courriel"))).to_be_visible()
    is_sound(page)


@pytest.mark.parametrize("place", ["phone"])
def test_cash_is_taken_to_the_bank(new_page: Callable[..., Page], server: Server, sign_in: SignIn, place: str) -> None:
    page = new_page(**PLACES[place], reduced_motion="reduce")
    sign_in(page, server.account("admin", "la-fabrique"))
    page.goto(f"{MONEY}comptes/")
    page.get_by_role("link", name="Déplacer de l'argent").click()
    page.get_by_label("L'argent quitte").select_option("cash")
    page.get_by_label("Il va vers").select_option("bank")
    page.get_by_label("Montant").fill("12,50")
    page.get_by_label("De quoi il s'agit").fill("Buvette portée à la banque")
    is_sound(page)
    page.get_by_role("button", name="Déplacer cet argent").click()
    page.get_by_role("dialog").get_by_role("button", name="Confirmer").click()
    expect(page.get_by_text("Buvette portée à la banque").first).to_be_visible()
