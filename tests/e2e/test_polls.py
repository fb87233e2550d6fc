"""Polls in real browsers: made on a desk, answered on phones, with an account or not, with a script or not."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.harness import browser as harness
from tests.harness.server import DemoAccount, Server

SignIn = Callable[[Page, DemoAccount], None]
POLLS = "/s/la-fabrique/sondages/"
BALLOTS = {"yesno": "Oui, si besoin, non", "single": "Une seule proposition", "several": "Plusieurs propositions"}


def share(page: Page, poll_url: str) -> str:
    """The path of a new link that lets guests vote."""
    number = re.search(r"/sondages/(\d+)/", poll_url)
    assert number
    page.goto(f"/s/la-fabrique/partage/polls.poll/{number[1]}/")
    page.get_by_label("Voter sans compte").check()
    page.get_by_role("button", name="Créer le lien").click()
    link = page.locator("input[readonly]").first.input_value()
    return "/l/" + link.partition("/l/")[2]


def mark(page: Page, place: int, answer: str) -> Locator:
    """The answer "Oui", "Si besoin" or "Non" of the option at `place`, as the finger finds it."""
    return page.locator(".ballot-row").nth(place).locator(".mark", has_text=answer)


def make_choice(page: Page, title: str, ballot: str) -> str:
    """A poll among three names; its address."""
    page.goto(POLLS + "nouveau/choix/")
    page.get_by_label("Question").fill(title)
    names = page.get_by_label("Proposition", exact=True)
    for place, name in enumerate(("Le Phare", "La Ruche", "Le Nid")):
        names.nth(place).fill(name)
    page.locator("details.settings > summary").click()
    page.get_by_label(BALLOTS[ballot]).check()
    page.get_by_role("button", name="Ouvrir le sondage").click()
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
    return page.url


def answer(page: Page, ballot: str) -> None:
    """Fill in and send a ballot that chooses the second option."""
    if ballot == "yesno":
        mark(page, 0, "Si besoin").click()
        mark(page, 1, "Oui").click()
        mark(page, 2, "Non").click()
    else:
        page.locator(".ballot-box").nth(1).click()
    page.locator("#voter").get_by_role("button", name=re.compile("Voter|Changer mon vote")).click()
    expect(page.locator("#voter")).to_be_visible()


def test_a_date_from_the_first_tap_to_the_decision(
    desk: Page, no_js: Page, phone: Page, server: Server, sign_in: SignIn
) -> None:
    sign_in(desk, server.account("member", "la-fabrique"))
    desk.goto(POLLS + "nouveau/dates/")
    desk.get_by_label("Question").fill("Quand repeindre la salle ?")
    desk.get_by_role("button", name="Mois suivant").click()
    month = date.today().month % 12 + 1
    for day in (10, 12, 17):
        desk.locator(f'.calendar-day[data-day$="-{month:02}-{day}"]').click()
    rows = desk.locator("[data-row]:visible")
    expect(rows).to_have_count(3)
    desk.locator(f'.calendar-day[data-day$="-{month:02}-17"]').click()
    expect(rows).to_have_count(2)
    rows.first.get_by_label("De").fill("18:30")
    rows.first.get_by_label("à").fill("20:00")
    desk.get_by_role("button", name="Recopier les heures").click()
    expect(rows.nth(1).get_by_label("De")).to_have_value("18:30")
    desk.get_by_role("button", name="Ouvrir le sondage").click()
    expect(desk.get_by_role("heading", level=1, name="Quand repeindre la salle ?")).to_be_visible()
    poll_url = desk.url
    link = share(desk, poll_url)

    # A guest on a phone, whose browser runs no script: a vote without a name, then a right one, then another.
    no_js.goto(link)
    mark(no_js, 0, "Non").click()
    no_js.get_by_label("Votre nom").first.fill("Zoé")
    no_js.get_by_role("button", name="Voter").click()
    expect(no_js.get_by_text("Votre vote est enregistré")).to_be_visible()
    no_js.goto(link)
    expect(no_js.get_by_text("sous le nom de Zoé")).to_be_visible()
    mark(no_js, 1, "Oui").click()
    no_js.get_by_role("button", name="Changer mon vote").click()
    expect(no_js.locator(".votes tbody tr")).to_have_count(1)
    expect(no_js.locator(".votes-cell--yes")).to_have_count(1)

    # A member on a phone.
    sign_in(phone, server.account("manager", "la-fabrique"))
    phone.goto(poll_url)
    mark(phone, 1, "Oui").click()
    phone.get_by_role("button", name="Voter").click()
    expect(phone.locator(".votes tbody tr")).to_have_count(2)

    # Its author closes it on the date in front.
    desk.goto(poll_url)
    desk.get_by_role("link", name="Clôturer").click()
    desk.get_by_label("Ce qui est décidé").fill("Nous repeindrons ce soir-là.")
    expect(desk.locator('input[name="chosen"]:checked')).not_to_have_value("")
    desk.get_by_role("button", name="Clôturer le sondage").click()
    expect(desk.locator(".outcome")).to_contain_text("Nous repeindrons ce soir-là.")
    no_js.goto(link)
    expect(no_js.locator(".outcome-chosen")).to_be_visible()
    expect(no_js.locator("#voter")).to_have_count(0)
    for form in ("csv", "ods", "svg", "png"):
        assert desk.request.get(f"{poll_url.partition('#')[0]}resultats.{form}").ok


@pytest.mark.parametrize("ballot", list(BALLOTS))
def test_every_kind_of_ballot_under_the_thumb_of_a_member_and_of_a_guest(
    new_page: Callable[..., Page], server: Server, sign_in: SignIn, ballot: str
) -> None:
    member = new_page(**harness.PHONE)
    sign_in(member, server.account("manager", "la-fabrique"))
    poll_url = make_choice(member, f"Quel nom ? ({ballot})", ballot)
    link = share(member, poll_url)
    member.goto(poll_url)
    for script in (True, False):
        guest = new_page(**harness.PHONE, java_script_enabled=script)
        guest.goto(link)
        guest.get_by_label("Votre nom").first.fill("Avec script" if script else "Sans script")
        answer(guest, ballot)
        expect(guest.locator(".votes tbody")).to_contain_text("Avec script")
    answer(member, ballot)
    expect(member.locator(".votes tbody tr")).to_have_count(3)
    expect(member.locator(".bars-row.is-best")).to_contain_text("La Ruche")
    assert not member.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    small = member.eval_on_selector_all(
        ".mark, .ballot-box, #voter button",
        "them => them.filter(one => one.offsetHeight < 44).map(one => one.outerHTML.slice(0, 80))",
    )
    assert not small, small


def test_options_with_a_picture_are_sent_and_seen(desk: Page, server: Server, sign_in: SignIn, tmp_path: Any) -> None:
    from PIL import Image

    Image.new("RGB", (300, 200), "#2f5d9e").save(tmp_path / "logo.png")
    sign_in(desk, server.account("member", "la-fabrique"))
    desk.goto(POLLS + "nouveau/choix/")
    desk.get_by_label("Question").fill("Quelle affiche ?")
    for place, name in enumerate(("Bleue", "Aucune")):
        desk.get_by_label("Proposition", exact=True).nth(place).fill(name)
    desk.locator(".choice-row summary").first.click()
    desk.locator('input[name="options-0-image"]').set_input_files(tmp_path / "logo.png")
    desk.get_by_role("button", name="Ouvrir le sondage").click()
    picture = desk.locator(".what-picture")
    expect(picture).to_have_count(1)
    picture.scroll_into_view_if_needed()
    expect(picture).not_to_have_js_property("naturalWidth", 0)


def test_without_a_script_dates_are_lines_and_hours_are_copied(no_js: Page, server: Server, sign_in: SignIn) -> None:
    sign_in(no_js, server.account("member", "la-fabrique"))
    no_js.goto(POLLS + "nouveau/dates/")
    no_js.get_by_label("Question").fill("Sans script ?")
    year = date.today().year + 1
    rows = no_js.locator(".date-row")
    for place, day in enumerate((f"{year}-06-10", f"{year}-06-11", f"{year}-06-12")):
        rows.nth(place).get_by_label("Jour").fill(day)
    rows.first.get_by_label("De").fill("09:00")
    no_js.get_by_role("button", name="Ajouter des lignes").click()
    expect(rows).to_have_count(7)
    no_js.get_by_role("button", name="Recopier les heures").click()
    expect(rows.nth(2).get_by_label("De")).to_have_value("09:00")
    no_js.get_by_role("button", name="Ouvrir le sondage").click()
    expect(no_js.locator(".ballot-row")).to_have_count(3)


def test_a_voter_elsewhere_is_offered_their_own_hours(
    new_page: Callable[..., Page], desk: Page, server: Server, sign_in: SignIn
) -> None:
    sign_in(desk, server.account("member", "la-fabrique"))
    desk.goto(POLLS + "nouveau/dates/")
    desk.get_by_label("Question").fill("Quand nous appeler ?")
    desk.get_by_role("button", name="Ajouter une date").click()
    row = desk.locator("[data-row]:visible").first
    row.get_by_label("Jour").fill(f"{date.today().year + 1}-06-10")
    row.get_by_label("De").fill("18:00")
    desk.get_by_role("button", name="Ouvrir le sondage").click()
    link = share(desk, desk.url)
    montreal = new_page(**(harness.PHONE | {"timezone_id": "America/Toronto"}))
    montreal.goto(link)
    montreal.get_by_role("link", name="l’endroit où je suis").click()
    expect(montreal.locator(".ballot-row")).to_contain_text("12:00")
    paris = new_page(**harness.PHONE)
    paris.goto(link)
    expect(paris.get_by_role("link", name="l’endroit où je suis")).to_be_hidden()


# The other way round from test_every_page, so that each theme meets each screen.
@pytest.mark.parametrize(("place", "theme"), [("phone", "dark"), ("desk", "light")])
def test_pages_of_polls_are_accessible(
    new_page: Callable[..., Page], server: Server, sign_in: SignIn, place: str, theme: str
) -> None:
    options: dict[str, Any] = harness.PHONE if place == "phone" else harness.DESK
    page = new_page(**options, color_scheme=theme, reduced_motion="reduce")
    sign_in(page, server.account("admin", "la-fabrique"))
    page.goto(POLLS)
    poll = page.get_by_role("link", name="assemblée générale").get_attribute("href") or ""
    logo = page.get_by_role("link", name="Quel logo").get_attribute("href") or ""
    page.goto(POLLS + "?onglet=clos")
    closed = page.get_by_role("link", name="demi-journée").get_attribute("href") or ""
    link = share(page, poll)
    paths = [
        POLLS, POLLS + "?onglet=archives", POLLS + "nouveau/", POLLS + "nouveau/dates/", POLLS + "nouveau/choix/",
        POLLS + "importer/", poll, logo, closed, poll + "?fuseau=America/Toronto", poll + "votes/",
        poll + "participation/", poll + "saisir/", poll + "modifier/", poll + "clore/", logo + "modifier/",
        closed + "rouvrir/", closed + "dupliquer/", link, "/s/la-fabrique/aide/polls/",
    ]  # fmt: skip
    faults = []
    for path in paths:
        page.goto(path)
        page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
        faults += [f"{path}: {fault}" for fault in harness.axe(page)]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
            faults.append(f"{path}: wider than the {place}")
    assert not faults, "\n".join(faults)


def test_the_keyboard_alone_votes(desk: Page, server: Server, sign_in: SignIn) -> None:
    sign_in(desk, server.account("manager", "la-fabrique"))
    make_choice(desk, "Au clavier ?", "yesno")
    desk.locator(".mark input").first.focus()
    for _row in range(3):
        desk.keyboard.press("Space")
        desk.keyboard.press("ArrowRight")
        desk.keyboard.press("Tab")
    desk.locator("#voter button").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator(".votes-cell--maybe")).to_have_count(3)
