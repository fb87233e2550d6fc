"""The box that is read for a structure: named, tried, forgotten by who may change the settings."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.cast import Cast
from tests.harness import mail as post
from tilios.core.mailroom.models import Box
from tilios.core.structures.scope import scope

URL = "/s/la-fabrique/reglages/courriel/"


@pytest.fixture
def box(settings: Any) -> Iterator[post.Box]:
    settings.TILIOS_OUTSIDE_NETWORKS = ["127.0.0.0/8"]
    with post.box() as found:
        yield found


def typed(box: post.Box, **fields: Any) -> dict[str, Any]:
    return {
        "address": "agenda@fabrique.example", "server": "127.0.0.1", "port": box.port, "security": "none",
        "account": post.ACCOUNT, "password": post.PASSWORD, "is_on": "on",
    } | fields  # fmt: skip


def test_a_box_is_named_tried_and_forgotten(cast: Cast, box: post.Box) -> None:
    alice = cast.client("alice")
    box.put(b"From: ada@example.org\r\n\r\nBonjour")
    page = alice.post(URL, typed(box), follow=True).content.decode()
    assert "La boîte s&#x27;ouvre. 1 message lu, dont 0 réponse." in page
    assert post.PASSWORD not in page
    again = alice.post(URL, {"action": "try"}, follow=True).content.decode()
    assert "La boîte s&#x27;ouvre. 0 message lu" in again
    alice.post(URL, {"action": "forget"})
    with scope(cast.fabrique):
        assert not Box.objects.exists()


def test_what_goes_wrong_is_said_in_words_and_stays_on_the_page(cast: Cast, box: post.Box) -> None:
    alice = cast.client("alice")
    page = alice.post(URL, typed(box, password="un-autre"), follow=True).content.decode()
    assert page.count("Le serveur ne laisse pas entrer ce compte") == 2  # told, and kept
    wrong = alice.post(URL, typed(box, port="25", address="pas une adresse"))
    assert wrong.status_code == 422
    closed = alice.post(URL, typed(box, port="25"))
    assert "Aucun serveur de courriel" in closed.content.decode()


def test_a_private_network_is_not_reached(cast: Cast, box: post.Box, settings: Any) -> None:
    settings.TILIOS_OUTSIDE_NETWORKS = []
    page = cast.client("alice").post(URL, typed(box), follow=True).content.decode()
    assert "réseau privé" in page


def test_only_who_changes_the_settings_sees_the_box(cast: Cast) -> None:
    assert cast.client("bob").get(URL).status_code == 403
    assert cast.client("charlie").get(URL).status_code == 404
    assert cast.client("alice").get(URL).status_code == 200
