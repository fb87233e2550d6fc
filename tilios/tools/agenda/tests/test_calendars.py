"""Calendars and address books themselves: made, described, let into, thrown away, brought back; and on the phone."""

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from tilios.core.shelves.actions import rights as lists
from tilios.core.shelves.levels import Level
from tilios.core.structures.scope import scope
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.models import Item, Nature
from tilios.tools.agenda.tests.contract import another, calendar, event

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db
HOME = "/s/la-fabrique/agenda/"


@pytest.fixture
def alice(cast: "Cast") -> Client:
    return cast.client("alice")


def test_everybody_finds_a_calendar_of_their_own_and_that_of_the_structure(cast: "Cast") -> None:
    page = cast.client("bob").get(f"{HOME}agendas/").content.decode()
    for name in ("Mon agenda", "Mes contacts", "Agenda de la structure", "Contacts de la structure"):
        assert name in page, name


def test_a_calendar_is_made_in_a_space_one_manages(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        space = calendar(cast.alice).folder
    answer = alice.post(f"{HOME}agendas/nouveau/{space.pk}/", {"nature": "calendar", "name": "Ateliers"})
    assert answer.status_code == 302
    assert "Ateliers" in alice.get(answer.headers["Location"]).content.decode()
    assert alice.post(f"{HOME}agendas/nouveau/{space.pk}/", {"nature": "calendar", "name": " "}).status_code == 422
    bob = cast.client("bob").post(f"{HOME}agendas/nouveau/{space.pk}/", {"nature": "book", "name": "Le mien"})
    assert bob.status_code == 403
    with scope(cast.fabrique):
        assert not Item.objects.filter(name="Le mien").exists()


def test_a_calendar_is_described_by_whoever_manages_it(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        found = calendar(cast.alice)
    said = {"name": "La Place", "description": "Tout ce qui s'y passe", "colour": "#123456", "zone": "Europe/Brussels"}
    assert alice.post(f"{HOME}agendas/{found.pk}/", said).status_code == 302
    with scope(cast.fabrique):
        found.refresh_from_db()
    assert (found.name, found.colour, found.zone) == ("La Place", "#123456", "Europe/Brussels")
    assert alice.post(f"{HOME}agendas/{found.pk}/", said | {"colour": "rouge"}).status_code == 422
    assert cast.client("bob").post(f"{HOME}agendas/{found.pk}/", said | {"name": "Bob"}).status_code == 403
    with scope(cast.fabrique):
        assert Item.objects.get(pk=found.pk).name == "La Place"


def test_the_colour_one_chooses_is_ones_own(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        found = calendar(cast.alice)
    alice.post(f"{HOME}agendas/{found.pk}/couleur/", {"couleur": "#0a0b0c"})
    assert f".calendar-{found.pk}{{--calendar:#0a0b0c}}" in alice.get(f"{HOME}couleurs.css").content.decode()
    assert "#0a0b0c" not in cast.client("bob").get(f"{HOME}couleurs.css").content.decode()
    assert alice.post(f"{HOME}agendas/{found.pk}/couleur/", {"couleur": "red;}body{}"}).status_code == 422
    alice.post(f"{HOME}agendas/{found.pk}/couleur/", {"commune": "1", "couleur": "#0a0b0c"})
    assert "#0a0b0c" not in alice.get(f"{HOME}couleurs.css").content.decode()


def test_busy_or_free_is_offered_for_calendars_not_for_address_books(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        own = another(cast.alice)
        book = calendar(cast.alice, Nature.BOOK)
        for one in (own, book):
            lists.give_own_list(by=cast.alice, rights=open_spaces(cast.alice), folder=one)
    busy = 'value="5"'
    assert busy in alice.get(f"{HOME}agendas/{own.pk}/droits/").content.decode()
    assert busy not in alice.get(f"{HOME}agendas/{book.pk}/droits/").content.decode()
    said = {"whom": f"person-{cast.gus.pk}", "level": "5"}
    assert alice.post(f"{HOME}agendas/{book.pk}/droits/ajouter/", said).status_code == 422
    assert alice.post(f"{HOME}agendas/{own.pk}/droits/ajouter/", said).status_code == 302


def test_a_calendar_thrown_away_leaves_the_views_and_comes_back_with_its_events(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        own = another(cast.alice)
        event(cast.alice, "Chorale", "20261203T173000Z", into=own)
    day = f"{HOME}jour/?jour=2026-12-03"
    assert "Chorale" in alice.get(day).content.decode()
    assert cast.client("bob").post(f"{HOME}agendas/{own.pk}/jeter/").status_code == 403
    assert alice.post(f"{HOME}agendas/{own.pk}/jeter/").status_code == 302
    assert "Chorale" not in alice.get(day).content.decode()
    assert "Dans la corbeille" in alice.get(f"{HOME}agendas/").content.decode()
    assert alice.post(f"{HOME}agendas/{own.pk}/restaurer/").status_code == 302
    assert "Chorale" in alice.get(day).content.decode()


def test_somebody_elses_calendar_is_not_there(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        open_spaces(cast.bob)
        closed = Item.objects.get(parent__owner=cast.bob, nature=Nature.CALENDAR)
        entry = event(cast.bob, "Dentiste", "20261203T173000Z", into=closed)
    for address in (f"agendas/{closed.pk}/", f"evenements/{entry.pk}/", f"agendas/{closed.pk}/fichier/"):
        assert alice.get(HOME + address).status_code == 404, address
    assert "Dentiste" not in alice.get(f"{HOME}jour/?jour=2026-12-03").content.decode()


def test_a_calendar_of_which_one_sees_the_hours_alone_gives_no_file(cast: "Cast", alice: Client) -> None:
    with scope(cast.fabrique):
        own = another(cast.alice)
        lists.give_own_list(by=cast.alice, rights=open_spaces(cast.alice), folder=own)
        mine = open_spaces(cast.alice)
        lists.set_line(by=cast.alice, rights=mine, folder=own, to=cast.gus, level=Level.BUSY, is_sure=True)
    assert cast.client("gus").get(f"{HOME}agendas/{own.pk}/").status_code == 200
    assert cast.client("gus").get(f"{HOME}agendas/{own.pk}/fichier/").status_code == 404


def test_the_page_for_phones_tells_the_addresses_of_what_one_sees(cast: "Cast") -> None:
    page = cast.client("bob").get(f"{HOME}telephone/").content.decode()
    assert "/dav/calendars/la-fabrique/structure/" in page
    assert f"/dav/calendars/la-fabrique/personnel-{cast.bob.pk}/" in page
    assert "/dav/addressbooks/la-fabrique/structure/" in page
    assert f"personnel-{cast.alice.pk}" not in page
    assert "bob.lambert@example.org" in page
