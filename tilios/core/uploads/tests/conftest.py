"""`tus` speaks the protocol to a tray of La Fabrique: `tus.create(...)`, `tus.patch(...)`, `tus.head(...)`."""

import base64
from typing import TYPE_CHECKING, Any

import pytest

from tilios.core.structures.scope import scope
from tilios.core.toolbox import registry
from tilios.core.uploads import protocol, targets
from tilios.core.uploads.tests.tray import Tray, declared, tray

if TYPE_CHECKING:
    from tests.cast import Cast

CREATE = "/s/la-fabrique/envois/"


def described(**values: str) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items())


class Tus:
    """Requests of the protocol, as somebody of the cast."""

    def __init__(self, cast: "Cast", who: str = "bob") -> None:
        self.cast, self.who, self.client = cast, who, cast.client(who)

    def target(self, target: Any = "tray", tool: str = "polls") -> str:
        with scope(self.cast.fabrique):
            return targets.seal(getattr(self.cast, self.who), tool, target)

    def send(self, method: str, url: str, body: bytes = b"", **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        content_type = named.pop("Content-Type", protocol.BODY if body or method == "PATCH" else "")
        named.setdefault("Tus-Resumable", "1.0.0")
        typed = {"CONTENT_TYPE": content_type} if content_type else {}  # Django's client types no empty body by itself
        return self.client.generic(method, url, body, content_type, headers=named, **typed)

    def announce(self, length: Any, body: bytes = b"", **said: str) -> Any:
        said = {"filename": "plan.txt", "tool": "polls", "target": self.target()} | said
        headers = {"Upload_Length": str(length), "Upload_Metadata": described(**said)}
        return self.send("POST", CREATE, body, **headers)

    def create(self, length: int, **said: str) -> str:
        """The address of a new upload."""
        answer = self.announce(length, **said)
        assert answer.status_code == 201, answer.content
        return str(answer["Location"])

    def patch(self, url: str, offset: int, body: bytes, **headers: str) -> Any:
        return self.send("PATCH", url, body, Upload_Offset=str(offset), **headers)

    def head(self, url: str) -> Any:
        return self.send("HEAD", url)


@pytest.fixture(autouse=True)
def receiving(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any) -> Tray:
    backend = "tilios.core.blobs.storage.DiskStorage"
    settings.STORAGES = settings.STORAGES | {
        "blobs": {"BACKEND": backend, "OPTIONS": {"location": tmp_path / "blobs", "reserve": 0}}
    }
    settings.TILIOS_UPLOADS = {}
    monkeypatch.setitem(registry._tools, "polls", declared())
    tray.empty()
    return tray


@pytest.fixture
def tus(cast: "Cast") -> Tus:
    return Tus(cast)
