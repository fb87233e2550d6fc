"""Calendars served for real: `dav.client("bob")` asks in La Fabrique, `dav.login("bob")` is for programs."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from tests.harness.inside import serving
from tests.harness.webdav import Client
from tilios.core.access import app_passwords
from tilios.core.structures.scope import scope
from tilios.tools.agenda.actions.spaces import open_spaces

if TYPE_CHECKING:
    from tests.cast import Cast


@pytest.fixture
def dav(transactional_db: None, cast: "Cast") -> Iterator[SimpleNamespace]:
    passwords = {
        name: app_passwords.create(account=getattr(cast, name).account, scope="phone", label="test")[1]
        for name in ("alice", "bob", "charlie")
    }
    with scope(cast.bob.structure):
        open_spaces(cast.bob)

    def client(name: str, below: str = "calendars/la-fabrique/structure/") -> Client:
        """A program of `name`, whose relative paths are below /dav/`below`."""
        return Client(port, getattr(cast, name).account.email, passwords[name], f"/dav/{below}")

    with serving() as port:
        yield SimpleNamespace(
            url=f"http://127.0.0.1:{port}",
            port=port,
            cast=cast,
            client=client,
            login=lambda name: (getattr(cast, name).account.email, passwords[name]),
        )
