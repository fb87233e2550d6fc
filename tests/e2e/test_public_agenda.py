"""A public calendar as visitors find it: on a phone without an account, in another website, and proposing an event."""

import json
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.harness import browser as harness
from tests.harness.server import Server

PUBLIC = "/s/la-fabrique/agenda/public/programme/"


def test_a_visitor_reads_an_event_on_a_phone(new_page: Callable[..., Page], server: Server) -> None:
    page = new_page(**harness.PHONE)
    page.goto(PUBLIC)
    expect(page.get_by_role("heading", name="Programme", level=1)).to_be_visible()
    page.get_by_role("link", name="Portes ouvertes").click()
    expect(page.get_by_role("heading", name="Portes ouvertes", level=1)).to_be_visible()
    said = json.loads(page.locator("script[type='application/ld+json']").text_content() or "")
    assert (said["@type"], said["name"]) == ("Event", "Portes ouvertes")
    with page.expect_download() as download:
        page.get_by_role("link", name="Ajouter à mon agenda").click()
    assert download.value.suggested_filename.endswith(".ics")
    assert not harness.axe(page)
    page.goto(f"{PUBLIC}mois/")
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not harness.axe(page)


def test_a_visitor_proposes_an_event(new_page: Callable[..., Page], server: Server) -> None:
    page = new_page(**harness.PHONE)
    page.goto(PUBLIC)
    page.get_by_role("link", name="Proposer un événement").click()
    expect(page.get_by_label("Laissez ceci vide")).not_to_be_in_viewport()
    page.get_by_label("Titre").fill("Bal folk")
    page.get_by_label("Premier jour").fill("2030-06-12")
    page.get_by_label("Votre nom").fill("Ada")
    page.get_by_label("Votre adresse électronique").fill("ada@example.org")
    page.get_by_role("button", name="Le proposer").click()
    expect(page.get_by_role("heading", name="Regardez votre courrier")).to_be_visible()
    page.goto(f"{PUBLIC}?jour=2030-06-01")
    expect(page.get_by_text("Bal folk")).to_have_count(0)


def test_what_other_websites_frame_is_read_in_both_appearances(new_page: Callable[..., Page], server: Server) -> None:
    page = new_page(**harness.DESK)
    for query in ("", "?vue=mois&theme=clair", "?theme=sombre"):
        page.goto(f"{PUBLIC}integrer/{query}")
        expect(page.get_by_role("heading", name="Programme", level=1)).to_be_visible()
        assert not harness.axe(page)
