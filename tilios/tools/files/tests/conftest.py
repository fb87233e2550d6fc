"""The files served for real: `dav.port`, `dav.url`, `dav.login("bob")`, `dav.client("bob")` in La Fabrique."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from tests.harness.inside import serving
from tests.harness.webdav import Client
from tilios.core.access import app_passwords
from tilios.core.structures.scope import scope
from tilios.tools.files.actions.spaces import open_spaces

if TYPE_CHECKING:
    from tests.cast import Cast


@pytest.fixture
def dav(transactional_db: None, cast: "Cast") -> Iterator[SimpleNamespace]:
    passwords = {
        name: app_passwords.create(account=getattr(cast, name).account, scope="files", label="test")[1]
        for name in ("alice", "bob", "charlie")
    }
    with scope(cast.bob.structure):
        open_spaces(cast.bob)

    def client(name: str, below: str = "") -> Client:
        """A program of `name`, who works in the folder `below`."""
        email = getattr(cast, name).account.email
        return Client(port, email, passwords[name], f"/dav/files/la-fabrique/{below}")

    with serving() as port:
        yield SimpleNamespace(
            url=f"http://127.0.0.1:{port}/dav/files/la-fabrique/",
            port=port,
            cast=cast,
            client=client,
            login=lambda name: (getattr(cast, name).account.email, passwords[name]),
        )
