"""The one process serves: pages, statics, sign-in; it stops when asked."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.harness import server as servers
from tests.harness.browser import axe


@pytest.mark.parametrize("screen", ["phone", "desk", "no_js"])
def test_the_sign_in_page_is_whole(request, server, screen):
    page = request.getfixturevalue(screen)
    page.goto("/compte/login/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    if screen != "no_js":
        assert axe(page) == []


@pytest.mark.parametrize("screen", ["phone", "no_js"])
def test_someone_of_the_demo_signs_in(request, server, sign_in, screen):
    page = request.getfixturevalue(screen)
    sign_in(page, server.account("member", "la-fabrique"))
    page.goto("/s/la-fabrique/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_an_empty_instance_stops_as_it_started(tmp_path: Path):
    with servers.running(tmp_path / "data", demo=False) as server:
        server.process.terminate()
        assert server.process.wait(timeout=servers.STOP_WITHIN_S) == 0, server.log.read_text("utf-8")
