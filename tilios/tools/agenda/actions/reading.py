"""Read files of calendars and of contacts, alone or in archives: those of Google Takeout included."""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.errors import Invalid
from tilios.kit import ical, vcard
from tilios.kit.refusals import Refusal
from tilios.tools.agenda import pictures

#: Bytes of all that is sent, once out of its archives, and objects brought in at once.
MOST_BYTES = 30 * 1024 * 1024
MOST_MEMBERS = 2_000
MOST_OBJECTS = 20_000
CALENDARS, CARDS = (".ics", ".ical", ".ifb"), (".vcf", ".vcard")
SHEETS, PICTURES = (".csv",), (".jpg", ".jpeg", ".png", ".webp")
LARGEST_PICTURE, MOST_OF_PICTURES = 3 * 1024 * 1024, 15 * 1024 * 1024  # bytes: those beside the contacts of an archive
#: Folders of Google Takeout that hold everybody; the others are labels.
EVERYBODY = {"all contacts", "my contacts", "other contacts", "tous les contacts", "mes contacts", "autres contacts"}
EVERYBODY |= {"contacts", "takeout", "trash", "corbeille", "starred in android", "favoris dans android"}


@dataclass(frozen=True)
class Fault:
    """Something that could not be read: in which file, at which line (0 for the whole file), and why, in words."""

    file: str
    line: int
    why: str

    @property
    def says_line(self) -> bool:
        """Whether the sentence names the line itself."""
        return str(self.line) in self.why.split()


@dataclass
class Read:
    """What files hold: calendar objects and cards as bytes, by UID; of two with one UID, the first."""

    events: dict[str, bytes] = field(default_factory=dict)
    cards: dict[str, bytes] = field(default_factory=dict)
    repeated: int = 0
    origins: dict[str, list[PurePosixPath]] = field(default_factory=dict)  # in an archive, where each card lies
    pictures: dict[PurePosixPath, bytes] = field(default_factory=dict)  # beside them, without their suffix
    faults: list[Fault] = field(default_factory=list)


def read_files(files: Iterable[tuple[str, bytes]], *, zone: ZoneInfo) -> Read:
    """Read calendars (.ics), contacts (.vcf, Google's .csv) and zips of them. Raises Invalid("file") for too much."""
    found = Read()
    for name, data in _unpacked(files, found):
        if _is_calendar(name, data):
            _read_calendar(name, data, zone, found)
        elif _is_cards(name, data):
            _read_cards(name, data, found)
        elif vcard.is_google(data):
            _keep_cards(name, partial(vcard.cards_of_sheet, data), found)
        else:
            found.faults.append(Fault(name, 0, _("This is neither a calendar (.ics) nor contacts (.vcf).")))
        if len(found.events) + len(found.cards) > MOST_OBJECTS:
            raise Invalid("file", _("More than %(most)s at once is too many: send parts.") % {"most": MOST_OBJECTS})
    _add_what_lies_beside(found)
    return found


def _unpacked(files: Iterable[tuple[str, bytes]], found: Read) -> Iterator[tuple[str, bytes]]:
    """The files, and those of archives. SECURITY: an archive may unfold to gigabytes; the sum is bounded as read."""
    left = MOST_BYTES
    for name, data in files:
        members = [(name, data)] if data[:4] != b"PK\x03\x04" else _members(name, data, found, left)
        for member in members:
            left -= len(member[1])
            if left < 0:
                raise Invalid("file", _("These files are too heavy: 30 MB at most, once out of their archives."))
            yield member


def _members(name: str, data: bytes, found: Read, left: int) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = [one for one in archive.infolist() if not one.is_dir()]
            wanted = [one for one in infos if _suffix(one.filename) in (*CALENDARS, *CARDS, *SHEETS)]
            for info in wanted[:MOST_MEMBERS]:
                with archive.open(info) as file:
                    read = file.read(left + 1)
                left -= len(read)
                if _suffix(info.filename) not in SHEETS or vcard.is_google(read):
                    yield f"{name} / {info.filename}", read
            if len(wanted) > MOST_MEMBERS:
                why = _("The archive holds more than %(most)s files: the others are left out.") % {"most": MOST_MEMBERS}
                found.faults.append(Fault(name, 0, why))
            _keep_pictures(archive, infos, {PurePosixPath(one.filename).parent for one in wanted}, found)
    # What zipfile raises for one that is damaged, locked (RuntimeError) or packed in a way it does not know
    # (NotImplementedError).
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, zlib.error):
        found.faults.append(Fault(name, 0, _("This archive cannot be opened: it is damaged, or locked by a password.")))


def _keep_pictures(
    archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], folders: set[PurePosixPath], found: Read
) -> None:
    """The pictures that lie beside contacts. SECURITY: bounded as they are read, whatever the archive says."""
    left = MOST_OF_PICTURES
    for info in infos:
        path = PurePosixPath(info.filename)
        if path.suffix.lower() in PICTURES and path.parent in folders:
            with archive.open(info) as file:
                read = file.read(min(LARGEST_PICTURE, left) + 1)
            if len(read) > left:
                return
            if len(read) <= LARGEST_PICTURE:
                left -= len(read)
                found.pictures[path.with_suffix("")] = read


def _suffix(path: str) -> str:
    return PurePosixPath(path).suffix.lower()


def _is_calendar(name: str, data: bytes) -> bool:
    return b"BEGIN:VCALENDAR" in data[:4096].upper() or PurePosixPath(name).suffix.lower() in CALENDARS


def _is_cards(name: str, data: bytes) -> bool:
    return b"BEGIN:VCARD" in data[:4096].upper() or PurePosixPath(name).suffix.lower() in CARDS


def _read_calendar(name: str, data: bytes, zone: ZoneInfo, found: Read) -> None:
    try:
        parsed = ical.resources(data)
    except ical.Broken as error:
        found.faults.append(_fault(name, error))
        return
    found.faults += [_fault(name, error) for error in parsed.broken]
    for one in parsed.resources:
        try:
            ical.facts(one.data, zone=zone)
        except ical.Broken as error:
            found.faults.append(Fault(name, one.line, _(error.message) % error.params))
            continue
        if one.uid in found.events:
            found.repeated += 1
        found.events.setdefault(one.uid, one.data)


def _read_cards(name: str, data: bytes, found: Read) -> None:
    _keep_cards(name, partial(vcard.cards, data), found)


def _keep_cards(name: str, read: Callable[[], vcard.Parsed], found: Read) -> None:
    try:
        parsed = read()
    except vcard.Broken as error:
        found.faults.append(_fault(name, error))
        return
    found.faults += [_fault(name, error) for error in parsed.broken]
    path = PurePosixPath(name.rpartition(" / ")[2])
    for one in parsed.resources:
        if one.uid in found.cards:
            found.repeated += 1
        found.cards.setdefault(one.uid, one.data)
        found.origins.setdefault(one.uid, []).append(path)


def _add_what_lies_beside(found: Read) -> None:
    """Give the contacts of an archive the pictures that lie beside them, and the folders of Takeout as labels."""
    for uid, paths in found.origins.items():
        labels = [one.parent.name for one in paths if _is_label(one)]
        if not labels and not found.pictures:
            continue
        facts = vcard.facts(found.cards[uid])
        fields: dict[str, Any] = {}
        missing = [one for one in dict.fromkeys(labels) if one not in facts.categories]
        if missing:
            fields["categories"] = (*facts.categories, *missing)
        if facts.photo is None or not facts.photo.data:
            near = (
                found.pictures.get(place) for one in paths for place in (one.parent / facts.fn, one.with_suffix(""))
            )
            photo = next((kept for one in near if one and (kept := _picture(one))), None)
            fields |= {"photo": photo} if photo else {}
        if fields:
            found.cards[uid] = vcard.changed(found.cards[uid], fields, now=timezone.now())


def _is_label(path: PurePosixPath) -> bool:
    above = [part.lower() for part in path.parts[:-1]]
    return len(above) > 1 and above[-2] == "contacts" and above[-1] not in EVERYBODY


def _picture(data: bytes) -> vcard.Photo | None:
    try:
        return pictures.kept(data)
    except Invalid:
        return None


def _fault(name: str, error: Refusal) -> Fault:
    return Fault(name, getattr(error, "line", 0), _(error.message) % error.params)
