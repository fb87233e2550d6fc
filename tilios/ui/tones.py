"""The natural dyes that colour the sections of the launcher and the initials of people."""

from hashlib import blake2s

TONES = ("pastel", "garance", "gaude", "fougere", "prune", "noyer", "canard", "ardoise")

SECTIONS = {
    "decide": "garance",
    "organise": "canard",
    "share": "pastel",
    "people": "prune",
    "place": "fougere",
    "publish": "gaude",
    "exchange": "noyer",
    "manage": "ardoise",
}


def section_tone(slug: str) -> str:
    """The dye of a section of the launcher: chosen for those we know, always the same for any other."""
    return SECTIONS.get(slug) or tone_of(slug)


def tone_of(text: str) -> str:
    """One tone among TONES, the same for the same text on every server."""
    return TONES[blake2s(text.encode(), digest_size=1).digest()[0] % len(TONES)]


def initials(name: str) -> str:
    """One or two capitals for a plate: "La Fabrique" gives "LF", "alice" gives "A"."""
    words = [word for word in name.replace("-", " ").replace("'", " ").replace("’", " ").split() if word[0].isalnum()]
    chosen = words if len(words) < 3 else [words[0], words[-1]]
    return "".join(word[0] for word in chosen).upper()
