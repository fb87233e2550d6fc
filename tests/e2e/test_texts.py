"""Two windows and a phone write one text: names, a comment, a cut of the network, nothing lost."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.harness import browser as harness
from tests.harness.server import DemoAccount, Server
from tests.harness.texts.served import open_text, texts

__all__ = ["texts"]


def test_two_windows_and_a_phone_write_comment_and_merge_what_was_typed_without_a_network(
    new_page: Callable[..., Page], texts: Server, sign_in: Callable[[Page, DemoAccount], None]
) -> None:
    desks = [open_text(new_page(url=texts.url), texts, sign_in, who, 1) for who in ("admin", "member")]
    phone = open_text(new_page(url=texts.url, **harness.PHONE), texts, sign_in, "member", 1)
    first, second = desks
    area = first.locator(".text-area")
    area.click()
    first.keyboard.type("# Compte rendu\nBonjour **à tout le monde**.")
    expect(phone.locator(".text-area h2")).to_have_text("Compte rendu")
    expect(second.locator(".text-area strong")).to_have_text("à tout le monde")
    expect(first.locator("[data-part=state]")).to_have_text("Enregistré")
    expect(phone.locator("[data-part=people] li")).to_have_count(2)

    # A letter typed by the second takes the place of nothing.
    second.locator(".text-area h2").click()
    second.keyboard.press("End")
    second.keyboard.type(" de mars")
    expect(area.locator("h2")).to_contain_text("Compte rendu de mars")
    expect(area.locator("strong")).to_have_text("à tout le monde")
    expect(area.locator(".text-caret-name").first).to_have_attribute("data-name", re.compile("Bob"))

    phone.context.set_offline(True)
    phone.evaluate("document.querySelector('tilios-text').room.socket.close()")
    expect(phone.locator("[data-part=state]")).to_have_text("Hors ligne : vos mots sont gardés sur cet appareil")
    phone.locator(".text-area p").last.click()
    phone.keyboard.press("End")
    phone.keyboard.type(" Sans réseau.")
    area.locator("p").last.click()
    first.keyboard.press("Home")
    first.keyboard.type("Avec réseau. ")
    phone.context.set_offline(False)
    for page in (first, second, phone):
        for words in ("Avec réseau.", "Bonjour", "à tout le monde", "Sans réseau."):
            expect(page.locator(".text-area")).to_contain_text(words, timeout=30_000)
    expect(phone.locator("[data-part=state]")).to_have_text("Enregistré")
    expect(first.locator("[data-part=people] li")).to_have_count(2)

    first.locator(".text-area strong").dblclick()
    first.get_by_role("button", name="Commentaires").click()
    first.get_by_label("Votre commentaire").fill("Vraiment tout le monde ?")
    first.get_by_role("button", name="Commenter", exact=True).click()
    expect(second.locator(".text-area .text-thread")).to_be_visible()
    second.locator(".text-area .text-thread").click()
    expect(second.locator("[data-part=threads]")).to_contain_text("Vraiment tout le monde ?")


def test_what_was_written_is_there_when_the_page_is_opened_again(
    new_page: Callable[..., Page], texts: Server, sign_in: Callable[[Page, DemoAccount], None]
) -> None:
    page = open_text(new_page(url=texts.url), texts, sign_in, "admin", 2)
    page.locator(".text-area").click()
    page.keyboard.type("- un\ndeux\n\n[] une tâche")
    expect(page.locator("[data-part=state]")).to_have_text("Enregistré")
    page.reload()
    expect(page.locator(".text-area ul:not([data-type]) li")).to_have_count(2)
    expect(page.locator('.text-area ul[data-type="taskList"] li')).to_have_text("une tâche")
    assert not harness.axe(page)


def test_whoever_only_reads_has_no_bar_and_cannot_type(
    new_page: Callable[..., Page], texts: Server, sign_in: Callable[[Page, DemoAccount], None]
) -> None:
    page = open_text(new_page(url=texts.url), texts, sign_in, "guest", 3)
    expect(page.locator("[data-part=state]")).to_have_text("Lecture seule")
    expect(page.get_by_role("toolbar")).to_be_hidden()
    page.locator(".text-area").click()
    page.keyboard.type("42")
    expect(page.locator(".text-area")).to_have_text("")


def test_signing_out_leaves_no_word_on_the_device(
    new_page: Callable[..., Page], texts: Server, sign_in: Callable[[Page, DemoAccount], None]
) -> None:
    page = open_text(new_page(url=texts.url), texts, sign_in, "member", 4)
    page.locator(".text-area").click()
    page.keyboard.type("Entre nous")
    expect(page.locator("[data-part=state]")).to_have_text("Enregistré")
    kept = "indexedDB.databases().then((all) => all.map(({ name }) => name).filter((name) => name.includes('text')))"
    assert page.evaluate(kept)
    page.goto("/s/la-fabrique/")  # any page will do
    page.goto("/compte/logout/")
    page.locator('main form[action*="logout"] button').click()
    page.wait_for_url(lambda url: "/logout/" not in url)
    assert page.evaluate(kept) == []
    page.goto("/s/la-fabrique/sondages/4/texte/")
    assert "/login/" in page.url
