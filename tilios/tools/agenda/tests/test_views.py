"""The month, the week, the day, the list and the year, as people see them."""

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tilios.core.shelves.actions import rights as lists
from tilios.core.shelves.levels import Level
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope
from tilios.tools.agenda.actions.entries import put_entry
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.models import Entry, Showing
from tilios.tools.agenda.tests.contract import another, calendar, event, fill

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db
HOME = "/s/la-fabrique/agenda/"
VIEWS = ("mois", "semaine", "jour", "liste", "annee")


@pytest.fixture
def bob(cast: "Cast") -> Client:
    return cast.client("bob")


def see(client: Client, address: str) -> str:
    answer = client.get(HOME + address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.mark.parametrize("view", VIEWS[:4])
def test_an_event_is_in_every_view_of_its_day(cast: "Cast", bob: Client, view: str) -> None:
    with scope(cast.fabrique):
        event(cast.alice, "Atelier soudure", "20261203T173000Z")
    assert "Atelier soudure" in see(bob, f"{view}/?jour=2026-12-03")
    assert "Atelier soudure" not in see(bob, f"{view}/?jour=2027-02-03")


def test_the_year_counts_the_events_of_each_day(cast: "Cast", bob: Client) -> None:
    with scope(cast.fabrique):
        event(cast.alice, start="20261203T173000Z")
        event(cast.alice, start="20261203T093000Z")
    assert "jeudi 3 décembre 2026, 2 événements" in see(bob, "annee/?jour=2026-05-01")


def test_hours_are_those_of_the_structure_on_both_sides_of_a_change_of_clocks(cast: "Cast", bob: Client) -> None:
    paris = "DTSTART;TZID=Europe/Paris:20261020T183000"
    with scope(cast.fabrique):
        entry = event(cast.alice, "Chorale", "20261020T163000Z", more="RRULE:FREQ=WEEKLY\r\n")
        data = entry.data.replace("DTSTART:20261020T163000Z", paris)
        put_entry(
            by=cast.alice, rights=open_spaces(cast.alice), calendar=entry.calendar, name=entry.name, data=data.encode()
        )
    for day in ("2026-10-20", "2026-10-27"):  # clocks go back on the 25th
        assert "18:30 – 19:30" in see(bob, f"jour/?jour={day}")


def test_a_structure_of_another_zone_sees_its_own_hours(cast: "Cast", bob: Client) -> None:
    Structure.objects.filter(pk=cast.fabrique.pk).update(timezone="Indian/Reunion")
    with scope(cast.fabrique):
        event(cast.alice, "Visio", "20261203T210000Z")
    page = see(bob, "jour/?jour=2026-12-04")
    assert "01:00 – 02:00" in page


def test_a_day_of_25_hours_shows_both_hours_that_clocks_repeat(cast: "Cast", bob: Client) -> None:
    with scope(cast.fabrique):
        event(cast.alice, "Premier", "20261025T003000Z")
        event(cast.alice, "Second", "20261025T013000Z")
    page = see(bob, "jour/?jour=2026-10-25")
    assert "Premier" in page
    assert "Second" in page
    assert page.count("02:30 –") == 2


def test_an_event_of_several_days_is_one_bar_across_the_week(cast: "Cast", bob: Client) -> None:
    with scope(cast.fabrique):
        whole(cast, "20261204", "20261207")
    page = see(bob, "mois/?jour=2026-12-04")
    assert "span-3" in page
    assert page.count(">Festival<") == 2  # the bar, and the list of the day


def whole(cast: "Cast", first: str, end: str) -> Entry:
    made = event(cast.alice, "Festival", "20261203T173000Z")
    data = made.data.replace("DTSTART:20261203T173000Z", f"DTSTART;VALUE=DATE:{first}")
    data = data.replace("DURATION:PT1H", f"DTEND;VALUE=DATE:{end}")
    mine = open_spaces(cast.alice)
    return put_entry(by=cast.alice, rights=mine, calendar=made.calendar, name=made.name, data=data.encode())[0]


def test_what_is_private_is_busy_for_others_and_whole_for_its_author(cast: "Cast", bob: Client) -> None:
    with scope(cast.fabrique):
        lists.set_line(
            by=cast.alice, rights=open_spaces(cast.alice), folder=calendar(cast.alice).folder, to=cast.gus,
            level=Level.VIEW,
        )  # fmt: skip
        entry = event(cast.bob, "Dentiste", "20261203T173000Z", more="CLASS:PRIVATE\r\nLOCATION:Lille\r\n")
    for view in ("mois", "semaine", "jour", "liste"):
        for who, sees in (("bob", True), ("gus", False)):
            page = see(cast.client(who), f"{view}/?jour=2026-12-03")
            assert ("Dentiste" in page) is sees, (view, who)
            assert ("Occupé·e" in page) is not sees
    page = see(cast.client("gus"), f"evenements/{entry.pk}/")
    assert "Dentiste" not in page
    assert "Lille" not in page
    assert cast.client("gus").get(f"{HOME}evenements/{entry.pk}/modifier/").status_code == 404
    assert cast.client("gus").get(f"{HOME}evenements/{entry.pk}/evenement.ics").status_code == 404


def test_a_calendar_shown_as_busy_alone_tells_no_title(cast: "Cast") -> None:
    with scope(cast.fabrique):
        own = another(cast.alice)
        lists.give_own_list(by=cast.alice, rights=open_spaces(cast.alice), folder=own)
        for line in own.grants.exclude(person=cast.alice):
            lists.remove_line(by=cast.alice, rights=open_spaces(cast.alice), folder=own, line=line, is_sure=True)
        lists.set_line(
            by=cast.alice, rights=open_spaces(cast.alice), folder=own, to=cast.gus, level=Level.BUSY, is_sure=True
        )
        event(cast.alice, "Conseil", "20261203T173000Z", into=own)
    page = see(cast.client("gus"), "jour/?jour=2026-12-03")
    assert "Conseil" not in page
    assert "Occupé·e" in page
    assert "Conseil" not in see(cast.client("bob"), "jour/?jour=2026-12-03")


def test_hidden_calendars_stay_hidden_for_that_person_alone(cast: "Cast", bob: Client) -> None:
    with scope(cast.fabrique):
        event(cast.alice, "Réunion", "20261203T173000Z")
        kept = another(cast.alice)
    bob.post(f"{HOME}afficher/", {"calendrier": [kept.pk], "retour": f"{HOME}mois/"})
    assert "Réunion" not in see(bob, "jour/?jour=2026-12-03")
    assert "Réunion" in see(cast.client("manon"), "jour/?jour=2026-12-03")
    with scope(cast.fabrique):
        assert Showing.objects.filter(person=cast.bob, is_hidden=True).exists()


def test_hiding_goes_back_within_the_server_only(bob: Client) -> None:
    answer = bob.post(f"{HOME}afficher/", {"retour": "https://example.org/"})
    assert answer.headers["Location"] == HOME


def test_the_agenda_opens_on_the_view_one_left(bob: Client) -> None:
    assert 'class="month"' in see(bob, "")
    see(bob, "liste/")
    assert 'class="month"' not in see(bob, "")


@pytest.mark.parametrize("typed", ["blabla", "2026-02-31", "0001-01-01", "9999-12-31"])
def test_a_day_that_cannot_be_read_is_told_and_today_is_shown(bob: Client, typed: str) -> None:
    for view in VIEWS:
        answer = bob.get(f"{HOME}{view}/", {"jour": typed})
        assert answer.status_code == 200
        assert "toast" in answer.content.decode()


@pytest.mark.parametrize("day", ["1900-01-01", "2199-12-31"])
def test_the_first_and_the_last_day_of_the_agenda_are_shown(bob: Client, day: str) -> None:
    for view in VIEWS:
        assert bob.get(f"{HOME}{view}/", {"jour": day}).status_code == 200


def test_a_rule_that_repeats_every_second_does_not_hold_the_page(cast: "Cast", bob: Client) -> None:
    with scope(cast.fabrique):
        event(cast.alice, "Tic", "20261203T173000Z", more="RRULE:FREQ=SECONDLY\r\n")
    assert "Tic" in see(bob, "mois/?jour=2026-12-03")


def test_a_month_asks_the_same_queries_whatever_it_shows(cast: "Cast", bob: Client) -> None:
    counts = []
    for rows in (5, 300):
        with scope(cast.fabrique):
            fill(cast.alice, rows)
        see(bob, "mois/")
        with CaptureQueriesContext(connection) as asked:
            see(bob, "mois/")
        counts.append(len(asked))
    assert counts[1] <= counts[0]


def test_one_walks_from_week_to_week_across_the_year(bob: Client) -> None:
    page = see(bob, "semaine/?jour=2026-12-31")
    assert "semaine/?jour=2026-12-21" in page
    assert "semaine/?jour=2027-01-04" in page
