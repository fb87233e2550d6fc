"""A real nginx sends the files that Tilios allows (TILIOS_SENDFILE), and nothing else."""

import hashlib
import os
from pathlib import Path

import pytest

from bench.dav.nginx import fronted
from tests.doors.test_files_power_cuts import client_of
from tests.harness import server as servers
from tests.harness.webdav import Client


@pytest.mark.slow
def test_nginx_sends_what_tilios_allows(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with servers.running(data, TILIOS_SENDFILE="/blobs/", TILIOS_DATABASE_URL="") as server:
        straight = client_of(server)
        with fronted(tmp_path / "nginx", straight.port, data / "blobs") as port:
            client = Client(port, straight.email, straight.password, straight.base)
            content = os.urandom(500_000)
            etag = client.put("a.html", content).headers["ETag"]
            answer = client.get("a.html")
            assert answer.content == content
            assert answer.headers["ETag"] == etag
            assert answer.headers["Content-Security-Policy"].startswith("sandbox")
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Content-Disposition"].startswith("attachment")
            part = client.get("a.html", Range="bytes=1000-1999")
            assert (part.status, part.content) == (206, content[1000:2000])
            assert client.get("a.html", If_None_Match=etag).status == 304
            sha256 = hashlib.sha256(content).hexdigest()  # the demo has blobs of its own
            (blob,) = (data / "blobs").glob(f"??/??/{sha256}")
            inside = f"/blobs/{blob.relative_to(data / 'blobs')}"
            assert client.ask("GET", inside).status == 404
            assert Client(port, "x", "y").ask("GET", client.path("a.html")).status == 401
            # Without a front server, the answer names the place and carries no byte: who sets it must have one.
            bare = straight.get("a.html")
            assert (bare.content, bare.headers["X-Accel-Redirect"]) == (b"", inside)
