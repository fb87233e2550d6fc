"""Dated things of other tools beside the events: seen by who may see them, hidden by who wants, told apart."""

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tilios.core.structures.scope import scope
from tilios.core.toolbox.layers import layers_of
from tilios.tools.agenda.actions.showing import show_layers
from tilios.tools.agenda.actions.spaces import COLOURS
from tilios.tools.agenda.layers import birthdays
from tilios.tools.agenda.models import Card, HiddenLayer
from tilios.tools.agenda.tests.contract import card, event
from tilios.tools.colours.tests.contract import open_session
from tilios.tools.polls import actions as polls
from tilios.tools.polls.drafts import Draft
from tilios.tools.polls.tests.contract import open_choice, open_dates

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db
HOME = "/s/la-fabrique/agenda/"


def soon(days: int = 2) -> datetime:
    return timezone.now() + timedelta(days=days)


def listed(cast: "Cast", who: str) -> str:
    return cast.client(who).get(f"{HOME}liste/").content.decode()


def born(cast: "Cast", name: str, day: str) -> Card:
    return card(cast.alice, name, more=f"BDAY:{day}\r\n")


def days_of(cast: "Cast", start: datetime, end: datetime) -> list[tuple[str, str]]:
    with timezone.override("Europe/Paris"):
        return [(one.title, f"{one.start:%Y-%m-%d}") for one in birthdays(cast.bob, start, end)]


def test_deadlines_are_listed_and_lead_to_their_page(cast: "Cast") -> None:
    with scope(cast.fabrique):
        poll = open_choice(cast.alice, "Quel nom ?", deadline=soon())
        session = open_session(cast.alice, "Le lieu", deadline=soon(3))
    page = listed(cast, "bob")
    assert "Quel nom ? – dernier moment pour répondre" in page
    assert "Le lieu – dernier moment pour répondre" in page
    assert f'href="/s/la-fabrique/sondages/{poll.pk}/' in page
    assert f'href="/s/la-fabrique/vote-colore/{session.pk}/' in page


def test_who_is_not_asked_sees_nothing_of_it(cast: "Cast") -> None:
    with scope(cast.fabrique):
        open_choice(cast.alice, "Entre nous", deadline=soon(), least_role=cast.alice.role)
        open_session(cast.alice, "Entre nous aussi", deadline=soon(), least_role=cast.alice.role)
    assert "Entre nous" not in listed(cast, "bob")
    assert "Entre nous" not in cast.client("charlie").get("/s/l-atelier/agenda/liste/").content.decode()


def test_days_of_a_date_poll_are_tentative_until_it_closes(cast: "Cast") -> None:
    with scope(cast.fabrique):
        poll = open_dates(cast.alice, "Réunion", days=2)
        page = listed(cast, "bob")
        assert page.count("Peut-être : Réunion") == 2
        assert "À confirmer" in page
        polls.close_poll(by=cast.alice, poll=poll, chosen=poll.options.all()[0])
    assert "Peut-être" not in listed(cast, "bob")


def test_hours_of_a_date_poll_are_told_in_the_zone_of_the_structure(cast: "Cast") -> None:
    day = timezone.localdate() + timedelta(days=3)
    with scope(cast.fabrique):
        drafts = [Draft(day=day, start=time(18), end=time(20))]
        open_dates(cast.alice, "Réunion", drafts=drafts, timezone="America/Martinique")
    assert "23:00" in listed(cast, "bob")


def test_a_poll_closed_before_its_deadline_has_none(cast: "Cast") -> None:
    with scope(cast.fabrique):
        poll = open_choice(cast.alice, "Quel nom ?", deadline=soon())
        polls.close_poll(by=cast.alice, poll=poll)
    assert "dernier moment" not in listed(cast, "bob")


def test_each_hides_the_layers_they_do_not_want(cast: "Cast") -> None:
    with scope(cast.fabrique):
        open_choice(cast.alice, "Quel nom ?", deadline=soon())
        event(cast.alice, "Atelier")
    bob = cast.client("bob")
    answer = bob.post(f"{HOME}afficher/", {"couche": ["agenda.birthdays", "colours.deadlines", "rien.du.tout"]})
    assert answer.status_code == 302
    with scope(cast.fabrique):
        assert list(HiddenLayer.objects.values_list("person", "name")) == [(cast.bob.pk, "polls.dates")]
    assert "Quel nom ?" not in listed(cast, "bob")
    assert "Quel nom ?" in listed(cast, "alice")
    bob.post(f"{HOME}afficher/", {"couche": ["agenda.birthdays", "colours.deadlines", "polls.dates"]})
    assert "Quel nom ?" in listed(cast, "bob")
    with scope(cast.fabrique):
        assert not HiddenLayer.objects.exists()


def test_a_tool_that_is_switched_off_has_no_layer(cast: "Cast") -> None:
    with scope(cast.fabrique):
        open_choice(cast.alice, "Quel nom ?", deadline=soon())
        assert "polls.dates" in [one.name for one in layers_of(cast.bob)]
    cast.fabrique.enabled_tools = [one for one in cast.fabrique.enabled_tools if one != "polls"]
    cast.fabrique.save()
    assert "Quel nom ?" not in listed(cast, "bob")


def test_birthdays_come_every_year_with_the_age_when_the_year_is_known(cast: "Cast") -> None:
    with scope(cast.fabrique):
        born(cast, "Zoé Durand", "1980-05-17")
        born(cast, "Léo Petit", "--0517")
        found = days_of(cast, datetime(2026, 5, 1, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC))
        assert ("Anniversaire de Zoé Durand, 46 ans", "2026-05-17") in found
        assert ("Anniversaire de Zoé Durand, 47 ans", "2027-05-17") in found
        assert [one for one in found if "Léo" in one[0]] == [
            ("Anniversaire de Léo Petit", "2026-05-17"),
            ("Anniversaire de Léo Petit", "2027-05-17"),
        ]
        assert days_of(cast, datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 9, 1, tzinfo=UTC)) == []


def test_birthdays_are_found_across_the_end_of_the_year_and_on_the_29th_of_february(cast: "Cast") -> None:
    with scope(cast.fabrique):
        born(cast, "Noël Jean", "1990-12-31")
        born(cast, "Jan Vier", "1990-01-01")
        born(cast, "Bis Sextile", "2000-02-29")
        winter = days_of(cast, datetime(2026, 12, 28, tzinfo=UTC), datetime(2027, 1, 4, tzinfo=UTC))
        assert [day for _name, day in winter] == ["2026-12-31", "2027-01-01"]
        for year, kept in ((2027, "2027-02-28"), (2028, "2028-02-29")):
            found = days_of(cast, datetime(year, 2, 25, tzinfo=UTC), datetime(year, 3, 3, tzinfo=UTC))
            assert [day for _name, day in found] == [kept]


def test_birthdays_are_of_the_contacts_one_may_see(cast: "Cast") -> None:
    with scope(cast.fabrique):
        born(cast, "Zoé Durand", f"1980-{soon():%m-%d}")
    assert "Anniversaire de Zoé Durand" in listed(cast, "bob")
    assert "Zoé" not in cast.client("gus").get(f"{HOME}liste/").content.decode()
    assert "Zoé" not in cast.client("charlie").get("/s/l-atelier/agenda/liste/").content.decode()


@pytest.mark.parametrize("view", ["mois", "semaine", "jour", "liste", "annee"])
def test_layers_cost_the_same_however_much_they_hold(cast: "Cast", view: str) -> None:
    client, counts = cast.client("bob"), []
    for more in (1, 12):
        with scope(cast.fabrique):
            for number in range(more):
                open_choice(cast.alice, f"Nom {number} ?", deadline=soon())
                open_dates(cast.alice, f"Date {number} ?")
                open_session(cast.alice, f"Couleur {number}", deadline=soon())
                born(cast, f"Nom {number}-{more}", f"1980-{soon():%m-%d}")
        client.get(f"{HOME}{view}/")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"{HOME}{view}/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_colours_of_layers_are_far_from_those_of_calendars(cast: "Cast") -> None:
    def levels(colour: str) -> tuple[int, ...]:
        return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))

    with scope(cast.fabrique):
        mine = [one.colour for one in layers_of(cast.alice)]
    for colour in mine:
        for other in (*COLOURS, *(one for one in mine if one != colour)):
            gap = sum((a - b) ** 2 for a, b in zip(levels(colour), levels(other), strict=True)) ** 0.5
            assert gap > 45, (colour, other, gap)


def test_the_style_sheet_has_the_colours_of_layers(cast: "Cast") -> None:
    assert ".calendar-polls-dates{--calendar:#56700c}" in cast.client("bob").get(f"{HOME}couleurs.css").content.decode()


def test_showing_what_is_shown_already_changes_nothing(cast: "Cast") -> None:
    with scope(cast.fabrique):
        show_layers(by=cast.bob, wanted={one.name for one in layers_of(cast.bob)})
        assert not HiddenLayer.objects.exists()
