"""Asking servers outside: real servers on this machine, reached only where a setting says so."""

import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.harness import programs
from tilios.core.outside import Client, CutShort, Forbidden, Login, TooMuch, Unreachable, client, connecting
from tilios.core.outside.sealing import seal, unseal

Serve = Callable[[Callable[[BaseHTTPRequestHandler], None]], str]


@pytest.fixture
def opened(settings: Any) -> None:
    settings.TILIOS_OUTSIDE_NETWORKS = ["127.0.0.0/8"]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """`serve(answer)`: the address of a server that answers every GET by `answer(handler)`."""
    servers = []

    def start(answer: Callable[[BaseHTTPRequestHandler], None]) -> str:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                answer(self)

            def log_message(self, *_arguments: Any) -> None:
                """Tests need no log."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def said(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def fetch(url: str, login: Login | None = None) -> bytes:
    with Client(login) as asking, asking.ask("GET", url) as answer:
        return answer.whole(most=10_000)


@pytest.mark.usefixtures("opened")
def test_an_answer_is_read_and_the_connection_kept_for_the_next(serve: Serve) -> None:
    ports = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        ports.append(handler.client_address[1])
        said(handler, handler.path.encode())

    url = serve(answer)
    with Client() as asking:
        for path in ("/un", "/deux"):
            with asking.ask("GET", url + path) as answered:
                assert (answered.status, answered.whole(most=100)) == (200, path.encode())
    assert len(set(ports)) == 1


def test_the_machine_itself_is_not_reached_by_any_of_its_names(serve: Serve) -> None:
    port = serve(lambda handler: said(handler, b"secret")).rpartition(":")[2]
    names = ("127.0.0.1", "localhost", "0.0.0.0", "127.1", "2130706433", "0x7f000001", "[::1]", "[::ffff:127.0.0.1]")
    for name in names:
        with pytest.raises(Forbidden):
            fetch(f"http://{name}:{port}/")


def test_a_name_that_changes_its_mind_after_it_was_judged_gains_nothing(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(serve(lambda handler: said(handler, b"secret")).rpartition(":")[2])
    asked, reached = [], []

    def resolve(host: str, *_arguments: Any, **_options: Any) -> list[Any]:
        asked.append(host)
        address = "80.67.169.12" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    def connect(_socket: socket.socket, place: Any) -> None:
        reached.append(place)
        raise TimeoutError

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket.socket, "connect", connect)
    with pytest.raises(Unreachable):
        fetch(f"http://rebind.example.org:{port}/")
    assert reached == [("80.67.169.12", port)]
    assert asked == ["rebind.example.org"]


def test_of_several_addresses_the_private_ones_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*_arguments: Any, **_options: Any) -> list[Any]:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("169.254.169.254", 80)),
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("fd00::1", 80, 0, 0)),
        ]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(Forbidden):
        connecting.connected("both.example.org", 80)


@pytest.mark.usefixtures("opened")
def test_a_redirect_to_a_network_that_is_not_opened_is_not_followed(serve: Serve) -> None:
    url = serve(lambda handler: said(handler, b"", 302, Location="http://169.254.169.254/latest/meta-data/"))
    with pytest.raises(Forbidden):
        fetch(url)


@pytest.mark.usefixtures("opened")
def test_a_redirect_is_told_no_password_unless_it_stays_where_it_is(serve: Serve) -> None:
    seen: list[tuple[str, str | None]] = []

    def there(handler: BaseHTTPRequestHandler) -> None:
        seen.append(("there", handler.headers.get("Authorization")))
        said(handler, b"ici")

    elsewhere = serve(there)

    def here(handler: BaseHTTPRequestHandler) -> None:
        seen.append(("here", handler.headers.get("Authorization")))
        where = elsewhere if handler.path == "/loin" else "/loin"
        said(handler, b"", 307, Location=where)

    assert fetch(serve(here), Login("bob", "chut")) == b"ici"
    login = Login("bob", "chut").header
    assert seen == [("here", login), ("here", login), ("there", None)]


@pytest.mark.usefixtures("opened")
def test_redirects_end(serve: Serve) -> None:
    with pytest.raises(Unreachable):
        fetch(serve(lambda handler: said(handler, b"", 302, Location="/encore")))


def test_a_password_is_given_to_no_address_without_tls() -> None:
    with pytest.raises(Forbidden):
        fetch("http://cloud.example.org/", Login("bob", "chut"))


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://example.org:70/",
        "https://user:word@example.org/",
        "https://",
        "/chemin",
        "https://example.org/a\r\nX-Evil: 1",
        "https://exa mple.org/",
        "https://example.org:99999/",
        "https://[::1",
        "https://example.org:25/",
    ],
)
def test_what_is_no_plain_web_address_is_refused(url: str) -> None:
    with pytest.raises(Forbidden):
        fetch(url)


@pytest.mark.usefixtures("opened")
def test_a_body_that_is_cut_is_never_taken_for_the_whole(serve: Serve) -> None:
    def cut(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"la moitie")
        handler.close_connection = True

    with pytest.raises(CutShort):
        fetch(serve(cut))


@pytest.mark.usefixtures("opened")
def test_a_body_that_comes_after_the_server_said_it_closes_is_read_whole(serve: Serve) -> None:
    def late(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "5")
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.flush()
        time.sleep(0.2)
        handler.wfile.write(b"enfin")

    assert fetch(serve(late)) == b"enfin"


@pytest.mark.usefixtures("opened")
def test_an_answer_without_end_is_given_up(serve: Serve) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        said(handler, b"x" * 20_000)

    with pytest.raises(TooMuch):
        fetch(serve(endless))


@pytest.mark.usefixtures("opened")
def test_a_server_that_gives_a_byte_now_and_then_holds_nobody_up(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "HEAD_WITHIN_S", 0.5)

    def drip(handler: BaseHTTPRequestHandler) -> None:
        try:
            for _turn in range(100):
                handler.wfile.write(b"H")
                time.sleep(0.1)
        except OSError:
            handler.close_connection = True

    began = time.monotonic()
    with pytest.raises(Unreachable):
        fetch(serve(drip))
    assert time.monotonic() - began < 5


@pytest.mark.usefixtures("opened")
def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    openssl = programs.find("openssl", package="openssl")
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*command, *names], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with pytest.raises(Unreachable, match=r"certificat"):
            fetch(f"https://127.0.0.1:{server.server_port}/")
    finally:
        server.shutdown()
        server.server_close()


def test_what_is_sealed_is_unreadable_and_comes_back() -> None:
    sealed = seal("un mot de passe")
    assert "passe" not in sealed
    assert unseal(sealed) == "un mot de passe"
    assert unseal(sealed[:-4] + "AAA=") is None
    assert unseal("") is None
