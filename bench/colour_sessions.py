"""A coloured vote served: what its pages cost from few answers to many, and a room of 300 people who answer at once.

Pages are measured when nothing has changed (drawings are kept) and just after an answer (they are made again). The
room answers through a share link within ten seconds, phones in turn by sixteens, while the animator's screen asks for
itself: every answer must be stored, and the screen must say so.
"""

import re
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.load import Visitor
from bench.measure import Row, compare
from tests.harness import server as servers

SESSIONS = {"10 people x 40": (10, 40), "1,000 people x 40": (1000, 40), "100,000 people x 1": (100_000, 1)}
ROOM, PHONES, ROOM_S = 300, 16, 10
FILL = """
import random
from tilios.core.access import sharing
from tilios.core.people.models import Person
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope
from tilios.tools.colours import actions, queries
from tilios.tools.colours.drafts import Draft
from tilios.tools.colours.models import Answer, Voice
from tilios.tools.colours.tests.contract import open_session
luck = random.Random(4)
with scope(Structure.objects.get(slug="la-fabrique")):
    alice = Person.objects.get(email__startswith="alice@")
    for people, statements in {sizes}:
        drafts = [Draft(f"Statement {{number}}") for number in range(statements)]
        session = open_session(alice, drafts=drafts, identity="pseudonym")
        round_ = queries.current_round(session)
        voices = Voice.objects.bulk_create(
            [Voice(session=session, name=f"v{{n}}", name_key=f"v{{n}}") for n in range(people)], 5000)
        rows = queries.statements_of(session)
        Answer.objects.bulk_create([
            Answer(round=round_, statement=row, voice=voice, value=luck.choice([0, 0, 1, 1, 2, 3, 4, -1, -2]))
            for row in rows for voice in voices], 5000)
        print("SESSION", session.pk)
    room = open_session(alice, drafts=[Draft("One"), Draft("Two"), Draft("Three")])
    actions.show_statement(by=alice, session=room, statement=queries.statements_of(room)[0].pk)
    print("ROOM", room.pk, sharing.create_link(by=alice, target=room, mode="answer").token)
"""


def run() -> list[Row]:
    """Milliseconds of pages; seconds the room takes, and seconds until the animator's screen has them all."""
    with tempfile.TemporaryDirectory() as folder, servers.running(Path(folder) / "data") as tilios:
        printed = tilios.tilios("manage", "shell", "-v0", "-c", FILL.format(sizes=list(SESSIONS.values())))
        sessions = re.findall(r"SESSION (\d+)", printed)
        room, token = re.findall(r"ROOM (\d+) (\S+)", printed)[0]
        alice = Visitor(tilios.url)
        account = tilios.account("admin", "la-fabrique")
        alice.sign_in(account.email, account.password)
        pages = dict(zip(SESSIONS, sessions, strict=True))
        return [*_kept(alice, pages), *_changed(alice, pages), *_crowd(tilios.url, alice, room, token)]


def _address(session: str, rest: str = "") -> str:
    return f"/s/la-fabrique/vote-colore/{session}/{rest}"


def _kept(alice: Visitor, pages: dict[str, str]) -> list[Row]:
    rows = []
    for view in ("spectre", "mosaique-triee"):
        asked = {what: _address(session, f"resultats/{view}/") for what, session in pages.items()}
        if view != "spectre":
            del asked["100,000 people x 1"]  # a mosaic of one row says what the spectrum says
        contenders = {what: lambda path=path: alice.median_ms(path, times=5) for what, path in asked.items()}
        rows += compare(f"page of results, {view}, nothing changed", contenders, unit="ms")
    return rows


def _changed(alice: Visitor, pages: dict[str, str]) -> list[Row]:
    contenders = {what: lambda session=session: _after_an_answer(alice, session) for what, session in pages.items()}
    return compare("page of results, spectre, just after an answer", contenders, unit="ms", rounds=3)


def _after_an_answer(alice: Visitor, session: str) -> float:
    _answer(alice, _address(session), {"pseudonym": "Alice"})
    start = time.perf_counter()
    status, _page, _location = alice.ask(_address(session, "resultats/spectre/"))
    if status != 200:
        raise RuntimeError(f"results answered {status}")
    return 1000 * (time.perf_counter() - start)


def _answer(visitor: Visitor, path: str, who: dict[str, str]) -> None:
    """Open the page as a browser does and send a colour to its first statement."""
    _status, page, _location = visitor.ask(path)
    form = re.search(r'action="([^"]+)" id="reponses"', page)
    csrf = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    first = re.search(r'name="(a-\d+)"', page)
    if not (form and csrf and first):
        raise RuntimeError(f"{path} offers no form of answers")
    sent = who | {"csrfmiddlewaretoken": csrf[1], first[1]: "1"}
    status, _page, _location = visitor.ask(form[1], sent)
    if status != 302:
        raise RuntimeError(f"{form[1]} answered {status}")


def _crowd(url: str, alice: Visitor, room: str, token: str) -> list[Row]:
    door, screen = f"/l/{token}/", _address(room, "animer/ecran/")
    seen: list[tuple[float, int]] = []
    over = threading.Event()

    def watch() -> None:
        while not over.is_set():
            _status, page, _location = alice.ask(screen)
            found = re.search(r"<strong>(\d+)</strong>", page)
            seen.append((time.perf_counter(), int(found[1]) if found else 0))
            over.wait(0.5)

    start = time.perf_counter()
    watcher = threading.Thread(target=watch)
    watcher.start()

    def come(number: int) -> None:
        time.sleep(max(0.0, start + ROOM_S * number / ROOM - time.perf_counter()))
        _answer(Visitor(url), door, {"name": f"Guest {number}"})

    try:
        with ThreadPoolExecutor(PHONES) as phones:
            list(phones.map(come, range(ROOM)))
        answered = time.perf_counter()
        while (not seen or seen[-1][1] < ROOM) and time.perf_counter() < answered + 10:
            time.sleep(0.05)
    finally:
        over.set()
        watcher.join()
    if seen[-1][1] != ROOM:
        raise RuntimeError(f"{seen[-1][1]} answers of {ROOM} on the screen")
    screen_s = next(moment for moment, count in seen if count == ROOM) - answered
    what = f"{ROOM} guests who answer within {ROOM_S} s"
    return [
        Row(what, "all stored", round(answered - start, 2), [round(answered - start, 2)], 1.0, "s"),
        Row(what, "the screen has them all, after that", round(max(0.0, screen_s), 2), [round(screen_s, 2)], 1.0, "s"),
    ]
