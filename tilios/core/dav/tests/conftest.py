"""A shelf served for real: `dav.port`, `dav.url`, `dav.login("bob")` in La Fabrique."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from tests.harness.inside import serving
from tilios.core.access import app_passwords
from tilios.core.dav import door
from tilios.core.dav.tests.shelf import Shelf
from tilios.core.toolbox.declaration import DavMount

if TYPE_CHECKING:
    from tests.cast import Cast

MOUNT = DavMount("shelf", "files", "tilios.core.dav.tests.shelf.Shelf", "polls.view")


@pytest.fixture
def dav(transactional_db: None, cast: "Cast", monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    monkeypatch.setattr(door, "mounts", lambda: {"shelf": MOUNT})
    Shelf.empty()
    passwords = {
        name: app_passwords.create(account=getattr(cast, name).account, scope="files", label="test")[1]
        for name in ("alice", "bob", "charlie")
    }
    with serving() as port:
        yield SimpleNamespace(
            url=f"http://127.0.0.1:{port}/dav/shelf/la-fabrique/",
            port=port,
            cast=cast,
            login=lambda name: (getattr(cast, name).account.email, passwords[name]),
        )
