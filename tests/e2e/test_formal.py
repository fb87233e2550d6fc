"""Formal votes in real browsers: a secret ballot on a phone, a guest without a script, a proxy, a decision, its PDF."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.test_polls import POLLS, share
from tests.harness import browser as harness
from tests.harness.server import DemoAccount, Server

SignIn = Callable[[Page, DemoAccount], None]


def open_vote(page: Page, title: str, *, secret: bool = False, guests: bool = False, majority: str = "2/3") -> str:
    """A formal vote on one motion; its address."""
    page.goto(POLLS + "nouveau/choix/")
    page.get_by_label("Question").fill(title)
    page.get_by_label("Proposition", exact=True).first.fill("Le budget présenté")
    page.locator("details.settings > summary").click()
    page.get_by_label("Oui, si besoin, non").check()
    expect(page.get_by_label("Quorum", exact=False).first).to_be_hidden()
    page.get_by_label("C’est un vote formel").check()
    if secret:
        page.get_by_label("Vote secret").check()
    page.locator('input[name="quorum"]').fill("2")
    page.locator('select[name="majority"]').select_option(majority)
    if not guests:
        page.get_by_label("Des personnes sans compte peuvent aussi voter").uncheck()
    page.get_by_role("button", name="Ouvrir le sondage").click()
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
    return page.url


def mark(page: Page, answer: str) -> None:
    page.locator(".ballot-row .mark", has_text=answer).click()


def is_narrow_enough(page: Page) -> None:
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


def cast_secretly(page: Page, answer: str, *, script: bool = True) -> str:
    """Fill in, read again, cast; the receipt. axe-core needs a script."""
    mark(page, answer)
    page.get_by_role("button", name="Relire mon bulletin").click()
    expect(page.get_by_text("Rien n’est encore déposé")).to_be_visible()
    expect(page.locator(".ballot-read")).to_contain_text(answer)
    is_narrow_enough(page)
    assert not (script and harness.axe(page))
    page.get_by_role("button", name="Déposer mon bulletin pour de bon").click()
    code = page.locator(".receipt-code").inner_text()
    assert re.fullmatch(r"[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}", code)
    is_narrow_enough(page)
    assert not (script and harness.axe(page))
    return code


def test_a_secret_vote_from_the_phone_of_a_member_to_the_receipt(
    desk: Page, phone: Page, no_js: Page, server: Server, sign_in: SignIn
) -> None:
    sign_in(desk, server.account("admin", "la-fabrique"))
    url = open_vote(desk, "Approuver le budget en secret ?", secret=True, guests=True)
    link = share(desk, url)

    sign_in(phone, server.account("member", "la-fabrique"))
    phone.goto(url)
    code = cast_secretly(phone, "Oui")
    phone.get_by_role("link", name="C’est noté").click()
    expect(phone.locator("#voter")).to_have_count(0)
    expect(phone.get_by_text("Un bulletin secret ne se change ni ne se reprend").first).to_be_visible()

    # A guest whose browser runs no script.
    no_js.goto(link)
    no_js.get_by_label("Votre nom").first.fill("Zoé")
    others = cast_secretly(no_js, "Non", script=False)
    no_js.goto(link)
    expect(no_js.locator("#voter")).to_have_count(0)
    expect(no_js.locator(".bars-row")).to_have_count(0)

    # Nobody sees anything before the close, its author no more than others; then the receipts are found.
    desk.goto(url)
    expect(desk.locator(".bars-row, .decision")).to_have_count(0)
    desk.get_by_role("link", name="Clôturer").click()
    desk.get_by_role("button", name="Clôturer le sondage").click()
    expect(desk.locator(".decision")).to_contain_text("1 voix pour sur 2 exprimées")
    expect(desk.locator(".decision")).to_contain_text("Non adopté")
    expect(desk.get_by_text("Bob Lambert")).to_have_count(0)
    phone.goto(url)
    phone.get_by_role("link", name="Vérifier un reçu").click()
    phone.get_by_label("Votre reçu").fill(code.lower())
    phone.get_by_role("button", name="Le vérifier").click()
    expect(phone.get_by_text("Ce bulletin est compté")).to_be_visible()
    is_narrow_enough(phone)
    assert not harness.axe(phone)
    no_js.goto(link)
    no_js.get_by_role("link", name="Vérifier un reçu").click()
    no_js.get_by_label("Votre reçu").fill(others)
    no_js.get_by_role("button", name="Le vérifier").click()
    expect(no_js.get_by_text("Ce bulletin est compté")).to_be_visible()


def test_a_proxy_is_given_counted_and_written_in_the_minutes(
    desk: Page, phone: Page, server: Server, sign_in: SignIn
) -> None:
    sign_in(desk, server.account("admin", "la-fabrique"))
    url = open_vote(desk, "Approuver le budget ?")
    sign_in(phone, server.account("member", "la-fabrique"))
    phone.goto(url)
    phone.get_by_role("link", name="Donner mon pouvoir à quelqu’un").click()
    phone.get_by_label("À qui ?").select_option(label="Alice Moreau")
    is_narrow_enough(phone)
    phone.get_by_role("button", name="Donner le pouvoir").click()
    expect(phone.get_by_text("Vous avez donné votre pouvoir à Alice Moreau")).to_be_visible()

    desk.goto(url)
    expect(desk.locator("#voter")).to_contain_text("Bob Lambert")
    mark(desk, "Oui")
    desk.get_by_role("button", name="Voter").click()
    expect(desk.locator(".votes")).to_contain_text("aussi pour Bob Lambert")
    desk.get_by_role("link", name="Clôturer").click()
    desk.get_by_role("button", name="Clôturer le sondage").click()
    decision = desk.locator(".decision")
    expect(decision).to_contain_text("Adopté : 2 voix pour sur 2 exprimées, soit 100 % (deux tiers : il en faut 2)")
    expect(decision).to_contain_text("Le quorum de 2 est atteint : 2 personnes présentes ou représentées")
    for name in ("Procès-verbal du vote (PDF)", "Feuille d’émargement à signer (PDF)"):
        with desk.expect_download() as download:
            desk.get_by_role("link", name=name).click()
        assert download.value.path().read_bytes().startswith(b"%PDF-")


def test_paper_ballots_are_keyed_in_from_the_keyboard_by_two_people(
    desk: Page, new_page: Callable[..., Page], server: Server, sign_in: SignIn
) -> None:
    sign_in(desk, server.account("admin", "la-fabrique"))
    url = open_vote(desk, "Approuver le budget sur papier ?")
    desk.get_by_role("link", name="Liste, présence, pouvoirs").click()
    roll = desk.url
    for place in range(2):
        desk.goto(roll)
        desk.locator(".rows .row-title").nth(place).click()
        desk.get_by_label("Vote sur papier, et plus en ligne").check()
        desk.get_by_role("button", name="Enregistrer le pointage").click()
        expect(desk.get_by_text("sur papier").first).to_be_visible()
    desk.goto(url)
    desk.get_by_role("link", name="Bulletins papier").click()
    desk.get_by_label("Quelle pile").fill("Table de l'entrée")
    desk.get_by_label("Nombre de feuilles").fill("2")
    desk.get_by_role("button", name="L’annoncer").click()
    pile = desk.url
    desk.locator(".paper-grid input").first.focus()
    desk.keyboard.type("o")
    desk.keyboard.press("Tab")
    desk.keyboard.type("n")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Ces feuilles sont enregistrées")).to_be_visible()

    second = new_page(**harness.PHONE)
    sign_in(second, server.account("manager", "la-fabrique"))
    second.goto(pile)
    expect(second.locator(".paper-grid input").first).to_have_value("")
    for place, key in enumerate(("o", "b")):
        second.locator(".paper-grid input").nth(place).fill(key)
    second.get_by_role("button", name="Enregistrer ces feuilles").click()
    expect(second.get_by_text("a été lue différemment")).to_be_visible()
    is_narrow_enough(second)
    second.locator(".paper-grid input").nth(1).fill("n")
    second.get_by_role("button", name="Enregistrer ces feuilles").click()
    second.get_by_role("button", name="Compter ces bulletins").click()
    expect(second.get_by_text("2 bulletins sont comptés")).to_be_visible()
    desk.goto(url)
    expect(desk.locator(".decision")).to_contain_text("1 voix pour sur 2 exprimées")
