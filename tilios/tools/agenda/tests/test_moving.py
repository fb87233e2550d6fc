"""Events moved by pulling them: when they are then, which dates, who is told, what is undone."""

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from tilios.core.shelves.actions import rights as lists
from tilios.core.shelves.levels import Level
from tilios.core.structures.scope import scope
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.models import Entry
from tilios.tools.agenda.tests.contract import calendar, event
from tilios.tools.agenda.tests.test_events import HOME, changed, dates, made

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db
VIEW = f"{HOME}semaine/?jour=2026-12-03"
SECOND = "20261210T173000Z"


@pytest.fixture
def alice(cast: "Cast") -> Client:
    return cast.client("alice")


@pytest.fixture
def series(cast: "Cast") -> Entry:
    """Every Thursday at 18:30, in Paris."""
    with scope(cast.fabrique):
        return event(cast.alice, "Chorale", "20261203T173000Z", more="RRULE:FREQ=WEEKLY;COUNT=4\r\n")


def moved(client: Client, entry: Entry, occurrence: str = "", **sent: Any) -> Any:
    query = f"?le={occurrence}" if occurrence else ""
    said = {"etag": entry.etag, "jours": "0", "minutes": "0", "duree": "0", "retour": VIEW}
    return client.post(f"{HOME}evenements/{entry.pk}/deplacer/{query}", said | sent)


def said_next(client: Client) -> str:
    return client.get(VIEW).content.decode()


def test_an_event_goes_to_another_day_and_hour(cast: "Cast", alice: Client) -> None:
    entry = made(cast, alice)
    answer = moved(alice, entry, jours="2", minutes="-90")
    assert answer.headers["Location"] == VIEW
    assert dates(cast, entry) == [("Chorale", "05 17:00")]
    with scope(cast.fabrique):
        assert "DTEND;TZID=Europe/Paris:20261205T183000" in Entry.objects.get(pk=entry.pk).data
    assert "est déplacé" in said_next(alice)


def test_a_pulled_edge_makes_it_longer_or_shorter(cast: "Cast", alice: Client) -> None:
    entry = made(cast, alice)
    moved(alice, entry, duree="45")
    with scope(cast.fabrique):
        entry.refresh_from_db()
        assert "DTEND;TZID=Europe/Paris:20261203T204500" in entry.data
    assert moved(alice, entry, duree="-600").status_code == 302
    assert "La fin est avant le début" in said_next(alice)


def test_whole_days_are_moved_by_days(cast: "Cast", alice: Client) -> None:
    entry = made(cast, alice, is_all_day="on", end_day="2026-12-04")
    moved(alice, entry, jours="-1", minutes="90")
    with scope(cast.fabrique):
        data = Entry.objects.get(pk=entry.pk).data
    assert "DTSTART;VALUE=DATE:20261202" in data
    assert "DTEND;VALUE=DATE:20261204" in data


def test_clocks_that_change_keep_the_hour(cast: "Cast", alice: Client) -> None:
    entry = made(cast, alice, start_day="2026-10-24", end_day="2026-10-24")
    moved(alice, entry, jours="2")
    october = (date(2026, 10, 1), date(2026, 11, 1))
    assert dates(cast, entry, period=october) == [("Chorale", "26 18:30")]


def test_a_move_is_undone(cast: "Cast", alice: Client) -> None:
    entry = made(cast, alice)
    answer = moved(alice, entry, jours="1")
    undo = alice.get(answer.headers["Location"]).context["shell"].undo
    assert alice.post(undo["url"], {"token": undo["token"]}).status_code == 302
    with scope(cast.fabrique):
        assert Entry.objects.get().data == entry.data


@pytest.mark.parametrize(
    ("kind", "starts"),
    [
        ("this", ["03 18:30", "11 18:30", "17 18:30", "24 18:30"]),
        ("following", ["03 18:30", "11 18:30", "18 18:30", "25 18:30"]),
        ("all", ["04 18:30", "11 18:30", "18 18:30", "25 18:30"]),
    ],
)
def test_what_comes_back_asks_which_dates(
    cast: "Cast", alice: Client, series: Entry, kind: str, starts: list[str]
) -> None:
    asked = moved(alice, series, SECOND, jours="1")
    assert asked.status_code == 200
    assert "Cette date et les suivantes" in asked.content.decode()
    assert moved(alice, series, SECOND, jours="1", certain="1").status_code == 422
    answer = moved(alice, series, SECOND, jours="1", certain="1", scope=kind)
    assert [start for _title, start in dates(cast, series)] == starts
    undo = alice.get(answer.headers["Location"]).context["shell"].undo
    assert alice.post(undo["url"], {"token": undo["token"]}).status_code == 302
    with scope(cast.fabrique):
        assert [one.data for one in Entry.objects.all()] == [series.data]


def test_two_who_move_at_once_are_told(cast: "Cast", alice: Client) -> None:
    entry = made(cast, alice)
    changed(cast.client("manon"), entry, location="Ailleurs")
    assert moved(alice, entry, jours="1").status_code == 302
    assert "Manon" in said_next(alice)
    assert dates(cast, entry) == [("Chorale", "03 18:30")]


def test_undoing_takes_nothing_back_from_somebody_else(cast: "Cast", alice: Client) -> None:
    entry = made(cast, alice)
    answer = moved(alice, entry, jours="1")
    undo = alice.get(answer.headers["Location"]).context["shell"].undo
    changed(cast.client("manon"), entry, location="Ailleurs")
    assert alice.post(undo["url"], {"token": undo["token"]}).status_code in (302, 409)
    with scope(cast.fabrique):
        assert Entry.objects.get().location == "Ailleurs"


def test_whoever_may_only_see_moves_nothing(cast: "Cast", alice: Client) -> None:
    entry = made(cast, alice)
    with scope(cast.fabrique):
        space = calendar(cast.alice).folder
        lists.set_line(by=cast.alice, rights=open_spaces(cast.alice), folder=space, to=cast.gus, level=Level.VIEW)
    gus = cast.client("gus")
    assert moved(gus, entry, jours="1").status_code == 302
    assert "pas le modifier" in said_next(gus)
    assert dates(cast, entry) == [("Chorale", "03 18:30")]


def test_guests_are_asked_about(cast: "Cast", alice: Client) -> None:
    entry = made(cast, alice, addresses="ada@example.org")
    asked = moved(alice, entry, jours="1")
    assert asked.status_code == 200
    assert 'name="tells"' in asked.content.decode()
    assert moved(alice, entry, jours="1", certain="1").status_code == 302
    assert dates(cast, entry) == [("Chorale", "04 18:30")]


def test_numbers_that_are_none_move_nothing_and_far_ones_are_refused(cast: "Cast", alice: Client) -> None:
    entry = made(cast, alice)
    for sent in ("", "x", "1e3", "999999999999", "٣"):
        moved(alice, entry, jours=sent)
    assert dates(cast, entry) == [("Chorale", "03 18:30")]
    entry = made(cast, alice, start_day="2199-12-30", end_day="2199-12-30")
    moved(alice, entry, jours="11000")
    assert "1900" in said_next(alice)


def test_an_address_of_elsewhere_is_not_gone_back_to(cast: "Cast", alice: Client) -> None:
    entry = made(cast, alice)
    assert moved(alice, entry, jours="1", retour="https://mechant.example/").headers["Location"] == HOME
