"""Every finer kind of ballot under the thumb: a member and a guest vote on phones, one runs no script, both read on."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_polls import POLLS, share
from tests.harness import browser as harness
from tests.harness.server import DemoAccount, Server

SignIn = Callable[[Page, DemoAccount], None]
NAMES = ("Le Phare", "La Ruche", "Le Nid")
KINDS = {
    "score": "Une note pour chaque proposition",
    "points": "Points à répartir",
    "judgment": "Jugement majoritaire",
    "ranked": "Ordre de préférence",
    "consent": "Consentement",
}
SUMMARY = {
    "score": "En tête : La Ruche (Total : 10).",
    "points": "En tête : La Ruche (Points : 8).",
    "judgment": "En tête : La Ruche, avec la mention médiane « Très bien ».",
    "ranked": "En tête : La Ruche, préférée à chacune des autres propositions.",
    "consent": "Sans objection : La Ruche. Des objections à : Le Nid.",
}


def make(page: Page, title: str, kind: str, **more: str) -> str:
    """A poll among three names, answered in this way; its address."""
    page.goto(POLLS + "nouveau/choix/")
    page.get_by_label("Question").fill(title)
    for place, name in enumerate(NAMES):
        page.get_by_label("Proposition", exact=True).nth(place).fill(name)
    page.locator("details.settings > summary").click()
    page.get_by_role("radio", name=re.compile(f"^{kind}")).check()
    for label, value in more.items():
        page.locator(f"[name={label}]").fill(value)
    page.get_by_role("button", name="Ouvrir le sondage").click()
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
    return page.url


def mark(page: Page, place: int, words: str) -> None:
    page.locator(".ballot-row").nth(place).locator(".mark").filter(has_text=re.compile(rf"^\W*{words}$")).click()


def fill(page: Page, kind: str, *, script: bool) -> None:
    """A ballot that likes the second name best."""
    match kind:
        case "score":
            for place, score in enumerate(("1", "5", "0")):
                mark(page, place, score)
        case "points" if script:
            for _press in range(4):
                page.get_by_role("button", name="Un point de plus pour La Ruche").click()
            expect(page.locator("[data-points-left]")).to_have_text("Il reste 6 points")
        case "points":
            page.get_by_label("La Ruche", exact=True).fill("4")
        case "judgment":
            for place, grade in enumerate(("Bien", "Très bien", "À rejeter")):
                mark(page, place, grade)
        case "ranked" if script:
            page.get_by_role("button", name="Monter La Ruche").click()
            expect(page.locator("[data-ranked-said]")).to_have_text("La Ruche : rang 1 sur 3")
            page.get_by_role("button", name="Monter Le Nid").press("Enter")
            expect(page.locator("[data-ranked-said]")).to_have_text("Le Nid : rang 2 sur 3")
        case "ranked":
            page.get_by_label("La Ruche", exact=True).select_option("1")
            page.get_by_label("Le Phare", exact=True).select_option("2")
        case "consent":
            mark(page, 0, "Je m'abstiens")
            mark(page, 1, "D'accord")
            mark(page, 2, "Je fais objection")


def send(page: Page) -> None:
    page.locator("#voter").get_by_role("button", name=re.compile("^(Voter|Changer mon vote)$")).click()


@pytest.mark.parametrize("kind", list(KINDS))
def test_each_kind_is_voted_by_a_member_and_by_a_guest_without_a_script(
    desk: Page, phone: Page, no_js: Page, server: Server, sign_in: SignIn, kind: str
) -> None:
    sign_in(desk, server.account("member", "la-fabrique"))
    url = make(desk, f"Quel nom, par {kind} ?", KINDS[kind])
    link = share(desk, url)

    no_js.goto(link)
    no_js.get_by_label("Votre nom").first.fill("Zoé")
    fill(no_js, kind, script=False)
    if kind == "consent":
        send(no_js)
        expect(no_js.get_by_role("alert")).to_contain_text("pourquoi vous faites objection")
        no_js.get_by_label("Pourquoi ?").nth(2).fill("Trop petit pour nous")
    send(no_js)
    expect(no_js.get_by_text("Votre vote est enregistré")).to_be_visible()

    sign_in(phone, server.account("manager", "la-fabrique"))
    phone.goto(url)
    fill(phone, kind, script=True)
    if kind == "consent":
        phone.get_by_label("Pourquoi ?").nth(2).fill("Le nom est déjà pris")
    send(phone)
    for page in (phone, no_js):
        if page is no_js:
            page.goto(link)
        expect(page.locator(".results-summary")).to_have_text(f"2 votes. {SUMMARY[kind]}")
        page.locator(".told-steps > summary").click()
        expect(page.locator(".told-steps table").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert harness.axe(phone) == []
    if kind == "consent":
        expect(no_js.locator(".told-steps")).to_contain_text("Trop petit pour nous")
    for form in ("csv", "ods", "svg", "png"):
        assert desk.request.get(f"{url.partition('#')[0]}resultats.{form}").ok


def test_an_order_is_made_by_dragging_and_comes_back_as_it_was(desk: Page, server: Server, sign_in: SignIn) -> None:
    sign_in(desk, server.account("member", "la-fabrique"))
    make(desk, "Quel nom, en glissant ?", KINDS["ranked"])
    item = desk.locator("[data-ranked-item]", has_text="Le Nid")
    start, end = item.bounding_box(), desk.locator("[data-ranked-line]").bounding_box()
    assert start
    assert end
    desk.mouse.move(start["x"] + 20, start["y"] + 20)
    desk.mouse.down()
    desk.mouse.move(start["x"] + 20, end["y"] + 2, steps=6)
    desk.mouse.up()
    expect(desk.locator("[data-ranked-item]").first).to_have_attribute("data-name", "Le Nid")
    send(desk)
    expect(desk.locator("[data-ranked-item]").first).to_have_attribute("data-name", "Le Nid")
    expect(desk.locator("[data-ranked-item].is-out")).to_have_count(2)


def test_objections_open_a_next_round_that_follows_the_first(
    desk: Page, phone: Page, server: Server, sign_in: SignIn
) -> None:
    sign_in(desk, server.account("member", "la-fabrique"))
    url = make(desk, "Quelles règles ?", KINDS["consent"])
    sign_in(phone, server.account("manager", "la-fabrique"))
    phone.goto(url)
    fill(phone, "consent", script=True)
    phone.get_by_label("Pourquoi ?").nth(2).fill("Trop petit")
    send(phone)
    desk.goto(url)
    desk.get_by_role("link", name="Ouvrir le tour suivant").click()
    desk.get_by_label("Proposition", exact=True).nth(2).fill("Le grand Nid")
    desk.get_by_role("button", name="Ouvrir le sondage").click()
    rounds = desk.get_by_role("navigation", name="Tours de cette décision")
    expect(rounds).to_contain_text("Tour 2")
    rounds.get_by_role("link", name=re.compile("Tour 1")).click()
    expect(desk).to_have_url(url)
    expect(desk.get_by_role("link", name="Ouvrir le tour suivant")).to_have_count(0)


def test_lots_are_drawn_once_the_list_is_closed_and_anybody_can_draw_them_again(
    desk: Page, no_js: Page, server: Server, sign_in: SignIn
) -> None:
    sign_in(desk, server.account("member", "la-fabrique"))
    url = make(desk, "Qui commence ?", "Tirage au sort", seed_source="les numéros du Loto du 5 décembre")
    link = share(desk, url)
    no_js.goto(link)
    expect(no_js.get_by_text("les numéros du Loto du 5 décembre").first).to_be_visible()
    expect(no_js.locator("#voter")).to_have_count(0)
    desk.goto(url)
    desk.get_by_role("link", name="Clôturer").click()
    desk.get_by_role("button", name="Clôturer le sondage").click()
    desk.get_by_label("Graine").fill("4 11 23 36 48 7")
    with desk.expect_navigation():  # or it would be cut by the next one
        desk.get_by_role("button", name="Tirer au sort").click()
    no_js.goto(link)
    expect(no_js.locator(".lots li")).to_have_count(3)
    no_js.locator(".told-steps > summary").click()
    code = no_js.locator(".step-code").inner_text()
    printed: list[Any] = []
    exec(code, {"print": lambda *cells: printed.append(cells[3])})  # what the page invites to do
    assert printed == [text.strip() for text in no_js.locator(".lots-name").all_inner_texts()]
