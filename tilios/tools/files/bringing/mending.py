"""Names from elsewhere made fit to be kept. Pure."""

import re
import unicodedata
from collections import defaultdict

from tilios.core.shelves.models import LONGEST_NAME
from tilios.core.shelves.names import CONTROL
from tilios.tools.files import names

DEEPEST = 40
DRIVE = re.compile(r"[A-Za-z]:$")
Parts = tuple[str, ...]


def mended_name(name: str) -> str:
    """`name`, or the nearest that `names.checked` takes: what it was given stays wherever it can."""
    name = CONTROL.sub("_", unicodedata.normalize("NFC", name)).replace("/", "_")
    if not name.strip() or name in {".", ".."}:
        return "_"
    if len(name.encode()) > LONGEST_NAME:
        stem, extension = names.split(name)
        name = stem.encode()[: LONGEST_NAME - len(extension.encode())].decode(errors="ignore") + extension
    return unicodedata.normalize("NFC", name)


def parts_of(path: str) -> Parts | None:
    """The names along a path of a zip, "." and ".." followed; None when it leads out.

    SECURITY: nothing is ever opened by this path: it only says in which of our folders a thing goes. What leads out is
    refused all the same, since whoever made it meant harm.
    """
    found: list[str] = []
    for part in path.replace("\\", "/").split("/"):
        if part in {"", "."} or (not found and DRIVE.match(part)):
            continue
        if part == "..":
            if not found:
                return None
            found.pop()
        else:
            found.append(part)
    return tuple(found)


class Plan:
    """Where each thing goes below a folder: no two under one name, in NFC, folders having the first choice.

    `above` is the place that all of it goes in ("Photos/2026", or "").
    """

    def __init__(self, above: str = "") -> None:
        self._folders: dict[Parts, str] = {(): above}
        self._taken: dict[str, set[str]] = defaultdict(set)

    def knows(self, parts: Parts) -> bool:
        """Whether the place of this folder is settled."""
        return parts in self._folders

    def folder(self, parts: Parts) -> tuple[str, bool]:
        """Where the folder goes, and whether this is the first time it is asked. Those above must have been asked."""
        if parts in self._folders:
            return self._folders[parts], False
        self._folders[parts] = self._free(self._folders[parts[:-1]], parts[-1])
        return self._folders[parts], True

    def file(self, parts: Parts, title: str = "") -> str:
        """Where the file goes; `title` is its name where the source has cut it."""
        return self._free(self._folders[parts[:-1]], title or parts[-1])

    def _free(self, above: str, name: str) -> str:
        taken = self._taken[above]
        found = names.beside(mended_name(name), taken)
        taken.add(found)
        return f"{above}/{found}" if above else found


def is_mended(path: str, to: str) -> bool:
    """Whether a reader sees another name: accents written in another way are no change."""
    return unicodedata.normalize("NFC", path) != to
