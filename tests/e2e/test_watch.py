"""The watch over the pages sees what it is there to see: each fault is made on purpose, on a small server."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.harness.browser import DESK, axe, watched_context

FAULTS = {
    "request to another host": '<img src="http://tilios.invalid/one-pixel.png" alt="">',
    "CSP violation": '<p style="color: red">red</p>',
    "JavaScript error": '<script src="/broken.js"></script>',
    "a part of the page is missing": '<link rel="stylesheet" href="/missing.css">',
}


class Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/broken.js":
            self._send("text/javascript", "nowhere.toBeFound()")
        elif self.path == "/missing.css":
            self.send_error(404)
        else:
            extra = FAULTS.get(self.path.strip("/").replace("-", " "), "")
            self._send(
                "text/html; charset=utf-8",
                f'<!doctype html><html lang="fr"><title>Page</title><main><h1>Bonjour</h1>{extra}</main></html>',
            )

    def _send(self, media_type: str, body: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Security-Policy", "default-src 'self'; img-src *")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def pages() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_right_page_passes(browser, pages):
    with watched_context(browser, pages, **DESK) as context:
        page = context.new_page()
        page.goto("/")
        assert page.get_by_role("heading").inner_text() == "Bonjour"


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_fails_the_test_that_saw_it(browser, pages, fault):
    with pytest.raises(AssertionError, match=fault), watched_context(browser, pages, **DESK) as context:
        context.new_page().goto(f"/{fault.replace(' ', '-')}", wait_until="networkidle")


def test_axe_speaks_through_a_strict_policy(browser, pages):
    with watched_context(browser, pages, **DESK) as context:
        page = context.new_page()
        page.goto("/")
        assert axe(page) == []
        page.evaluate("document.querySelector('h1').innerHTML = '<button></button>'")
        assert any(fault.startswith("button-name:") for fault in axe(page))
