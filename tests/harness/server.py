"""A real Tilios: the `tilios` command in a process of its own, on a free port, with a data folder of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.harness import prepared

ROOT = Path(__file__).resolve().parents[2]
START_WITHIN_S = 60
STOP_WITHIN_S = 20


@dataclass
class DemoAccount:
    email: str
    password: str
    role: str
    structure: str


@dataclass
class Server:
    """A running Tilios: where it is, its data, and whom the demo made."""

    url: str
    data: Path
    log: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes]
    structures: list[dict[str, str]] = field(default_factory=list)
    accounts: list[DemoAccount] = field(default_factory=list)

    def account(self, role: str, structure: str | None = None) -> DemoAccount:
        """The first account of the demo with this role ("admin", "member"...), in `structure` (a slug) if given."""
        for account in self.accounts:
            if account.role == role and structure in (None, account.structure):
                return account
        raise LookupError(f"the demo has no {role} in {structure or 'any structure'}: {self.accounts}")

    def tilios(self, *arguments: str) -> str:
        """Run the `tilios` command on this server's data; gives what it prints, raises with its errors."""
        return tilios(*arguments, environment=self.environment)

    def kill(self) -> None:
        """Stop at once, as a power cut would."""
        self.process.kill()
        self.process.wait()


def tilios(*arguments: str, environment: Mapping[str, str]) -> str:
    command = [sys.executable, "-m", "tilios.config.command", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"tilios {' '.join(arguments)} exited with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


@contextmanager
def running(data: Path, *, demo: bool = True, port: int = 0, **settings: str) -> Iterator[Server]:
    """Start Tilios on `data`, wait until it answers, stop it gracefully on the way out.

    `settings` are added to its environment (TILIOS_DATABASE_URL, ...). Without one, its database is SQLite in `data`.
    `port` is that of a server before it, whose pages are still open.
    """
    port = port or _free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("TILIOS_", "DJANGO_"))},
        "TILIOS_CONFIG": os.devnull,
        "TILIOS_DATA": str(data),
        "TILIOS_URL": f"http://127.0.0.1:{port}",
        **settings,
    }
    data.mkdir(parents=True, exist_ok=True)
    made = prepared.fill(data, environment, demo=demo, tilios=tilios)
    log = data / "server.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "tilios.config.command", "run", "--host", "127.0.0.1", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    server = Server(
        url=environment["TILIOS_URL"],
        data=data,
        log=log,
        environment=environment,
        process=process,
        structures=made.get("structures", []),
        accounts=[
            DemoAccount(one["email"], one["password"], one["role"], one["structure"])
            for one in made.get("accounts", [])
        ],
    )
    try:
        _wait_until_it_answers(server)
        yield server
    finally:
        _stop(server)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_it_answers(server: Server) -> None:
    deadline = time.monotonic() + START_WITHIN_S
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.1)
    raise RuntimeError(
        f"tilios run did not answer within {START_WITHIN_S} s:\n{server.log.read_text('utf-8', 'replace')}"
    )


def _stop(server: Server) -> None:
    if server.process.poll() is not None:
        return
    server.process.send_signal(signal.SIGTERM)
    try:
        server.process.wait(timeout=STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        server.kill()
        raise RuntimeError(f"tilios run did not stop within {STOP_WITHIN_S} s of SIGTERM") from None
