"""Sets of statements to begin with, in French and in English."""

from tilios.tools.colours.library import english, french
from tilios.tools.colours.library.sets import Set

_SETS: dict[str, tuple[Set, ...]] = {"fr": french.SETS, "en": english.SETS}


def sets(language: str) -> tuple[Set, ...]:
    """The sets in `language` ("fr-fr" is French); in English where there are none."""
    return _SETS.get(language.partition("-")[0], english.SETS)


def find(slug: str, language: str) -> Set | None:
    return next((one for one in sets(language) if one.slug == slug), None)


__all__ = ["Set", "find", "sets"]
