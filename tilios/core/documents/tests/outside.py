"""Servers of the stand in processes of their own, to be stopped, killed and started again."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import tilios
from tests.harness.server import START_WITHIN_S, STOP_WITHIN_S, _free_port
from tilios.core.documents.tests.browser import Browser

ROOT = Path(tilios.__file__).parents[1]


class Stand:
    """One server on `data`."""

    def __init__(self, data: Path, **settings: str) -> None:
        self.port = _free_port()
        self.data = data
        self.url = f"http://127.0.0.1:{self.port}"
        inherited = {name: one for name, one in os.environ.items() if not name.startswith(("TILIOS_", "DJANGO_"))}
        self.environment = {
            **inherited,
            "TILIOS_CONFIG": os.devnull,
            "TILIOS_DATA": str(data),
            "TILIOS_URL": self.url,
            **settings,
        }
        self.start()

    def start(self) -> None:
        with (self.data / "stand.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tilios.core.documents.tests.stand", str(self.port)],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + START_WITHIN_S
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                self.get("/health")
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError((self.data / "stand.log").read_text("utf-8", "replace"))

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(self.url + path, timeout=30) as answer:
            return bytes(answer.read())

    def text(self, which: int = 0) -> bytes:
        return self.get(f"/stand/text/{which}")

    def at(self, browser: Browser, who: str, which: int = 0) -> Any:
        """`browser` connected as `who`, its ticket asked now."""
        given = json.loads(self.get(f"/stand/ticket/{who}/{which}"))
        return browser.at(f"ws://127.0.0.1:{self.port}{given['path']}", given["cookie"])

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(STOP_WITHIN_S)

    def kill(self) -> None:
        """At once, as when the power goes for this process alone."""
        self.process.kill()
        self.process.wait()


@contextmanager
def standing(data: Path, **settings: str) -> Iterator[Stand]:
    data.mkdir(parents=True, exist_ok=True)
    stand = Stand(data, **settings)
    try:
        yield stand
    finally:
        if stand.process.poll() is None:
            stand.kill()
