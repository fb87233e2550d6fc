"""The first page of an empty instance: against the code of the console, once."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from tests.cast import Cast
from tilios.core.people.models import Account, Person
from tilios.core.people.roles import Role
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope
from tilios.portal import first_run

pytestmark = pytest.mark.django_db
URL = "/premiers-pas/"


@pytest.fixture
def code(settings: Any, tmp_path: Any) -> str:
    settings.TILIOS_DATA = tmp_path
    return first_run.new_code()


def fields(code: str, **others: str) -> dict[str, str]:
    return {
        "code": code,
        "name": "Alice Moreau",
        "email": "Alice@Example.org",
        "password": "une phrase bien à moi",
        "structure": "La Fabrique",
        "kind": "village",
        **others,
    }


def test_the_front_door_leads_to_the_first_steps(code: str) -> None:
    assert Client().get("/")["Location"] == URL
    assert Client().get(URL).status_code == 200


def test_the_code_makes_the_host_and_the_first_structure(code: str) -> None:
    client = Client()
    answer = client.post(URL, fields(code.lower().replace("-", " ")))
    assert answer["Location"] == "/s/la-fabrique/reglages/"
    account = Account.objects.get()
    assert (account.email, account.is_host, account.name) == ("alice@example.org", True, "Alice Moreau")
    assert EmailAddress.objects.get().verified
    structure = Structure.objects.get()
    assert structure.kind == "village"
    assert structure.enabled_tools
    with scope(structure):
        assert Person.objects.get().role == Role.ADMIN
    assert client.get(answer["Location"]).status_code == 200
    login = {"login": "alice@example.org", "password": "une phrase bien à moi"}
    assert Client().post("/compte/login/", login).status_code == 302


def test_it_works_once(code: str) -> None:
    Client().post(URL, fields(code))
    assert Client().get(URL).status_code == 404
    assert Client().post(URL, fields(code, email="eve@example.org")).status_code == 404
    assert Account.objects.count() == 1
    assert not list((first_run._path().parent).glob("first-run-code*"))


def test_a_wrong_code_keeps_what_was_typed(code: str) -> None:
    answer = Client().post(URL, fields("AAAA-BBBB-CCCC"))
    page = answer.content.decode()
    assert answer.status_code == 422
    for kept in ("Alice Moreau", "une phrase bien à moi", "La Fabrique", "Ce n’est pas le code"):
        assert kept in page, kept
    assert not Account.objects.exists()


def test_guessing_the_code_is_slowed(code: str) -> None:
    for _try in range(5):
        Client().post(URL, fields("AAAA-BBBB-CCCC"))
    answer = Client().post(URL, fields(code))
    assert "Trop d’essais" in answer.content.decode()
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"), [("password", "court"), ("password", "1234567890"), ("email", "alice"), ("structure", " ")]
)
def test_what_is_not_right_leaves_the_code_unused(code: str, field: str, value: str) -> None:
    assert Client().post(URL, fields(code, **{field: value})).status_code == 422
    assert not Account.objects.exists()
    assert not Structure.objects.exists()
    assert first_run.is_right(code)


def test_without_a_code_nothing_is_right(settings: Any, tmp_path: Any) -> None:
    settings.TILIOS_DATA = tmp_path
    (tmp_path / "secrets").mkdir()
    assert not first_run.is_right("")
    assert Client().post(URL, fields("anything")).status_code == 422


def test_a_fault_while_beginning_gives_the_code_back(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_fields: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(first_run, "create_structure", broken)
    with pytest.raises(RuntimeError):
        Client().post(URL, fields(code))
    assert first_run.is_right(code)
    assert not Account.objects.exists()


def test_there_are_no_first_steps_once_there_is_an_account(cast: Cast) -> None:
    assert Client().get(URL).status_code == 404
    assert Client().get("/")["Location"].startswith("/compte/login/")
