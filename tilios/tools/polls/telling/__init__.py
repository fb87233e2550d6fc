"""How a result came about, told in words and tables: one module a family of methods, chosen by `Ballot.telling`.

A module answers `summary(result)` (a sentence, or "" to keep the usual one), `explain(result)` (how the method works,
in plain words) and `steps(result)` (what happened this time). Pages and exports show the same steps.
"""

from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from tilios.tools.polls import ballots


@dataclass(frozen=True)
class Step:
    """`rows` are cells under `head`; `code` is shown as it is."""

    title: str
    words: list[str] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)
    code: str = ""


def summary(result: Any) -> str:
    teller = _teller(result)
    return str(teller.summary(result)) if teller else ""


def explain(result: Any) -> str:
    teller = _teller(result)
    return str(teller.explain(result)) if teller else ""


def steps(result: Any) -> list[Step]:
    teller = _teller(result)
    return list(teller.steps(result)) if teller else []


def _teller(result: Any) -> Any:
    name = ballots.of(result.poll.ballot).telling(result.poll.ballot_rules)
    return import_module(f"{__name__}.{name}") if name else None
