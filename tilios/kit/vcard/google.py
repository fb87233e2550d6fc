"""Contacts as Google writes them in a sheet (CSV "Google Contacts", of today and of before 2024), made cards.

What a column says that no field of a card is for stays in the note: nothing is lost.
"""

import csv
import io
import re
from datetime import UTC, datetime
from typing import Any
from uuid import uuid5

from tilios.kit.ical.lines import Broken
from tilios.kit.ical.resources import NAMESPACE
from tilios.kit.refusals import _
from tilios.kit.vcard.cards import Parsed, Resource
from tilios.kit.vcard.facts import DAY, Address, Contact, Day
from tilios.kit.vcard.writing import new

#: Columns by which the sheet is known.
MARKS = ({"First Name", "Last Name", "E-mail 1 - Value"}, {"Given Name", "Family Name", "E-mail 1 - Value"})
SEVERAL = " ::: "  # between the values of one cell
MOST_ROWS = 20_000
LONGEST_CELL = 100_000
LABELS = {"work": "work", "home": "home", "mobile": "cell", "work fax": "fax", "home fax": "fax", "main": "main"}
#: What Google puts on everybody, or on nobody in particular.
SYSTEM_LABELS = {"", "mycontacts", "my contacts", "starred"}

WRITTEN = datetime(2000, 1, 1, tzinfo=UTC)  # one moment, so that the same row is the same card


def is_google(data: bytes) -> bool:
    """Whether `data` begins as one of these sheets does."""
    first = _text(data[:20_000]).split("\n", 1)[0]
    names = set(next(csv.reader([first]), []))
    return any(marks <= names for marks in MARKS)


def cards_of_sheet(data: bytes) -> Parsed:
    """The cards of a sheet, a row each; rows that say nothing are left out. Raises Broken when it is no such sheet."""
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_CELL * 10))
    parsed = Parsed()
    try:
        rows = csv.DictReader(io.StringIO(_text(data)), strict=False)
        for number, row in enumerate(rows, start=2):
            if number > MOST_ROWS:
                sentence = _("The sheet is too long: the rows from %(line)s on are left out.")
                parsed.broken.append(Broken("rows", sentence, line=number))
                break
            cells = {str(name): (value or "").strip() for name, value in row.items() if isinstance(value, str) and name}
            if any(cells.values()):
                fields = _fields(cells)
                uid = str(uuid5(NAMESPACE, repr(sorted((name, value) for name, value in cells.items() if value))))
                whole = new({**fields, "uid": uid}, now=WRITTEN)
                parsed.resources.append(Resource(uid, fields["fn"], whole, number))
    except csv.Error as error:
        raise Broken("sheet", _("This sheet cannot be read."), line=1) from error
    if not parsed.resources:
        raise Broken("card", _("This file holds no contact card."), line=1)
    return parsed


def _text(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _fields(cells: dict[str, str]) -> dict[str, Any]:
    def said(*names: str) -> str:
        return next((cells[name] for name in names if cells.get(name)), "")

    family, given = said("Last Name", "Family Name"), said("First Name", "Given Name")
    middle = said("Middle Name", "Additional Name")
    prefix, suffix = said("Name Prefix"), said("Name Suffix")
    emails, phones, sites = _contacts(cells, "E-mail"), _contacts(cells, "Phone"), _contacts(cells, "Website")
    org = said("Organization Name", "Organization 1 - Name")
    units = said("Organization Department", "Organization 1 - Department")
    whole = said("Name", "File As") or " ".join(filter(None, (prefix, given, middle, family, suffix)))
    first = (*(one.value for one in (*emails, *phones)), "")[0]
    return {
        "fn": whole or org or said("Nickname") or first,
        "n": (family, given, middle, prefix, suffix),
        "nickname": said("Nickname"),
        "org": org,
        "units": (units,) if units else (),
        "title": said("Organization Title", "Organization 1 - Title"),
        "emails": emails,
        "phones": phones,
        "urls": sites,
        "addresses": _addresses(cells),
        "related": tuple(Contact(one.value, (), one.label) for one in _contacts(cells, "Relation")),
        "birthday": _day(said("Birthday")),
        "anniversary": next((_day(one.value) for one in _contacts(cells, "Event") if "nniv" in one.label), None),
        "categories": _labels(said("Labels", "Group Membership")),
        "note": "\n".join(filter(None, (said("Notes"), *_rest(cells)))),
    }


def _numbered(cells: dict[str, str], kind: str) -> list[tuple[str, dict[str, str]]]:
    """The groups of columns "E-mail 1 - …", "E-mail 2 - …": the word beside each, and what they say."""
    found: dict[int, dict[str, str]] = {}
    for name, value in cells.items():
        if match := re.fullmatch(rf"{re.escape(kind)} (\d{{1,3}}) - (.+)", name):
            found.setdefault(int(match[1]), {})[match[2]] = value
    return [(one.get("Label") or one.get("Type") or "", one) for _number, one in sorted(found.items())]


def _contacts(cells: dict[str, str], kind: str) -> tuple[Contact, ...]:
    found = []
    for label, one in _numbered(cells, kind):
        is_preferred, word = label.startswith("*"), label.lstrip("* ").strip()
        use = LABELS.get(word.lower())
        for value in filter(None, (part.strip() for part in one.get("Value", "").split(SEVERAL))):
            said = "" if use or word.lower() == "other" else word
            found.append(Contact(value, (use,) if use else (), said, is_preferred))
    return tuple(found)


def _addresses(cells: dict[str, str]) -> tuple[Address, ...]:
    found = []
    for label, one in _numbered(cells, "Address"):
        use = LABELS.get(label.lstrip("* ").lower())
        parts = ("Street", "City", "Region", "Postal Code", "Country", "PO Box", "Extended Address")
        said = [one.get(name, "") for name in parts]
        if not any(said) and one.get("Formatted"):
            said[0] = one["Formatted"]
        if any(said):
            street, locality, region, code, country, box, extended = said
            types = (use,) if use else ()
            found.append(Address(street, locality, region, code, country, box, extended, types))
    return tuple(found)


def _labels(text: str) -> tuple[str, ...]:
    words = (one.strip().lstrip("* ").strip() for one in text.split(SEVERAL))
    return tuple(dict.fromkeys(one for one in words if one.lower() not in SYSTEM_LABELS))


def _day(text: str) -> Day | None:
    match = DAY.fullmatch(text.replace(" ", ""))
    if match is None or not (1 <= int(match[2]) <= 12 and 1 <= int(match[3]) <= 31):
        return None
    return (None if match[1] == "--" else int(match[1])), int(match[2]), int(match[3])


def _rest(cells: dict[str, str]) -> list[str]:
    """What columns say that no field is for: their own fields, messengers, days that are no anniversary."""
    lines = []
    for kind in ("Custom Field", "IM", "Event"):
        for label, one in _numbered(cells, kind):
            value = one.get("Value", "")
            if value and not (kind == "Event" and "nniv" in label and _day(value)):
                lines.append(f"{label or one.get('Service', '') or kind} : {value}")
    return lines
