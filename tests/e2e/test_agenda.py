"""The agenda as people use it: on a phone, with a mouse, with the keyboard alone, without a script."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.harness import browser as harness
from tests.harness.server import DemoAccount, Server

SignIn = Callable[[Page, DemoAccount], None]
HOME = "/s/la-fabrique/agenda/"


def monday_in(weeks: int) -> date:
    """A Monday some weeks from now: what one test writes is not in the way of another."""
    today = date.today()
    return today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)


def test_an_event_is_written_on_a_phone_and_found_under_its_day(
    new_page: Callable[..., Page], server: Server, sign_in: SignIn
) -> None:
    page = new_page(**harness.PHONE)
    sign_in(page, server.account("member", "la-fabrique"))
    day = monday_in(10)
    page.goto(f"{HOME}mois/?jour={day}")
    page.get_by_role("link", name="Ajouter ce jour-là").click()
    page.get_by_label("Titre").fill("Goûter des voisins")
    page.get_by_label("Agenda", exact=True).select_option(label="Personnel · Mon agenda")
    page.get_by_label("De", exact=True).fill("16:30")
    page.get_by_role("textbox", name="Lieu").fill("Jardin")
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", name="Goûter des voisins", level=1)).to_be_visible()
    expect(page.get_by_text("de 16:30 à 17:30")).to_be_visible()

    page.goto(f"{HOME}mois/?jour={day + timedelta(days=3)}")
    expect(page.get_by_text("Rien ce jour-là.")).to_be_visible()
    page.locator(f"[data-day='{day}'] .month-touch").click()
    expect(page.get_by_role("link", name="Goûter des voisins")).to_be_visible()


def test_pulling_across_hours_and_days_opens_the_form_with_them(
    new_page: Callable[..., Page], server: Server, sign_in: SignIn
) -> None:
    page = new_page(**harness.DESK)
    sign_in(page, server.account("member", "la-fabrique"))
    day = monday_in(20) + timedelta(days=5)
    page.goto(f"{HOME}semaine/?jour={day}")
    column = page.locator(f".hours-boxes[data-day='{day}']")
    box = column.bounding_box()
    assert box is not None
    hour = 48  # pixels; the grid begins at eight
    page.mouse.move(box["x"] + 20, box["y"] + 2 * hour + 4)
    page.mouse.down()
    page.mouse.move(box["x"] + 20, box["y"] + 3 * hour)
    page.mouse.move(box["x"] + 20, box["y"] + 3.5 * hour - 4)
    expect(column.locator(".hours-drawn")).to_have_text("10:00 – 11:30")
    page.mouse.up()
    expect(page.get_by_label("Premier jour")).to_have_value(str(day))
    expect(page.get_by_label("De", exact=True)).to_have_value("10:00")
    expect(page.locator("[name=end_time]")).to_have_value("11:30")

    page.goto(f"{HOME}mois/?jour={day}")
    friday, sunday = day - timedelta(days=1), day + timedelta(days=1)
    page.locator(f"[data-day='{friday}']").hover(position={"x": 60, "y": 80})
    page.mouse.down()
    page.locator(f"[data-day='{sunday}']").hover(position={"x": 60, "y": 80})
    page.mouse.up()
    expect(page.get_by_label("Toute la journée")).to_be_checked()
    expect(page.get_by_label("Premier jour")).to_have_value(str(friday))
    expect(page.locator("[name=end_day]")).to_have_value(str(sunday))


def test_one_date_of_what_comes_back_is_moved_alone(
    new_page: Callable[..., Page], server: Server, sign_in: SignIn
) -> None:
    page = new_page(**harness.DESK)
    sign_in(page, server.account("admin", "la-fabrique"))
    day = monday_in(30) + timedelta(days=1)
    page.goto(f"{HOME}jour/?jour={day}")
    page.get_by_role("link", name=re.compile("Atelier soudure")).click()
    page.get_by_role("link", name="Modifier").click()
    expect(page.get_by_label("Cette date seulement")).to_be_checked()
    page.get_by_label("Titre").fill("Atelier soudure (débutants)")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", name="Atelier soudure (débutants)", level=1)).to_be_visible()
    page.goto(f"{HOME}jour/?jour={day + timedelta(days=7)}")
    expect(page.get_by_role("link", name=re.compile("^Atelier soudure 18:30"))).to_be_visible()

    page.goto(f"{HOME}jour/?jour={day}")
    page.get_by_role("link", name=re.compile("débutants")).click()
    page.locator(".page-head .menu > summary").click()
    page.get_by_role("link", name="Supprimer").click()
    page.get_by_role("button", name="Supprimer").click()
    expect(page.get_by_text("sont supprimées")).to_be_visible()
    page.goto(f"{HOME}jour/?jour={day}")
    expect(page.get_by_role("link", name=re.compile("Atelier soudure"))).to_have_count(0)


def test_a_line_fills_the_form_and_a_contact_is_found_by_its_letter(
    new_page: Callable[..., Page], server: Server, sign_in: SignIn
) -> None:
    page = new_page(**harness.PHONE)
    sign_in(page, server.account("manager", "la-fabrique"))
    page.goto(f"{HOME}mois/")
    page.get_by_label("En une ligne").fill("réunion du bureau 3 décembre 2030 18h30-20h salle bleue")
    page.get_by_role("button", name="Ajouter").click()
    expect(page.get_by_label("Titre")).to_have_value("réunion du bureau")
    expect(page.get_by_label("Premier jour")).to_have_value("2030-12-03")
    expect(page.get_by_role("textbox", name="Lieu")).to_have_value("salle bleue")

    page.goto(f"{HOME}contacts/?lettre=h")
    page.get_by_role("link", name="Karim Haddad").click()
    expect(page.get_by_text("03 20 99 88 77")).to_be_visible()
    page.get_by_role("link", name="Modifier").click()
    page.get_by_label("Note").fill("Joignable le matin")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Joignable le matin")).to_be_visible()


def test_the_keyboard_alone_writes_an_event_and_hides_a_calendar(
    new_page: Callable[..., Page], server: Server, sign_in: SignIn
) -> None:
    page = new_page(**harness.DESK)
    sign_in(page, server.account("manager", "la-fabrique"))
    page.goto(f"{HOME}liste/?jour={monday_in(40)}")
    page.get_by_role("link", name="Nouvel événement").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Titre").focus()
    page.keyboard.type("Inventaire")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Inventaire", level=1)).to_be_visible()

    page.goto(f"{HOME}liste/?jour={monday_in(40)}")
    expect(page.get_by_role("link", name="Inventaire")).to_be_visible()
    choice = page.get_by_role("checkbox", name="Agenda de la structure")
    choice.focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("link", name="Inventaire")).to_have_count(0)
    page.get_by_role("checkbox", name="Agenda de la structure").check()
    expect(page.get_by_role("link", name="Inventaire")).to_be_visible()


def test_without_a_script_one_writes_what_comes_back(
    new_page: Callable[..., Page], server: Server, sign_in: SignIn
) -> None:
    page = new_page(java_script_enabled=False)
    sign_in(page, server.account("member", "la-fabrique"))
    day = monday_in(50)
    page.goto(f"{HOME}nouveau/?jour={day}")
    page.get_by_label("Titre").fill("Yoga")
    page.get_by_label("Agenda", exact=True).select_option(label="Personnel · Mon agenda")
    page.get_by_label("Revient").select_option(label="Toutes les semaines")
    page.get_by_label("Après un nombre de fois").check()
    page.get_by_label("Combien de fois").fill("3")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("tous les lundis, 3 fois")).to_be_visible()
    for week, count in ((2, 1), (3, 0)):
        page.goto(f"{HOME}jour/?jour={day + timedelta(weeks=week)}")
        expect(page.get_by_role("link", name=re.compile("Yoga"))).to_have_count(count)


@pytest.mark.parametrize(("place", "theme"), [("phone", "dark"), ("desk", "light")])
def test_its_pages_are_accessible_and_fit(
    new_page: Callable[..., Page], server: Server, sign_in: SignIn, place: str, theme: str
) -> None:
    options = harness.PHONE if place == "phone" else harness.DESK
    page = new_page(**options, color_scheme=theme, reduced_motion="reduce")
    sign_in(page, server.account("admin", "la-fabrique"))
    pages = (
        "mois/",
        "semaine/",
        "jour/",
        "liste/",
        "annee/",
        "nouveau/",
        "agendas/",
        "contacts/",
        "contacts/nouveau/",
        "telephone/",
        "apporter/",
    )
    for address in pages:
        page.goto(HOME + address)
        assert page.locator("h1").count() == 1, address
        assert not harness.axe(page), address
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), address
