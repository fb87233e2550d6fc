"""Kinds of ballot: how people answer, and how answers are counted. One module a kind; this is the registry.

A new kind is a module with a `BALLOT` (see `base.Ballot`) and its name in MODULES; nothing else changes, not even the
tables: a ballot is stored as one whole number an option, and a few words where a kind asks for them.
"""

from importlib import import_module

from tilios.tools.polls.ballots.base import FAMILIES, Ballot, Count, Filled, Level, Row, Votes, reasons_of

__all__ = ["FAMILIES", "Ballot", "Count", "Filled", "Level", "Row", "Votes", "every", "of", "offered", "reasons_of"]

MODULES = ("yesno", "single", "several", "score", "points", "judgment", "ranked", "consent", "draw")

_kinds: dict[str, Ballot] = {
    kind.slug: kind for kind in (import_module(f"{__name__}.{module}").BALLOT for module in MODULES)
}


def of(slug: str) -> Ballot:
    """The kind called `slug`; KeyError if there is none."""
    return _kinds[slug]


def every() -> list[Ballot]:
    return list(_kinds.values())


def offered(poll_kind: str) -> list[Ballot]:
    """The kinds a poll of this kind may use, the usual one first."""
    return [kind for kind in _kinds.values() if poll_kind in kind.poll_kinds]
