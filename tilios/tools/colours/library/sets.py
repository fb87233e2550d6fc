"""What a set of statements is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Set:
    """Statements that others have tried: (statement, explanation) pairs, with the scale that suits them."""

    slug: str
    title: str
    about: str
    introduction: str
    scale: str  # a slug of scales.PRESETS
    statements: tuple[tuple[str, str], ...]
