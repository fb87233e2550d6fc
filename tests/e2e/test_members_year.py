"""A year of an association of three hundred members, at the screens of those who keep it."""

import re
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_invitations import letters_to
from tests.e2e.test_members_joining import PUBLIC, SignIn, is_sound, link_in
from tests.harness import browser as harness
from tests.harness.server import Server

TOOL = "/s/la-fabrique/adhesions/"
MEMBERS = 300
WHO = "armelle.kerbrat@example.org"

#: What the clock of the server does by itself, on the day that is said.
ON_A_DAY = """
from datetime import date
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope
from tilios.tools.members.actions.reminding import remind
with scope(Structure.objects.get(slug="la-fabrique")):
    remind(today=date.fromisoformat("{day}"))
"""
#: The days of somebody's dues, put back as if they had been taken so many days ago.
PUT_BACK = """
from datetime import timedelta
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope
from tilios.tools.members.actions.openings import follow_days
from tilios.tools.members.models import Contribution, Record
with scope(Structure.objects.get(slug="la-fabrique")):
    record = Record.objects.get(person__email="{who}")
    for one in Contribution.objects.filter(record=record).order_by("last"):
        one.first, one.last = one.first - timedelta(days={days}), one.last - timedelta(days={days})
        one.save(update_fields=["first", "last"])
        print(one.last.isoformat())
    record.due_on -= timedelta(days={days})
    record.save(update_fields=["due_on"])
    follow_days()
"""
#: What a tax receipt must bear of the structure.
PROFILE = """
from tilios.core.billing.actions import save_profile
from tilios.core.people.models import Person
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope
with scope(Structure.objects.get(slug="la-fabrique")):
    save_profile(by=Person.objects.get(account__email="{admin}"), legal_name="La Fabrique", rna="W291234567",
                 street="1 quai de Léon", postcode="29600", town="Morlaix", purpose="Un atelier ouvert à tout le monde")
"""


def told(server: Server, script: str, **values: object) -> str:
    return server.tilios("manage", "shell", "--no-imports", "-c", script.format(**values))


@pytest.fixture
def keeper(new_page: Callable[..., Page], server: Server, sign_in: SignIn) -> Page:
    page = new_page(**harness.DESK, reduced_motion="reduce")
    sign_in(page, server.account("admin", "la-fabrique"))
    return page


def sheet(folder: Path) -> Path:
    """What a spreadsheet holds of three hundred members."""
    lines = ["Nom;Prénom;Email;Code postal;Ville;Date d'adhésion"]
    for number in range(MEMBERS):
        since = date.today() - timedelta(days=30 + 7 * (number % 150))
        lines.append(f"Année{number};Membre{number};annee{number}@example.org;29600;Morlaix;{since:%d/%m/%Y}")
    file = folder / "membres.csv"
    file.write_text("\n".join(lines), "utf-8")
    return file


@pytest.mark.slow
def test_a_year_of_three_hundred_members(
    new_page: Callable[..., Page], server: Server, keeper: Page, tmp_path: Path
) -> None:
    three_hundred_come_in(keeper, sheet(tmp_path))
    she_joins_with_her_daughter(new_page(**harness.PHONE, reduced_motion="reduce"), server)
    they_are_accepted(keeper)
    she_pays_by_cheque_with_a_gift(keeper, server)
    a_workshop_is_paid_in_instalments(keeper)
    she_is_reminded_once(server)
    she_renews(keeper, server)
    her_gift_has_its_tax_receipt(keeper, server)
    somebody_leaves(keeper)
    the_figures_say_it(keeper)


def three_hundred_come_in(page: Page, file: Path) -> None:
    page.goto(f"{TOOL}imports/")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Lire ce fichier").click()
    page.get_by_role("button", name="Voir ce qui se passerait").click()
    page.get_by_role("button", name=f"Importer {MEMBERS} lignes").click(timeout=60_000)
    expect(page.get_by_role("heading", name="Import terminé", level=1)).to_be_visible(timeout=60_000)


def she_joins_with_her_daughter(page: Page, server: Server) -> None:
    page.goto(PUBLIC)
    page.get_by_label("Prénom").fill("Armelle")
    page.get_by_label("Nom de famille").fill("Kerbrat")
    page.get_by_label("Adresse électronique").fill(WHO)
    page.get_by_label("Plein tarif").check()
    page.get_by_role("button", name="Ajouter une personne de ma famille").click()
    child = page.get_by_role("group", name="Personne 1 de la famille")
    child.get_by_label("Prénom").fill("Nolwenn")
    child.get_by_label("Nom de famille").fill("Kerbrat")
    free = child.get_by_role("option", name=re.compile("^Prix libre")).get_attribute("value")
    child.get_by_label("Cotisation").select_option(free)
    child.get_by_label("Montant choisi").fill("6")
    page.get_by_label(re.compile("^Adresse (?!élec)")).fill("3 rue du Mur")
    page.get_by_label("Code postal").fill("29600")
    page.get_by_label("Ville").fill("Morlaix")
    page.get_by_label("Chèque").check()
    page.get_by_label("J'accepte que ce que j'ai écrit").check()
    page.get_by_role("button", name="Demander à adhérer").click()
    expect(page.get_by_role("heading", name="Regardez votre courrier")).to_be_visible()
    page.goto(link_in(server, WHO))
    page.get_by_role("button", name="Oui, je demande à adhérer").click()
    expect(page.get_by_text("entre les mains des personnes")).to_be_visible()


def they_are_accepted(page: Page) -> None:
    page.goto(TOOL)
    page.get_by_role("link", name=re.compile("demandes? d'adhésion attend")).click()
    page.get_by_role("link", name="Armelle Kerbrat").click()
    page.get_by_role("button", name="Accepter").click()
    expect(page.get_by_role("heading", name="Armelle Kerbrat", level=1)).to_be_visible()


def record_of(page: Page, name: str) -> None:
    page.goto(f"{TOOL}?q={name.replace(' ', '+')}")
    page.get_by_role("link", name=name, exact=True).first.click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


def wait_for_letter(server: Server, about: str) -> None:
    """The paper is made and its letter written in the background."""
    for _second in range(30):
        if any(about in letter["Subject"] for letter in letters_to(server, WHO)):
            return
        time.sleep(1)
    raise AssertionError(f"no letter about {about!r}")


def she_pays_by_cheque_with_a_gift(page: Page, server: Server) -> None:
    """One cheque for both memberships and a gift: dues taken, a receipt by mail, all in one press."""
    page.goto(f"{TOOL}argent/paiements/nouveau/?q=Kerbrat")
    page.get_by_role("link", name="Armelle Kerbrat").click()
    for box in page.get_by_role("group").get_by_role("checkbox", name=re.compile("Adhésion annuelle")).all():
        box.check()
    page.get_by_label("Don libre en plus").fill("20")
    expect(page.get_by_label("Montant reçu")).to_have_value("50,00")
    page.get_by_label("Chèque", exact=True).check()
    page.get_by_label("Numéro du chèque").fill("7654321")
    page.get_by_role("button", name="Enregistrer le paiement").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("50,00"))
    expect(page.get_by_role("link", name=re.compile("^Reçu de paiement"))).to_be_visible()
    wait_for_letter(server, "Reçu")
    is_sound(page)
    for name in ("Armelle Kerbrat", "Nolwenn Kerbrat"):
        record_of(page, name)
        expect(page.get_by_text("À jour", exact=True).first).to_be_visible()


def a_workshop_is_paid_in_instalments(page: Page) -> None:
    record_of(page, "Nolwenn Kerbrat")
    page.get_by_role("link", name="Cotiser", exact=True).click()
    page.get_by_role("link", name="Choisir Atelier céramique").click()
    page.get_by_label("Payée en combien de fois").fill("3")
    page.get_by_label("Payée maintenant").select_option(label="Espèces")
    page.get_by_role("button", name="Enregistrer la cotisation").click()
    lines = page.get_by_role("table").get_by_role("row")
    expect(lines.filter(has_text="40,00")).to_have_count(3)
    expect(lines.filter(has_text="Attendu")).to_have_count(2)
    is_sound(page)


def last_day(server: Server, days: int) -> date:
    said = told(server, PUT_BACK, who=WHO, days=days).split()
    return date.fromisoformat(said[-1])


def she_is_reminded_once(server: Server) -> None:
    """Eleven months later: a letter thirty days before the end, and never again."""
    end = last_day(server, 335)
    before = len(letters_to(server, WHO))
    for days in (31, 30, 29):
        told(server, ON_A_DAY, day=end - timedelta(days=days))
    letters = letters_to(server, WHO)
    assert len(letters) == before + 1
    assert "Votre adhésion se termine" in letters[-1]["Subject"]


def she_renews(page: Page, server: Server) -> None:
    """Before the end, the new year follows the old one."""
    end = last_day(server, 0)
    record_of(page, "Armelle Kerbrat")
    page.get_by_role("link", name="Cotiser", exact=True).click()
    page.get_by_role("link", name="Choisir Adhésion annuelle").click()
    page.get_by_label("Plein tarif").check()
    page.get_by_role("button", name="Enregistrer la cotisation").click()
    assert last_day(server, 0) >= end + timedelta(days=364)


def her_gift_has_its_tax_receipt(page: Page, server: Server) -> None:
    """Not before the structure has declared that it may give some."""
    told(server, PROFILE, admin=server.account("admin", "la-fabrique").email)
    gifts = f"{TOOL}argent/dons/?year={date.today().year}"
    page.goto(f"{TOOL}argent/dons/declaration/")
    page.get_by_label("Je déclare que notre structure").check()
    page.get_by_role("button", name="Le déclarer").click()
    page.goto(gifts)
    is_sound(page)
    page.get_by_role("button", name="Faire les reçus").click()
    page.get_by_role("dialog").get_by_role("button", name="Confirmer").click()
    expect(page.get_by_role("heading", name=f"Faits en {date.today().year}")).to_be_visible()
    expect(page.get_by_text("20,00 €").first).to_be_visible()
    wait_for_letter(server, "Reçu fiscal")


def somebody_leaves(page: Page) -> None:
    record_of(page, "Membre7 Année7")
    page.get_by_text("Noter le départ…").click()
    page.get_by_role("button", name="Noter le départ").click()
    expect(page.get_by_text("Départ le").first).to_be_visible()


def the_figures_say_it(page: Page) -> None:
    page.goto(TOOL)
    page.get_by_role("button", name="Plus").or_(page.locator("summary", has_text="Plus")).first.click()
    page.get_by_role("link", name="La communauté dans le temps").click()
    here = page.locator("dt", has_text="Membres aujourd'hui").locator("xpath=following-sibling::dd")
    assert int(here.inner_text()) > MEMBERS
    is_sound(page)
