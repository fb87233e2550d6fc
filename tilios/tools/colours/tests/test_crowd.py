"""Three hundred at once, with real threads: no answer lost, none doubled, none after the close."""

from functools import partial
from typing import Any

import pytest

from tests.cast import Cast, make_cast
from tests.harness import crowd
from tilios.core.access.models import ShareLink, Visitor
from tilios.core.errors import Conflict
from tilios.core.structures.scope import scope
from tilios.tools.colours import actions, queries, tallies
from tilios.tools.colours.models import Answer, Roll, Session, Voice
from tilios.tools.colours.queries import Whom
from tilios.tools.colours.tests.contract import colours, first_of, open_session

pytestmark = pytest.mark.django_db(transaction=True)
CROWD = 300
at_once = partial(crowd.at_once, count=CROWD)


@pytest.fixture
def crowd_cast(transactional_db: None) -> Cast:
    return make_cast()


def guests_of(session: Session, count: int) -> list[Visitor]:
    link = ShareLink.objects.create(token="foule", kind="colours.session", target=session.pk, mode="answer")
    return Visitor.objects.bulk_create(Visitor(link=link, key=f"k{n}", name=f"Voix {n}") for n in range(count))


def test_three_hundred_at_once_lose_and_double_nothing(crowd_cast: Cast) -> None:
    with scope(crowd_cast.fabrique):
        session = open_session(crowd_cast.alice)
        guests, given = guests_of(session, CROWD), actions.Given(colours(session, 0, 2, 4))
    at_once(
        crowd_cast, lambda number: actions.answer(whom=Whom(visitor=guests[number]), session=session, given=given).pk
    )
    with scope(crowd_cast.fabrique):
        session.refresh_from_db()
        assert Voice.objects.count() == CROWD
        assert Answer.objects.count() == 3 * CROWD
        assert tallies.sums_of(session, queries.current_round(session))[first_of(session)].counts[0] == CROWD


def test_a_secret_crowd_is_mixed_and_loses_nothing(crowd_cast: Cast) -> None:
    count = 60
    with scope(crowd_cast.fabrique):
        session = open_session(crowd_cast.alice, identity="secret", results="answered")
        guests, given = guests_of(session, count), actions.Given(colours(session, 0, 2))
    at_once(
        crowd_cast,
        lambda n: actions.answer(whom=Whom(visitor=guests[n], device=f"d{n}"), session=session, given=given).pk,
        count=count,
        threads=12,
    )
    with scope(crowd_cast.fabrique):
        assert Voice.objects.count() == Roll.objects.count() == count
        assert Answer.objects.count() == 2 * count


def test_the_same_person_from_many_devices_at_once_is_one_voice(crowd_cast: Cast) -> None:
    with scope(crowd_cast.fabrique):
        session = open_session(crowd_cast.alice)
        choices = [actions.Given(colours(session, value)) for value in range(5)]
    at_once(
        crowd_cast,
        lambda n: actions.answer(whom=Whom(person=crowd_cast.bob), session=session, given=choices[n % 5]).pk,
        count=40,
        threads=20,
    )
    with scope(crowd_cast.fabrique):
        assert Voice.objects.count() == Answer.objects.count() == 1


def test_nobody_answers_after_the_close_and_nobody_from_before_is_lost(crowd_cast: Cast) -> None:
    with scope(crowd_cast.fabrique):
        session = open_session(crowd_cast.alice)
        guests, given = guests_of(session, 80), actions.Given(colours(session, 1))

    def answer_or_close(number: int) -> Any:
        if number == 40:
            return actions.close_session(by=crowd_cast.alice, session=session).pk
        return actions.answer(whom=Whom(visitor=guests[number]), session=session, given=given).pk

    found = at_once(crowd_cast, answer_or_close, count=80, threads=20)
    taken = [one for one in found if not isinstance(one, Conflict)]
    with scope(crowd_cast.fabrique):
        assert Voice.objects.count() == len(taken) - 1
