"""What a text holds besides words, what stands beside it, and how it is reached without a mouse."""

import base64
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.harness import browser as harness
from tests.harness.server import DemoAccount, Server
from tests.harness.texts.served import choose_word, open_text, saved, texts, write

__all__ = ["texts"]
SignIn = Callable[[Page, DemoAccount], None]
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def test_pictures_notes_formulas_cards_and_names_are_put_in_and_found_again(
    new_page: Callable[..., Page], texts: Server, sign_in: SignIn
) -> None:
    page = open_text(new_page(url=texts.url), texts, sign_in, "admin", 1)
    area = page.locator(".text-area")
    write(page, "Bonjour @bob")
    page.locator("#text-picking-mention [role=option]").first.wait_for()
    page.keyboard.press("Enter")
    expect(area.locator("[data-mention]")).to_contain_text("@Bob")

    page.keyboard.press("Control+Alt+f")
    page.keyboard.type("La source.")
    expect(area.locator(".text-note")).to_have_css("clip-path", "none")
    page.keyboard.press("Enter")
    expect(area.locator(".text-note")).not_to_have_css("clip-path", "none")
    page.keyboard.type("et ensuite /ligne")
    page.get_by_role("option", name="Formule dans la ligne").wait_for()
    page.keyboard.press("Enter")
    page.get_by_label("Formule, écrite en TeX").fill("\\frac{a}{b}")
    expect(page.locator("dialog[open] [data-preview] math")).to_be_visible()
    page.locator("dialog[open]").get_by_role("button", name="Enregistrer").click()
    expect(area.locator("span[data-math] math")).to_be_visible()

    # A picture is described when it comes.
    page.locator("[data-part=file]").set_input_files({"name": "p.png", "mimeType": "image/png", "buffer": PICTURE})
    page.get_by_label("Ce que montre l'image").fill("Le plan de la salle")
    page.locator("dialog[open]").get_by_role("button", name="Enregistrer").click()
    expect(area.get_by_alt_text("Le plan de la salle")).to_be_visible()
    page.locator("[data-part=file]").set_input_files({"name": "q.png", "mimeType": "image/png", "buffer": PICTURE})
    page.locator("dialog[open]").get_by_role("button", name="Plus tard").click()
    area.get_by_role("button", name="Décrire l'image").click()
    page.get_by_label("Elle décore seulement").check()
    page.locator("dialog[open]").get_by_role("button", name="Enregistrer").click()
    expect(area.get_by_role("button", name="Décrire l'image")).to_have_count(0)

    # Things of other tools, live.
    area.get_by_text("Bonjour").click(position={"x": 5, "y": 5})
    page.keyboard.press("Control+End")
    page.keyboard.type("/sondage")
    page.get_by_role("option", name="Sondage ou vote coloré").wait_for()
    page.keyboard.press("Enter")
    page.locator("dialog[open] [data-choices] button").first.wait_for()
    page.keyboard.type("quand tenir")
    expect(page.locator("dialog[open] [data-choices] li")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(area.locator(".text-embed .embed-title a")).to_have_text("Quand tenir notre assemblée générale ?")
    expect(area.locator(".text-embed svg").first).to_be_visible()
    saved(page)

    # Somebody is named in a comment too.
    choose_word(page, "Bonjour")
    page.keyboard.press("Control+Alt+m")
    page.keyboard.type("Vu avec @bob")
    page.locator(".mention-list [role=option]").first.wait_for()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Votre commentaire")).to_have_value("Vu avec @Bob Lambert ")
    page.get_by_role("button", name="Commenter", exact=True).click()
    expect(page.locator("[data-part=threads]")).to_contain_text("Vu avec @Bob Lambert")

    page.reload()
    expect(area.locator("[data-mention], [data-footnote], span[data-math]")).to_have_count(3)
    area.locator(".text-embed").scroll_into_view_if_needed()
    expect(area.locator(".text-embed svg").first).to_be_visible()
    area.get_by_role("button", name="Note de bas de page").click()
    expect(area.locator(".text-note")).to_have_text("La source.")
    expect(area.locator(".text-note")).to_have_css("clip-path", "none")
    assert not harness.axe(page)
    page.emulate_media(media="print")
    expect(page.get_by_role("toolbar")).to_be_hidden()
    expect(area.locator(".text-note")).to_be_visible()
