"""Two who press at the same moment, with real threads: one record, one contribution, one letter."""

from typing import Any

import pytest
from django.core import mail

from tests.cast import Cast, make_cast
from tests.harness import crowd
from tilios.core.errors import Conflict, Refused
from tilios.core.structures.scope import scope
from tilios.tools.members.actions.accepting import accept, refuse
from tilios.tools.members.actions.joining import confirm
from tilios.tools.members.models import Application, ApplicationState, Contribution, Record
from tilios.tools.members.tests.joining_values import application, join_form

pytestmark = pytest.mark.django_db(transaction=True)
PRESSES = 6


@pytest.fixture
def crowd_cast(transactional_db: None) -> Cast:
    return make_cast()


def at_once(cast: Cast, work: Any) -> list[Any]:
    return crowd.at_once(cast, work, count=PRESSES, threads=PRESSES, refused=Refused)


def test_two_managers_accept_at_once_one_record_is_made(crowd_cast: Cast) -> None:
    with scope(crowd_cast.fabrique):
        waiting = application(join_form(), people=2)
    keepers = (crowd_cast.manon, crowd_cast.alice)
    answers = at_once(crowd_cast, lambda number: accept(by=keepers[number % 2], application=waiting))
    assert sum(isinstance(one, Application) for one in answers) == 1
    assert sum(isinstance(one, Conflict) for one in answers) == PRESSES - 1
    with scope(crowd_cast.fabrique):
        assert (Record.objects.count(), Contribution.objects.count()) == (2, 2)
    assert sum("Bienvenue" in one.subject for one in mail.outbox) == 1


def test_accepted_and_refused_at_once_one_of_the_two_holds(crowd_cast: Cast) -> None:
    with scope(crowd_cast.fabrique):
        waiting = application(join_form())

    def press(number: int) -> Application:
        if number % 2:
            return accept(by=crowd_cast.alice, application=waiting)
        return refuse(by=crowd_cast.manon, application=waiting, reason="Complet")

    answers = at_once(crowd_cast, press)
    assert sum(isinstance(one, Application) for one in answers) == 1
    with scope(crowd_cast.fabrique):
        is_member = Record.objects.exists()
        assert is_member is (Application.objects.get().state == ApplicationState.ACCEPTED)


def test_one_address_confirmed_twice_at_once_makes_one_member(crowd_cast: Cast) -> None:
    with scope(crowd_cast.fabrique):
        form = join_form(mode="at_once")
        rows = [application(form, state=ApplicationState.SENT, confirmed_at=None) for _turn in range(PRESSES)]
    at_once(crowd_cast, lambda number: confirm(application=rows[number]))
    with scope(crowd_cast.fabrique):
        assert Record.objects.count() == 1
        assert Application.objects.filter(state=ApplicationState.ACCEPTED).count() == 1
