"""What every tool promises, whichever it is: a new tool is in this suite the day its folder appears."""

import re
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import Cast
from tests.harness.crowd import sizes_are_known
from tilios.core.access import roles
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope
from tilios.core.toolbox import registry
from tilios.core.toolbox.declaration import Tool
from tilios.portal.checks import routes

FEW, MANY = 10, 1000 if connection.vendor == "sqlite" else 200  # the queries are the same: once is enough

tools = pytest.mark.parametrize("tool", registry.tools(), ids=lambda tool: tool.slug)


def contract_of(tool: Tool) -> ModuleType:
    name = f"tilios.tools.{tool.slug}.tests.contract"
    assert find_spec(name), f"Write tilios/tools/{tool.slug}/tests/contract.py: see docs/new-tool.md, part 4."
    return import_module(name)


@tools
def test_it_says_how_to_make_its_things_and_which_pages_to_measure(tool: Tool) -> None:
    contract = contract_of(tool)
    assert callable(contract.objects)
    assert callable(contract.fill)
    assert contract.PAGES


@tools
def test_it_is_in_the_menu_of_those_who_may_use_it_and_of_no_other(cast: Cast, tool: Tool) -> None:
    address = f'href="/s/la-fabrique/{tool.path}/"'
    for who in ("gus", "bob", "manon", "alice"):
        with scope(cast.fabrique):
            may_enter = any(roles.may(getattr(cast, who), action.name) for action in tool.actions)
        page = cast.client(who).get("/s/la-fabrique/").content.decode()
        assert (address in page) is may_enter, who


@tools
def test_switched_off_it_is_in_no_menu_and_its_pages_refuse(cast: Cast, tool: Tool) -> None:
    Structure.objects.filter(pk=cast.fabrique.pk).update(enabled_tools=[])
    client = cast.client("alice")
    assert f"/s/la-fabrique/{tool.path}/" not in client.get("/s/la-fabrique/").content.decode()
    assert client.get(f"/s/la-fabrique/{tool.path}/").status_code == 403


@tools
def test_everything_it_names_has_a_name_in_french(tool: Tool) -> None:
    from django.utils import translation

    with translation.override("en"):
        english = [str(label) for label in labels(tool)]
    with translation.override("fr"):
        french = [str(label) for label in labels(tool)]
    same = {one for one, other in zip(english, french, strict=True) if one == other}
    assert same <= SAME_IN_BOTH, same - SAME_IN_BOTH


SAME_IN_BOTH = {"Agenda", "Journal", "Notifications"}


def labels(tool: Tool) -> list[object]:
    return [
        tool.name,
        tool.description,
        *(action.label for action in tool.actions),
        *(kind.label for kind in tool.kinds),
        *(create.label for create in tool.creates),
        *(notice.label for notice in tool.notices),
        *tool.verbs.values(),
    ]


def queries_of(client: Client, url: str) -> int:
    """Queries of one request; what is kept from one request to the next is not counted."""
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
    assert response.status_code == 200, url
    return len(queries)


@pytest.mark.slow
@tools
def test_no_page_asks_more_queries_of_more_rows(cast: Cast, tool: Tool) -> None:
    contract, client = contract_of(tool), cast.client("alice")
    counts: dict[str, list[int]] = {page: [] for page in contract.PAGES}
    for rows in (FEW, MANY - FEW):
        with scope(cast.fabrique):
            values = contract.fill(cast.alice, rows)
        sizes_are_known()
        for page, seen in counts.items():
            seen.append(queries_of(client, reverse(page, kwargs={"structure": "la-fabrique", **wanted(page, values)})))
    grown = {page: seen for page, seen in counts.items() if seen[1] > seen[0]}
    assert not grown, f"queries with {FEW} rows, then with {MANY}: {grown}"


def wanted(page: str, values: dict[str, Any]) -> dict[str, Any]:
    """Of the values `fill` gave, those the address of `page` takes: "page:argument", or "argument" of any page."""
    path = next(path for path, name, _view in routes() if name == page)
    names = [name for name in re.findall(r"<(?:\w+:)?(\w+)>", path) if name != "structure"]
    route = page.partition(":")[2]
    return {name: values[f"{route}:{name}" if f"{route}:{name}" in values else name] for name in names}
