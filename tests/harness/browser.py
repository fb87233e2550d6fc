"""Pages in Debian's Chromium, watched: a request to another host, a broken CSP or a JavaScript error fails the test."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request, Response

from tests.harness import programs

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"

ARGUMENTS = [
    "--no-sandbox",  # the tests may run as root
    "--disable-gpu",
    "--disable-dev-shm-usage",  # /dev/shm is tiny in a container
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

FRENCH = {"locale": "fr-FR", "timezone_id": "Europe/Paris"}
PHONE = {
    **FRENCH,
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}
DESK = {**FRENCH, "viewport": {"width": 1280, "height": 900}}

# What a page is made of: a page that lacks one of these is broken, whatever it shows.
PARTS_OF_A_PAGE = {"stylesheet", "script", "font", "image", "manifest"}
WITHOUT_NETWORK = {"data", "blob", "about"}


def launch(playwright: Playwright) -> Browser:
    chromium = programs.find("chromium", package="chromium")
    return playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)


@dataclass
class Watch:
    """What went wrong in the pages of a context, one sentence each.

    A test that provokes one of these on purpose removes it: `watch.faults.clear()`.
    """

    host: str
    faults: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"JavaScript error: {error.error}"))

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in WITHOUT_NETWORK and parts.netloc != self.host:
            self.faults.append(f"request to another host: {request.method} {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.request.resource_type in PARTS_OF_A_PAGE:
            self.faults.append(f"a part of the page is missing: {response.status} {response.url}")

    def _console(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.faults.append(f"CSP violation: {message.text} ({message.location.get('url', '')})")


@contextmanager
def watched_context(browser: Browser, url: str, **options: Any) -> Iterator[BrowserContext]:
    """A browser context of its own (cookies, storage) on the server at `url`; its faults fail on the way out."""
    context = browser.new_context(base_url=url, **options)
    context.set_default_timeout(10_000)
    watch = Watch(urlsplit(url).netloc)
    watch.over(context)
    context.watch = watch  # type: ignore[attr-defined]
    try:
        yield context
    finally:
        context.close()
    assert not watch.faults, "\n".join(watch.faults)


def faults(page: Page) -> list[str]:
    """What the watch has seen so far in the context of `page`; clear it to forgive what a test provokes."""
    return page.context.watch.faults  # type: ignore[attr-defined]


@cache
def _axe_source() -> str:
    if not AXE.is_file():
        raise programs.Missing(f"{AXE.relative_to(ROOT)} is missing. Type: make setup")
    return AXE.read_text("utf-8")


def axe(page: Page, *, ignore: tuple[str, ...] = ()) -> list[str]:
    """What axe-core finds against WCAG 2.2 AA in `page`, one sentence a fault; empty when the page is right.

    `ignore` names rules to leave out, such as "color-contrast".
    """
    # Evaluated by the debugger, which the page's CSP does not bind: a script element would be refused.
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe_source())
    result = page.evaluate(
        """async (ignored) => await axe.run(document, {
            runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
            rules: Object.fromEntries(ignored.map((rule) => [rule, {enabled: false}])),
            resultTypes: ["violations"],
            preload: false,  // of sheets and films, for rules that are not asked
        })""",
        list(ignore),
    )
    return [
        f"{violation['id']}: {violation['help']} — {node['html'][:200]} ({node.get('failureSummary', '').strip()})"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]
