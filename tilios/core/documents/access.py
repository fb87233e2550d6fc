"""What somebody may do with a live text, and who that somebody is."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from tilios.core.access.models import Visitor
from tilios.core.people.models import Person

COLOURS = 8


class Access(IntEnum):
    """Each holds the ones below it."""

    NONE = 0
    READ = 10
    COMMENT = 20
    WRITE = 30
    MANAGE = 40  # names and removes revisions, settles what others wrote


@dataclass(frozen=True)
class Writer:
    """A person of the structure, or a visitor who came by a share link. Exactly one of the two."""

    person: Person | None = None
    visitor: Visitor | None = None

    def __post_init__(self) -> None:
        if (self.person is None) == (self.visitor is None):
            raise ValueError("a writer is a person or a visitor")

    @property
    def columns(self) -> dict[str, Person | Visitor | None]:
        """The two columns by which every row of a text says whose it is."""
        return {"person": self.person, "visitor": self.visitor}

    @property
    def key(self) -> str:
        """Tells writers of one structure apart."""
        return f"person {self.person.pk}" if self.person else f"visitor {self.visitor.pk}"  # type: ignore[union-attr]

    @property
    def colour(self) -> int:
        """0 to 7, of the palette of authors: the same for one writer in every text."""
        return (self.person or self.visitor).pk % COLOURS  # type: ignore[union-attr]

    def wrote(self, row: Any) -> bool:
        """Whether `row` (an update, a remark…) is this writer's."""
        if self.person is not None:
            return row.person_id == self.person.pk
        return row.visitor_id == self.visitor.pk  # type: ignore[union-attr]

    @property
    def name(self) -> str:
        return str(self.person or self.visitor)
