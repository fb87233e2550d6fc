"""App passwords: made once, checked quickly, slowed when guessed, taken back at once."""

from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone

from tests.cast import Cast
from tilios.core.access import app_passwords
from tilios.core.access.models import AppPassword
from tilios.core.errors import Invalid
from tilios.core.journal.models import Entry
from tilios.core.people.models import Account


@pytest.fixture
def alice(cast: Cast) -> Account:
    assert cast.alice.account is not None
    return cast.alice.account


def check(alice: Account, password: str, *, scope: str = "files", ip: str = "192.0.2.1", email: str = "") -> object:
    request = RequestFactory().get("/", REMOTE_ADDR=ip)
    return app_passwords.check(request, email=email or alice.email, password=password, scopes={scope})


def test_the_right_password_opens_its_scope_and_no_other(alice: Account) -> None:
    _row, clear = app_passwords.create(account=alice, scope="files", label="phone")
    assert check(alice, clear) == alice
    assert check(alice, clear, scope="calendar") is None
    assert check(alice, clear, email="bob.lambert@example.org") is None


def test_it_is_typed_with_or_without_dashes_and_capitals(alice: Account) -> None:
    _row, clear = app_passwords.create(account=alice, scope="files", label="phone")
    assert check(alice, clear.replace("-", " ").upper()) == alice


def test_it_is_kept_as_a_hash(alice: Account) -> None:
    row, clear = app_passwords.create(account=alice, scope="files", label="phone")
    assert clear.replace("-", "") not in str(AppPassword.objects.filter(pk=row.pk).values().get())
    assert Entry.objects.get(verb="portal.app_password_created").data == {"scope": "files"}


def test_checking_takes_two_queries(alice: Account, django_assert_num_queries: object) -> None:
    row, clear = app_passwords.create(account=alice, scope="files", label="phone")
    AppPassword.objects.filter(pk=row.pk).update(last_used_at=timezone.now())
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert check(alice, clear) == alice


def test_the_last_use_is_kept(alice: Account) -> None:
    row, clear = app_passwords.create(account=alice, scope="files", label="phone")
    check(alice, clear)
    row.refresh_from_db()
    assert row.last_used_at is not None


def test_a_revoked_or_expired_one_opens_nothing(alice: Account) -> None:
    row, clear = app_passwords.create(account=alice, scope="files", label="phone")
    AppPassword.objects.filter(pk=row.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert check(alice, clear) is None
    AppPassword.objects.filter(pk=row.pk).update(expires_at=None)
    app_passwords.revoke(account=alice, pk=row.pk)
    assert check(alice, clear) is None
    assert not app_passwords.live(alice)


def test_somebody_elses_is_left_alone(cast: Cast, alice: Account) -> None:
    row, clear = app_passwords.create(account=alice, scope="files", label="phone")
    assert cast.bob.account is not None
    app_passwords.revoke(account=cast.bob.account, pk=row.pk)
    assert check(alice, clear) == alice


def test_guessing_is_slowed(alice: Account) -> None:
    _row, clear = app_passwords.create(account=alice, scope="files", label="phone")
    for number in range(20):
        assert check(alice, f"wrong{number}") is None
    assert check(alice, clear) is None  # must wait
    assert check(alice, clear, ip="198.51.100.7") == alice  # from elsewhere, nobody has guessed


def test_a_device_with_a_revoked_password_does_not_slow_the_others(alice: Account) -> None:
    old, old_clear = app_passwords.create(account=alice, scope="files", label="old phone")
    _row, clear = app_passwords.create(account=alice, scope="files", label="phone")
    app_passwords.revoke(account=alice, pk=old.pk)
    for _try in range(50):
        assert check(alice, old_clear) is None
    assert check(alice, clear) == alice


@pytest.mark.parametrize(("scope", "label", "field"), [("house", "phone", "scope"), ("files", "  ", "label")])
def test_what_is_not_right_is_refused(alice: Account, scope: str, label: str, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        app_passwords.create(account=alice, scope=scope, label=label)
    assert refusal.value.field == field
