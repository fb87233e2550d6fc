"""Several people in one text, through real sockets of a real server."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from websockets.exceptions import InvalidStatus

from tests.harness.inside import serving
from tilios.core.access import sharing
from tilios.core.access.models import Visitor
from tilios.core.documents import actions, queries, tickets, yjs
from tilios.core.documents.access import Writer
from tilios.core.documents.models import Author, Document, Update
from tilios.core.documents.rooms import protocol
from tilios.core.documents.tests.browser import Browser, words_of
from tilios.core.documents.tests.standing import Typist, read
from tilios.core.journal.models import Entry
from tilios.core.people import actions as people
from tilios.core.people.roles import Role
from tilios.core.structures.scope import scope
from tilios.tools.polls.models import Poll

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


class Place:
    """A served text: `place.meet(...)` runs a scene; `place.in_thread(...)` does what a page would."""

    def __init__(self, cast: "Cast", port: int, document: Document) -> None:
        self.cast, self.port, self.document = cast, port, document

    def at(self, browser: Browser, who: str, **others: Any) -> Any:
        writer = Writer(person=getattr(self.cast, who))
        return browser.at(self.address(writer), self.cookie(who), **others)

    def address(self, writer: Writer, number: int | None = None) -> str:
        ticket = tickets.seal(self.document, writer)
        return f"ws://127.0.0.1:{self.port}/rooms/{number or self.document.pk}?ticket={ticket}"

    def cookie(self, who: str) -> str:
        return self.cast.client(who).cookies[settings.SESSION_COOKIE_NAME].value

    def meet(self, scene: Callable[[], Coroutine[Any, Any, None]]) -> None:
        asyncio.run(scene())

    async def page(self, work: Callable[[], Any]) -> Any:
        def run() -> Any:
            from django.db import connection

            try:
                with scope(self.cast.fabrique):
                    return work()
            finally:
                connection.close()

        return await asyncio.to_thread(run)


@pytest.fixture
def place(cast: "Cast") -> Iterator[Place]:
    for who in ("alice", "manon", "bob", "gus"):
        cast.client(who)
    with scope(cast.fabrique):
        poll = Poll.objects.create(title="Le compte rendu", author=cast.alice)
        document = actions.create(owner=poll, by=cast.alice)
    with serving() as port:
        yield Place(cast, port, document)


def test_what_one_writes_the_others_see_and_it_is_on_the_disk(place: Place) -> None:
    async def scene() -> None:
        async with place.at(Browser(1), "bob") as bob, place.at(Browser(2), "manon") as manon:
            await bob.write("bonjour")
            await bob.until(lambda: bob.saved)
            await manon.until(lambda: "bonjour" in manon.text)
            await manon.write("à vous")
            await bob.until(lambda: "à vous" in bob.text)
        async with place.at(Browser(3), "gus") as gus:
            await gus.until(lambda: words_of(gus.doc) == ["bonjour", "à vous"])

    place.meet(scene)
    with scope(place.cast.fabrique):
        assert read(queries.state(place.document)) == "<paragraph>bonjour</paragraph><paragraph>à vous</paragraph>"
        assert {row.client: row.person for row in Author.objects.all()} == {1: place.cast.bob, 2: place.cast.manon}
        written = Entry.objects.filter(verb="portal.wrote").values_list("actor", flat=True)
        assert sorted(written) == sorted([place.cast.bob.pk, place.cast.manon.pk])


def test_a_cursor_bears_the_name_the_server_knows(place: Place) -> None:
    async def scene() -> None:
        async with place.at(Browser(1), "bob") as bob, place.at(Browser(2), "manon") as manon:
            await bob.point(1, user={"name": "Manon Le Goff", "person": 1}, cursor={"anchor": 3})
            await manon.until(lambda: manon.cursors.get(1))
            assert manon.cursors[1]["user"]["name"] == "Bob Lambert"
            assert manon.cursors[1]["cursor"] == {"anchor": 3}
            async with place.at(Browser(3), "gus") as gus:
                await gus.until(lambda: gus.cursors.get(1))  # sent on joining
                await gus.socket.send(protocol.awareness([protocol.Cursor(1, 9, None)]))  # not theirs to remove
                await gus.point(1, cursor=None)
                await manon.until(lambda: 3 in manon.cursors)
                assert manon.cursors[1] is not None
        # Bob has left
        async with place.at(Browser(4), "manon") as again:
            await again.until(lambda: again.synced)
            assert not again.cursors.get(1)

    place.meet(scene)


def test_whoever_only_reads_changes_nothing(place: Place) -> None:
    async def scene() -> None:
        async with place.at(Browser(1), "gus") as gus:
            await gus.write("non")
            await gus.until(lambda: {"refused": "read_only"} in gus.said)
            assert gus.said[0] == {"access": 10}

    place.meet(scene)
    with scope(place.cast.fabrique):
        assert not Update.objects.exists()


def test_a_right_that_ends_closes_the_connection_at_once(place: Place) -> None:
    def leave() -> None:
        people.change_status(by=place.cast.alice, person=place.cast.bob, status="left")

    def lower() -> None:
        people.change_role(by=place.cast.alice, person=place.cast.manon, role=Role.GUEST)

    async def scene() -> None:
        async with place.at(Browser(1), "bob") as bob, place.at(Browser(2), "manon") as manon:
            await bob.write("avant")
            await manon.until(lambda: "avant" in manon.text)
            await place.page(leave)
            await bob.until(lambda: bob.code == protocol.NO_RIGHT)
            await place.page(lower)
            await manon.until(lambda: {"access": 10} in manon.said)
            await manon.write("trop tard")
            await manon.until(lambda: {"refused": "read_only"} in manon.said)

    place.meet(scene)


def test_an_ended_session_closes_and_a_ticket_alone_opens_nothing(place: Place) -> None:
    async def scene() -> None:
        address = place.address(Writer(person=place.cast.bob))
        async with Browser(1).at(address, "") as alone:
            await alone.until(lambda: alone.code == protocol.NO_RIGHT)
        async with Browser(1).at(address, place.cookie("manon")) as other:
            await other.until(lambda: other.code == protocol.NO_RIGHT)
        async with place.at(Browser(1), "bob") as bob:
            await bob.until(lambda: bob.synced)
            await place.page(lambda: place.cast.client("bob").logout())
            await bob.until(lambda: bob.code == protocol.NO_RIGHT)

    place.meet(scene)


def test_a_revoked_link_closes_the_socket_of_its_visitor(place: Place) -> None:
    with scope(place.cast.fabrique):
        poll = Poll.objects.get()
        link = sharing.create_link(by=place.cast.alice, target=poll, mode="vote")
        visitor = Visitor.objects.create(link=link, key="x", name="Inès")

    async def scene() -> None:
        async with Browser(1).at(place.address(Writer(visitor=visitor))) as ines:
            await ines.write("par le lien")
            await ines.until(lambda: ines.saved)
            await place.page(lambda: sharing.revoke_link(by=place.cast.alice, link=link))
            await ines.until(lambda: ines.code == protocol.NO_RIGHT)

    place.meet(scene)


def test_a_ticket_is_for_one_text_and_our_own_pages(place: Place) -> None:
    async def scene() -> None:
        bob = Writer(person=place.cast.bob)
        async with Browser(1).at(place.address(bob, number=place.document.pk + 1), place.cookie("bob")) as lost:
            await lost.until(lambda: lost.code == protocol.NO_TEXT)
        async with Browser(1).at(place.address(bob) + "x", place.cookie("bob")) as forged:
            await forged.until(lambda: forged.code == protocol.TICKET_TOO_OLD)
        with pytest.raises(InvalidStatus):
            async with place.at(Browser(1), "bob", origin="https://ailleurs.example"):
                pass

    place.meet(scene)


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\xff" * 30,
        b"\x00\x02\x05\x01\x01",
        b"\x07\x00",
        protocol.sync(protocol.UPDATE, b"\xff" * 20),
        protocol.sync(protocol.STEP_1, b"\xff" * 20),
        b"\x01\x03\x01\x01\x05",
        b"\x40\x01",
    ],
)
def test_what_cannot_be_read_closes_its_sender_and_harms_nobody(place: Place, message: bytes) -> None:
    async def scene() -> None:
        async with place.at(Browser(1), "bob") as bob, place.at(Browser(2), "manon") as manon:
            await bob.write("avant")
            await manon.until(lambda: "avant" in manon.text)
            await bob.socket.send(message)
            await bob.until(lambda: bob.code == protocol.UNREADABLE)
            await manon.write("après")
            await manon.until(lambda: manon.saved)

    place.meet(scene)
    with scope(place.cast.fabrique):
        assert words_of(yjs.new_doc(queries.state(place.document))) == ["après", "avant"]


def test_an_update_that_leans_on_what_nobody_has_is_refused_and_the_text_goes_on(place: Place) -> None:
    lost = Typist(9)
    lost.type("jamais envoyé")

    async def scene() -> None:
        async with place.at(Browser(1), "bob") as bob, place.at(Browser(2), "manon") as manon:
            await manon.write("avant")
            await bob.until(lambda: "avant" in bob.text)
            await bob.change(lost.type("dans le vide"))
            await bob.until(lambda: bob.code == protocol.UNREADABLE)
            await manon.write("après")
            await manon.until(lambda: manon.saved)

    place.meet(scene)
    with scope(place.cast.fabrique):
        assert words_of(yjs.new_doc(queries.state(place.document))) == ["après", "avant"]
        assert b"dans le vide" not in b"".join(bytes(row.data) for row in Update.objects.all())


def test_what_a_page_writes_reaches_those_connected(place: Place) -> None:
    async def scene() -> None:
        async with place.at(Browser(1), "bob") as bob:
            await bob.write("d’abord")
            await bob.until(lambda: bob.saved)
            whole = await place.page(lambda: queries.state(place.document))
            form = Typist(5, whole)
            writer = Writer(person=place.cast.manon)
            update = form.type("par le formulaire")
            await place.page(lambda: actions.append(document=place.document, writer=writer, data=update))
            await bob.until(lambda: "formulaire" in bob.text)
            await place.page(lambda: actions.say(document=place.document, by=writer, body="bonjour"))
            await bob.until(lambda: {"changed": "sayings"} in bob.said)
            await bob.write("ensuite")
            await bob.until(lambda: bob.saved)
            await place.page(lambda: actions.restore(document=place.document, by=writer, number=1))
            await bob.until(lambda: words_of(bob.doc) == ["d’abord"])

    place.meet(scene)


def test_what_was_written_away_from_the_network_comes_in_on_return_once(place: Place) -> None:
    bob = Browser(1)

    async def scene() -> None:
        async with place.at(bob, "bob"):
            await bob.write("en ligne")
            await bob.until(lambda: bob.saved)
            await bob.change(bob.erase(0))
            await bob.until(lambda: bob.saved)
        for words in ("dans le train", "et encore"):
            bob.type(words)
        async with place.at(bob, "bob"):
            await bob.until(lambda: bob.sent == 1 and bob.saved)
        async with place.at(bob, "bob"):
            # Yjs repeats every deletion in its answer: nothing is stored again.
            await bob.until(lambda: bob.synced)
            await bob.write("fin")
            await bob.until(lambda: bob.saved)

    place.meet(scene)
    with scope(place.cast.fabrique):
        assert words_of(yjs.new_doc(queries.state(place.document))) == ["dans le train", "et encore", "fin"]
        assert Update.objects.count() == 4


def test_whoever_sends_too_fast_is_told_and_put_out(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tilios.core.documents.limits.BURST", 10)

    async def scene() -> None:
        async with place.at(Browser(1), "bob") as bob:
            for clock in range(40):
                await bob.point(clock, cursor=None)
            await bob.until(lambda: bob.code == protocol.TOO_FAST)
            assert {"refused": "too_fast"} in bob.said

    place.meet(scene)


def test_a_text_that_grew_too_large_takes_no_more(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tilios.core.documents.limits.TEXT", 500)

    async def scene() -> None:
        async with place.at(Browser(1), "bob") as bob:
            await bob.write("court")
            await bob.until(lambda: bob.saved)
            await bob.write("x" * 600)
            await bob.until(lambda: bob.code == protocol.TEXT_TOO_LARGE)

    place.meet(scene)
