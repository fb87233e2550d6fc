"""Suggestions: one writes so that nothing changes until another accepts."""

import random
import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.harness import browser as harness
from tests.harness.server import DemoAccount, Server
from tests.harness.texts.served import choose_word, open_text, saved, texts, write

__all__ = ["texts"]
SignIn = Callable[[Page, DemoAccount], None]


def test_what_is_suggested_waits_until_another_accepts_or_refuses_it(
    new_page: Callable[..., Page], texts: Server, sign_in: SignIn
) -> None:
    bob = open_text(new_page(url=texts.url), texts, sign_in, "member", 1)
    alice = open_text(new_page(url=texts.url), texts, sign_in, "admin", 1)
    write(alice, "Rendez-vous mardi soir.\nApportez un plat.")
    area = bob.locator(".text-area")
    expect(area).to_contain_text("Apportez un plat.")

    # Bob replaces a word, takes one away letter by letter, adds a paragraph, and loses none of Alice's words.
    bob.get_by_role("button", name="Suggérer").click()
    choose_word(bob, "mardi")
    bob.keyboard.type("jeudi")
    expect(area.locator("del")).to_contain_text("mardi")
    expect(area.locator("ins")).to_have_text("jeudi")
    area.locator("p").last.click()
    bob.keyboard.press("End")
    for _ in range(5):
        bob.keyboard.press("Backspace")
    expect(area.locator("p").last.locator("del")).to_have_text("plat.")
    bob.keyboard.press("End")
    bob.keyboard.type("gâteaux")
    for _ in range(2):
        bob.keyboard.press("Backspace")  # one's own words really go
    expect(area.locator("p").last.locator("ins")).to_have_text("gâtea")
    bob.keyboard.type("u.\nMerci !")
    expect(area.locator("p")).to_have_count(3)
    saved(bob)

    # Selecting over two paragraphs and typing keeps both, marked.
    bob.wait_for_timeout(600)  # what is typed without a pause is undone at once
    bob.keyboard.press("Control+a")
    bob.keyboard.type("Tout")
    expect(area.locator("p").last).to_have_text("Tout")
    expect(area.locator("del").first).to_have_text("Rendez-vous ")
    expect(area.locator("ins")).to_have_text("Tout")
    expect(area.locator("p").nth(1).locator("del")).to_have_text(["Apportez un ", "plat."])
    bob.keyboard.press("Control+z")
    expect(area.locator("del").first).to_contain_text("mardi")
    expect(area.locator("p")).to_have_count(3)
    saved(bob)

    # Alice accepts one from the small window, with the keyboard alone, and refuses another from the list.
    expect(alice.locator(".text-area ins").last).to_have_text("Merci !")
    alice.locator(".text-area ins").first.click()
    popover = alice.get_by_role("region", name="Suggestion")
    expect(popover).to_contain_text("Bob")
    expect(popover).to_contain_text("Remplacer « mardi » par « jeudi »")
    alice.keyboard.press("Alt+Enter")
    alice.keyboard.press("Tab")
    alice.keyboard.press("Enter")
    expect(alice.locator(".text-area p").first).to_have_text("Rendez-vous jeudi soir.")
    alice.get_by_role("button", name="Commentaires").click()
    rows = alice.locator("[data-part=suggestions] li")
    expect(rows.last).to_contain_text("Merci !")
    assert not harness.axe(alice)
    rows.last.get_by_role("button", name="Refuser").click()
    expect(area.locator("p")).to_have_count(2)
    alice.get_by_role("button", name="Tout accepter").click()
    # Alice's caret may still stand where she clicked, between two signs of no width.
    expect(area).to_have_text(re.compile("^Rendez-vous \u2060*jeudi soir\\.Apportez un gâteau\\.$"))
    expect(rows).to_have_count(0)
    saved(alice)


def test_whatever_is_typed_as_suggestions_no_word_is_lost_once_they_are_refused(
    new_page: Callable[..., Page], texts: Server, sign_in: SignIn
) -> None:
    page = open_text(new_page(url=texts.url), texts, sign_in, "member", 2)
    write(page, "# Titre\nUn **mot** gras.\n- un\ndeux\n\n\n> cité\n\n\n[] tâche\n\n\nFin du texte.")
    area = page.locator(".text-area")
    words = area.inner_text().split()
    page.get_by_role("button", name="Suggérer").click()
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    keys = ["Backspace", "Delete", "Enter", "Shift+ArrowLeft", "Shift+ArrowDown", "Control+Backspace", "ArrowUp"]
    keys += ["ArrowDown", "Home", "End", "x", "y", "Control+a", "Shift+ArrowUp", "Control+b", "Control+Delete"]
    for _ in range(250):
        page.keyboard.press(chance.choice(keys))
    page.get_by_role("button", name="Commentaires").click()
    page.get_by_role("button", name="Tout refuser").click()
    assert "".join(area.inner_text().split()) == "".join(words), f"seed {seed}"
    # Some keys are the browser's to answer: it then tries a style of its own, which the CSP drops.
    faults = harness.faults(page)
    faults[:] = [fault for fault in faults if "Applying inline style" not in fault]
