"""Calendars of other places, from a real server: previewed, followed, kept when it does not answer."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from tilios.core.errors import Invalid, NotAllowed
from tilios.core.outside import Forbidden
from tilios.core.structures.scope import scope
from tilios.tools.agenda.actions import trash
from tilios.tools.agenda.actions.entries import put_entry, remove_entry
from tilios.tools.agenda.actions.following import LONGEST_WAIT, follow, follow_due, look, refresh, web_address
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.capabilities import calendars as offered
from tilios.tools.agenda.models import Entry, Gone, Item, Subscription
from tilios.tools.agenda.tests.contract import calendar
from tilios.tools.agenda.tests.writing import event

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db
HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Mairie//FR\r\nX-WR-CALNAME:Vie du quartier\r\n"


def written(*names: str, stamp: str = "20261101T000000Z", place: str = "") -> bytes:
    """A calendar file with an event of each name, next month."""
    start = f"{timezone.now() + timedelta(days=30):%Y%m%d}T090000Z"
    more = f"LOCATION:{place}\r\n" if place else ""
    found = [event(f"{name}@mairie", name, start, more=more).replace("20261101T000000Z", stamp) for name in names]
    inner = [one.partition("BEGIN:VEVENT")[2].partition("END:VCALENDAR")[0] for one in found]
    return f"{HEAD}{''.join(f'BEGIN:VEVENT{one}' for one in inner)}END:VCALENDAR\r\n".encode()


@pytest.fixture
def town(settings: Any) -> Iterator[SimpleNamespace]:
    """The server of another place: `body`, `status` and `headers` are what it answers, `asked` what it was sent."""
    settings.TILIOS_OUTSIDE_NETWORKS = ["127.0.0.0/8"]
    state = SimpleNamespace(body=written("Fête", "Marché"), status=200, headers={}, asked=[])

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            state.asked.append(dict(self.headers))
            known = state.headers.get("ETag")
            same = known and self.headers.get("If-None-Match") == known
            body = b"" if same else state.body
            self.send_response(304 if same else state.status)
            for name, value in {**state.headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: Any) -> None:
            """Tests need no log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    state.url = f"http://127.0.0.1:{server.server_port}/agenda.ics"
    yield state
    server.shutdown()
    server.server_close()


def followed(cast: "Cast", town: SimpleNamespace) -> Subscription:
    """What everybody's space follows of that server."""
    space = calendar(cast.alice).folder
    read = look(town.url, zone=ZoneInfo("Europe/Paris"))
    assert read is not None
    made = follow(by=cast.alice, rights=open_spaces(cast.alice), space=space, url=town.url, name=read.name, read=read)
    return Subscription.objects.select_related("calendar").get(calendar=made)


def names(one: Subscription) -> list[str]:
    return sorted(Entry.objects.filter(calendar=one.calendar).values_list("summary", flat=True))


def number(one: Subscription) -> int:
    return Item.objects.values_list("number", flat=True).get(pk=one.calendar_id)


def test_what_is_there_is_shown_then_followed(cast: "Cast", town: SimpleNamespace) -> None:
    alice = cast.client("alice")
    with scope(cast.fabrique):
        space = calendar(cast.alice).folder
    page = f"/s/la-fabrique/agenda/agendas/suivre/{space.pk}/"
    shown = alice.post(page, {"adresse": town.url}).content.decode()
    for words in ("Vie du quartier", "2 événements", "Fête", "Marché"):
        assert words in shown
    with scope(cast.fabrique):
        assert not Subscription.objects.exists()
    answer = alice.post(page, {"adresse": town.url, "nom": "Mairie", "suivre": "1"})
    assert answer.status_code == 302
    with scope(cast.fabrique):
        one = Subscription.objects.select_related("calendar").get()
        assert (one.calendar.name, one.url) == ("Mairie", town.url)
        assert names(one) == ["Fête", "Marché"]
    there = alice.get(answer["Location"]).content.decode()
    assert "Personne ne le change ici" in there
    assert town.url in there
    assert town.url not in cast.client("bob").get(answer["Location"]).content.decode()


def test_what_changed_is_taken_and_the_rest_left_alone(cast: "Cast", town: SimpleNamespace) -> None:
    with scope(cast.fabrique):
        one = followed(cast, town)
        kept = Entry.objects.get(summary="Marché")
        before = number(one)
        town.body = written("Marché", "Concert", stamp="20261115T000000Z")
        assert refresh(one)
        assert names(one) == ["Concert", "Marché"]
        assert number(one) == before + 2  # one came, one went; a stamp said anew changes nothing
        again = Entry.objects.get(summary="Marché")
        assert (again.pk, again.etag, again.number) == (kept.pk, kept.etag, kept.number)
        assert Gone.objects.filter(collection=one.calendar).count() == 1
        town.body = written("Marché", "Concert", place="Place du Marché")
        refresh(one)
        assert number(one) == before + 4
        assert Entry.objects.get(summary="Concert").location == "Place du Marché"
        refresh(one)
        assert number(one) == before + 4


def test_the_other_server_is_asked_what_changed_since(cast: "Cast", town: SimpleNamespace) -> None:
    town.headers = {"ETag": '"v1"', "Last-Modified": "Thu, 26 Nov 2026 10:00:00 GMT"}
    with scope(cast.fabrique):
        one = followed(cast, town)
        before = number(one)
        assert refresh(one)
        assert town.asked[-1]["If-None-Match"] == '"v1"'
        assert town.asked[-1]["If-Modified-Since"] == "Thu, 26 Nov 2026 10:00:00 GMT"
        assert number(one) == before
        assert names(one) == ["Fête", "Marché"]


@pytest.mark.parametrize("fault", ["down", "page", "empty", "cut", "heavy"])
def test_what_cannot_be_read_leaves_what_was_there(
    cast: "Cast", town: SimpleNamespace, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scope(cast.fabrique):
        one = followed(cast, town)
        before = one.fetched_at
        match fault:
            case "down":
                town.status, town.body = 503, b"en panne"
            case "page":
                town.body = b"<!doctype html><title>Perdu</title>"
            case "empty":
                town.body = b""
            case "cut":
                town.body = written("Autre")[:-40]
            case "heavy":
                monkeypatch.setattr("tilios.tools.agenda.actions.following.MOST_BYTES", 100)
        assert not refresh(one)
        assert names(one) == ["Fête", "Marché"]
        one.refresh_from_db()
        assert (one.failures, one.fetched_at) == (1, before)
        assert one.problem
    page = cast.client("bob").get(f"/s/la-fabrique/agenda/agendas/{one.calendar_id}/").content.decode()
    assert "Pas de nouvelles depuis" in page
    assert "pas de nouvelles depuis" in cast.client("bob").get("/s/la-fabrique/agenda/agendas/").content.decode()


def test_it_waits_longer_after_each_failure_and_starts_anew(cast: "Cast", town: SimpleNamespace) -> None:
    with scope(cast.fabrique):
        one = followed(cast, town)
        town.status, waits = 500, []
        for _turn in range(10):
            refresh(one)
            waits.append(timedelta(minutes=round((one.next_at - timezone.now()) / timedelta(minutes=1))))
        assert all(after >= before for before, after in pairwise(waits))
        assert waits[0] < timedelta(minutes=16)
        assert waits[-1] <= LONGEST_WAIT
        town.status = 200
        assert refresh(one)
        assert (one.failures, one.problem) == (0, "")


def test_events_that_cannot_be_read_are_left_out_and_nothing_is_removed(cast: "Cast", town: SimpleNamespace) -> None:
    with scope(cast.fabrique):
        one = followed(cast, town)
        bad = b"BEGIN:VEVENT\r\nUID:x\r\nDTSTART:pas une date\r\nSUMMARY:Faux\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        town.body = written("Concert").replace(b"END:VCALENDAR\r\n", bad)
        assert refresh(one)
        assert names(one) == ["Concert", "Fête", "Marché"]
        one.refresh_from_db()
        assert one.problem


def test_the_background_work_looks_at_those_whose_time_has_come(cast: "Cast", town: SimpleNamespace) -> None:
    with scope(cast.fabrique):
        one = followed(cast, town)
        assert follow_due() == 0
        Subscription.objects.update(next_at=timezone.now())
        town.body = written("Concert")
        assert follow_due() == 1
        assert names(one) == ["Concert"]
        Subscription.objects.update(next_at=timezone.now())
        trash.throw_away(by=cast.alice, rights=open_spaces(cast.alice), item=one.calendar)
        assert follow_due() == 0
    with scope(cast.atelier):
        assert follow_due() == 0


def test_nobody_writes_in_it(cast: "Cast", town: SimpleNamespace) -> None:
    with scope(cast.fabrique):
        one = followed(cast, town)
        rights, entry = open_spaces(cast.alice), Entry.objects.get(summary="Fête")
        data = event("nouveau").encode()
        with pytest.raises(NotAllowed):
            put_entry(by=cast.alice, rights=rights, calendar=one.calendar, name="nouveau.ics", data=data)
        with pytest.raises(NotAllowed):
            remove_entry(by=cast.alice, rights=rights, entry=entry)
        assert one.calendar_id not in dict(offered(cast.alice))
    alice = cast.client("alice")
    assert alice.post(f"/s/la-fabrique/agenda/evenements/{entry.pk}/supprimer/", {"scope": "all"}).status_code == 403
    assert f'value="{one.calendar_id}"' not in alice.get("/s/la-fabrique/agenda/nouveau/").content.decode()
    page = alice.get(f"/s/la-fabrique/agenda/evenements/{entry.pk}/").content.decode()
    assert "/modifier/" not in page


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("webcal://exemple.org/a.ics", "https://exemple.org/a.ics"),
        (" https://exemple.org/a.ics?x=1 ", "https://exemple.org/a.ics?x=1"),
        ("exemple.org/a.ics", "https://exemple.org/a.ics"),
    ],
)
def test_addresses_are_read_as_people_copy_them(typed: str, address: str) -> None:
    assert web_address(typed) == address


@pytest.mark.parametrize(
    "typed", ["", "file:///etc/passwd", "ftp://exemple.org/a", "https://a:b@exemple.org/", "bonjour"]
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        web_address(typed)


def test_no_private_network_is_reached(cast: "Cast", town: SimpleNamespace, settings: Any) -> None:
    settings.TILIOS_OUTSIDE_NETWORKS = []
    with pytest.raises(Forbidden):
        look(town.url, zone=ZoneInfo("Europe/Paris"))
    with scope(cast.fabrique):
        space = calendar(cast.alice).folder
    answer = cast.client("alice").post(f"/s/la-fabrique/agenda/agendas/suivre/{space.pk}/", {"adresse": town.url})
    assert answer.status_code == 422
    assert "réseau privé" in answer.content.decode()
    assert town.asked == []


def test_who_does_not_look_after_the_space_follows_nothing_there(cast: "Cast", town: SimpleNamespace) -> None:
    with scope(cast.fabrique):
        space, one = calendar(cast.alice).folder, followed(cast, town)
    for address in (f"agendas/suivre/{space.pk}/", f"agendas/{one.calendar_id}/regarder/"):
        assert cast.client("bob").post(f"/s/la-fabrique/agenda/{address}", {"adresse": town.url}).status_code == 404
