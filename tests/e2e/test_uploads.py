"""A file sent in a real browser goes on where it stopped: the server killed, the browser killed, the line cut."""

import hashlib
import os
import random
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from playwright.sync_api import Error as PlaywrightError

from tests.harness import browser as harness
from tests.harness import programs, reception
from tests.harness import server as servers

SIZE = 300_000_000  # TILIOS_TEST_UPLOAD_BYTES=2000000000 for more
#: What the server may hold more than before the file came: it does not grow with the file.
MOST_MORE = 80 * 2**20


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Server]:
    data = tmp_path_factory.mktemp("uploads") / "data"
    with servers.running(data, DJANGO_SETTINGS_MODULE=reception.SETTINGS) as running:
        yield running


@pytest.fixture
def reception_page(
    server: servers.Server, new_page: Callable[..., Page], sign_in: Callable[..., None]
) -> Callable[..., Page]:
    def come(**options: object) -> Page:
        page = new_page(**options)
        account = server.account("member")
        sign_in(page, account)
        page.goto(f"/s/{account.structure}/reception/")
        return page

    return come


def choose(page: Page, *files: Path) -> None:
    page.locator("input[type=file]").set_input_files([str(file) for file in files])


def rows(page: Page, state: str) -> Locator:
    return page.locator(f'.uploader-row[data-state="{state}"]')


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def received(page: Page) -> str:
    return page.locator("#received").inner_text()


def test_files_are_sent_and_the_page_hears_of_it(reception_page: Callable[..., Page], tmp_path: Path) -> None:
    page = reception_page()
    one, two = written(tmp_path, "un été.txt", b"un"), written(tmp_path, "vide.txt", b"")
    choose(page, one, two)
    expect(rows(page, "done")).to_have_count(2)
    expect(page.locator("#received")).to_contain_text(hashlib.sha256(b"un").hexdigest())
    assert "vide.txt" in received(page)
    expect(page.locator("tilios-uploader [role=status]")).to_have_text("L’envoi est terminé. 2 fichiers envoyés sur 2")
    assert harness.axe(page) == []


def test_what_the_tool_refuses_is_said_in_its_words(reception_page: Callable[..., Page], tmp_path: Path) -> None:
    page = reception_page(**harness.PHONE)
    choose(page, written(tmp_path, "virus.exe", b"x"))
    expect(rows(page, "failed")).to_contain_text("No programs here.")
    page.get_by_role("button", name="Réessayer – virus.exe").click()
    expect(rows(page, "failed")).to_have_count(1)
    assert harness.axe(page) == []
    page.get_by_role("button", name="Annuler – virus.exe").click()
    expect(page.locator(".uploader-row")).to_have_count(0)


def test_a_name_that_is_taken_is_asked_about_once_for_all(reception_page: Callable[..., Page], tmp_path: Path) -> None:
    page = reception_page()
    names = ["a.txt", "b.txt", "c.txt"]
    files = [written(tmp_path, name, b"premier") for name in names]
    choose(page, *files)
    expect(rows(page, "done")).to_have_count(3)
    page.get_by_role("button", name="Vider la liste").click()
    for file in files:
        file.write_bytes(b"second")
    choose(page, *files)
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text("is there already")
    dialog.get_by_label("Faire de même pour tous les autres").check()
    dialog.get_by_role("button", name="Garder les deux").click()
    expect(rows(page, "done")).to_have_count(3)
    expect(page.locator("#received")).to_contain_text("a (2).txt")
    expect(page.locator("#received")).to_contain_text("c (2).txt")
    assert page.locator("dialog[open]").count() == 0


def test_folders_that_are_dropped_keep_their_paths(reception_page: Callable[..., Page]) -> None:
    """A drop made by hand: a folder in a folder, as the browser gives it."""
    page = reception_page()
    page.evaluate(
        """() => {
            const file = (name, path) => ({isDirectory: false, fullPath: path,
                file: (done) => done(new File(["x" + path], name))});
            const folder = (path, all) => ({isDirectory: true, fullPath: path, createReader: () => {
                const batches = [all, []];
                return {readEntries: (done) => done(batches.shift())};
            }});
            const tree = folder("/Photos", [file("p1.jpg", "/Photos/p1.jpg"),
                folder("/Photos/2026", [file("p2.jpg", "/Photos/2026/p2.jpg")])]);
            const item = {kind: "file", webkitGetAsEntry: () => tree, getAsFile: () => null};
            const event = new Event("drop", {bubbles: true, cancelable: true});
            event.dataTransfer = {types: ["Files"], items: [item], files: []};
            document.querySelector("tilios-uploader form").dispatchEvent(event);
        }"""
    )
    expect(rows(page, "done")).to_have_count(2)
    assert sorted(page.locator(".uploader-path").all_inner_texts()) == ["Photos", "Photos/2026"]


def test_keys_alone_pause_resume_and_cancel(
    server: servers.Server, reception_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = reception_page()
    slow(page, 1_000_000)
    choose(page, written(tmp_path, "lent.bin", random.Random(1).randbytes(30_000_000)))
    pause = page.get_by_role("button", name="Suspendre – lent.bin")
    pause.focus()
    page.keyboard.press("Enter")
    expect(rows(page, "paused")).to_have_count(1)
    expect(page.get_by_role("button", name="Reprendre – lent.bin")).to_be_focused()
    page.keyboard.press("Enter")
    expect(rows(page, "going")).to_have_count(1)
    until(lambda: partial_size(server) > 0)
    page.get_by_role("button", name="Annuler – lent.bin").press("Enter")
    expect(page.locator(".uploader-row")).to_have_count(0)
    expect(page.get_by_role("button", name="Choisir des fichiers")).to_be_focused()
    until(lambda: partial_size(server) == 0)


def test_without_javascript_the_form_posts(
    server: servers.Server, no_js: Page, sign_in: Callable[..., None], tmp_path: Path
) -> None:
    account = server.account("member")
    sign_in(no_js, account)
    no_js.goto(f"/s/{account.structure}/reception/")
    choose(no_js, written(tmp_path, "simple.txt", b"bonjour"))
    no_js.get_by_role("button", name="Envoyer", exact=True).click()
    assert "simple.txt posted, 7 bytes" in received(no_js)


def slow(page: Page, bytes_per_second: int) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_per_second},
    )


def until(condition: Callable[[], object], within_s: float = 60) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def resident(server: servers.Server) -> int:
    """Bytes of memory the server has held at most."""
    status = Path(f"/proc/{server.process.pid}/status").read_text("ascii")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found
    return int(found[1]) * 1024


def partial_size(server: servers.Server) -> int:
    folder = server.data / "blobs/tmp/partial"
    return max((path.stat().st_size for path in folder.iterdir()), default=0) if folder.is_dir() else 0


def made(path: Path, size: int) -> str:
    """A file of `size` bytes that nobody has; its SHA-256."""
    chance, sha256 = random.Random(size), hashlib.sha256()
    with path.open("wb") as file:
        while size:
            piece = chance.randbytes(min(size, 8_000_000))
            file.write(piece)
            sha256.update(piece)
            size -= len(piece)
    return sha256.hexdigest()


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def kill_browser(profile: Path) -> None:
    """Stop at once, as a power cut would, the Chromium that this test started on `profile`."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue  # ended meanwhile
        if f"--user-data-dir={profile}".encode() in command and not any(b"--type=" in part for part in command):
            os.kill(int(process.name), signal.SIGKILL)


@pytest.mark.slow
def test_a_large_file_goes_on_after_the_server_then_the_browser_were_killed(
    browser: Browser, sign_in: Callable[..., None], tmp_path: Path, record_property: Callable[..., None]
) -> None:
    film = tmp_path / "film.bin"
    size = int(os.environ.get("TILIOS_TEST_UPLOAD_BYTES", SIZE))
    sha256 = made(film, size)
    data, profile = tmp_path / "data", tmp_path / "profile"
    settings = {"DJANGO_SETTINGS_MODULE": reception.SETTINGS}

    def browse(url: str) -> tuple[BrowserContext, Page]:
        context = browser.browser_type.launch_persistent_context(
            profile,
            executable_path=programs.find("chromium", package="chromium"),
            args=harness.ARGUMENTS,
            base_url=url,
            **harness.DESK,
        )
        return context, context.pages[0]

    with servers.running(data, **settings) as first:
        account = first.account("member")
        context, page = browse(first.url)
        sign_in(page, account)
        page.goto(f"/s/{account.structure}/reception/")
        slow(page, size // 12)
        before = resident(first)
        choose(page, film)
        until(lambda: partial_size(first) > size * 0.2)
        more = resident(first) - before
        first.kill()
    stopped_at = partial_size(first)
    assert 0 < stopped_at < size
    expect(rows(page, "retrying")).to_contain_text("La connexion est perdue", timeout=20_000)

    with servers.running(data, demo=False, port=int(first.url.rpartition(":")[2]), **settings) as second:
        until(lambda: partial_size(second) > size * 0.5)  # by itself: nobody touched the page
        kill_browser(profile)
        with suppress(PlaywrightError):
            context.close()
        kept = partial_size(second)
        assert stopped_at < kept < size

        context, page = browse(second.url)
        page.goto(f"/s/{account.structure}/reception/")
        if "/login/" in page.url:  # the browser writes its cookies down twice a minute only
            sign_in(page, account)
            page.goto(f"/s/{account.structure}/reception/")
        expect(page.locator('[data-slot="old"]')).to_contain_text("film.bin")
        assert partial_size(second) >= kept
        before = resident(second)
        choose(page, film)
        expect(rows(page, "done")).to_have_count(1, timeout=300_000)
        expect(page.locator("#received")).to_contain_text(sha256)
        expect(page.locator('[data-slot="old"]')).to_be_hidden()
        context.close()
        more = max(more, resident(second) - before)
        log = second.log.read_text("utf-8")
        second.tilios("verify")
    record_property("more_resident_bytes", more)
    assert more < MOST_MORE
    assert log.count("method=POST path=/s/la-fabrique/envois/ ") == 1  # announced once: everything else went on
    assert digest(data / "blobs" / sha256[:2] / sha256[2:4] / sha256) == sha256
