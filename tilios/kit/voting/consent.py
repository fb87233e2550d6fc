"""Consent: a proposal passes when somebody agrees and nobody objects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

AGREE, RESERVATIONS, ABSTAIN, OBJECT = 3, 2, 1, 0
ANSWERS = (AGREE, RESERVATIONS, ABSTAIN, OBJECT)


@dataclass(frozen=True)
class Proposal:
    """Weights of each answer."""

    agree: int
    reservations: int
    abstain: int
    objections: int

    @property
    def passes(self) -> bool:
        return not self.objections and self.agree + self.reservations > 0

    @property
    def merit(self) -> tuple[bool, int, int]:
        """What sorts proposals: those that pass, fewest objections, most who agree, with or without reservations."""
        return self.passes, -self.objections, self.agree + self.reservations


def consent(options: Sequence[int], tally: Mapping[int, Mapping[int, int]]) -> dict[int, Proposal]:
    return {option: Proposal(*(tally.get(option, {}).get(answer, 0) for answer in ANSWERS)) for option in options}
