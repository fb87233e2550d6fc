"""Files in a real browser: sent, chosen by keyboard, moved, thrown away, brought back; without a script too."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.harness import browser as harness
from tests.harness.server import DemoAccount, Server

FILES = "/s/la-fabrique/fichiers/"


def open_common(page: Page, server: Server, sign_in: Callable[[Page, DemoAccount], None], who: str = "admin") -> None:
    sign_in(page, server.account(who, "la-fabrique"))
    page.goto(FILES)
    page.get_by_role("link", name="Commun").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Commun")


def row(page: Page, name: str) -> Locator:
    return page.locator("tr[data-item]", has=page.get_by_role("link", name=name, exact=True))


def test_files_are_sent_and_the_list_shows_them_by_itself(
    new_page: Callable[..., Page], server: Server, sign_in: Callable[[Page, DemoAccount], None], tmp_path: Path
) -> None:
    page = new_page(**harness.DESK)
    open_common(page, server, sign_in)
    page.get_by_role("button", name="Déposer des fichiers").first.click()
    for name in ("affiche 1.txt", "affiche 2.txt"):
        (tmp_path / name).write_text(name)
    page.locator("tilios-uploader input[type=file]").set_input_files(
        [str(tmp_path / "affiche 1.txt"), str(tmp_path / "affiche 2.txt")]
    )
    expect(page.locator('.uploader-row[data-state="done"]')).to_have_count(2)
    page.keyboard.press("Escape")
    expect(row(page, "affiche 1.txt")).to_be_visible()
    # A second time: the name is taken, the person says what to do for all.
    page.get_by_role("button", name="Déposer des fichiers").first.click()
    page.locator("tilios-uploader input[type=file]").set_input_files([str(tmp_path / "affiche 1.txt")])
    question = page.locator("dialog.uploader-question")
    question.get_by_role("button", name=re.compile("Garder les deux")).click()
    expect(page.locator('.uploader-row[data-state="done"]').first).to_be_visible()
    page.keyboard.press("Escape")
    expect(row(page, "affiche 1 (2).txt")).to_be_visible()


def test_the_keyboard_alone_chooses_throws_away_and_undo_brings_back(
    new_page: Callable[..., Page], server: Server, sign_in: Callable[[Page, DemoAccount], None]
) -> None:
    page = new_page(**harness.DESK)
    open_common(page, server, sign_in)
    row(page, "Bienvenue.md").get_by_role("link", name="Bienvenue.md").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.locator("[data-selected-count]")).to_have_text("2")
    page.keyboard.press("Delete")
    expect(page.get_by_text("2 éléments sont dans la corbeille")).to_be_visible()
    expect(row(page, "Bienvenue.md")).to_have_count(0)
    page.get_by_role("button", name="Annuler").click()
    expect(row(page, "Bienvenue.md")).to_be_visible()
    row(page, "Photos").get_by_role("link", name="Photos").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Photos")


def test_a_file_dragged_onto_a_folder_goes_into_it(
    new_page: Callable[..., Page], server: Server, sign_in: Callable[[Page, DemoAccount], None]
) -> None:
    page = new_page(**harness.DESK)
    open_common(page, server, sign_in)
    row(page, "Plan du lieu.png").drag_to(row(page, "Photos"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Photos")
    expect(page.get_by_role("link", name="Plan du lieu.png")).to_be_visible()


def test_without_a_script_everything_is_done_by_boxes_and_buttons(
    new_page: Callable[..., Page], server: Server, sign_in: Callable[[Page, DemoAccount], None], tmp_path: Path
) -> None:
    page = new_page(**harness.PHONE, java_script_enabled=False)
    open_common(page, server, sign_in, "member")
    (tmp_path / "sans.txt").write_text("sans script")
    page.get_by_role("button", name="Déposer des fichiers").first.click()  # the window opens without a script
    page.locator("tilios-uploader input[type=file]").set_input_files(str(tmp_path / "sans.txt"))
    page.locator("tilios-uploader button.no-js").click()
    expect(page.get_by_text("1 fichier est déposé")).to_be_visible()
    box = page.locator("tr[data-item]", has_text="sans.txt").locator("input[name=choix]")
    box.check()
    page.locator("[data-selection-bar] button[value=deplacer]").click()
    page.get_by_role("link", name="Photos").click()
    page.get_by_role("button", name=re.compile("Déplacer dans")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Photos")
    expect(page.get_by_text("sans.txt").first).to_be_visible()


def test_a_visitor_drops_files_in_a_box_and_sees_nothing_of_what_is_there(
    new_page: Callable[..., Page], server: Server, sign_in: Callable[[Page, DemoAccount], None], tmp_path: Path
) -> None:
    page = new_page(**harness.DESK)
    open_common(page, server, sign_in)
    row(page, "Photos").get_by_role("link", name="Photos").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Photos")
    page.get_by_role("link", name="Partager").click()
    page.get_by_label("Envoyer des fichiers, sans rien voir").check()
    page.get_by_role("button", name="Créer le lien").click()
    link = page.locator("input[readonly]").first.input_value()
    visitor = new_page(**harness.PHONE)
    visitor.goto("/l/" + link.partition("/l/")[2])
    visitor.get_by_label("Votre nom").fill("Zoé")
    visitor.get_by_role("button", name="Continuer").click()
    (tmp_path / "affiche.txt").write_text("de Zoé")
    visitor.locator("tilios-uploader input[type=file]").set_input_files(str(tmp_path / "affiche.txt"))
    expect(visitor.locator('.uploader-row[data-state="done"]')).to_have_count(1)
    expect(visitor.get_by_text("Façade au printemps")).to_have_count(0)
    page.goto(FILES)
    page.get_by_role("link", name="Commun").click()
    row(page, "Photos").get_by_role("link", name="Photos").click()
    expect(page.get_by_role("link", name="affiche.txt").first).to_be_visible()
