"""Calendars and contacts brought in from other servers, which run for real: Radicale, and Tilios itself."""

import base64
import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from tilios.core.jobs.worker import run_all
from tilios.core.people.models import Person
from tilios.core.structures.scope import scope
from tilios.tools.agenda.actions import coming as actions
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.models import Card, Coming, ComingCollection, Entry, Item, Nature
from tilios.tools.agenda.models.servers import ComingState, ObjectState
from tilios.tools.agenda.queries import coming as queries
from tilios.tools.agenda.servers import finding, jobs
from tilios.tools.agenda.tests.contract import calendar, card, event
from tilios.tools.agenda.tests.writing import card as vcf
from tilios.tools.agenda.tests.writing import event as ics

if TYPE_CHECKING:
    from tests.cast import Cast

PASSWORD = "un mot de passe"  # of the server of the test
PAGES = "/s/la-fabrique/agenda/apporter/serveur/"
CALENDAR = (
    '<mkcol xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:I="http://apple.com/ns/ical/"><set><prop>'
    "<resourcetype><collection/><C:calendar/></resourcetype><displayname>Répétitions</displayname>"
    "<I:calendar-color>#3366AAFF</I:calendar-color></prop></set></mkcol>"
)
BOOK = (
    '<mkcol xmlns="DAV:" xmlns:A="urn:ietf:params:xml:ns:carddav"><set><prop><resourcetype><collection/>'
    "<A:addressbook/></resourcetype><displayname>Fanfare</displayname></prop></set></mkcol>"
)


class Radicale:
    """A Radicale of its own, in which Zoé has a calendar and an address book."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        (folder / "users").write_text(f"zoe:{PASSWORD}\n", "utf-8")
        settings = [
            "--config", "", "--server-hosts", f"127.0.0.1:{self.port}",
            "--storage-filesystem-folder", str(folder / "data"),
            "--auth-type", "htpasswd", "--auth-htpasswd-filename", str(folder / "users"),
            "--auth-htpasswd-encryption", "plain", "--auth-delay", "0", "--logging-level", "critical",
        ]  # fmt: skip
        self.process = subprocess.Popen([sys.executable, "-m", "radicale", *settings])
        self.url = f"http://127.0.0.1:{self.port}"
        for _turn in range(200):
            try:
                with socket.create_connection(("127.0.0.1", self.port), 0.2):
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("Radicale does not answer.")

    def ask(self, method: str, path: str, body: str = "") -> int:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        login = base64.b64encode(f"zoe:{PASSWORD}".encode()).decode()
        line.request(method, path, body.encode(), {"Authorization": f"Basic {login}"})
        status = line.getresponse().status
        line.close()
        return status


@pytest.fixture
def radicale(tmp_path: Path, settings: Any) -> Iterator[Radicale]:
    settings.TILIOS_OUTSIDE_NETWORKS = ["127.0.0.0/8"]
    server = Radicale(tmp_path)
    try:
        assert server.ask("MKCOL", "/zoe/agenda/", CALENDAR) == 201
        assert server.ask("MKCOL", "/zoe/carnet/", BOOK) == 201
        for number in range(120):
            assert server.ask("PUT", f"/zoe/agenda/{number}.ics", ics(f"un-{number}", f"Répétition {number}")) == 201
        for name in ("Ada Lovelace", "Bob Lambert"):
            assert server.ask("PUT", f"/zoe/carnet/{name[:3]}.vcf", vcf(f"uid-{name[:3]}", name)) == 201
        yield server
    finally:
        server.process.terminate()
        server.process.wait(10)


def looked(person: Person, url: str, login: str = "zoe", password: str = PASSWORD) -> Coming:
    with scope(person.structure):
        made = actions.look(by=person, address=url, login=login, password=password)
    return ran(made)


def ran(found: Coming) -> Coming:
    run_all()
    with scope(found.structure):
        return Coming.objects.get(pk=found.pk)


def brought(person: Person, found: Coming, into: dict[str, Item] | None = None) -> Coming:
    with scope(person.structure):
        wanted = {one.pk: (into or {}).get(one.name) for one in found.collections.all() if one.is_wanted}
        actions.start(by=person, rights=open_spaces(person), coming=found, wanted=wanted)
    return ran(found)


@pytest.mark.django_db(transaction=True)
def test_all_of_a_radicale_is_seen_first_then_comes_with_names_and_colours(cast: "Cast", radicale: Radicale) -> None:
    found = looked(cast.bob, radicale.url)
    assert (found.state, found.problem, found.password) == (ComingState.LOOKED, "", "")
    with scope(cast.fabrique):
        assert not Entry.objects.exists()
        told = {one.collection.name: (one.fresh, one.there, one.broken) for one in queries.told(found)}
        assert told == {"Répétitions": (120, 0, 0), "Fanfare": (2, 0, 0)}
    done = brought(cast.bob, found)
    assert (done.state, done.problem) == (ComingState.DONE, "")
    with scope(cast.fabrique):
        made = Item.objects.get(name="Répétitions")
        assert (made.colour, made.author_id) == ("#3366aa", cast.bob.pk)
        assert (made.entries.count(), Card.objects.filter(book__name="Fanfare").count()) == (120, 2)
        assert Entry.objects.filter(uid="un-7").get().summary == "Répétition 7"


@pytest.mark.django_db(transaction=True)
def test_what_came_once_is_there_already_the_second_time(cast: "Cast", radicale: Radicale) -> None:
    brought(cast.bob, looked(cast.bob, radicale.url))
    radicale.ask("PUT", "/zoe/agenda/neuf.ics", ics("neuf", "Neuf"))
    again = looked(cast.bob, radicale.url)
    with scope(cast.fabrique):
        told = {one.collection.name: (one.fresh, one.there) for one in queries.told(again)}
        assert told == {"Répétitions": (1, 120), "Fanfare": (0, 2)}
        kept = {one.name: one.into for one in again.collections.all() if one.into}
    brought(cast.bob, again, kept)
    with scope(cast.fabrique):
        assert Entry.objects.count() == 121
        assert Item.objects.filter(name="Répétitions").count() == 1


@pytest.mark.django_db(transaction=True)
def test_it_is_undone_but_for_what_was_changed(cast: "Cast", radicale: Radicale) -> None:
    done = brought(cast.bob, looked(cast.bob, radicale.url))
    with scope(cast.fabrique):
        Entry.objects.filter(uid="un-3").update(editor=cast.alice)
        actions.undo(by=cast.bob, coming=done)
    undone = ran(done)
    assert undone.state == ComingState.UNDONE
    with scope(cast.fabrique):
        assert [one.uid for one in Entry.objects.all()] == ["un-3"]
        assert not Card.objects.exists()
        assert not Item.objects.get(name="Répétitions").in_trash
        assert Item.objects.get(name="Fanfare").in_trash
        assert [one.title for one in queries.not_taken(undone)] == ["Répétition 3"]


@pytest.mark.django_db(transaction=True)
def test_it_goes_on_where_it_stopped(cast: "Cast", radicale: Radicale, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "SLICE_S", 0.0)  # one batch, then the next job
    monkeypatch.setattr(jobs, "SAY_EVERY_S", 0.0)
    found = looked(cast.bob, radicale.url)
    assert found.state == ComingState.LOOKED
    keep, calls = jobs.bringing.bring_in, []

    def cut(**arguments: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise finding.NotFound("coupé")
        return keep(**arguments)

    monkeypatch.setattr(jobs.bringing, "bring_in", cut)
    stopped = brought(cast.bob, found)
    assert (stopped.state, stopped.problem) == (ComingState.STOPPED, "coupé")
    with scope(cast.fabrique):
        assert Entry.objects.count() == jobs.AT_ONCE
        actions.go_on(by=cast.bob, coming=stopped)
    assert ran(stopped).state == ComingState.DONE
    with scope(cast.fabrique):
        assert Entry.objects.count() == 120


@pytest.mark.django_db(transaction=True)
def test_too_much_is_refused_and_what_is_too_heavy_left_out(
    cast: "Cast", radicale: Radicale, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "LARGEST", 300)
    radicale.ask("PUT", "/zoe/carnet/lourd.vcf", vcf("lourd", "Lourde Fiche", more=f"NOTE:{'x' * 400}\r\n"))
    found = looked(cast.bob, radicale.url)
    with scope(cast.fabrique):
        assert [one.why for one in queries.not_taken(found)] == ["C'est trop lourd : 10 Mo au plus."]
    monkeypatch.setattr(jobs, "MOST_KEPT", 2_000)
    refused = looked(cast.bob, radicale.url)
    assert refused.state == ComingState.PREPARING
    assert "trop d'un coup" in refused.problem


@pytest.mark.django_db(transaction=True)
def test_a_wrong_password_and_an_empty_address_say_what_to_check(cast: "Cast", radicale: Radicale) -> None:
    refused = looked(cast.bob, radicale.url, password="faux")  # it is the point
    assert refused.state == ComingState.PREPARING
    assert "mot de passe" in refused.problem
    assert refused.password == ""
    one = looked(cast.bob, f"{radicale.url}/zoe/carnet/")
    with scope(cast.fabrique):
        assert [there.name for there in one.collections.all()] == ["Fanfare"]


@pytest.mark.django_db(transaction=True)
def test_another_tilios_gives_its_calendars(dav: SimpleNamespace, settings: Any) -> None:
    settings.TILIOS_OUTSIDE_NETWORKS = ["127.0.0.0/8"]
    cast = dav.cast
    with scope(cast.fabrique):
        event(cast.alice, "Chez nous", more="X-GARDE:oui\r\nRRULE:FREQ=WEEKLY\r\n")
        card(cast.alice, "Zoé Durand")
    email, password = dav.login("alice")
    found = looked(cast.charlie, dav.url, email, password)
    assert found.problem == ""
    done = brought(cast.charlie, found)
    assert done.state == ComingState.DONE
    with scope(cast.atelier):
        assert "X-GARDE:oui" in Entry.objects.get().data
        assert Card.objects.get().full_name == "Zoé Durand"


@pytest.mark.django_db
def test_nothing_of_the_servers_own_network_is_asked(cast: "Cast") -> None:
    found = looked(cast.bob, "https://127.0.0.1/")
    assert found.state == ComingState.PREPARING
    assert "réseau privé" in found.problem


@pytest.mark.parametrize("href", ["http://ailleurs.example/dav/", "//ailleurs.example/x", "https://moi.example:8443/"])
def test_an_address_of_another_server_is_never_followed(href: str) -> None:
    assert finding._same_server("https://moi.example/dav/", href) == ""
    assert finding._same_server("https://moi.example/dav/", "/ici/") == "https://moi.example/ici/"


@pytest.mark.django_db
def test_each_sees_their_own_alone(cast: "Cast") -> None:
    with scope(cast.fabrique):
        mine = Coming.objects.create(person=cast.bob, address="https://nuage.example/", state=ComingState.LOOKED)
    for name in ("alice", "charlie"):
        client = cast.client(name)
        assert client.get(f"{PAGES}{mine.pk}/").status_code == 404
        assert client.post(f"{PAGES}{mine.pk}/commencer/").status_code == 404
    assert cast.client("bob").get(f"{PAGES}{mine.pk}/").status_code == 200


@pytest.mark.django_db
def test_nothing_goes_where_one_may_not_add(cast: "Cast") -> None:
    with scope(cast.fabrique):
        common = calendar(cast.alice)
        mine = Coming.objects.create(person=cast.gus, address="https://nuage.example/", state=ComingState.LOOKED)
        one = ComingCollection.objects.create(coming=mine, nature=Nature.CALENDAR, address="x", name="X", waiting=[])
    gus: Client = cast.client("gus")
    for into in (common.pk, ""):
        answer = gus.post(f"{PAGES}{mine.pk}/commencer/", {"choix": one.pk, f"vers-{one.pk}": into})
        assert answer.status_code in {403, 422}
    with scope(cast.fabrique):
        assert Coming.objects.get().state == ComingState.LOOKED


@pytest.mark.django_db
def test_the_pages_say_where_it_is(cast: "Cast") -> None:
    bob: Client = cast.client("bob")
    assert "mot de passe d'application" in bob.get(PAGES).content.decode()
    answer = bob.post(PAGES, {"address": "ftp://x", "login": "zoe", "password": "x"})
    assert answer.status_code == 422
    with scope(cast.fabrique):
        mine = Coming.objects.create(person=cast.bob, address="https://nuage.example/", state=ComingState.LOOKED)
        one = ComingCollection.objects.create(
            coming=mine, nature=Nature.CALENDAR, address="x", name="Chorale", waiting=[]
        )
        one.objects_there.create(address="/1.ics", uid="1", title="Un", data=ics("1"))
        one.objects_there.create(address="/2.ics", state=ObjectState.BROKEN, why="Ligne 3 illisible")
    page = bob.get(f"{PAGES}{mine.pk}/").content.decode()
    assert "1 nouvel événement" in page
    for state, words in ((ComingState.COMING, "hx-get"), (ComingState.DONE, "Ligne 3 illisible")):
        with scope(cast.fabrique):
            Coming.objects.update(state=state)
        assert words in bob.get(f"{PAGES}{mine.pk}/").content.decode()
