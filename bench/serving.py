"""How HTTP reaches Django inside the one process: through its WSGI handler (a2wsgi) or its ASGI handler?"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.load import Visitor, requests_per_second
from bench.measure import Row, compare
from tests.harness import server as servers

APPLICATIONS = {"WSGI handler": "tilios.config.asgi:application", "ASGI handler": "bench.asgi_django:application"}


@contextmanager
def serving(application: str, environment: dict[str, str], port: int) -> Iterator[str]:
    command = [sys.executable, "-m", "uvicorn", application, "--port", str(port), "--log-level", "warning",
               "--lifespan", "off", "--no-access-log"]  # fmt: skip
    process = subprocess.Popen(command, cwd=servers.ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        for _try in range(100):
            try:
                Visitor(f"http://127.0.0.1:{port}").ask("/health")
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def run() -> list[Row]:
    """A page without a session, and the signed-in dashboard: one after the other, and eight at once."""
    with tempfile.TemporaryDirectory() as folder, servers.running(Path(folder) / "data") as demo:
        alice = demo.account("admin", "la-fabrique")
        environment = demo.environment | {"TILIOS_LOG_LEVEL": "ERROR"}
        rows: list[Row] = []
        with (
            serving(APPLICATIONS["WSGI handler"], environment, 8391) as wsgi,
            serving(APPLICATIONS["ASGI handler"], environment, 8392) as asgi,
        ):
            visitors = {"WSGI handler": Visitor(wsgi), "ASGI handler": Visitor(asgi)}
            for visitor in visitors.values():
                visitor.sign_in(alice.email, alice.password)
            for page in ("/health", "/s/la-fabrique/"):
                one = {name: (lambda v=visitor, p=page: v.median_ms(p)) for name, visitor in visitors.items()}
                rows += compare(f"{page}, one by one", one, unit="ms")
                many = {
                    name: (lambda v=visitor, u=url + page: requests_per_second(u, v.cookie))
                    for (name, visitor), url in zip(visitors.items(), (wsgi, asgi), strict=True)
                }
                rows += compare(f"{page}, eight at once", many, unit="requests/s", rounds=3)
        return rows
