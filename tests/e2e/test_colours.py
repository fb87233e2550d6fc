"""A coloured vote with three browsers at once: whoever animates, a member on a phone, a guest without a script."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.harness.server import DemoAccount, Server

SignIn = Callable[[Page, DemoAccount], None]
COLOURS = "/s/la-fabrique/vote-colore/"
STATEMENTS = ("L'accueil est chaleureux", "Les horaires me conviennent", "Les prix sont justes")


def make(page: Page, title: str, results: str) -> str:
    """A session of three statements, pasted; its number."""
    page.goto(COLOURS + "nouveau/session/")
    page.get_by_label("Titre ou question").fill(title)
    page.get_by_label("Plusieurs à la fois, un par ligne").fill("\n".join(STATEMENTS))
    page.locator("summary", has_text="Réglages").click()
    page.get_by_label(results).check()
    page.get_by_role("button", name="Ouvrir le vote").click()
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
    number = re.search(r"/vote-colore/(\d+)/", page.url)
    assert number
    return number[1]


def share(page: Page, number: str) -> str:
    """The path of a new link that lets guests answer."""
    page.goto(f"/s/la-fabrique/partage/colours.session/{number}/")
    page.get_by_label("Répondre sans compte").check()
    page.get_by_role("button", name="Créer le lien").click()
    link = page.locator("input[readonly]").first.input_value()
    return "/l/" + link.partition("/l/")[2]


def tap(page: Page, statement: int, colour: str) -> None:
    """Press a colour as the finger finds it."""
    question = page.locator(".question").nth(statement)
    question.locator(".colour-choice", has=page.get_by_text(colour, exact=True)).locator("input").check(force=True)


def test_a_meeting_from_the_first_statement_to_the_second_round(
    desk: Page, phone: Page, no_js: Page, server: Server, sign_in: SignIn
) -> None:
    sign_in(desk, server.account("admin", "la-fabrique"))
    sign_in(phone, server.account("member", "la-fabrique"))
    number = make(desk, "Une réunion en couleurs", "Vus quand la personne qui anime les montre")
    link = share(desk, number)

    # On stage: the first statement, its colours hidden.
    desk.goto(f"{COLOURS}{number}/animer/")
    desk.get_by_role("button", name="Suivant").click()
    expect(desk.get_by_role("heading", name=STATEMENTS[0])).to_be_visible()
    expect(desk.locator(".stage-picture")).to_have_count(0)

    # A member taps on a phone: saved at once.
    phone.goto(f"{COLOURS}{number}/")
    tap(phone, 0, "Tout à fait d'accord")
    expect(phone.locator("#answer-progress")).to_contain_text("1 sur 3")
    tap(phone, 1, "Plutôt pas d'accord")
    expect(phone.locator("#answer-progress")).to_contain_text("2 sur 3")
    phone.reload()
    expect(phone.locator("#answer-progress")).to_contain_text("2 sur 3")

    # A guest without a script fills the form.
    no_js.goto(link)
    no_js.locator("#guest-name").fill("Zoé")
    tap(no_js, 0, "Pas du tout d'accord")
    tap(no_js, 2, "Je ne peux pas répondre")
    no_js.get_by_role("button", name="Enregistrer mes réponses").click()
    expect(no_js.locator("#answer-progress")).to_contain_text("2 sur 3")

    # The stage heard both; the animator shows the colours, and everybody sees them.
    expect(desk.locator(".stage-count")).to_contain_text("2")
    no_js.goto(link + "vue-spectre/")
    expect(no_js.locator("svg.chart")).to_have_count(0)
    desk.keyboard.press("r")
    expect(desk.locator(".stage-picture")).to_be_visible()
    no_js.reload()
    expect(no_js.locator("svg.chart").first).to_be_attached()
    phone.goto(f"{COLOURS}{number}/resultats/")
    expect(phone.locator("#vues")).to_contain_text(STATEMENTS[0])
    expect(phone.locator("#vues")).not_to_contain_text(STATEMENTS[2])

    # A second round: nothing is answered yet in it, the first is still there.
    desk.goto(f"{COLOURS}{number}/")
    desk.locator(".menu > summary", has_text="Plus").click()
    desk.get_by_role("button", name="Ouvrir un nouveau tour").click()
    desk.locator("dialog[open] [data-slot=yes]").click()
    expect(desk.locator(".toast, .toasts").first).to_contain_text("tour 2")
    phone.goto(f"{COLOURS}{number}/")
    expect(phone.locator("#answer-progress")).to_contain_text("0 sur 3")
    tap(phone, 0, "Mitigé")
    expect(phone.locator("#answer-progress")).to_contain_text("1 sur 3")

    # Closed while the phone is answering: the screen stays, and says so.
    desk.goto(f"{COLOURS}{number}/")
    desk.locator(".menu > summary", has_text="Plus").click()
    desk.get_by_role("button", name="Clore").click()
    expect(desk.get_by_text("Le vote est clos.").first).to_be_visible()
    tap(phone, 1, "Tout à fait d'accord")
    expect(phone.locator("#answer-progress")).to_contain_text("Ce vote est clos")
    expect(phone.locator(".question")).to_have_count(3)


def test_sheets_of_paper_are_keyed_in_with_one_key_an_answer(desk: Page, server: Server, sign_in: SignIn) -> None:
    sign_in(desk, server.account("admin", "la-fabrique"))
    number = make(desk, "Feuilles de papier", "Vus par chaque personne dès qu'elle a répondu")
    desk.goto(f"{COLOURS}{number}/saisir/")
    for key in ("1", "b", "n", "Enter"):
        desk.keyboard.press(key)
    expect(desk.locator(".lead")).to_contain_text("1 feuille saisie")
    for key in ("5", " ", "3", "Enter"):
        desk.keyboard.press(key)
    expect(desk.locator(".lead")).to_contain_text("2 feuilles saisies")
