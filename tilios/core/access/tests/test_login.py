"""The front door: the same answer and the same work whether or not an address exists; guessing is slowed."""

import re
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth import hashers, password_validation
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client, override_settings

from tests.cast import PASSWORD, Cast, make_person
from tilios.core.access.login import common_passwords
from tilios.core.people.models import Account
from tilios.core.people.roles import Role

LOGIN = "/compte/login/"
RESET = "/compte/password/reset/"


def sign_in(email: str, password: str, client: Client | None = None, **extra: Any) -> Any:
    return (client or Client()).post(LOGIN, {"login": email, "password": password}, **extra)


def said(response: Any) -> str:
    """The page without what changes from one request to the next, and without what was typed."""
    text = response.content.decode()
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|name="csrf-token" content="[^"]+"', "", text)
    return re.sub(r"[\w.]+@example\.org", "", text)


def test_the_right_password_opens(cast: Cast) -> None:
    response = sign_in("alice.moreau@example.org", PASSWORD)
    assert response.status_code == 302
    assert sign_in(" Alice.MOREAU@example.org ", PASSWORD).status_code == 302


def test_an_address_that_does_not_exist_gets_the_same_answer(cast: Cast) -> None:
    known = sign_in("alice.moreau@example.org", "not the right one")
    unknown = sign_in("nobody.here@example.org", "not the right one")
    assert known.status_code == unknown.status_code == 200
    assert said(known) == said(unknown)


@pytest.fixture
def hash_count() -> Iterator[list[int]]:
    """How many times the real hasher has worked."""
    count: list[int] = []
    encode = hashers.PBKDF2PasswordHasher.encode

    def counted(self: Any, password: str, salt: str, iterations: int | None = None) -> str:
        count.append(iterations or self.iterations)
        return encode(self, password, salt, 1)

    with (
        override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"]),
        patch.object(hashers.PBKDF2PasswordHasher, "encode", counted),
        patch.object(hashers.PBKDF2PasswordHasher, "must_update", lambda *_args: False),
    ):
        yield count


def work_of(hash_count: list[int], act: Any) -> list[int]:
    hash_count.clear()
    act()
    return list(hash_count)


def test_an_address_that_does_not_exist_takes_the_same_work(db: None, hash_count: list[int]) -> None:
    for email, password, active in (("with@example.org", PASSWORD, True), ("closed@example.org", PASSWORD, False)):
        account = Account.objects.create_user(email, password, is_active=active)
        EmailAddress.objects.create(user=account, email=email, verified=True, primary=True)
    without = Account.objects.create_user("without@example.org")
    EmailAddress.objects.create(user=without, email="without@example.org", verified=True, primary=True)
    work = {
        email: work_of(hash_count, lambda email=email: sign_in(f"{email}@example.org", "wrong one"))
        for email in ("with", "without", "closed", "nobody")
    }
    assert {len(rounds) for rounds in work.values()} == {1}, work


def test_asking_for_a_reset_takes_the_same_work_and_says_the_same(cast: Cast, hash_count: list[int]) -> None:
    pages = {}
    for email in ("alice.moreau@example.org", "nobody.here@example.org"):
        client = Client()
        before = len(mail.outbox)
        work = work_of(hash_count, lambda client=client, email=email: client.post(RESET, {"email": email}))
        assert (len(work), len(mail.outbox) - before) == (0, 1), email
        pages[email] = said(client.get("/compte/password/reset/done/"))
    assert len(set(pages.values())) == 1


def test_a_reset_link_works_once(cast: Cast) -> None:
    client = Client()
    client.post(RESET, {"email": "alice.moreau@example.org"})
    address = re.search(r"https?://[^/\s]+(/compte/password/reset/key/\S+)", str(mail.outbox[-1].body))
    assert address is not None
    page = client.get(address[1], follow=True)
    url = page.redirect_chain[-1][0]
    new = "une autre phrase longue"
    answer = client.post(url, {"password1": new, "password2": new})
    assert answer.status_code == 302
    assert sign_in("alice.moreau@example.org", new).status_code == 302
    assert "n’est plus valable" in client.get(address[1], follow=True).content.decode()


def test_asking_for_resets_is_slowed_known_or_not(cast: Cast) -> None:
    answers = []
    for email in ("alice.moreau@example.org", "nobody.here@example.org"):
        for _try in range(3):
            assert Client().post(RESET, {"email": email}).status_code == 302
        answers.append(said(Client().post(RESET, {"email": email})))
    assert "Trop d’essais" in answers[0]
    assert re.sub(r"\d+ secondes?|une seconde", "", answers[0]) == re.sub(r"\d+ secondes?|une seconde", "", answers[1])


def test_wrong_passwords_are_slowed_by_account_from_anywhere(cast: Cast) -> None:
    for number in range(5):
        sign_in("alice.moreau@example.org", "wrong one", REMOTE_ADDR=f"192.0.2.{number}")
    refused = sign_in("alice.moreau@example.org", PASSWORD, REMOTE_ADDR="198.51.100.1")
    assert "Trop d’essais" in refused.content.decode()
    assert sign_in("bob.lambert@example.org", PASSWORD).status_code == 302


def test_wrong_passwords_are_slowed_by_network_whatever_the_account(cast: Cast) -> None:
    for number in range(30):
        sign_in(f"{number}@example.org", "wrong one", REMOTE_ADDR="192.0.2.9")
    assert "Trop d’essais" in sign_in("bob.lambert@example.org", PASSWORD, REMOTE_ADDR="192.0.2.9").content.decode()
    assert sign_in("bob.lambert@example.org", PASSWORD, REMOTE_ADDR="192.0.2.10").status_code == 302


def test_a_device_known_to_the_account_is_not_shut_out_by_somebody_elses_guesses(cast: Cast) -> None:
    phone = Client()
    assert sign_in("alice.moreau@example.org", PASSWORD, phone).status_code == 302
    phone.post("/compte/logout/")
    for _try in range(6):
        sign_in("alice.moreau@example.org", "wrong one")
    assert "Trop d’essais" in sign_in("alice.moreau@example.org", PASSWORD).content.decode()
    assert sign_in("alice.moreau@example.org", PASSWORD, phone).status_code == 302


def test_a_known_device_has_five_tries_of_its_own_at_that_account_alone(cast: Cast) -> None:
    phone = Client()
    sign_in("alice.moreau@example.org", PASSWORD, phone)
    phone.post("/compte/logout/")
    for _try in range(5):
        sign_in("alice.moreau@example.org", "wrong one", phone)
    assert "Trop d’essais" in sign_in("alice.moreau@example.org", PASSWORD, phone).content.decode()
    assert sign_in("alice.moreau@example.org", PASSWORD).status_code == 302  # the others are not stopped
    for _try in range(5):
        sign_in("bob.lambert@example.org", "wrong one", phone)
    assert "Trop d’essais" in sign_in("bob.lambert@example.org", PASSWORD).content.decode()


@pytest.mark.parametrize("cookie", ["", "nonsense", "e30:1abc:forged"])
def test_a_cookie_that_is_not_ours_makes_no_known_device(cast: Cast, cookie: str) -> None:
    thief = Client()
    thief.cookies["tilios_known"] = cookie
    for _try in range(5):
        sign_in("alice.moreau@example.org", "wrong one", thief)
    assert "Trop d’essais" in sign_in("alice.moreau@example.org", PASSWORD).content.decode()


def test_a_long_list_of_good_sign_ins_slows_nobody(cast: Cast) -> None:
    for _number in range(40):
        assert sign_in("bob.lambert@example.org", PASSWORD, REMOTE_ADDR="192.0.2.9").status_code == 302


def test_codes_of_the_second_lock_are_slowed(cast: Cast) -> None:
    assert cast.alice.account is not None
    totp.TOTP.activate(cast.alice.account, totp.generate_totp_secret())
    client = Client()
    assert sign_in("alice.moreau@example.org", PASSWORD, client)["Location"].startswith("/compte/2fa/authenticate/")
    for _try in range(5):
        page = client.post("/compte/2fa/authenticate/", {"code": "000000"}).content.decode()
        assert "pas le bon" in page
    assert "Trop d’essais" in client.post("/compte/2fa/authenticate/", {"code": "000000"}).content.decode()


def test_the_second_locks_secret_is_not_in_the_database_in_clear(cast: Cast) -> None:
    assert cast.alice.account is not None
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(cast.alice.account, secret)
    kept = Authenticator.objects.get(user=cast.alice.account)
    assert secret not in str(kept.data)
    assert kept.wrap().validate_code(
        totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))
    )


@pytest.mark.parametrize("password", ["password", "123456789", "azertyuiop", "QWERTYUIOP"])
def test_the_most_used_passwords_are_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        password_validation.validate_password(password)


@pytest.mark.parametrize("password", ["un deux trois", "aaaaaaaaaaaa", "œufs au plat", "1029384756x"])
def test_there_are_no_rules_of_composition(password: str) -> None:
    password_validation.validate_password(password)


def test_there_are_three_thousand_of_them() -> None:
    assert len(common_passwords()) >= 2990


def test_signing_up_is_closed_and_says_how_to_come_in(db: None) -> None:
    for method in ("get", "post"):
        page = getattr(Client(), method)("/compte/signup/", {"email": "eve@example.org", "password1": PASSWORD})
        assert "invitation" in page.content.decode()
    assert not Account.objects.exists()


def test_a_mail_to_somebody_speaks_their_language(cast: Cast) -> None:
    dana = make_person(cast.fabrique, "Dana Smith", Role.MEMBER)
    Account.objects.filter(pk=dana.account_id).update(language="en")
    for name, words in (("dana.smith", "Hello,"), ("bob.lambert", "Bonjour,")):
        Client().post(RESET, {"email": f"{name}@example.org"}, HTTP_ACCEPT_LANGUAGE="fr")
        assert words in str(mail.outbox[-1].body), name
