"""Every page one can reach by following links, as an administrator: axe finds nothing, in light and dark, on a phone
and on a desk; nothing overflows; no page is empty of a heading.
"""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.harness import browser as harness
from tests.harness.server import DemoAccount, Server

START = ("/s/la-fabrique/", "/compte/", "/hebergeur/")
#: Not pages: files, feeds, what signs out.
NOT_PAGES = re.compile(
    r"/logout/|/telecharger/$|/brut/$|/zip/|/fichier/$|\.(css|svg|png|csv|ods|zip|ics|rss|vcf|json|xlsx|pdf|gz)$|/export|/static/|\?|#|/logo/$"
)

NO_TRANSITION = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("*, *::before, *::after { transition: none !important }");
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""


def shape(path: str) -> str:
    """Pages that differ by a number or a token only are one."""
    return re.sub(r"/(\d+|[A-Za-z0-9_-]{20,})(?=/|$)", "/*", path)


def walk(page: Page, look: Callable[[str], None], *, most: int = 150) -> list[str]:
    """Look at pages, one of each shape, found by following links; their addresses."""
    seen: dict[str, str] = {}
    waiting = list(START)
    while waiting and len(seen) < most:
        path = waiting.pop(0)
        if shape(path) in seen:
            continue
        response = page.goto(path)
        if response is None or response.status != 200 or "html" not in response.headers.get("content-type", ""):
            assert response is not None, path
            assert response.status < 500, path
            continue
        seen[shape(path)] = path
        for link in page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)"):
            parts = urlsplit(link)
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            if parts.netloc == urlsplit(page.url).netloc and not NOT_PAGES.search(target):
                waiting.append(target)
        look(path)
    return list(seen.values())


@pytest.mark.slow
def test_every_page_is_accessible(
    new_page: Callable[..., Page], server: Server, sign_in: Callable[[Page, DemoAccount], None]
) -> None:
    page = new_page(**harness.PHONE, color_scheme="light", reduced_motion="reduce")
    sign_in(page, server.account("admin", "la-fabrique"))
    problems: list[str] = []

    def look(path: str) -> None:
        """On a phone in light, then the same page, loaded once, on a desk in dark."""
        look_at("phone", path)
        page.evaluate(NO_TRANSITION)  # a colour on its way to the other theme is nobody's fault
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size(harness.DESK["viewport"])
        look_at("desk", path)
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(harness.PHONE["viewport"])

    def look_at(place: str, path: str) -> None:
        problems.extend(f"{path} on a {place}: {fault}" for fault in harness.axe(page))
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
            problems.append(f"{path}: wider than the {place}")
        if page.locator("h1").count() != 1:
            problems.append(f"{path}: {page.locator('h1').count()} h1")

    paths = walk(page, look)
    assert len(paths) > 15, paths
    assert not problems, "\n".join(problems)
