"""Documents in a real browser: the viewer of PDF in its frame without origin, and a page for each other kind."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.harness import browser as harness
from tests.harness import server as servers
from tests.harness.server import Server
from tilios.core.reading.tests import hostile, samples

NewPage = Callable[..., Page]
PAGES = 12


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A Tilios with the shelf, and documents on it."""
    data = tmp_path_factory.mktemp("shelf") / "data"
    folder = data / "shelf"
    folder.mkdir(parents=True)
    documents = {
        "livre.pdf": samples.pdf(PAGES),
        "clos.pdf": samples.pdf_with_password(),
        "faux.pdf": b"%PDF-1.7 rien du tout",
        "annuaire.pdf": hostile.long_pdf(3000),
        "lettre.docx": samples.written("docx"),
        "notes.md": samples.MARKDOWN.encode(),
        "page.html": b"<html><h1>Le four</h1><script>document.title = 'pris'</script><p>ouvre</p></html>",
        "programme.py": b"def four():\n    return 7\n" * 60,
        "texte.txt": "Un poème d’été.\n".encode("cp1252"),
        "liste.csv": samples.sheet("csv", 300),
        "message.eml": samples.message(),
        "archive.zip": hostile._zip({"a.txt": b"x" * 3000, "b/c.txt": b"y"}),
        "inconnu.bin": bytes(2000),
    }
    for name, content in documents.items():
        (folder / name).write_bytes(content)
    with servers.running(data, demo=False, DJANGO_SETTINGS_MODULE="tests.e2e.shelf.settings") as running:
        yield running


def open_document(page: Page, name: str) -> None:
    page.goto(f"/etagere/{name}/")
    expect(page.locator("#apercu:not([hx-get])")).to_be_visible(timeout=60_000)


def pages_of(page: Page) -> FrameLocator:
    return page.frame_locator("iframe.pdf-frame")


def test_the_pages_of_a_pdf_are_drawn_walked_through_and_made_larger(new_page: NewPage, shelf: Server) -> None:
    page = new_page(url=shelf.url)
    warnings: list[str] = []
    page.on("console", lambda message: warnings.append(message.text))
    open_document(page, "livre.pdf")
    expect(page.locator("[data-pdf-pages]")).to_have_text(str(PAGES))
    frame = pages_of(page)
    expect(frame.locator("section.page").first).to_have_attribute("data-drawn", "yes")
    assert not [text for text in warnings if "fake worker" in text], "the worker did not start"

    # The text can be selected: it lies above the drawing.
    expect(frame.get_by_text("Chapitre 1", exact=True)).to_be_attached()

    current = page.locator("[data-pdf-page]")
    page.get_by_role("button", name="Page suivante").click()
    expect(current).to_have_value("2")
    current.fill("9")
    current.press("Enter")
    expect(current).to_have_value("9")
    expect(frame.get_by_text("Chapitre 9", exact=True)).to_be_attached()
    expect(frame.locator("section.page").first).not_to_have_attribute("data-drawn", "yes")  # memory is given back
    current.fill("400")
    current.press("Enter")
    expect(current).to_have_value("9")

    # With the keys, in the frame.
    frame.locator("#pages").focus()
    page.keyboard.press("End")
    expect(current).to_have_value(str(PAGES))
    expect(frame.get_by_text(f"Chapitre {PAGES}", exact=True)).to_be_attached()
    page.keyboard.press("Home")
    expect(current).to_have_value("1")

    scale = page.locator("[data-pdf-scale]")
    before = scale.inner_text()
    width = frame.locator("section.page").first.bounding_box()
    # First over it, as a hand would be: the page has just scrolled, and the frame is another process.
    larger = page.get_by_role("button", name="Plus grand")
    larger.hover()
    larger.click()
    expect(scale).not_to_have_text(before)
    after = frame.locator("section.page").first.bounding_box()
    assert width
    assert after
    assert after["width"] > width["width"]
    page.get_by_role("button", name="Ajuster à la largeur").click()
    expect(scale).to_have_text(before)


def test_the_frame_of_a_pdf_has_no_origin_no_cookie_and_no_network(new_page: NewPage, shelf: Server) -> None:
    page = new_page(url=shelf.url)
    open_document(page, "livre.pdf")
    expect(pages_of(page).locator("section.page").first).to_have_attribute("data-drawn", "yes")
    (frame,) = [frame for frame in page.frames if "/visionneuse/" in frame.url]
    assert frame.evaluate("origin") == "null"
    refused = frame.evaluate(
        """async () => {
            const tried = {
                cookie: () => document.cookie,
                storage: () => localStorage.length,
                parent: () => parent.document.title,
                fetch: () => fetch("/health"),
                page: () => fetch(location.href),
            };
            const refused = [];
            for (const [name, attempt] of Object.entries(tried)) {
                try { await attempt(); } catch { refused.push(name); }
            }
            return refused;
        }"""
    )
    assert refused == ["cookie", "storage", "parent", "fetch", "page"]
    harness.faults(page).clear()  # what was tried on purpose


def test_a_long_pdf_opens_without_being_fetched_whole(new_page: NewPage, shelf: Server) -> None:
    page = new_page(url=shelf.url)
    asked: list[str] = []
    page.on(
        "request", lambda request: asked.append(request.headers.get("range", "")) if "octets" in request.url else None
    )
    open_document(page, "annuaire.pdf")
    expect(page.locator("[data-pdf-pages]")).to_have_text("3000", timeout=30_000)
    expect(pages_of(page).locator("section.page").first).to_have_attribute("data-drawn", "yes")
    assert all(header.startswith("bytes=") for header in asked), asked


@pytest.mark.parametrize(("name", "words"), [("clos.pdf", "mot de passe"), ("faux.pdf", "abîmé")])
def test_a_pdf_that_cannot_be_shown_says_why_and_can_be_had(
    new_page: NewPage, shelf: Server, name: str, words: str
) -> None:
    page = new_page(url=shelf.url)
    open_document(page, name)
    expect(page.locator("#apercu")).to_contain_text(words, timeout=20_000)
    expect(page.get_by_role("link", name="Télécharger").first).to_be_visible()


def test_without_a_script_a_pdf_can_be_had(new_page: NewPage, shelf: Server) -> None:
    page = new_page(url=shelf.url, **harness.PHONE, java_script_enabled=False)
    page.goto("/etagere/livre.pdf/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger le document").click()
    assert download.value.suggested_filename == "livre.pdf"


def test_an_office_document_appears_by_itself_once_it_is_laid_out(new_page: NewPage, shelf: Server) -> None:
    page = new_page(url=shelf.url)
    page.goto("/etagere/lettre.docx/")
    expect(page.locator("#apercu")).to_contain_text("en préparation")
    expect(page.locator("[data-pdf-pages]")).to_have_text("1", timeout=60_000)
    expect(pages_of(page).get_by_text("un four à pain")).to_be_attached()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("notes.md", "un four à pain"),
        ("page.html", "ouvre"),
        ("programme.py", "return 7"),
        ("texte.txt", "Un poème d’été."),
        ("liste.csv", "Personne 198"),
        ("message.eml", "Voici le compte rendu."),
        ("archive.zip", "b/c.txt"),
        ("inconnu.bin", "application/octet-stream"),
        ("livre.pdf", "sur"),
    ],
)
@pytest.mark.parametrize("screen", [harness.PHONE, harness.DESK], ids=["phone", "desk"])
def test_each_kind_is_shown_within_the_screen_and_within_reach_of_everybody(
    new_page: NewPage, shelf: Server, name: str, words: str, screen: dict[str, object]
) -> None:
    page = new_page(url=shelf.url, **screen)
    open_document(page, name)
    expect(page.locator("#apercu")).to_contain_text(words)
    assert page.title() != "pris"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the screen"
    assert harness.axe(page) == []


@pytest.mark.parametrize("theme", [{"color_scheme": "dark"}, {"contrast": "more"}], ids=["dark", "contrast"])
@pytest.mark.parametrize("name", ["programme.py", "liste.csv", "livre.pdf"])
def test_each_theme_has_enough_contrast(new_page: NewPage, shelf: Server, name: str, theme: dict[str, str]) -> None:
    page = new_page(url=shelf.url, **theme)
    open_document(page, name)
    assert harness.axe(page) == []
