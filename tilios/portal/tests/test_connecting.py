"""A program is given its app password without anybody typing it (the login flow of Nextcloud's programs)."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.cast import PASSWORD, Cast
from tilios.core.access.models import AppPassword, DeviceRequest

BEGIN = "/index.php/login/v2"


@pytest.fixture
def bob(cast: Cast) -> Client:
    """Bob, who has just typed his password."""
    client = Client()
    client.post("/compte/login/", {"login": "bob.lambert@example.org", "password": PASSWORD})
    return client


def begun(program: Client) -> tuple[str, dict[str, str]]:
    answer = program.post(BEGIN, HTTP_USER_AGENT="DAVx5/4.4 (2026; dav4jvm)")
    assert answer.status_code == 200
    told = json.loads(answer.content)
    return told["login"], told["poll"]


def test_who_is_signed_in_grants_and_the_program_collects_once(cast: Cast, bob: Client) -> None:
    program = Client()
    page, poll = begun(program)
    assert program.post(poll["endpoint"], {"token": poll["token"]}).status_code == 404
    assert "DAVx5" in bob.get(page).content.decode()
    assert bob.post(page, {"scope": "everything"}).status_code == 422
    assert program.post(poll["endpoint"], {"token": poll["token"]}).status_code == 404
    bob.post(page, {"scope": "phone"})
    answer = program.post(poll["endpoint"], {"token": poll["token"]})
    told = json.loads(answer.content)
    assert told["loginName"] == cast.bob.account.email
    row = AppPassword.objects.get()
    assert (row.label, row.scope, row.account) == ("DAVx5", "phone", cast.bob.account)
    assert program.post(poll["endpoint"], {"token": poll["token"]}).status_code == 404
    assert bob.get(page).status_code == 404


@pytest.mark.django_db
def test_who_is_signed_out_is_asked_who_they_are() -> None:
    program = Client()
    page, _poll = begun(program)
    answer = program.get(page)
    assert answer.status_code == 302
    assert "/compte/" in answer["Location"]


def test_a_request_ends_after_twenty_minutes(bob: Client) -> None:
    program = Client()
    page, poll = begun(program)
    DeviceRequest.objects.update(created_at=timezone.now() - timedelta(minutes=21))
    assert bob.get(page).status_code == 404
    assert program.post(poll["endpoint"], {"token": poll["token"]}).status_code == 404
    begun(program)
    assert DeviceRequest.objects.count() == 1


def test_older_programs_are_led_back_with_their_password(bob: Client) -> None:
    answer = bob.post("/index.php/login/flow", {"scope": "files"}, HTTP_USER_AGENT="Nextcloud/3 (x)")
    assert "nc://login/server:http://testserver&amp;user:bob" in answer.content.decode()
    assert AppPassword.objects.get().scope == "files"
    assert bob.post("/index.php/login/flow", {"scope": "x"}).status_code == 422
