"""Closing an account, ending a session, naming hosts."""

import threading

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client

from tests.cast import PASSWORD, Cast, make_person
from tilios.core.access import accounts, app_passwords, visits
from tilios.core.errors import Conflict, Invalid
from tilios.core.journal.models import Entry
from tilios.core.people.models import Account, Person
from tilios.core.people.roles import Role
from tilios.core.structures.scope import scope, unscoped


def account_of(person: Person) -> Account:
    assert person.account is not None
    return person.account


def test_closing_leaves_the_person_without_login(cast: Cast) -> None:
    bob = account_of(cast.bob)
    app_passwords.create(account=bob, scope="files", label="phone")
    pk = bob.pk
    accounts.close_account(account=bob)
    assert not Account.objects.filter(pk=pk).exists()
    with scope(cast.fabrique):
        person = Person.objects.get(pk=cast.bob.pk)
    assert person.account_id is None
    assert person.is_active
    assert set(Entry.objects.filter(verb="portal.account_closed").values_list("structure", "subject")) == {
        (cast.fabrique.pk, cast.bob.pk),
        (None, None),
    }


def test_closing_signs_out_every_device(cast: Cast) -> None:
    client = Client()
    client.post("/compte/login/", {"login": "bob.lambert@example.org", "password": PASSWORD})
    assert client.get("/compte/").status_code == 200
    accounts.close_account(account=account_of(cast.bob))
    assert client.get("/compte/").status_code == 302


def test_the_last_administrator_stays(cast: Cast) -> None:
    with pytest.raises(Conflict, match="La Fabrique"):
        accounts.close_account(account=account_of(cast.alice))
    assert [step.alone for step in accounts.leaving(account_of(cast.alice))] == [True]
    make_person(cast.fabrique, "Dana Smith", Role.ADMIN)
    accounts.close_account(account=account_of(cast.alice))


@pytest.mark.parametrize("why", ["left", "no login", "closed", "visit"])
def test_somebody_who_could_not_administer_does_not_count(cast: Cast, why: str) -> None:
    other = make_person(cast.fabrique, "Dana Smith", Role.ADMIN)
    with unscoped("test"):
        if why == "left":
            Person.objects.filter(pk=other.pk).update(status="left")
        elif why == "no login":
            Person.objects.filter(pk=other.pk).update(account=None)
        elif why == "closed":
            Account.objects.filter(pk=other.account_id).update(is_active=False)
        else:
            Person.objects.filter(pk=other.pk).delete()
            host = account_of(cast.charlie)
            accounts.set_host(by=None, account=host, is_host=True)
            visits.step_in(account=host, structure=cast.fabrique, reason="a reason long enough")
    with pytest.raises(Conflict):
        accounts.close_account(account=account_of(cast.alice))


def test_the_last_host_stays(cast: Cast) -> None:
    bob, charlie = account_of(cast.bob), account_of(cast.charlie)
    accounts.set_host(by=None, account=bob, is_host=True)
    with pytest.raises(Conflict):
        accounts.close_account(account=bob)
    with pytest.raises(Conflict):
        accounts.set_host(by=bob, account=bob, is_host=False)
    accounts.set_host(by=bob, account=charlie, is_host=True)
    accounts.set_host(by=charlie, account=bob, is_host=False)
    accounts.close_account(account=bob)
    said = Entry.objects.filter(verb__startswith="portal.host_").order_by("pk").values_list("verb", flat=True)
    assert list(said) == ["portal.host_given", "portal.host_given", "portal.host_taken"]


def test_naming_the_same_host_twice_is_said_once(cast: Cast) -> None:
    bob = account_of(cast.bob)
    accounts.set_host(by=None, account=bob, is_host=True)
    accounts.set_host(by=None, account=bob, is_host=True)
    assert Entry.objects.filter(verb="portal.host_given").count() == 1


def test_one_device_is_signed_out_alone(cast: Cast) -> None:
    phone, desk = Client(), Client()
    for client in (phone, desk):
        client.post("/compte/login/", {"login": "bob.lambert@example.org", "password": PASSWORD})
    session = UserSession.objects.get(session_key=phone.session.session_key)
    assert not accounts.end_session(account=account_of(cast.alice), pk=session.pk)
    assert accounts.end_session(account=account_of(cast.bob), pk=session.pk)
    assert phone.get("/compte/").status_code == 302
    assert desk.get("/compte/").status_code == 200


@pytest.mark.parametrize(("field", "value"), [("name", "  "), ("language", "tlh"), ("theme", "pink")])
def test_a_profile_that_is_not_right_is_refused(cast: Cast, field: str, value: str) -> None:
    fields = {"name": "Bob", "language": "fr", "theme": "dark", "shortcuts": True} | {field: value}
    with pytest.raises(Invalid) as refusal:
        accounts.change_profile(account=account_of(cast.bob), **fields)  # type: ignore[arg-type]
    assert refusal.value.field == field


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_leave_at_once_do_not_both_leave() -> None:
    from tests.cast import make_cast

    cast = make_cast()
    dana = make_person(cast.fabrique, "Dana Smith", Role.ADMIN)
    outcomes: list[str] = []
    barrier = threading.Barrier(2)

    def leave(pk: int) -> None:
        barrier.wait()
        try:
            accounts.close_account(account=Account.objects.get(pk=pk))
            outcomes.append("left")
        except Conflict:
            outcomes.append("stays")
        finally:
            connection.close()

    threads = [threading.Thread(target=leave, args=[person.account_id]) for person in (cast.alice, dana)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["left", "stays"]
