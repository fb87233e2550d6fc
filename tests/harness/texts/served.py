"""A server whose polls have texts, and how one opens them: `from tests.harness.texts.served import texts`."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.harness import server as servers
from tests.harness.server import DemoAccount, Server

ROOT = Path(__file__).resolve().parents[3]
SignIn = Callable[[Page, DemoAccount], None]


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("texts") / "data"
    with servers.running(data, DJANGO_SETTINGS_MODULE="tests.harness.texts.settings", PYTHONPATH=str(ROOT)) as running:
        yield running


def open_text(page: Page, server: Server, sign_in: SignIn, who: str, number: int) -> Page:
    """Sign `who` in and open the text of the poll `number`; a text that is ready to be written."""
    sign_in(page, server.account(who, "la-fabrique"))
    page.goto(f"/s/la-fabrique/sondages/{number}/texte/")
    expect(page.locator("tilios-text[data-ready]")).to_be_visible()
    return page


def write(page: Page, words: str) -> None:
    """Type `words` where the text is clicked, and wait until the server has them."""
    page.locator(".text-area").click()
    page.keyboard.type(words)
    saved(page)


def saved(page: Page) -> None:
    expect(page.locator("[data-part=state]")).to_have_text("Enregistré")


def choose_word(page: Page, word: str) -> None:
    """Select the first `word` of the text, by a double click on it."""
    place = page.locator(".text-area").evaluate(
        """async (area, word) => {
            const walker = document.createTreeWalker(area, NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) {
                const at = walker.currentNode.data.indexOf(word);
                if (at < 0) continue;
                walker.currentNode.parentElement.scrollIntoView({ block: "center" });
                // What was just put in may still scroll to itself.
                await new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
                walker.currentNode.parentElement.scrollIntoView({ block: "center" });
                const range = document.createRange();
                range.setStart(walker.currentNode, at);
                range.setEnd(walker.currentNode, at + word.length);
                const { x, y, width, height } = range.getBoundingClientRect();
                return [x + width / 2, y + height / 2];
            }
            throw new Error(`no ${word} in the text`);
        }""",
        word,
    )
    page.mouse.dblclick(*place)
