"""Many at once through the real server, and a power cut in the middle: no vote that was answered is lost or doubled."""

import http.client
import json
import os
import re
import threading
import time
import urllib.parse
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from tests.harness import server as servers

CROWD = 200
CUT_AFTER = 100
RATE_PER_S = 50

#: Opens a poll for guests in La Fabrique and prints the token of its link.
OPEN = """
from tilios.core.access import sharing
from tilios.core.people.models import Person
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope
from tilios.tools.polls.tests.contract import open_choice
fabrique = Structure.objects.get(slug="la-fabrique")
with scope(fabrique):
    alice = Person.objects.get(email__startswith="alice@")
    poll = open_choice(alice, title="Foule", guests=True)
    print("TOKEN", sharing.create_link(by=alice, target=poll, mode="vote").token)
"""
#: Prints the names of the ballots of that poll, doubles included.
NAMES = """
import json
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope
from tilios.tools.polls.models import Ballot, Mark
with scope(Structure.objects.get(slug="la-fabrique")):
    ballots = Ballot.objects.filter(poll__title="Foule")
    print("NAMES", json.dumps([ballot.visitor.name for ballot in ballots.select_related("visitor")]))
    print("MARKS", Mark.objects.filter(ballot__poll__title="Foule", value=1).count())
"""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The settings of a database of this test's own, on the kind of database the run is for."""
    url = os.environ.get("TILIOS_DATABASE_URL", "")
    if not url.startswith("postgresql"):
        yield {}
        return
    name = f"crowd_{os.getpid()}_{int(time.time() * 1000)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
    parts = urllib.parse.urlsplit(url)
    yield {"TILIOS_DATABASE_URL": urllib.parse.urlunsplit(parts._replace(path=f"/{name}"))}
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[arg-type]


def open_poll(server: servers.Server) -> str:
    return server.tilios("manage", "shell", "-v0", "-c", OPEN).split("TOKEN ")[1].split()[0]


def names_kept(server: servers.Server) -> tuple[list[str], int]:
    printed = server.tilios("manage", "shell", "-v0", "-c", NAMES)
    return json.loads(printed.split("NAMES ")[1].split("\n")[0]), int(printed.split("MARKS ")[1])


def vote(server: servers.Server, token: str, name: str) -> bool:
    """One guest on a device of their own opens the link and votes; whether the server answered that it is recorded."""
    parts = urllib.parse.urlsplit(server.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    try:
        connection.request("GET", f"/l/{token}/")
        answer = connection.getresponse()
        page = answer.read().decode()
        cookies = "; ".join(value.split(";")[0] for value in answer.headers.get_all("Set-Cookie") or [])
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
        radio = re.search(r'<input[^>]*type="radio"[^>]*>', page)
        assert radio, page
        choice = dict(re.findall(r'(name|value)="([^"]*)"', radio.group()))
        form = {**fields, "name": name, choice["name"]: choice["value"]}
        headers = {"Cookie": cookies, "Origin": server.url, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", f"/l/{token}/voter/", urllib.parse.urlencode(form), headers)
        return connection.getresponse().status == 302
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


@pytest.mark.slow
def test_two_hundred_guests_at_once_all_have_their_vote_once(tmp_path: Path, database: dict[str, str]) -> None:
    with servers.running(tmp_path / "data", **database) as server:
        token = open_poll(server)
        names = [f"Voix {number}" for number in range(CROWD)]
        with ThreadPoolExecutor(CROWD) as crowd:
            answered = list(crowd.map(lambda name: vote(server, token, name), names))
        assert all(answered), f"{answered.count(False)} of {CROWD} were not answered well"
        kept, marks = names_kept(server)
        assert sorted(kept) == sorted(names)
        assert marks == CROWD


@pytest.mark.slow
def test_a_power_cut_loses_no_vote_that_was_answered(tmp_path: Path, database: dict[str, str]) -> None:
    data = tmp_path / "data"
    answered: list[str] = []
    enough = threading.Event()
    with servers.running(data, **database) as server:
        token = open_poll(server)

        def one(number: int) -> None:
            if not enough.wait(number / RATE_PER_S) and vote(server, token, f"Voix {number}"):
                answered.append(f"Voix {number}")

        with ThreadPoolExecutor(64) as crowd:
            for number in range(4 * CUT_AFTER):
                crowd.submit(one, number)
            deadline = time.monotonic() + 60
            while len(answered) < CUT_AFTER and time.monotonic() < deadline:
                time.sleep(0.01)
            server.kill()
            enough.set()
    assert len(answered) >= CUT_AFTER
    with servers.running(data, demo=False, **database) as server:
        kept, marks = names_kept(server)
        assert set(answered) <= set(kept)
        assert len(kept) == len(set(kept)) == marks
        server.tilios("verify")
