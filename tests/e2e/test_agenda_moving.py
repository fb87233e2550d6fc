"""Events pulled with the mouse to another hour or day, and made longer; files chosen for an event without a script."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.test_agenda import HOME, SignIn, monday_in
from tests.harness import browser as harness
from tests.harness.server import Server

HOUR = 48  # pixels; the grid begins at eight


def written(page: Page, title: str, day: date, start: str = "10:00", end: str = "11:00", repeats: str = "") -> None:
    """An event of one's own calendar."""
    page.goto(f"{HOME}nouveau/?jour={day}&debut={start}&terme={end}")
    page.get_by_label("Titre").fill(title)
    page.get_by_label("Agenda", exact=True).select_option(label="Personnel · Mon agenda")
    if repeats:
        page.locator("[name=repeats]").select_option(repeats)
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()


def pull(page: Page, one: Locator, x: float, y: float, *, by_edge: bool = False, lets_go: bool = True) -> None:
    """Take `one` in its middle, or by its lower edge, and pull it by `x` and `y` pixels."""
    box = one.bounding_box()
    assert box is not None
    left, top = box["x"] + box["width"] / 2, box["y"] + (box["height"] - 3 if by_edge else box["height"] / 2)
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(left + x / 2, top + y / 2)
    page.mouse.move(left + x, top + y)
    if lets_go:
        page.mouse.up()


@pytest.fixture
def member(new_page: Callable[..., Page], server: Server, sign_in: SignIn) -> Page:
    page = new_page(**harness.DESK)
    sign_in(page, server.account("member", "la-fabrique"))
    return page


def box_on(page: Page, day: date, title: str) -> Locator:
    return page.locator(f".hours-boxes[data-day='{day}'] a", has_text=title)


def test_an_event_is_pulled_to_another_day_and_hour_and_back(member: Page) -> None:
    day = monday_in(40)
    written(member, "Pesée du miel", day)
    member.goto(f"{HOME}semaine/?jour={day}")
    wide = member.locator(f".hours-boxes[data-day='{day}']").bounding_box()
    assert wide is not None
    pull(member, box_on(member, day, "Pesée du miel"), 2 * wide["width"], 1.5 * HOUR)
    there = box_on(member, day + timedelta(days=2), "Pesée du miel")
    expect(there).to_contain_text("11:30 – 12:30")
    expect(member.get_by_text("« Pesée du miel » est déplacé")).to_be_visible()
    with member.expect_navigation():  # or it would be cut by the next one
        member.get_by_role("button", name="Annuler").click()
    member.goto(f"{HOME}semaine/?jour={day}")
    expect(box_on(member, day, "Pesée du miel")).to_contain_text("10:00 – 11:00")


def test_a_lower_edge_that_is_pulled_makes_it_longer_and_escape_cancels(member: Page) -> None:
    day = monday_in(41)
    written(member, "Rangement", day)
    member.goto(f"{HOME}jour/?jour={day}")
    box = box_on(member, day, "Rangement")
    pull(member, box, 0, HOUR, lets_go=False)
    expect(box).to_have_class(re.compile("is-held"))
    member.keyboard.press("Escape")
    member.mouse.up()
    expect(box).to_contain_text("10:00 – 11:00")
    expect(box).not_to_have_class(re.compile("is-held"))
    pull(member, box, 0, 1.5 * HOUR, by_edge=True)
    expect(box_on(member, day, "Rangement")).to_contain_text("10:00 – 12:30")


def test_a_click_still_opens_the_event(member: Page) -> None:
    day = monday_in(42)
    written(member, "Veillée", day)
    member.goto(f"{HOME}semaine/?jour={day}")
    box_on(member, day, "Veillée").click()
    expect(member.get_by_role("heading", name="Veillée", level=1)).to_be_visible()


def test_what_comes_back_asks_which_dates_once_pulled_in_the_month(member: Page) -> None:
    day = monday_in(43)
    written(member, "Chantier", day, repeats="weekly")
    member.goto(f"{HOME}mois/?jour={day}")
    cell = member.locator(f"[data-day='{day}']").bounding_box()
    assert cell is not None
    pull(member, member.locator(f"[data-day='{day}'] .agenda-bar-event", has_text="Chantier"), cell["width"], 0)
    expect(member.get_by_role("heading", name="Déplacer « Chantier » ?", level=1)).to_be_visible()
    member.get_by_label("Cette date seulement").check()
    member.get_by_role("button", name="Déplacer").click()
    moved = member.locator(f"[data-day='{day + timedelta(days=1)}'] .agenda-bar-event", has_text="Chantier")
    expect(moved).to_be_visible()


def test_what_somebody_changed_meanwhile_is_not_moved(member: Page) -> None:
    day = monday_in(44)
    written(member, "Goûter", day)
    event = member.url
    member.goto(f"{HOME}semaine/?jour={day}")
    other = member.context.new_page()
    other.goto(event)
    other.get_by_role("link", name="Modifier").click()
    other.get_by_role("textbox", name="Lieu").fill("Cour")
    other.get_by_role("button", name="Enregistrer").click()
    expect(other.get_by_text("Cour", exact=True)).to_be_visible()
    pull(member, box_on(member, day, "Goûter"), 0, HOUR)
    expect(member.get_by_text("a modifié cet événement entre-temps")).to_be_visible()
    expect(box_on(member, day, "Goûter")).to_contain_text("10:00 – 11:00")


def test_a_file_is_sent_then_chosen_on_a_phone_without_a_script(no_js: Page, server: Server, sign_in: SignIn) -> None:
    sign_in(no_js, server.account("member", "la-fabrique"))
    no_js.goto(f"{HOME}nouveau/?jour={monday_in(45)}")
    no_js.get_by_label("Titre").fill("Loto")
    no_js.locator("#pieces > summary").click()
    no_js.get_by_label("Depuis cet appareil").set_input_files(
        {"name": "reglement.txt", "mimeType": "text/plain", "buffer": b"Trois tickets au plus"}
    )
    no_js.get_by_role("button", name="Parcourir").click()
    expect(no_js.get_by_label("Titre")).to_have_value("Loto")
    expect(no_js.get_by_role("checkbox", name="reglement.txt")).to_be_checked()
    assert not no_js.evaluate("document.documentElement.scrollWidth > innerWidth")
    no_js.get_by_role("button", name="Enregistrer").last.click()
    expect(no_js.get_by_role("link", name="reglement.txt", exact=True)).to_be_visible()


def test_a_text_is_begun_from_the_event(member: Page) -> None:
    written(member, "Assemblée", monday_in(46))
    member.get_by_role("button", name="Écrire un texte à plusieurs").click()
    expect(member.get_by_text("Rien n'y est encore écrit.")).to_be_visible()
    member.get_by_role("link", name="Écrire dans le texte").click()
    expect(member.get_by_role("heading", name="Assemblée", level=1)).to_be_visible()
