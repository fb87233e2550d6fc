"""Somebody's own account: profile, app passwords, devices, data, leaving."""

import json
from typing import Any

import pytest
from django.test import Client

from tests.cast import PASSWORD, Cast
from tilios.core.access.models import AppPassword
from tilios.core.journal.actions import record_read
from tilios.core.people.models import Account
from tilios.core.structures.scope import scope


@pytest.fixture
def bob(cast: Cast) -> Client:
    """Bob, who has just typed his password."""
    client = Client()
    client.post("/compte/login/", {"login": "bob.lambert@example.org", "password": PASSWORD})
    return client


def account(email: str = "bob.lambert@example.org") -> Account:
    return Account.objects.get(email=email)


def test_the_profile_is_kept_and_pages_follow_it(bob: Client) -> None:
    answer = bob.post("/compte/", {"name": " Bob  Lambert ", "language": "en", "theme": "dark"}, follow=True)
    page = answer.content.decode()
    assert 'lang="en" data-theme="dark"' in page
    assert "Your account has been saved." in page
    assert (account().name, account().shortcuts) == ("Bob Lambert", False)


def test_a_profile_that_is_not_right_comes_back_as_typed(bob: Client) -> None:
    answer = bob.post("/compte/", {"name": "", "language": "fr", "theme": "dark", "shortcuts": "on"})
    assert answer.status_code == 422
    assert 'value="dark"' in answer.content.decode()
    assert account().name == "Bob Lambert"


def test_an_app_password_is_shown_once(bob: Client) -> None:
    page = bob.post("/compte/mots-de-passe-application/nouveau/", {"label": "Mon téléphone", "scope": "calendar"})
    clear = page.context["clear"]
    assert clear in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    listed = bob.get("/compte/mots-de-passe-application/").content.decode()
    assert "Mon téléphone" in listed
    assert clear not in listed


def test_a_session_left_open_makes_no_app_password(cast: Cast) -> None:
    client = cast.client("bob")  # signed in, without the password just typed
    for method in ("get", "post"):
        answer = getattr(client, method)("/compte/mots-de-passe-application/nouveau/", {"label": "x", "scope": "files"})
        assert answer["Location"].startswith("/compte/reauthenticate/"), method
    assert not AppPassword.objects.exists()


def test_an_app_password_is_taken_back_at_once(bob: Client, cast: Cast) -> None:
    bob.post("/compte/mots-de-passe-application/nouveau/", {"label": "phone", "scope": "files"})
    row = AppPassword.objects.get()
    cast.client("alice").post(f"/compte/mots-de-passe-application/{row.pk}/revoquer/")
    row.refresh_from_db()
    assert row.revoked_at is None
    bob.post(f"/compte/mots-de-passe-application/{row.pk}/revoquer/")
    row.refresh_from_db()
    assert row.revoked_at is not None


@pytest.mark.parametrize("data", [{"label": "", "scope": "files"}, {"label": "phone", "scope": "house"}, {}])
def test_an_app_password_that_is_not_right_is_refused(bob: Client, data: dict[str, str]) -> None:
    assert bob.post("/compte/mots-de-passe-application/nouveau/", data).status_code == 422
    assert not AppPassword.objects.exists()


def test_the_export_holds_what_concerns_the_account_and_no_secret(bob: Client, cast: Cast) -> None:
    bob.post("/compte/mots-de-passe-application/nouveau/", {"label": "phone", "scope": "files"})
    with scope(cast.fabrique):
        record_read(by=cast.alice, subject=cast.bob, what="people.record")
        record_read(by=cast.alice, subject=cast.gus, what="people.record")
    answer = bob.get("/compte/donnees/tilios-compte.json")
    assert answer["Content-Disposition"] == 'attachment; filename="tilios-compte.json"'
    text = answer.content.decode()
    found: dict[str, Any] = json.loads(text)
    assert found["format"] == "tilios.account/1"
    assert found["account"]["email"] == "bob.lambert@example.org"
    assert [row["label"] for row in found["app_passwords"]] == ["phone"]
    assert len(found["devices"]) == 1
    (place,) = found["structures"]
    assert (place["structure"], place["person"]["display_name"]) == ("La Fabrique", "Bob Lambert")
    assert [line["verb"] for line in place["journal"] if line["about_me"] and not line["by_me"]].count(
        "people.read"
    ) == 1
    for secret in (account().password, AppPassword.objects.get().digest, "alice", "gus"):
        assert secret not in text, secret


def test_closing_asks_for_the_password_and_says_what_happens(bob: Client) -> None:
    page = bob.get("/compte/supprimer/").content.decode()
    assert "La Fabrique" in page
    assert bob.post("/compte/supprimer/", {"password": "wrong one", "sure": "on"}).status_code == 422
    assert bob.post("/compte/supprimer/", {"password": PASSWORD}).status_code == 422
    pk = account().pk
    assert bob.post("/compte/supprimer/", {"password": PASSWORD, "sure": "on"})["Location"] == "/compte/login/"
    assert not Account.objects.filter(pk=pk).exists()
    assert bob.get("/compte/").status_code == 302


def test_closing_is_refused_to_the_last_administrator_with_the_name_of_the_structure(cast: Cast) -> None:
    client = cast.client("alice")
    answer = client.post("/compte/supprimer/", {"password": PASSWORD, "sure": "on"})
    assert answer.status_code == 422
    assert "n’administre La Fabrique" in answer.content.decode()


def test_guessing_the_password_to_close_is_slowed(cast: Cast) -> None:
    client = cast.client("bob")
    for _try in range(5):
        client.post("/compte/supprimer/", {"password": "wrong one", "sure": "on"})
    answer = client.post("/compte/supprimer/", {"password": PASSWORD, "sure": "on"})
    assert "Trop d’essais" in answer.content.decode()
    assert Account.objects.filter(email="bob.lambert@example.org").exists()


def test_somebody_without_a_password_types_their_address(cast: Cast) -> None:
    bob = account()
    bob.set_unusable_password()
    bob.save()
    client = Client()
    client.force_login(bob)
    assert client.post("/compte/supprimer/", {"email": "alice@example.org", "sure": "on"}).status_code == 422
    assert client.post("/compte/supprimer/", {"email": bob.email.upper(), "sure": "on"}).status_code == 302


def test_changing_the_password_asks_for_the_present_one_and_keeps_this_device(bob: Client) -> None:
    new = "une autre phrase longue"
    fields = {"oldpassword": "wrong one", "password1": new, "password2": new}
    assert "actuel" in bob.post("/compte/password/change/", fields).content.decode()
    assert bob.post("/compte/password/change/", fields | {"oldpassword": PASSWORD})["Location"] == "/compte/securite/"
    assert account().check_password(new)
    assert bob.get("/compte/").status_code == 200


def test_a_new_address_counts_once_confirmed(bob: Client, mailoutbox: list[Any]) -> None:
    bob.post("/compte/email/", {"email": "bob@nouveau.example", "action_add": ""})
    assert account().email == "bob.lambert@example.org"
    assert mailoutbox[-1].to == ["bob@nouveau.example"]
    link = next(word for word in mailoutbox[-1].body.split() if "/confirm-email/" in word)
    path = link.split("testserver", 1)[-1] if "testserver" in link else "/" + link.split("/", 3)[-1]
    bob.post(path)
    assert account("bob@nouveau.example").name == "Bob Lambert"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_language_of_the_signed_out_is_kept_in_a_cookie(db: None, language: str) -> None:
    client = Client()
    client.post("/langue/", {"language": language, "next": "https://evil.example/"})
    assert f'lang="{language}"' in client.get("/compte/login/").content.decode()
