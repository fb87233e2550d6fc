"""Each right given alone: no page that it opens leads to a page that it does not."""

import re
from typing import Any
from urllib.parse import urljoin

import pytest
from django.urls import resolve

from tests.cast import Cast
from tilios.core.access import grants
from tilios.tools.members.tests import contract

HOME = "/s/la-fabrique/adhesions/"
LINK = re.compile(r'<a [^>]*href="([^"#]+)')
RIGHTS = (
    "members.register", "members.money", "members.settings", "members.check_cards",
    "billing.view", "billing.record", "billing.close", "billing.settings",
)  # fmt: skip
#: Where a walk begins beside the home of the tool: a right may have no door there.
DOORS = ("argent/", "argent/retards/rappels/", "cotisations/", "ma-fiche/")


@pytest.mark.parametrize("right", RIGHTS)
def test_a_right_alone_leads_nowhere_closed(fabrique: Cast, right: str) -> None:
    contract.objects(fabrique.alice)
    grants.give(by=fabrique.alice, person=fabrique.bob, action=right)
    client = fabrique.client("bob")
    seen: set[str] = set()
    waiting = [(HOME + door, "") for door in ("", *DOORS)]
    closed = []
    while waiting:
        path, where = waiting.pop()
        if (name := _name_of(path)) in seen:
            continue
        seen.add(name)
        answer = client.get(path)
        if answer.status_code >= 400 and where:
            closed.append(f"{where} leads to {path}: {answer.status_code}")
        waiting += [(found, path) for found in _links_of(answer, path)]
    assert not closed, "\n".join(closed)
    assert len(seen) > len(DOORS)


def _name_of(path: str) -> str:
    match = resolve(path.partition("?")[0])
    return match.view_name


def _links_of(answer: Any, path: str) -> list[str]:
    if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
        return []
    found = (urljoin(path, link.replace("&amp;", "&")) for link in LINK.findall(answer.content.decode()))
    return [link for link in found if link.startswith(HOME)]
