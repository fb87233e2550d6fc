"""Names of people and of files, as France writes them."""

import re
import unicodedata
from typing import NamedTuple

from tilios.kit.text import fold

TITLES = {"m", "mr", "mme", "mlle", "mrs", "ms", "dr", "pr", "me", "monsieur", "madame", "mademoiselle"}
PARTICLES = {
    "de", "du", "des", "d", "la", "le", "les", "l", "da", "das", "do", "dos", "di", "del", "della", "van", "von",
    "vom", "zu", "zur", "der", "den", "ten", "ter", "el", "al", "ben", "bin", "ibn", "abou", "abu", "ould", "ait",
}  # fmt: skip
# Those that may open a family name written first, as in "Le Goff Yann"; "Ben" and "Al" are also given names.
LEADING_PARTICLES = {"le", "la", "de", "du", "des", "van", "von"}
# Particles that French alphabetical order passes over: Charles de Gaulle is at G, Jean de La Fontaine at L.
UNSORTED_PARTICLES = {"de", "d", "von", "zu"}

RESERVED_STEMS = {"con", "prn", "aux", "nul", "conin$", "conout$"} | {
    f"{p}{n}" for p in ("com", "lpt") for n in range(10)
}
FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f]')
# Zero-width marks, and direction marks that make "exe.jpg" of "gpj.exe". Joiners stay: some scripts need them.
INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]")


class Name(NamedTuple):
    given: str
    family: str


def split_name(text: str) -> Name:
    """Given and family name of what someone wrote in one field.

    Understands "Jeanne Martin", "MARTIN Jeanne", "Martin, Jeanne", "Mme Jeanne Martin" and particles. What no hint
    tells apart is read as given names followed by one family name; a single word is a given name.
    """
    last, _comma, first = (part.strip() for part in text.partition(","))
    if last and first:
        return Name(_without_title(first), _without_title(last))
    whole = " ".join(text.replace(",", " ").split())
    parts = _without_title(whole).split()
    if len(parts) < 2:
        return Name("", parts[0]) if parts and parts[0] != whole else Name(whole, "")
    capitals = [_in_capitals(part) for part in parts]
    if any(capitals) and not all(capitals):
        return _split_on_capitals(parts, capitals)
    if fold(parts[0]) in LEADING_PARTICLES:
        start = next((i for i, part in enumerate(parts) if not _is_particle(part)), len(parts) - 1)
        if start + 1 < len(parts):
            return Name(" ".join(parts[start + 1 :]), " ".join(parts[: start + 1]))
    last_word = len(parts) - 1
    start = next((i for i in range(1, last_word) if _is_particle(parts[i])), last_word)
    return Name(" ".join(parts[:start]), " ".join(parts[start:]))


def join_name(given: str, family: str) -> str:
    """The name as it is shown: given name first, single spaces."""
    return " ".join(f"{given} {family}".split())


def initials(name: str) -> str:
    """One or two capitals for a round portrait: "Jean-Pierre de La Tour" gives "JT"."""
    given, family = split_name(name)
    family_words = [word for word in _pieces(family) if not _is_particle(word)] or _pieces(family)
    letters = [piece[0] for words in (_pieces(given)[:1], family_words[:1]) for piece in words]
    return unicodedata.normalize("NFC", "".join(letters).upper())[:2]


def sort_key(given: str, family: str) -> str:
    """What puts people in French alphabetical order: accents and case aside, "de" and "d'" passed over."""
    pieces = _pieces(family)
    while len(pieces) > 1 and fold(pieces[0]) in UNSORTED_PARTICLES and (pieces[0].islower() or family.isupper()):
        pieces = pieces[1:]
    # Two spaces sort before any letter: every Martin comes before Martin-Dupont.
    return f"{fold(' '.join(pieces))}  {fold(' '.join(_pieces(given)))}".strip()


def safe_filename(name: str, *, max_bytes: int = 255, default: str = "fichier") -> str:
    """`name` made fit for any disk: NFC, no path, no reserved name, at most `max_bytes` of UTF-8. Idempotent.

    The extension is kept when the name is cut. Names that begin with a dot stay as they are.
    """
    name = unicodedata.normalize("NFC", FORBIDDEN.sub("_", INVISIBLE.sub("", name)))
    name = _trim(name)
    if not name.strip("._ "):
        name = default
    if fold(name.partition(".")[0].strip()) in RESERVED_STEMS:
        name = f"_{name}"
    if len(name.encode()) <= max_bytes:
        return name
    stem, extension = _split_extension(name)
    room = max_bytes - len(extension.encode())
    cut = stem.encode()[:room].decode(errors="ignore")
    return _trim(cut.rstrip(". ") + extension) or default


def _trim(name: str) -> str:
    """No space at the start, no space or dot at the end: Windows would drop them silently."""
    return name.lstrip().rstrip(". \t\u00a0\u3000").rstrip()


def _split_extension(name: str) -> tuple[str, str]:
    """Stem and extension, dot included; what is too long to be an extension is part of the stem."""
    stem, dot, extension = name.rpartition(".")
    if not stem or not dot or len(extension.encode()) > 20:
        return name, ""
    if stem.lower().endswith(".tar"):
        return stem[:-4], f"{stem[-4:]}.{extension}"
    return stem, f".{extension}"


def _split_on_capitals(parts: list[str], capitals: list[bool]) -> Name:
    """ "DUPONT Jeanne" and "Jeanne de LA TOUR": what is in capitals is the family name, with its particles."""
    family = list(capitals)
    for i in reversed(range(len(parts) - 1)):
        if family[i + 1] and not family[i] and _is_particle(parts[i]):
            family[i] = True
    return Name(
        " ".join(part for part, is_family in zip(parts, family, strict=True) if not is_family),
        " ".join(part for part, is_family in zip(parts, family, strict=True) if is_family),
    )


def _without_title(text: str) -> str:
    parts = text.split()
    while len(parts) > 1 and fold(parts[0]).rstrip(".") in TITLES and not (fold(parts[0]) == "m" and len(parts) == 2):
        parts = parts[1:]
    return " ".join(parts)


def _in_capitals(word: str) -> bool:
    letters = [c for c in word if c.isalpha()]
    return len(letters) > 1 and all(c.isupper() for c in letters)


def _is_particle(word: str) -> bool:
    return fold(word).rstrip("'.") in PARTICLES


def _pieces(text: str) -> list[str]:
    """The words of a name, also cut at hyphens and apostrophes."""
    return re.findall(r"[^\s'’\-]+", unicodedata.normalize("NFC", text))
