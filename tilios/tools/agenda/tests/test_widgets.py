"""The card of the dashboard: what comes next, for each person what they see."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from tilios.core.structures.scope import scope
from tilios.tools.agenda.tests.contract import event
from tilios.tools.agenda.widgets import SHOWN, upcoming

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


def in_days(count: int) -> str:
    return f"{timezone.now() + timedelta(days=count):%Y%m%dT%H%M%SZ}"


def test_the_next_events_are_shown_in_order_and_those_that_are_over_are_not(cast: "Cast") -> None:
    with scope(cast.fabrique):
        for count in (3, 1, -2, 2, 4, 5, 6):
            event(cast.alice, f"Dans {count}", in_days(count))
        event(cast.alice, "Annulé", in_days(1), more="STATUS:CANCELLED\r\n")
        shown = upcoming(cast.bob)
    assert shown is not None
    assert [one.title for one in shown["happenings"]] == [f"Dans {count}" for count in range(1, SHOWN + 1)]


def test_there_is_no_card_without_events_or_without_a_calendar(cast: "Cast") -> None:
    with scope(cast.fabrique):
        assert upcoming(cast.gus) is None
        event(cast.alice, "Loin", in_days(200))
        assert upcoming(cast.bob) is None


def test_the_home_shows_the_card(cast: "Cast") -> None:
    with scope(cast.fabrique):
        event(cast.alice, "Chorale", in_days(1), more="LOCATION:Église\r\n")
    page = cast.client("bob").get("/s/la-fabrique/").content.decode()
    assert "Chorale" in page
    assert "Église" in page
