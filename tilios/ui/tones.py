"""The natural dyes that colour the sections of the launcher and the initials of people."""

from zlib import crc32

TONES = ("pastel", "garance", "gaude", "fougere", "prune", "noyer", "canard", "ardoise")

SECTIONS = {
    "home": "ardoise",
    "share": "pastel",
    "write": "pastel",
    "documents": "pastel",
    "organise": "canard",
    "organize": "canard",
    "plan": "canard",
    "decide": "garance",
    "people": "prune",
    "community": "prune",
    "members": "prune",
    "place": "fougere",
    "places": "fougere",
    "publish": "gaude",
    "communicate": "gaude",
    "speak": "gaude",
    "exchange": "noyer",
    "money": "noyer",
    "learn": "garance",
    "make": "fougere",
    "host": "ardoise",
    "settings": "ardoise",
    "admin": "ardoise",
}


def section_tone(slug: str) -> str:
    """The tone of a section: fixed for the sections we know, always the same for any other."""
    return SECTIONS.get(slug) or tone_of(slug)


def tone_of(text: str) -> str:
    """One tone among TONES, the same for the same text on every server."""
    return TONES[crc32(text.encode()) % len(TONES)]


def initials(name: str) -> str:
    """One or two capitals for a plate: "La Fabrique" gives "LF", "alice" gives "A"."""
    words = [word for word in name.replace("-", " ").replace("'", " ").replace("’", " ").split() if word[0].isalnum()]
    chosen = words if len(words) < 3 else [words[0], words[-1]]
    return "".join(word[0] for word in chosen).upper()
