"""Through a share link: a box that only receives, from people without an account."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone

from tests.harness import reception
from tilios.core.access import sharing
from tilios.core.access.models import ShareLink
from tilios.core.structures.scope import scope
from tilios.core.toolbox import registry
from tilios.core.toolbox.declaration import ShareMode
from tilios.core.uploads import protocol
from tilios.core.uploads.models import Upload
from tilios.core.uploads.tests.conftest import described
from tilios.core.uploads.tests.tray import tray
from tilios.tools.polls.tests import contract

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def link(cast: "Cast", monkeypatch: pytest.MonkeyPatch) -> ShareLink:
    """A drop box on one of Alice's polls."""
    polls = registry.tool("polls")
    assert polls
    mode = ShareMode("Drop files", "tests.harness.reception.views.drop", "polls.view")
    kinds = tuple(replace(kind, shares={**kind.shares, "drop": mode}) for kind in polls.kinds)
    monkeypatch.setitem(registry._tools, "polls", replace(polls, kinds=kinds))
    with scope(cast.fabrique):
        contract.objects(cast.alice)
        poll = registry.kind("polls.poll").visible_to(cast.alice).first()  # type: ignore[union-attr]
        return sharing.create_link(by=cast.alice, target=poll, mode="drop")


def send(client: Client, method: str, url: str, body: bytes = b"", **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()} | {"Tus-Resumable": "1.0.0"}
    typed = {"CONTENT_TYPE": protocol.BODY} if method == "PATCH" else {}
    return client.generic(method, url, body, protocol.BODY if body else "", headers=named, **typed)  # type: ignore[arg-type]


def announce(client: Client, link: ShareLink, length: int = 7, **said: str) -> Any:
    said = {"filename": "don.txt", "tool": "polls"} | said
    address = f"/l/{link.token}/envois/"
    return send(client, "POST", address, Upload_Length=str(length), Upload_Metadata=described(**said))


def test_a_guest_sends_in_several_goes(link: ShareLink) -> None:
    client = Client()
    url = announce(client, link)["Location"]
    assert send(client, "PATCH", url, b"bon", Upload_Offset="0").status_code == 204
    assert send(client, "HEAD", url)["Upload-Offset"] == "3"
    assert send(client, "PATCH", url, b"jour", Upload_Offset="3").status_code == 204
    assert tray.taken == [(None, {"drop": link.target}, "", "don.txt", None)]


def test_another_visitor_of_the_same_link_sees_nothing_of_it(link: ShareLink, cast: "Cast") -> None:
    url = announce(Client(), link)["Location"]
    for other in (Client(), cast.client("alice")):
        for method in ("HEAD", "GET", "PATCH", "DELETE", "POST"):
            assert send(other, method, url, b"x" if method == "PATCH" else b"", Upload_Offset="0").status_code == 404
    token = url.rstrip("/").rpartition("--")[2]
    assert send(cast.client("alice"), "HEAD", f"/s/la-fabrique/envois/{token}/").status_code == 404


def test_a_link_opens_one_tool_whatever_is_said(link: ShareLink) -> None:
    assert announce(Client(), link, tool="colours").status_code == 400
    assert announce(Client(), link, target="anything").status_code == 201
    with scope(link.structure):
        assert Upload.objects.get().target == {"drop": link.target}


@pytest.mark.parametrize("closed", ["revoked", "expired", "locked"])
def test_a_link_that_is_closed_receives_nothing_more(link: ShareLink, closed: str) -> None:
    client = Client()
    url = announce(client, link)["Location"]
    change: dict[str, Any] = {
        "revoked": {"revoked_at": timezone.now()},
        "expired": {"expires_at": timezone.now() - timedelta(seconds=1)},
        "locked": {"password": make_password("sésame")},
    }[closed]
    with scope(link.structure):
        ShareLink.objects.filter(pk=link.pk).update(**change)
    for method in ("PATCH", "DELETE"):
        assert send(client, method, url, b"bonjour", Upload_Offset="0").status_code == (
            403 if closed == "locked" else 404
        )
    assert tray.taken == []


def test_a_share_view_that_takes_no_file_refuses_the_methods_of_those_that_do(cast: "Cast", link: ShareLink) -> None:
    with scope(cast.fabrique):
        poll = registry.kind("polls.poll").visible_to(cast.alice).first()  # type: ignore[union-attr]
        vote = sharing.create_link(by=cast.alice, target=poll, mode="vote")
    for method in ("PATCH", "DELETE", "OPTIONS"):
        assert Client().generic(method, f"/l/{vote.token}/").status_code == 405


def test_the_page_of_the_link_carries_the_form(link: ShareLink, settings: Any) -> None:
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [Path(reception.__file__).parent / "templates"]}]
    page = Client().get(f"/l/{link.token}/").content.decode()
    assert f'data-endpoint="/l/{link.token}/envois/"' in page
    assert 'data-target=""' in page
