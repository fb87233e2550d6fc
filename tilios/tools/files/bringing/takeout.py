"""What is particular to Google Takeout and to Dropbox. Pure.

Google writes beside each photo a small JSON file that says when it was taken ("IMG_1.jpg.supplemental-metadata.json",
"IMG_1.jpg.json" until 2024), cuts long names (47 letters of a photo, 46 of its JSON) and numbers twins in its own way
("IMG_1(2).jpg" goes with "IMG_1.jpg.supplemental-metadata(2).json").
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from tilios.tools.files import names
from tilios.tools.files.bringing import reasons
from tilios.tools.files.bringing.entries import Entry

TOP = "Takeout"
INDEX = "archive_browser.html"
SUPPLEMENT = ".supplemental-metadata"
CUT_AT = 46
LONGEST_JSON = 256 * 1024
NUMBERED = re.compile(r"(.*)\((\d{1,4})\)", re.DOTALL)
EDITED = re.compile(r"(.+)-(?:edited|modifié|bearbeitet|editado|modificato|effects)", re.DOTALL | re.IGNORECASE)


def without_top(entries: Iterable[Entry], top: str) -> None:
    """Take the folder `top`, which holds everything, off the paths."""
    for entry in entries:
        if entry.parts[:1] == (top,):
            entry.parts = entry.parts[1:]


def only_folder(entries: Iterable[Entry]) -> str:
    """The one folder that holds everything, or "" when there is none."""
    kept = [entry for entry in entries if entry.parts and not entry.is_left_out]
    tops = {entry.parts[0] for entry in kept}
    if len(tops) != 1 or any(len(entry.parts) == 1 and not entry.is_folder for entry in kept):
        return ""
    return next(iter(tops))


def settle(entries: list[Entry], read: Callable[[Entry], bytes]) -> None:
    """Give photos their dates and whole names, and leave out what only served to say them.

    `read` gives the content of a small file.
    """
    without_top(entries, TOP)
    folders: dict[tuple[str, ...], dict[str, Entry]] = defaultdict(dict)
    for entry in entries:
        if entry.parts == (INDEX,):
            entry.refusal, entry.is_left_out = reasons.INDEX, True
        elif entry.parts and not entry.is_folder and not entry.refusal:
            folders[entry.parts[:-1]].setdefault(entry.parts[-1], entry)
    for members in folders.values():
        sheets = {name: entry for name, entry in members.items() if name.lower().endswith(".json")}
        if sheets:
            _settle_folder({name: entry for name, entry in members.items() if name not in sheets}, sheets, read)


def _settle_folder(photos: dict[str, Entry], sheets: dict[str, Entry], read: Callable[[Entry], bytes]) -> None:
    for name, sheet in sheets.items():
        about = [photo for photo in photos if goes_with(name, photo)]
        if not about or sheet.size > LONGEST_JSON:
            continue
        taken_ms, title = meaning(read(sheet))
        if taken_ms is None:
            continue  # a file of its own, which happens to be called so
        sheet.refusal, sheet.is_left_out = reasons.DATES, True
        for photo in about:
            photos[photo].modified_ms = taken_ms
            photos[photo].title = whole_name(photo, title)


def goes_with(sheet: str, photo: str) -> bool:
    """Whether the JSON file called `sheet` tells of `photo`."""
    told, number = _numbered(sheet[: -len(".json")])
    stem, extension = names.split(photo)
    stem, of_photo = _numbered(stem)
    if edited := EDITED.fullmatch(stem):
        stem = edited[1]
    whole = stem + extension
    if number != of_photo or not told:
        return False
    long_enough = len(told) >= len(whole) or len(sheet) >= CUT_AT + len(".json")
    return (whole + SUPPLEMENT).startswith(told) and long_enough


def meaning(content: bytes) -> tuple[int | None, str]:
    """When the photo was taken (milliseconds, UTC) and its whole name; None for what is no such file."""
    try:
        found: Any = json.loads(content)
        seconds = int(found["photoTakenTime"]["timestamp"])
        title = found.get("title", "")
    except (ValueError, KeyError, TypeError, RecursionError, AttributeError):
        return None, ""
    if not -(2**33) < seconds < 2**33:
        return None, ""
    return seconds * 1000, title if isinstance(title, str) else ""


def whole_name(photo: str, title: str) -> str:
    """The name that Google has cut, or "" when it has not."""
    stem, extension = names.split(photo)
    stem, number = _numbered(stem)
    whole, of_title = names.split(title)
    if len(stem) < CUT_AT - len(extension) or len(whole) <= len(stem) or not whole.startswith(stem):
        return ""
    return f"{whole}{f' ({number})' if number else ''}{extension or of_title}"


def _numbered(stem: str) -> tuple[str, str]:
    found = NUMBERED.fullmatch(stem)
    return (found[1], found[2]) if found else (stem, "")
