"""A real server with the demo, a real Chromium, and three ways to look at Tilios: phone, desk, no JavaScript."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.harness import browser as harness
from tests.harness import server as servers


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Server]:
    """One Tilios with the demo for all browser tests of a process: make what you change, count on nothing else."""
    with servers.running(tmp_path_factory.mktemp("server") / "data") as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = harness.launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser: Browser, server: servers.Server) -> Iterator[Callable[..., Page]]:
    """Open a page as somebody new (no cookies): `new_page()` is a desk, `new_page(**PHONE)` a phone.

    Options are Playwright's for a context. At the end of the test, what the watch saw in any page fails it.
    """
    with ExitStack() as contexts:

        def open_page(*, url: str = server.url, **options: Any) -> Page:
            context = contexts.enter_context(harness.watched_context(browser, url, **(harness.DESK | options)))
            return context.new_page()

        yield open_page


@pytest.fixture
def desk(new_page: Callable[..., Page]) -> Page:
    """A page on a screen of 1280 by 900."""
    return new_page()


@pytest.fixture
def page(phone: Page) -> Page:
    """The page of a test that does not care where: a phone, which is harder."""
    return phone


@pytest.fixture
def phone(new_page: Callable[..., Page]) -> Page:
    """A page on a touch screen of 390 by 844."""
    return new_page(**harness.PHONE)


@pytest.fixture
def no_js(new_page: Callable[..., Page]) -> Page:
    """A page on a phone whose browser runs no JavaScript."""
    return new_page(**harness.PHONE, java_script_enabled=False)


@pytest.fixture
def sign_in() -> Callable[[Page, servers.DemoAccount], None]:
    """Sign somebody of the demo in, through the form: `sign_in(page, server.account("admin"))`."""

    def enter(page: Page, account: servers.DemoAccount) -> None:
        page.goto("/compte/login/")
        page.locator("input[name=login]").fill(account.email)
        page.locator("input[name=password]").fill(account.password)
        page.locator("input[name=password]").press("Enter")
        page.wait_for_url(lambda url: "/login/" not in url)

    return enter
