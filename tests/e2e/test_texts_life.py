"""A text over time: what is pasted, found again, compared, restored, talked about; and rights that fall."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.harness import browser as harness
from tests.harness.server import DemoAccount, Server
from tests.harness.texts.served import open_text, saved, texts, write

__all__ = ["texts"]
SignIn = Callable[[Page, DemoAccount], None]

FROM_WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<style>p.MsoNormal {color: red}</style></head>
<body><!--StartFragment--><p class="MsoNormal"><b>Ordre</b> du jour<o:p></o:p></p>
<p class="MsoListParagraph" style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">·</span>Bilan</p>
<p class="MsoListParagraph" style="mso-list:l0 level2 lfo1"><span style="mso-list:Ignore">o</span>Comptes</p>
<!--EndFragment--></body></html>"""
FROM_DOCS = """<b style="font-weight:normal" id="docs-internal-guid-1"><p dir="ltr">
<span style="font-weight:700">Gras</span>
<span style="font-style:italic">penché</span><a href="javascript:alert(1)"><span>piège</span></a></p></b>"""


def paste(page: Page, html: str) -> None:
    page.evaluate("(html) => document.querySelector('tilios-text').view.pasteHTML(html)", html)


def test_pasted_searched_compared_restored_and_talked_about(
    new_page: Callable[..., Page], texts: Server, sign_in: SignIn
) -> None:
    page = open_text(new_page(url=texts.url), texts, sign_in, "admin", 1)
    area = page.locator(".text-area")
    area.click()
    paste(page, FROM_WORD)
    expect(area.locator("p").first).to_have_text("Ordre du jour")
    expect(area.locator("strong")).to_have_text("Ordre")
    expect(area.locator("ul > li > ul > li")).to_have_text("Comptes")
    page.keyboard.press("Control+End")
    page.keyboard.type("\n\n\n")
    paste(page, FROM_DOCS)
    expect(area.locator("strong").last).to_have_text("Gras")
    expect(area.locator("em")).to_have_text("penché")
    expect(area.locator("a")).to_have_count(0)

    page.get_by_role("button", name="Historique").click()
    page.get_by_label("Nom de ce moment").fill("Avant la réunion")
    page.get_by_role("button", name="Garder le moment présent").click()
    expect(page.locator("[data-part=moment]")).to_contain_text("Avant la réunion")

    page.get_by_role("button", name="Chercher et remplacer").click()
    page.get_by_role("textbox", name="Chercher", exact=True).fill("bilan")
    expect(page.locator("[data-part=found]")).to_have_text("1 sur 1")
    page.get_by_label("Remplacer par").fill("Projets")
    page.get_by_role("button", name="Tout remplacer").click()
    expect(area).to_contain_text("Projets")
    expect(area).not_to_contain_text("Bilan")
    saved(page)

    page.get_by_role("button", name="Historique").click()
    slider = page.locator("[data-part=slider]")
    expect(slider).to_have_attribute("max", "1")
    page.get_by_role("button", name="Comparer avec maintenant").click()
    slider.fill("0")
    expect(page.locator(".text-then ins").first).to_contain_text("Projets")
    expect(page.locator(".text-then del").first).to_contain_text("Bilan")
    assert not harness.axe(page)
    page.get_by_role("button", name="Revenir à ce moment").click()
    expect(area).to_contain_text("Bilan")
    expect(area).to_contain_text("Gras")

    page.get_by_role("button", name="Discussion").click()
    page.get_by_label("Votre message").fill("On garde le bilan.")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator("[data-part=sayings]")).to_contain_text("On garde le bilan.")


def test_with_the_keyboard_alone_one_writes_formats_comments_and_leaves(
    new_page: Callable[..., Page], texts: Server, sign_in: SignIn
) -> None:
    page = open_text(new_page(url=texts.url), texts, sign_in, "member", 2)
    page.locator(".text-area").focus()
    page.keyboard.type("Un mot")
    page.keyboard.press("Control+Shift+ArrowLeft")
    page.keyboard.press("Alt+F10")
    toolbar = page.get_by_role("toolbar")
    for _ in range(12):
        if "Gras" in (page.evaluate("document.activeElement.title") or ""):
            break
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(".text-area strong")).to_have_text("mot")
    expect(toolbar.get_by_role("button", name="Gras")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Control+Alt+m")
    page.keyboard.type("Lequel ?")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=threads]")).to_contain_text("Lequel ?")
    expect(page.locator(".text-area")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.locator(".text-area")).not_to_be_focused()


def test_every_panel_is_right_for_everybody_in_light_and_in_the_dark(
    new_page: Callable[..., Page], texts: Server, sign_in: SignIn
) -> None:
    for size in (harness.DESK, harness.PHONE):
        page = open_text(new_page(url=texts.url, color_scheme="dark", **size), texts, sign_in, "admin", 3)
        if size is harness.DESK:
            write(page, "# Titre\nUn mot[] une tâche")
            page.get_by_role("button", name="Suggérer").click()
            page.keyboard.press("Control+End")
            page.keyboard.type(" de plus")
            saved(page)
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            for name in ("Plan", "Chercher et remplacer", "Commentaires", "Discussion", "Historique"):
                page.locator(".text-panels").get_by_role("button", name=name, exact=True).click()
                expect(page.locator("[data-panel-of]:visible h2")).to_be_visible()
                assert not harness.axe(page), (scheme, name)
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wide) <= 0


def test_whoever_loses_a_right_stops_at_once_and_keeps_nothing(
    new_page: Callable[..., Page], texts: Server, sign_in: SignIn
) -> None:
    # Nobody else of this file is a manager: what they may do is taken away for good.
    bob = open_text(new_page(url=texts.url), texts, sign_in, "manager", 4)
    write(bob, "Entre nous")
    alice = new_page(url=texts.url)
    sign_in(alice, texts.account("admin", "la-fabrique"))
    number = bob.locator("tilios-text").get_attribute("data-person")
    alice.goto(f"/s/la-fabrique/personnes/{number}/")
    alice.locator("form[action$='/role/'] select").select_option("10")
    alice.locator("form[action$='/role/'] button").click()
    expect(bob.locator("[data-part=state]")).to_have_text("Lecture seule")
    expect(bob.get_by_text("vous ne pouvez plus écrire dans ce texte")).to_be_visible()
    expect(bob.get_by_role("toolbar")).to_be_hidden()
    area = bob.locator(".text-area")
    area.click()
    here = bob.url
    for key in ("x", "h", "c", "/"):  # neither words nor the shortcuts of the page
        bob.keyboard.press(key)
    expect(area).to_have_text("Entre nous")
    assert bob.url == here
    assert not bob.locator("details[data-menu-create][open]").count()

    kept = "indexedDB.databases().then((all) => all.map(({ name }) => name).filter((name) => name.includes('text')))"
    assert bob.evaluate(kept)
    alice.goto(f"/s/la-fabrique/personnes/{number}/")
    alice.locator("button[name=status][value=left]").click()
    alice.locator("dialog[open] [data-slot=yes]").click()
    expect(bob.locator(".text-sheet")).to_have_text("Ce texte ne vous est plus ouvert.")
    bob.wait_for_function(f"{kept}.then((names) => !names.length)")
