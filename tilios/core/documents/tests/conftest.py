"""`poll` is a thing that has a text; `document` is that text, empty."""

from typing import TYPE_CHECKING, Any

import pytest

from tilios.core.documents import actions
from tilios.core.documents.models import Document
from tilios.core.documents.tests.standing import declared
from tilios.core.toolbox import registry
from tilios.tools.polls.models import Poll

if TYPE_CHECKING:
    from tests.cast import Cast


@pytest.fixture(autouse=True)
def polls_have_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry._tools, "polls", declared())


@pytest.fixture
def poll(fabrique: "Cast") -> Any:
    return Poll.objects.create(title="Le compte rendu", author=fabrique.alice)


@pytest.fixture
def document(fabrique: "Cast", poll: Any) -> Document:
    return actions.create(owner=poll, by=fabrique.alice)
