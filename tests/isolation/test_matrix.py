"""The isolation matrix: every route × method × {signed out, stranger, each role} × {our thing, another structure's}.

Read from the URL resolver itself: a new route is in the matrix the day it appears. The matrix compares a guard with its
declaration, so a wrong declaration passes it: read docs/permissions.md for that.
"""

import re
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.urls import get_resolver, reverse

from tests.cast import Cast
from tests.isolation import values
from tilios.core.access import roles
from tilios.core.structures.scope import scope
from tilios.portal.checks import is_foreign, routes

METHODS = ("GET", "POST", "PUT", "DELETE")
AT_ONCE = 20
#: Roles are compared with declarations in Python: one database is enough to try them all.
ROLES = ("gus", "bob", "manon", "alice") if connection.vendor == "sqlite" else ("bob", "alice")


def guarded(kind: str) -> list[Any]:
    get_resolver()
    return [
        pytest.param(path, name, view.guard, id=name or path)
        for path, name, view in routes()
        if not is_foreign(view) and view.guard.kind == kind
    ]


def of_tools() -> list[Any]:
    """The pages of structures, tool by tool, some at a time: making the things of a tool takes longer than asking."""
    spaces: dict[str, list[Any]] = {}
    for one in guarded("tool"):
        spaces.setdefault(one.values[1].rpartition(":")[0], []).append(one.values)
    return [
        pytest.param(space, pages[first : first + AT_ONCE], id=f"{space}-{first}")
        for space, pages in spaces.items()
        for first in range(0, len(pages), AT_ONCE)
    ]


def arguments(path: str) -> list[str]:
    return [name for name in re.findall(r"<(?:\w+:)?(\w+)>", path) if name != "structure"]


def answer(client: Any, method: str, url: str) -> HttpResponseBase:
    """The answer to an empty request, with nothing kept of what it did."""
    with transaction.atomic():
        response = client.generic(method, url)
        transaction.set_rollback(True)
    return response


def urls(path: str, name: str, own: dict[str, Any], foreign: dict[str, Any]) -> tuple[str, str | None]:
    """The route in La Fabrique with her own things, and with L'Atelier's (None when it takes no thing)."""
    space, _colon, short = name.rpartition(":")
    wanted = arguments(path)
    own_values = [values.value_for(space, short, argument, own) for argument in wanted]
    foreign_values = [values.value_for(space, short, argument, foreign) for argument in wanted]
    own_url = reverse(name, args=["la-fabrique", *own_values])
    if own_values == foreign_values:
        return own_url, None
    return own_url, reverse(name, args=["la-fabrique", *foreign_values])


@pytest.mark.parametrize(("space", "pages"), of_tools())
def test_pages_of_a_structure_let_in_who_they_should(cast: Cast, space: str, pages: list[tuple[str, str, Any]]) -> None:
    own, foreign = values.make_both(cast.alice, cast.charlie, space)
    wrong = []
    for path, name, guard in pages:
        try:
            lets_in_who_it_should(cast, guard, *urls(path, name, own, foreign))
        except AssertionError as error:
            wrong.append(f"{name}: {error}")
    assert not wrong, "\n\n".join(wrong)


def lets_in_who_it_should(cast: Cast, guard: Any, own_url: str, foreign_url: str | None) -> None:
    for method in METHODS:
        if method not in guard.methods:
            assert answer(cast.client("bob"), method, own_url).status_code == 405, method
            assert answer(cast.client("nobody"), method, own_url).status_code == 405, method
            continue
        signed_out = answer(cast.client("nobody"), method, own_url)
        assert signed_out.status_code == 302, (method, "signed out")
        assert signed_out["Location"].startswith("/compte/login/"), (method, "signed out")
        assert answer(cast.client("charlie"), method, own_url).status_code == 404, (method, "stranger")
        for who in ROLES:
            person = getattr(cast, who)
            with scope(cast.fabrique):
                allowed = roles.may(person, guard.action)
            status = answer(cast.client(who), method, own_url).status_code
            assert status < 500, (method, who, status)
            if not allowed:
                assert status == 403, (method, who, status)
            elif who == "alice":
                assert status not in {403, 404}, (method, who, status)
            if foreign_url and allowed:
                foreign = answer(cast.client(who), method, foreign_url).status_code
                wanted = {404} if who == "alice" else {403, 404}
                assert foreign in wanted, (method, who, "another structure's", foreign)


@pytest.mark.parametrize(("path", "name", "guard"), guarded("host"))
def test_a_page_of_the_host_is_hidden_from_everybody_else(cast: Cast, path: str, name: str, guard: Any) -> None:
    own = {"structure_slug": "la-fabrique", "slug": "la-fabrique", "pk": 1, "number": 1}
    url = reverse(name, args=[own[argument] for argument in re.findall(r"<(?:\w+:)?(\w+)>", path)])
    for method in METHODS:
        if method not in guard.methods:
            assert answer(cast.client("bob"), method, url).status_code == 405, method
            continue
        assert answer(cast.client("nobody"), method, url).status_code == 302, method
        for who in ("gus", "bob", "manon", "alice", "charlie"):
            assert answer(cast.client(who), method, url).status_code == 404, (method, who)


@pytest.mark.parametrize(("path", "name", "guard"), guarded("account"))
def test_a_page_of_an_account_asks_to_sign_in(cast: Cast, path: str, name: str, guard: Any) -> None:
    url = reverse(name, args=[1 for _argument in re.findall(r"<(?:\w+:)?(\w+)>", path)])
    for method in METHODS:
        if method not in guard.methods:
            assert answer(cast.client("bob"), method, url).status_code == 405, method
            continue
        signed_out = answer(cast.client("nobody"), method, url)
        assert signed_out.status_code == 302, method
        assert signed_out["Location"].startswith("/compte/login/"), method
        assert answer(cast.client("bob"), method, url).status_code < 500, method


@pytest.mark.parametrize(("path", "name", "guard"), guarded("public"))
def test_an_open_page_says_why_it_is_open_and_stands_empty_hands(cast: Cast, path: str, name: str, guard: Any) -> None:
    assert guard.reason
    kinds = re.findall(r"<(?:(\w+):)?\w+>", path)
    url = reverse(name, args=[0 if kind == "int" else "nothing-of-the-kind" for kind in kinds])
    for method in METHODS:
        status = answer(cast.client("nobody"), method, url).status_code
        assert status == 405 if method not in guard.methods else status < 500, (method, status)
