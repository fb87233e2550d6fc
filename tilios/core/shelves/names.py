"""Names of folders and things: kept as they are given, as long as every door can carry them."""

import re
import unicodedata
from collections.abc import Container

from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Invalid
from tilios.core.shelves.models import LONGEST_NAME
from tilios.kit.text import fold

CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
DOUBLE_EXTENSIONS = (".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst")


def checked(name: str) -> str:
    """`name` in NFC, otherwise as it was given: dots at the end, capitals and signs included.

    Raises Invalid("name") where no file system could hold it, or where it would lead elsewhere.
    """
    name = unicodedata.normalize("NFC", name)
    if not name.strip() or name in {".", ".."}:
        raise Invalid("name", _("Please give a name."))
    # SECURITY: a slash would name something in another folder.
    if "/" in name or CONTROL.search(name):
        raise Invalid("name", _("A name cannot hold a slash (/) or an invisible sign."))
    if len(name.encode()) > LONGEST_NAME:
        raise Invalid("name", _("This name is too long: shorten it to about 120 letters."))
    return name


def sort_key(name: str) -> str:
    """What puts names in the order people expect: accents and capitals aside, "note 9" before "note 10"."""
    return re.sub(r"\d+", lambda digits: digits[0].lstrip("0").rjust(12, "0"), fold(name))[:320]


def split(name: str) -> tuple[str, str]:
    """Stem and extension, the dot with the latter: "notes.tar.gz" gives ("notes", ".tar.gz")."""
    for extension in DOUBLE_EXTENSIONS:
        if name.lower().endswith(extension) and len(name) > len(extension):
            return name[: -len(extension)], name[-len(extension) :]
    stem, dot, extension = name.rpartition(".")
    return (stem, dot + extension) if stem and len(extension) <= 10 else (name, "")


def beside(name: str, taken: Container[str]) -> str:
    """`name`, or the first of "name (2)", "name (3)"… that is not `taken`; its extension is kept."""
    if name not in taken:
        return name
    stem, extension = split(name)
    number = 2
    while True:
        mark = f" ({number}){extension}"
        room = LONGEST_NAME - len(mark.encode())
        candidate = stem.encode()[:room].decode(errors="ignore") + mark
        if candidate not in taken:
            return candidate
        number += 1
