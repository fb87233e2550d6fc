"""A push service on this machine, by HTTPS, and browsers that subscribe there and read what it got."""

import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from typing import Any
from urllib.parse import urlsplit

import http_ece
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.harness import programs
from tilios.core.notify.webpush import from_base64url, to_base64url

CURVE = ec.SECP256R1()


@dataclass
class Received:
    """A request of the server: its path, its headers and the body, still encrypted."""

    path: str
    headers: Any
    body: bytes

    def token(self) -> dict[str, Any]:
        """The claims of its VAPID token, once the signature has been verified with the key beside it (RFC 8292)."""
        scheme, _space, said = self.headers["Authorization"].partition(" ")
        assert scheme == "vapid"
        parts = dict(part.strip().split("=", 1) for part in said.split(","))
        signed, _dot, signature = parts["t"].rpartition(".")
        raw = from_base64url(signature)
        der = utils.encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        key = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, from_base64url(parts["k"]))
        key.verify(der, signed.encode(), ec.ECDSA(hashes.SHA256()))
        head, claims = (json.loads(from_base64url(part)) for part in signed.split("."))
        assert head == {"typ": "JWT", "alg": "ES256"}
        return claims | {"key": parts["k"]}


@dataclass
class Browser:
    """A browser that has subscribed: it alone reads what is sent to `endpoint`."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(CURVE))
    secret: bytes = bytes(range(16))

    @property
    def subscription(self) -> dict[str, Any]:
        """As `PushSubscription.toJSON` writes it."""
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": to_base64url(point), "auth": to_base64url(self.secret)}
        return {"endpoint": self.endpoint, "expirationTime": None, "keys": keys}

    @property
    def values(self) -> dict[str, str]:
        return {"endpoint": self.endpoint, **self.subscription["keys"]}

    def read(self, received: Received) -> dict[str, Any]:
        assert received.headers["Content-Encoding"] == "aes128gcm"
        clear = http_ece.decrypt(received.body, private_key=self.key, auth_secret=self.secret, version="aes128gcm")
        return json.loads(clear)


@dataclass
class Service:
    """Answers each POST by `status` and `headers`; keeps what it got, oldest first."""

    url: str = ""
    status: int = 201
    headers: dict[str, str] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)

    def browser(self, name: str) -> Browser:
        return Browser(f"{self.url}/{name}")

    def of(self, browser: Browser) -> list[Received]:
        return [one for one in self.received if one.path == urlsplit(browser.endpoint).path]


@contextmanager
def _running(folder: Path) -> Iterator[tuple[Service, Path]]:
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.received.append(Received(self.path, self.headers, body))
            self.send_response(service.status)
            for name, value in {"Content-Length": "0", **service.headers}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_arguments: Any) -> None:
            """Tests need no log."""

    key, certificate = folder / "key.pem", folder / "cert.pem"
    openssl = str(programs.find("openssl", package="openssl"))
    command = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    names = ["-days", "1", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    subprocess.run([*command, *names, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    context = SSLContext(PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    service.url = f"https://127.0.0.1:{server.server_port}"
    try:
        yield service, certificate
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def push_service(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """A push service that the server may reach and whose certificate it trusts."""
    with _running(tmp_path) as (service, certificate):
        settings.TILIOS_OUTSIDE_NETWORKS = ["127.0.0.0/8"]
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        yield service
