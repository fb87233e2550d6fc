from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tilios.core.billing.models import Charge
from tilios.core.billing.tests.money import make_treasurer
from tilios.core.errors import Conflict
from tilios.core.toolbox import registry

if TYPE_CHECKING:  # pytest looks into the cast after the conftests
    from tests.cast import Cast

HERE = "tilios.core.billing.tests.conftest"
_heard: list[tuple[str, int]] = []


def settled(charge: Charge) -> None:
    if charge.label == "Complet":
        raise Conflict("Full.")
    _heard.append(("settled", charge.pk))


def unsettled(charge: Charge) -> None:
    _heard.append(("unsettled", charge.pk))


@pytest.fixture
def fabrique(fabrique: "Cast") -> "Cast":
    """The cast in the scope of La Fabrique, of which Manon is the treasurer."""
    make_treasurer(fabrique)
    return fabrique


@pytest.fixture
def told() -> Iterator[list[tuple[str, int]]]:
    """What the tool whose things are paid for was told, in order: polls stand for it."""
    _heard.clear()
    polls = registry._tools["polls"]
    answers = {"billing.settled": f"{HERE}.settled", "billing.unsettled": f"{HERE}.unsettled"}
    registry._tools["polls"] = replace(polls, capabilities={**polls.capabilities, **answers})
    yield _heard
    registry._tools["polls"] = polls
