"""The password of a share link: slowed when guessed, forgotten when right, by link and by network."""

from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory

from tests.cast import Cast
from tilios.core.access import sharing
from tilios.core.access.models import ShareLink
from tilios.core.errors import Invalid


@pytest.fixture
def link(fabrique: Cast) -> ShareLink:
    return ShareLink.objects.create(
        token="a-link", kind="polls.poll", target=1, mode="vote", password=make_password("sésame")
    )


def give(link: ShareLink, password: str, ip: str = "192.0.2.1") -> Any:
    request: Any = RequestFactory().post("/l/a-link/", REMOTE_ADDR=ip)
    request.session = SessionStore()
    sharing.open_with_password(request, link, password)
    return request


def test_the_right_password_opens_for_this_browser_alone(link: ShareLink) -> None:
    assert sharing.is_open(give(link, "sésame"), link)
    other: Any = RequestFactory().get("/l/a-link/")
    other.session = SessionStore()
    assert not sharing.is_open(other, link)


def test_guessing_is_slowed_from_anywhere(link: ShareLink) -> None:
    for number in range(10):
        with pytest.raises(Invalid):
            give(link, "wrong", ip=f"192.0.2.{number}")
    with pytest.raises(Invalid, match=r"\d|une"):
        give(link, "sésame", ip="198.51.100.1")


def test_a_right_password_forgets_the_wrong_ones(link: ShareLink) -> None:
    for _round in range(4):
        for _try in range(5):
            with pytest.raises(Invalid):
                give(link, "wrong", ip="192.0.2.7")
        give(link, "sésame", ip="192.0.2.7")


def test_changing_the_password_closes_what_the_old_one_opened(link: ShareLink) -> None:
    request = give(link, "sésame")
    link.password = make_password("autre chose")
    assert not sharing.is_open(request, link)
