"""Nothing that somebody saw as stored is ever lost: those who leave at once, a server that stops, a server killed.

TILIOS_TEST_ROUNDS says how many times each is tried; a few in the suite, many before a release.
"""

import asyncio
import contextlib
import itertools
import os
import random
from pathlib import Path

from websockets.exceptions import ConnectionClosed

from tests.harness import postgres
from tilios.core.documents import yjs
from tilios.core.documents.tests.browser import Browser, words_of
from tilios.core.documents.tests.outside import Stand, standing

ROUNDS = int(os.environ.get("TILIOS_TEST_ROUNDS", "2"))
PEOPLE = 20


def written(stand: Stand, which: int = 0) -> set[str]:
    return set(words_of(yjs.new_doc(stand.text(which))))


async def type_and_leave(stand: Stand, number: int, which: int) -> list[str]:
    """Type ten times and leave at once, without waiting for anything. What was typed."""
    browser = Browser(1000 * (which + 1) + number)
    words = [f"{number} écrit {turn}" for turn in range(10)]
    async with stand.at(browser, f"member{number}", which):
        for one in words:
            await browser.write(one)
    return words


def test_twenty_who_type_and_leave_at_once_lose_nothing(tmp_path: Path) -> None:
    with standing(tmp_path) as stand:
        for which in range(ROUNDS):

            async def scene(which: int = which) -> list[str]:
                all_of_it = await asyncio.gather(*(type_and_leave(stand, number, which) for number in range(PEOPLE)))
                return [word for words in all_of_it for word in words]

            typed = asyncio.run(scene())
            stand.stop()
            stand.start()
            assert len(typed) == PEOPLE * 10
            assert written(stand, which) == set(typed)


async def type_until_killed(stand: Stand, browser: Browser, who: str, which: int) -> None:
    """Type until the line goes."""
    with contextlib.suppress(ConnectionClosed, OSError):
        async with stand.at(browser, who, which):
            for turn in itertools.count():
                await browser.write(f"{who} {turn}")
                await asyncio.sleep(random.uniform(0, 0.02))


def test_what_was_seen_as_stored_is_there_after_the_server_is_killed(tmp_path: Path) -> None:
    with standing(tmp_path) as stand:
        for which in range(ROUNDS):
            browsers = [Browser(1000 * (which + 1) + number) for number in range(8)]

            async def scene(browsers: list[Browser] = browsers, which: int = which) -> None:
                typing = [
                    asyncio.ensure_future(type_until_killed(stand, browser, f"member{number}", which))
                    for number, browser in enumerate(browsers)
                ]
                await asyncio.sleep(random.uniform(1.5, 3))
                await asyncio.to_thread(stand.kill)
                await asyncio.gather(*typing)

            asyncio.run(scene())
            stand.start()
            kept = written(stand, which)
            stored = {word for browser in browsers for word in browser.kept}
            assert stored
            assert stored <= kept
            for number, browser in enumerate(browsers):
                seen = {word for word in words_of(browser.doc) if not word.startswith(f"member{number} ")}
                assert seen <= kept  # what others wrote was on the disk before anybody saw it


def test_two_processes_share_a_room_on_postgresql(tmp_path: Path) -> None:
    with postgres.cluster() as url, standing(tmp_path, TILIOS_DATABASE_URL=url) as one:
        other = Stand(tmp_path, TILIOS_DATABASE_URL=url)

        async def scene() -> None:
            bob, manon, zoe = Browser(1), Browser(2), Browser(3)
            async with one.at(bob, "bob"), other.at(manon, "manon"), other.at(zoe, "guest zoe".replace(" ", "-")):
                await bob.until(lambda: bob.synced)
                await manon.until(lambda: manon.synced)
                for turn in range(20):
                    await bob.write(f"bob {turn}")
                    await manon.write(f"manon {turn}")
                expected = sorted([f"{who} {turn}" for who in ("bob", "manon") for turn in range(20)])
                for browser in (bob, manon, zoe):
                    await browser.until(lambda browser=browser: words_of(browser.doc) == expected)
                await bob.until(lambda: bob.saved)
                await bob.point(1, cursor={"anchor": 1})
                await manon.until(lambda: manon.cursors.get(1))
                assert manon.cursors[1]["user"]["name"] == "bob"

        try:
            asyncio.run(scene())
            assert len(written(one)) == 40
        finally:
            other.kill()
