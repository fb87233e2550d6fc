"""« Tout ce qui me concerne »: one address for the programs of one person, until it is taken back."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import icalendar
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tilios.core.access.links import link
from tilios.core.errors import NotAllowed
from tilios.core.people.models import Status
from tilios.core.shelves.actions import rights
from tilios.core.shelves.levels import Level
from tilios.core.structures.scope import scope
from tilios.tools.agenda.actions.feeds import make_feed, revoke_feed
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.actions.writing import show_calendars
from tilios.tools.agenda.models import Attendee, Entry, Feed, Item, Nature
from tilios.tools.agenda.tests.contract import another, calendar, card, event, fill

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db


def made(cast: "Cast", who: str = "bob", *, busy_only: bool = False) -> str:
    """The path of a new address of that person."""
    with scope(cast.fabrique):
        return link("agenda:feed", make_feed(by=getattr(cast, who), label="Téléphone", busy_only=busy_only).token)


def read(path: str, **headers: str) -> Any:
    return Client().get(path, headers=headers)


def parsed(path: str) -> tuple[Any, list[Any]]:
    """The calendar and its events, as another library reads them."""
    answer = read(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    found = icalendar.Calendar.from_ical(b"".join(answer.streaming_content))
    return found, found.walk("VEVENT")


def names(path: str) -> list[str]:
    return sorted(str(one["SUMMARY"]) for one in parsed(path)[1])


def test_the_calendars_one_shows_the_events_one_is_invited_to_and_the_layers_are_told(cast: "Cast") -> None:
    with scope(cast.fabrique):
        event(cast.alice, "Atelier soudure", more="RRULE:FREQ=WEEKLY\r\n")
        open_spaces(cast.alice)
        own = Item.objects.get(parent__owner=cast.alice, nature=Nature.CALENDAR)
        invited = event(cast.alice, "Entretien", into=own, more=f"ATTENDEE:mailto:{cast.bob.account.email}\r\n")
        event(cast.alice, "À Alice seule", into=own)
        card(cast.alice, "Zoé Durand", more=f"BDAY:1980-{timezone.now() + timedelta(days=3):%m-%d}\r\n")
    path = made(cast)
    found = names(path)
    assert found[0].startswith("Anniversaire de Zoé Durand")
    assert found[1:] == [*found[1:-2], "Atelier soudure", "Entretien"]
    assert "À Alice seule" not in found
    with scope(cast.fabrique):
        Attendee.objects.filter(entry=invited).update(status="DECLINED")
    assert "Entretien" not in names(path)


def test_programs_are_told_the_name_the_colour_and_when_to_come_back(cast: "Cast") -> None:
    found, _events = parsed(made(cast))
    assert str(found["NAME"]) == str(found["X-WR-CALNAME"]) == "Mon agenda · La Fabrique"
    assert found["REFRESH-INTERVAL"].dt == timedelta(hours=1)
    assert str(found["X-PUBLISHED-TTL"]) == "PT60M"
    assert str(found["COLOR"]).isalpha()


def test_what_one_does_not_see_whole_is_told_as_busy_times_or_not_at_all(cast: "Cast") -> None:
    with scope(cast.fabrique):
        event(cast.alice, "Secret d'Alice", more="CLASS:PRIVATE\r\nLOCATION:Chez elle\r\n")
        event(cast.alice, "Secret sans durée", more="CLASS:PRIVATE\r\nTRANSP:TRANSPARENT\r\n")
        event(cast.bob, "Secret de Bob", more="CLASS:PRIVATE\r\n")
        busy = another(cast.alice, "Occupé seulement")
        mine = open_spaces(cast.alice)
        rights.give_own_list(by=cast.alice, rights=mine, folder=busy)
        Item.objects.get(pk=busy.pk).grants.update(level=Level.BUSY)
        event(cast.alice, "Rendez-vous", into=busy)
    answer = b"".join(read(made(cast)).streaming_content).decode()
    assert "Secret de Bob" in answer
    assert answer.count("SUMMARY:Occupé") == 2
    for word in ("d'Alice", "Chez elle", "sans durée", "Rendez-vous"):
        assert word not in answer


def test_busy_times_alone_hold_no_word(cast: "Cast") -> None:
    with scope(cast.fabrique):
        event(cast.alice, "Atelier", more="LOCATION:Grande salle\r\nDESCRIPTION:Venez\r\n")
        event(cast.alice, "Libre", more="TRANSP:TRANSPARENT\r\n")
        event(cast.alice, "Annulé", more="STATUS:CANCELLED\r\n")
        card(cast.alice, "Zoé Durand", more=f"BDAY:1980-{timezone.now() + timedelta(days=3):%m-%d}\r\n")
    assert names(made(cast, busy_only=True)) == ["Occupé·e"]


def test_calendars_that_one_hides_are_left_out(cast: "Cast") -> None:
    path = made(cast)
    with scope(cast.fabrique):
        event(cast.alice, "Atelier")
    assert "Atelier" in names(path)
    with scope(cast.fabrique):
        mine = open_spaces(cast.bob)
        show_calendars(rights=mine, calendars=[calendar(cast.bob)], wanted=set())
    assert "Atelier" not in names(path)


def test_an_event_and_its_copy_are_told_once_and_old_ones_no_more(cast: "Cast") -> None:
    with scope(cast.fabrique):
        one = event(cast.alice, "Atelier")
        copy = another(cast.alice, "Copies")
        Entry.objects.filter(pk=event(cast.alice, "Atelier", into=copy).pk).update(uid=one.uid)
        event(cast.alice, "Il y a longtemps", "20200101T090000Z")
    assert names(made(cast)) == ["Atelier"]


def test_a_program_that_has_it_already_is_told_so_until_something_changes(cast: "Cast") -> None:
    with scope(cast.fabrique):
        event(cast.alice, "Atelier")
    path = made(cast)
    first = read(path)
    etag, since = first["ETag"], first["Last-Modified"]
    assert read(path, **{"If-None-Match": etag}).status_code == 304
    assert read(path, **{"If-Modified-Since": since}).status_code == 304
    with scope(cast.fabrique):
        Feed.objects.update(changed_at=timezone.now() - timedelta(hours=1))
        event(cast.alice, "Un de plus")
    again = read(path, **{"If-None-Match": etag, "If-Modified-Since": since})
    assert again.status_code == 200
    assert again["ETag"] != etag


@pytest.mark.parametrize("change", ["revoked", "left", "account", "tool", "suspended", "elsewhere"])
def test_a_dead_address_is_no_address(cast: "Cast", change: str) -> None:
    path = made(cast)
    assert read(path).status_code == 200
    with scope(cast.fabrique):
        match change:
            case "revoked":
                revoke_feed(by=cast.bob, feed=Feed.objects.get())
            case "left":
                cast.bob.status = Status.LEFT
                cast.bob.save()
            case "account":
                cast.bob.account.is_active = False
                cast.bob.account.save()
            case "tool":
                cast.fabrique.enabled_tools = ["polls"]
                cast.fabrique.save()
            case "suspended":
                cast.fabrique.suspended_at = timezone.now()
                cast.fabrique.save()
            case "elsewhere":
                path = path.replace("la-fabrique", "l-atelier")
    assert read(path).status_code == 404


def test_rights_taken_away_take_away_what_the_address_tells(cast: "Cast") -> None:
    with scope(cast.fabrique):
        one = another(cast.alice, "Conseil")
        event(cast.alice, "Séance", into=one)
        open_spaces(cast.bob)
    path = made(cast)
    assert "Séance" in names(path)
    with scope(cast.fabrique):
        rights.give_own_list(by=cast.alice, rights=open_spaces(cast.alice), folder=one)
        Item.objects.get(pk=one.pk).grants.exclude(person=cast.alice).delete()
    assert "Séance" not in names(path)


def test_whoever_asks_all_the_time_is_told_to_wait(cast: "Cast") -> None:
    path, found = made(cast), []
    client = Client()
    etag = client.get(path)["ETag"]
    for _turn in range(70):
        found.append(client.get(path, headers={"If-None-Match": etag}).status_code)
        if found[-1] == 429:
            break
    assert found[-1] == 429
    assert len(found) >= 50


def test_one_address_is_read_in_as_many_queries_whatever_there_is(cast: "Cast") -> None:
    path, counts = made(cast), []
    for more in (5, 60):
        with scope(cast.fabrique):
            fill(cast.alice, more)
        names(path)
        with CaptureQueriesContext(connection) as asked:
            names(path)
        counts.append(len(asked))
    assert counts[1] <= counts[0]


def test_the_page_makes_addresses_and_takes_them_back(cast: "Cast") -> None:
    bob = cast.client("bob")
    bob.post("/s/la-fabrique/agenda/abonnements/", {"nom": "Montre", "contenu": "occupe"})
    with scope(cast.fabrique):
        feed = Feed.objects.get()
        assert (feed.person, feed.label, feed.busy_only) == (cast.bob, "Montre", True)
    page = bob.get("/s/la-fabrique/agenda/abonnements/").content.decode()
    assert f"/s/la-fabrique/agenda/flux/{feed.token}.ics" in page
    assert "webcal://" in page
    assert feed.token not in cast.client("alice").get("/s/la-fabrique/agenda/abonnements/").content.decode()
    assert cast.client("alice").post(f"/s/la-fabrique/agenda/abonnements/{feed.pk}/reprendre/").status_code == 404
    bob.post(f"/s/la-fabrique/agenda/abonnements/{feed.pk}/reprendre/")
    assert feed.token not in bob.get("/s/la-fabrique/agenda/abonnements/").content.decode()


def test_nobody_makes_an_address_in_the_name_of_somebody_else(cast: "Cast") -> None:
    with scope(cast.fabrique):
        cast.bob.acted_by = cast.alice
        with pytest.raises(NotAllowed):
            make_feed(by=cast.bob, label="", busy_only=False)
        cast.bob.acted_by = None
        feed = make_feed(by=cast.bob, label="", busy_only=False)
        with pytest.raises(NotAllowed):
            revoke_feed(by=cast.alice, feed=feed)
