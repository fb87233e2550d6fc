"""Whatever bytes a socket brings, the room and those in it go on, and what is stored is a text."""

import asyncio
import contextlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed

from tilios.core.documents import actions, drawing, queries, yjs
from tilios.core.documents.rooms import protocol
from tilios.core.documents.tests.browser import Browser, words_of
from tilios.core.documents.tests.standing import Typist
from tilios.core.documents.tests.test_rooms import Place, place
from tilios.core.structures.scope import scope
from tilios.tools.polls.models import Poll

if TYPE_CHECKING:
    from tests.cast import Cast

__all__ = ["place"]  # the fixture
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

GOOD = [
    protocol.sync(protocol.UPDATE, Typist(77).type("pirate")),
    protocol.sync(protocol.STEP_1, Typist(77).doc.get_state()),
    protocol.sync(protocol.STEP_2, Typist(78).type("pirate")),
    protocol.awareness([protocol.Cursor(5, 1, {"cursor": {}}), protocol.Cursor(6, 2, None)]),
    bytes([protocol.ASK]),
]


@st.composite
def spoiled(draw: st.DrawFn) -> bytes:
    """A message that was right, with a piece cut out, put in, repeated or changed."""
    data = draw(st.sampled_from(GOOD))
    for _time in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(data)))
        to = draw(st.integers(at, len(data)))
        middle = draw(st.sampled_from([b"", data[at:to] * 2, draw(st.binary(max_size=12))]))
        data = data[:at] + middle + data[to:]
    return data


@given(st.lists(st.one_of(spoiled(), st.binary(max_size=200)), min_size=1, max_size=6))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_message_breaks_a_room_or_another(place: Place, cast: "Cast", messages: list[bytes]) -> None:
    written: list[str] = []

    async def scene() -> None:
        async with place.at(Browser(2), "manon") as manon, place.at(Browser(1), "bob") as bob:
            await manon.until(lambda: manon.synced)
            with contextlib.suppress(ConnectionClosed):  # put out for an earlier message
                for message in messages:
                    await bob.socket.send(message)
                await bob.socket.send(bytes([protocol.ASK]))
                await asyncio.wait_for(await bob.socket.ping(), 10)
            written.append(f"mot {len(manon.text)}")
            await manon.write(written[0])
            await manon.until(lambda: manon.saved)

    place.meet(scene)
    with scope(place.cast.fabrique):
        whole = queries.state(place.document)
        drawn = drawing.draw(whole, {})
        assert written[0] in drawn.text


def test_the_text_of_another_room_is_not_touched_by_a_storm(place: Place, cast: "Cast") -> None:
    with scope(cast.fabrique):
        poll = Poll.objects.create(title="Autre", author=cast.alice)
        other = actions.create(owner=poll, by=cast.alice, state=Typist(3).type("calme"))

    async def scene() -> None:
        async with place.at(Browser(1), "bob") as bob:
            with contextlib.suppress(ConnectionClosed):
                for message in GOOD * 20:
                    await bob.socket.send(message)
                    await bob.socket.send(message[::-1])
            await bob.until(lambda: bob.code)

    place.meet(scene)
    with scope(cast.fabrique):
        assert words_of(yjs.new_doc(queries.state(other))) == ["calme"]
