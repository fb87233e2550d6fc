"""nginx in front of Tilios: files that it sends itself (TILIOS_SENDFILE), beside a file served by nginx alone."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from bench.dav import peers
from bench.dav.visits import MIB, Client
from bench.measure import Row, compare
from tests.harness import programs

SIZE = 200 * MIB
CONFIGURATION = """
{user}
daemon off;
pid {folder}/pid;
error_log {folder}/error.log crit;
events {{}}
http {{
  access_log off;
  sendfile on;
  client_max_body_size 0;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://127.0.0.1:{tilios};
      proxy_set_header Host $http_host;
      proxy_http_version 1.1;
      proxy_request_buffering off;
    }}
    # Only what Tilios asks nginx to send; the headers that keep files harmless come from Tilios.
    location /blobs/ {{
      internal;
      alias {blobs}/;
      etag off;
      add_header ETag $upstream_http_etag;
      add_header Content-Security-Policy $upstream_http_content_security_policy;
      add_header X-Content-Type-Options $upstream_http_x_content_type_options;
    }}
    location /plain/ {{
      alias {folder}/plain/;
    }}
  }}
}}
"""


@contextmanager
def fronted(folder: Path, behind: int, blobs: Path) -> Iterator[int]:
    """The port of an nginx in front of the Tilios at `behind`."""
    binary = programs.find("nginx", package="nginx", folders=("/usr/sbin",))
    port, user = peers.free_port(), "user root;" if peers.runs_as_root() else ""
    (folder / "plain").mkdir(parents=True)
    configuration = folder / "nginx.conf"
    configuration.write_text(
        CONFIGURATION.format(folder=folder, port=port, tilios=behind, blobs=blobs, user=user), "ascii"
    )
    with peers.process([str(binary), "-c", str(configuration), "-p", str(folder)], port, cwd=folder):
        yield port


def run() -> list[Row]:
    """GET of 200 MB: the front server's own speed, through it by X-Accel-Redirect, through it without."""
    with tempfile.TemporaryDirectory(prefix="bench-nginx-") as name:
        folder = Path(name)
        with (
            peers.tilios(folder / "sent", TILIOS_SENDFILE="/blobs/") as sending,
            peers.tilios(folder / "proxied") as proxied,
            fronted(folder / "nginx", sending.port, folder / "sent" / "data" / "blobs") as port,
        ):
            for peer in (sending, proxied):
                Client(peer).put_s("big.bin", SIZE)
            (folder / "nginx" / "plain" / "big.bin").write_bytes(b"x" * SIZE)
            clients = {
                "nginx alone": Client(peers.Peer("nginx", port, "/plain/", 0)),
                "nginx, sent for Tilios": Client(replace(sending, port=port)),
                "Tilios alone": Client(proxied),
            }
            timed = {name: (lambda one=client: 1000 * one.get_s("big.bin", SIZE)) for name, client in clients.items()}
            return compare("GET of 200 MB through nginx", timed, unit="ms")
