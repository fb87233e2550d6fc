"""Synchronisation (RFC 6578): what a program learns since it last asked."""

from types import SimpleNamespace

import pytest

from tests.harness.webdav import DAV, Answer, Client
from tilios.core.people.roles import Role
from tilios.core.structures.scope import scope
from tilios.tools.files.models import Change, Item, Level
from tilios.tools.files.tests.planting import common, file, folder, own_list

BASE = "/dav/files/la-fabrique/Commun/"


@pytest.fixture
def bob(dav: SimpleNamespace) -> Client:
    return dav.client("bob", "Commun/")


def token_of(answer: Answer) -> str:
    assert answer.status == 207, answer.content
    return answer.xml.findtext(f"{DAV}sync-token") or ""


def told(answer: Answer) -> dict[str, int]:
    """Status of each thing told, by its path below Commun."""
    assert answer.status == 207, answer.content
    return {path.removeprefix(BASE): status for path, status in answer.statuses().items()}


def test_the_first_time_everything_is_told_then_nothing(bob: Client) -> None:
    bob.put("a.txt", b"a")
    bob.ask("MKCOL", "b")
    bob.put("b/c.txt", b"c")
    assert told(bob.sync("")) == {"a.txt": 200, "b/": 200}
    first = bob.sync("", deep=True)
    assert told(first) == {"a.txt": 200, "b/": 200, "b/c.txt": 200}
    then = bob.sync("", token_of(first), deep=True)
    assert told(then) == {}
    assert token_of(then) == token_of(first)


def test_what_came_changed_went_and_moved_is_told_once(bob: Client) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        bob.put(name, b"1")
    token = token_of(bob.sync(""))
    bob.put("a.txt", b"2")
    bob.put("a.txt", b"3")
    bob.ask("DELETE", "b.txt")
    bob.ask("MOVE", "c.txt", Destination=BASE + "d.txt")
    bob.put("e.txt", b"1")
    bob.ask("DELETE", "e.txt")
    assert told(bob.sync("", token)) == {"a.txt": 200, "b.txt": 404, "c.txt": 404, "d.txt": 200, "e.txt": 404}


def test_a_folder_alone_tells_its_members_and_deep_all_below(bob: Client) -> None:
    bob.ask("MKCOL", "a")
    bob.ask("MKCOL", "a/b")
    shallow, deep = token_of(bob.sync("")), token_of(bob.sync("", deep=True))
    bob.put("a/b/c.txt", b"c")
    assert told(bob.sync("", shallow)) == {}
    assert told(bob.sync("", deep, deep=True)) == {"a/b/c.txt": 200}


def test_a_folder_that_moves_takes_all_it_holds(bob: Client) -> None:
    bob.ask("MKCOL", "a")
    bob.ask("MKCOL", "a/b")
    bob.put("a/b/c.txt", b"c")
    bob.ask("MKCOL", "d")
    token = token_of(bob.sync("", deep=True))
    bob.ask("MOVE", "a/b", Destination=BASE + "d/b")
    assert told(bob.sync("", token, deep=True)) == {"a/b": 404, "d/b/": 200, "d/b/c.txt": 200}
    token = token_of(bob.sync("", deep=True))
    bob.ask("COPY", "d", Destination=BASE + "e")
    assert told(bob.sync("", token, deep=True)) == {"e/": 200, "e/b/": 200, "e/b/c.txt": 200}
    token = token_of(bob.sync("", deep=True))
    bob.ask("DELETE", "d")
    assert told(bob.sync("", token, deep=True)) == {"d": 404}


def test_more_than_the_limit_comes_in_parts_that_lose_nothing(bob: Client) -> None:
    token = token_of(bob.sync(""))
    names = {f"{number}.txt" for number in range(7)}
    for name in names:
        bob.put(name, b"x")
    seen: dict[str, int] = {}
    for _part in range(10):
        answer = bob.sync("", token, limit=3)
        found, token = told(answer), token_of(answer)
        more = found.pop("", None)
        assert len(found) <= 3
        seen |= found
        if more is None:
            break
        assert more == 507
    assert seen == dict.fromkeys(names, 200)


def test_a_first_time_that_passes_the_limit_is_refused(bob: Client) -> None:
    for name in ("a", "b", "c"):
        bob.put(name, b"x")
    answer = bob.sync("", limit=2)
    assert answer.status == 507
    assert b"number-of-matches-within-limits" in answer.content
    assert told(bob.sync("", limit=3)) == {"a": 200, "b": 200, "c": 200}


def test_a_token_is_of_no_use_once_rights_changed_or_when_it_is_not_ours(dav: SimpleNamespace, bob: Client) -> None:
    bob.put("a.txt", b"a")
    token = token_of(bob.sync("", deep=True))
    with scope(dav.cast.fabrique):
        closed = folder(dav.cast.alice, common(dav.cast.alice), "Bureau")
        file(dav.cast.alice, closed, "vu.txt")
        own_list(closed, (Role.MEMBER, Level.VIEW))
    for wrong in (token, "x", "-1", "99999-abc", "0-0"):
        answer = bob.sync("", wrong, deep=True)
        assert (answer.status, b"valid-sync-token" in answer.content) == (403, True), wrong
    assert told(bob.sync("", deep=True)) == {"a.txt": 200, "Bureau/": 200, "Bureau/vu.txt": 200}


def test_a_token_older_than_the_log_is_refused(dav: SimpleNamespace, bob: Client) -> None:
    bob.put("a.txt", b"a")
    token = token_of(bob.sync(""))
    for name in ("b", "c"):
        bob.put(name, b"x")
    with scope(dav.cast.fabrique):
        Change.objects.filter(name="b").delete()
        Change.objects.filter(name="a.txt").delete()
    assert bob.sync("", token).status == 403


def test_what_one_does_not_see_is_never_told(dav: SimpleNamespace, bob: Client) -> None:
    with scope(dav.cast.fabrique):
        closed = folder(dav.cast.alice, common(dav.cast.alice), "Bureau")
        own_list(closed, (Role.ADMIN, Level.MANAGE))
    token = token_of(bob.sync("", deep=True))
    assert told(bob.sync("", deep=True)) == {}
    alice = dav.client("alice", "Commun/")
    assert alice.put("Bureau/secret.txt", b"s").status == 201
    for method in ("PUT", "DELETE"):
        assert alice.ask(method, "Bureau/secret2.txt").status in {201, 204}
    assert told(bob.sync("", token, deep=True)) == {}
    assert alice.ask("DELETE", "Bureau").status == 204
    assert told(bob.sync("", token, deep=True)) == {}
    with scope(dav.cast.fabrique):
        assert Item.objects.filter(name="secret.txt").exists()


@pytest.mark.parametrize(
    "body",
    [
        "", "<a/>", '<D:sync-collection xmlns:D="DAV:"/>',
        '<D:sync-collection xmlns:D="DAV:"><D:sync-level>7</D:sync-level><D:prop/></D:sync-collection>',
        '<D:expand-property xmlns:D="DAV:"/>',
    ],
)  # fmt: skip
def test_reports_that_make_no_sense_are_refused(bob: Client, body: str) -> None:
    assert bob.ask("REPORT", "", body).status in {400, 403}
