"""Why a document cannot be read: a code, which the layer that shows it puts into words."""

from enum import StrEnum


class Problem(StrEnum):
    TOO_LARGE = "too_large"  # more bytes than are read
    TOO_HEAVY = "too_heavy"  # unfolds to too much, or takes too long
    DAMAGED = "damaged"
    PASSWORD = "password"  # noqa: S105
    NO_PROGRAM = "no_program"
    GONE = "gone"  # its bytes are not there


class Unreadable(Exception):
    """This document cannot be read; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem)
