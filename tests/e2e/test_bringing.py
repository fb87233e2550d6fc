"""A zip brought in from the browser: sent, looked at, confirmed, reported, undone."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.harness import browser as harness
from tests.harness.server import Server


def test_a_zip_is_sent_looked_at_brought_in_and_undone(
    server: Server, new_page: Callable[..., Page], sign_in: Callable[..., None], tmp_path: Path
) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("Fête du lieu/programme.txt", "18 h : concert")
        archive.writestr("Fête du lieu/" + "é" * 150 + ".txt", "un nom trop long")
        archive.writestr("../dehors.txt", "rien à faire ici")
    zipped = tmp_path / "Archives.zip"
    zipped.write_bytes(content.getvalue())
    page = new_page(**harness.PHONE)
    account = server.account("member", "la-fabrique")
    sign_in(page, account)
    page.goto("/s/la-fabrique/fichiers/")
    page.get_by_role("link", name="Commun", exact=True).first.click()
    page.goto(page.url.rstrip("/") + "/apporter/")
    assert harness.axe(page) == []
    page.get_by_role("button", name="Depuis un zip").click()
    page.locator("input[type=file]").set_input_files(str(zipped))
    expect(page.get_by_role("heading", name="Zips à lire")).to_be_visible()
    assert harness.axe(page) == []
    page.get_by_role("button", name="Voir ce qui viendrait").click()
    expect(page.get_by_role("heading", name="Ce qui viendrait", exact=True)).to_be_visible(timeout=30_000)
    expect(page.get_by_text("../dehors.txt")).to_be_visible()
    assert harness.axe(page) == []
    page.get_by_role("button", name="Apporter 2 fichiers").click()
    expect(page.get_by_text("2 fichiers sont arrivés.")).to_be_visible(timeout=30_000)
    assert harness.axe(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger le compte rendu").click()
    assert "programme.txt" in download.value.path().read_text("utf-8-sig")
    page.get_by_role("button", name="Tout annuler").click()
    page.get_by_role("dialog").get_by_role("button", name="Tout annuler").click()
    expect(page.get_by_text("2 fichiers ont été repris")).to_be_visible(timeout=30_000)
