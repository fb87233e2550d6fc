"""The host steps into a structure: for a reason, for an hour, and its journal says so."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.cast import Cast
from tilios.core.access import accounts, visits
from tilios.core.errors import Conflict, Invalid, NotAllowed
from tilios.core.journal.models import Entry
from tilios.core.people.models import Account, Person
from tilios.core.people.queries import active_people, structures_of
from tilios.core.structures.scope import scope

REASON = "An administrator asked for help with the rights."
HOME = "/s/la-fabrique/"


@pytest.fixture
def host(cast: Cast) -> Account:
    account = cast.charlie.account
    assert account is not None
    accounts.set_host(by=None, account=account, is_host=True)
    return account


def test_the_host_has_no_way_in_without_a_visit(cast: Cast, host: Account) -> None:
    assert cast.client("charlie").get(HOME).status_code == 404


def test_a_visit_opens_the_structure_and_the_journal_says_why(cast: Cast, host: Account) -> None:
    person = visits.step_in(account=host, structure=cast.fabrique, reason=REASON)
    assert cast.client("charlie").get(HOME).status_code == 200
    entry = Entry.objects.get(verb="portal.host_stepped_in")
    assert (entry.structure_id, entry.actor, entry.account) == (cast.fabrique.pk, person.pk, host.pk)
    assert entry.data == {"reason": REASON}
    assert cast.fabrique in structures_of(host)


def test_the_visitor_is_not_one_of_the_people(cast: Cast, host: Account) -> None:
    visits.step_in(account=host, structure=cast.fabrique, reason=REASON)
    with scope(cast.fabrique):
        assert not active_people().filter(account=host).exists()


def test_it_ends_after_an_hour(cast: Cast, host: Account) -> None:
    person = visits.step_in(account=host, structure=cast.fabrique, reason=REASON)
    assert timedelta(minutes=59) < person.visit_ends_at - timezone.now() <= timedelta(hours=1)  # type: ignore[operator]
    with scope(cast.fabrique):
        Person.objects.filter(pk=person.pk).update(visit_ends_at=timezone.now() - timedelta(seconds=1))
    assert cast.client("charlie").get(HOME).status_code == 404
    assert not visits.visits(host)


def test_leaving_early_closes_at_once_and_coming_back_is_a_new_visit(cast: Cast, host: Account) -> None:
    first = visits.step_in(account=host, structure=cast.fabrique, reason=REASON)
    visits.leave(account=host, structure=cast.fabrique)
    visits.leave(account=host, structure=cast.fabrique)
    assert cast.client("charlie").get(HOME).status_code == 404
    assert Entry.objects.filter(verb="portal.host_left").count() == 1
    again = visits.step_in(account=host, structure=cast.fabrique, reason=REASON)
    assert again.pk == first.pk
    assert cast.client("charlie").get(HOME).status_code == 200
    assert Entry.objects.filter(verb="portal.host_stepped_in").count() == 2


@pytest.mark.parametrize("reason", ["", "   ", "just so"])
def test_a_reason_is_given_in_words(cast: Cast, host: Account, reason: str) -> None:
    with pytest.raises(Invalid):
        visits.step_in(account=host, structure=cast.fabrique, reason=reason)


def test_nobody_but_a_host_steps_in(cast: Cast) -> None:
    account = cast.charlie.account
    assert account is not None
    with pytest.raises(NotAllowed):
        visits.step_in(account=account, structure=cast.fabrique, reason=REASON)


def test_a_host_who_is_of_the_structure_enters_as_such(cast: Cast, host: Account) -> None:
    with pytest.raises(Conflict):
        visits.step_in(account=host, structure=cast.atelier, reason=REASON)
