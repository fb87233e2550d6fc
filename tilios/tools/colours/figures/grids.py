"""Statements by people: the grid from which mosaics are drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Statement:
    """One thing people answered about."""

    pk: int
    label: str


@dataclass(frozen=True)
class Voice:
    """One who answered: `name` is empty where names are not shown; `weight` is 1 unless the session weighs voices."""

    pk: int
    name: str = ""
    group: str = ""
    weight: int = 1


@dataclass(frozen=True)
class Grid:
    """Answers by (statement, voice); nothing where somebody has not answered."""

    statements: Sequence[Statement]
    people: Sequence[Voice]
    answers: Mapping[tuple[int, int], int] = field(default_factory=dict)

    def row(self, statement: Statement) -> list[int | None]:
        """The answers to one statement, in the order of the people."""
        return [self.answers.get((statement.pk, voice.pk)) for voice in self.people]
