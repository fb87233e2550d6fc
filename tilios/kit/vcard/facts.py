"""What a contact card says: read once, when it is stored."""

import re
from calendar import monthrange
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from tilios.kit.ical.lines import Broken, Component, Property
from tilios.kit.ical.values import text, texts
from tilios.kit.refusals import _
from tilios.kit.vcard.lines import base64_bytes, card_of, split

#: (year or None, month, day)
Day = tuple[int | None, int, int]
DAY = re.compile(r"(\d{4}|--)-?(\d\d)-?(\d\d)(?:T.*)?")
APPLE_LABEL = re.compile(r"_\$!<(.*)>!\$_")
#: What older programs write for IMPP.
MESSENGERS = {
    "X-JABBER": "xmpp",
    "X-AIM": "aim",
    "X-ICQ": "icq",
    "X-MSN": "msnim",
    "X-SKYPE": "skype",
    "X-MATRIX": "matrix",
}
#: Profiles on social networks: Apple's word, and that of RFC 9554.
SOCIALS = ("X-SOCIALPROFILE", "SOCIALPROFILE")
RELATIONS = ("RELATED", "X-ABRELATEDNAMES")
KINDS = ("individual", "group", "org", "location", "application", "device")
DATA_URI = re.compile(r"data:([\w.+-]+/[\w.+-]+)?((?:;[\w.+=-]+)*?)(;base64)?,(.*)", re.DOTALL | re.IGNORECASE)
IMAGES = {"JPG": "jpeg", "PJPEG": "jpeg", "SVG": "svg+xml"}


class Contact(NamedTuple):
    """A way to reach somebody, or somebody related. `types` are in small letters ("home"), `label` a word of theirs."""

    value: str
    types: tuple[str, ...] = ()
    label: str = ""
    is_preferred: bool = False


class Address(NamedTuple):
    """A postal address; its parts may have several lines."""

    street: str = ""
    locality: str = ""
    region: str = ""
    code: str = ""
    country: str = ""
    box: str = ""
    extended: str = ""
    types: tuple[str, ...] = ()
    label: str = ""
    is_preferred: bool = False


class Photo(NamedTuple):
    """A picture: its bytes, or where it is."""

    media_type: str
    data: bytes = b""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What one card says. `n` is family, given, additional names, prefixes, suffixes; `photo` None without."""

    uid: str = ""
    version: str = "3.0"
    fn: str = ""
    n: tuple[str, str, str, str, str] = ("", "", "", "", "")
    kind: str = "individual"
    nickname: str = ""
    org: str = ""
    units: tuple[str, ...] = ()
    title: str = ""
    role: str = ""
    emails: tuple[Contact, ...] = ()
    phones: tuple[Contact, ...] = ()
    addresses: tuple[Address, ...] = ()
    urls: tuple[Contact, ...] = ()
    impps: tuple[Contact, ...] = ()
    socials: tuple[Contact, ...] = ()
    birthday: Day | None = None
    anniversary: Day | None = None
    note: str = ""
    categories: tuple[str, ...] = ()
    photo: Photo | None = None
    members: tuple[str, ...] = ()
    langs: tuple[str, ...] = ()
    pronouns: str = ""
    geo: str = ""
    tz: str = ""
    gender: str = ""
    related: tuple[Contact, ...] = ()
    revision: str = ""


def facts(data: bytes) -> Facts:
    """What the one card of `data` says, as a CardDAV client stores it. Raises Broken, with the line (RFC 6352 §5.1)."""
    card = card_of(data)
    if not card.value("UID").strip():
        raise Broken("uid", _("The card of line %(line)s has no identifier (UID)."), line=card.line)
    return facts_of(card)


def facts_of(card: Component) -> Facts:
    labels = {each.group.lower(): _label(text(each.value)) for each in card.all("X-ABLABEL") if each.group}
    org = [text(each).strip() for each in split(card.value("ORG"))]
    n = [" ".join(texts(each)).strip() for each in split(card.value("N"))]
    family, given, additional, prefixes, suffixes = (n + [""] * 5)[:5]
    return Facts(
        uid=uid_of(card),
        version=card.value("VERSION").strip() or "3.0",
        fn=text(card.value("FN")).strip() or _called(card, " ".join(filter(None, (prefixes, given, family))), org[0]),
        n=(family, given, additional, prefixes, suffixes),
        kind=kind_of(card),
        nickname=text(card.value("NICKNAME")).strip(),
        org=org[0],
        units=tuple(filter(None, org[1:])),
        title=text(card.value("TITLE")).strip(),
        role=text(card.value("ROLE")).strip(),
        emails=tuple(contact(each, labels) for each in card.all("EMAIL") if each.value.strip()),
        phones=tuple(contact(each, labels) for each in card.all("TEL") if each.value.strip()),
        addresses=tuple(address(each, labels) for each in card.all("ADR") if each.value.strip("; ")),
        urls=tuple(contact(each, labels) for each in card.all("URL") if each.value.strip()),
        impps=tuple(
            contact(each, labels) for name in ("IMPP", *MESSENGERS) for each in card.all(name) if each.value.strip()
        ),
        socials=tuple(contact(each, labels) for name in SOCIALS for each in card.all(name) if each.value.strip()),
        birthday=day(card.get("BDAY")),
        anniversary=day(card.get("ANNIVERSARY") or card.get("X-ANNIVERSARY") or _labelled(card, labels, "anniversary")),
        note="\n\n".join(text(each.value) for each in card.all("NOTE")),
        categories=tuple(
            each.strip() for found in card.all("CATEGORIES") for each in texts(found.value) if each.strip()
        ),
        photo=next((found for each in card.all("PHOTO") if (found := photo(each))), None),
        members=tuple(
            each.value.strip() for name in ("MEMBER", "X-ADDRESSBOOKSERVER-MEMBER") for each in card.all(name)
        ),
        langs=tuple(each.value.strip() for each in card.all("LANG") if each.value.strip()),
        pronouns=text(card.value("PRONOUNS") or card.value("X-PRONOUNS")).strip(),
        geo=card.value("GEO").strip().removeprefix("geo:").replace(";", ","),
        tz=text(card.value("TZ")).strip(),
        gender=text(card.value("GENDER") or card.value("X-GENDER")).strip(),
        related=tuple(contact(each, labels) for name in RELATIONS for each in card.all(name) if each.value.strip()),
        revision=card.value("REV").strip(),
    )


def uid_of(card: Component) -> str:
    return text(card.value("UID")).strip()


def kind_of(card: Component) -> str:
    said = (card.value("KIND") or card.value("X-ADDRESSBOOKSERVER-KIND")).strip().lower()
    if not said and card.value("X-ABSHOWAS").strip().upper() == "COMPANY":
        return "org"
    return said if said in KINDS else "individual"


def _called(card: Component, name: str, org: str) -> str:
    """What to call a card without a name."""
    return (
        name or org or text(card.value("NICKNAME")).strip() or card.value("EMAIL").strip() or card.value("TEL").strip()
    )


def _label(said: str) -> str:
    match = APPLE_LABEL.fullmatch(said.strip())
    return match[1] if match else said.strip()


def _labelled(card: Component, labels: dict[str, str], wanted: str) -> Property | None:
    return next((each for each in card.all("X-ABDATE") if labels.get(each.group.lower(), "").lower() == wanted), None)


def types_of(found: Property) -> tuple[tuple[str, ...], bool]:
    """The types of a line without "pref", and whether it is the preferred one."""
    said = [
        each.strip().lower()
        for values in (*found.parameters.get("TYPE", ()), *found.parameters.get("SERVICE-TYPE", ()))
        for each in values.split(",")
        if each.strip()
    ]
    types = tuple(dict.fromkeys(each for each in said if each not in ("pref", "internet")))
    return types, "pref" in said or found.parameter("PREF") == "1"


def contact(found: Property, labels: dict[str, str]) -> Contact:
    types, is_preferred = types_of(found)
    value = text(found.value).strip()
    if found.name == "TEL" and value.lower().startswith("tel:"):
        value = value[4:]
    elif found.name == "EMAIL" and value.lower().startswith("mailto:"):
        value = value[7:]
    elif found.name in MESSENGERS and ":" not in value:
        value = f"{MESSENGERS[found.name]}:{value}"
    return Contact(value, types, labels.get(found.group.lower(), "") if found.group else "", is_preferred)


def address(found: Property, labels: dict[str, str]) -> Address:
    types, is_preferred = types_of(found)
    parts = [", ".join(texts(each)).strip() for each in split(found.value)]
    box, extended, street, locality, region, code, country = (parts + [""] * 7)[:7]
    label = labels.get(found.group.lower(), "") if found.group else ""
    return Address(street, locality, region, code, country, box, extended, types, label, is_preferred)


def day(found: Property | None) -> Day | None:
    """A day of a year, or of every year. Apple writes 1604 for a year it does not know."""
    match = DAY.fullmatch(found.value.strip()) if found is not None else None
    if match is None or found is None:
        return None
    year = None if match[1] == "--" or match[1] == (found.parameter("X-APPLE-OMIT-YEAR") or "1604") else int(match[1])
    month, number = int(match[2]), int(match[3])
    if not 1 <= month <= 12 or not 1 <= number <= monthrange(year or 2000, month)[1] or year == 0:
        return None
    return year, month, number


def photo(found: Property) -> Photo | None:
    """The picture of a PHOTO line, None when it cannot be read."""
    value = found.value.strip()
    if match := DATA_URI.fullmatch(value.replace("\\,", ",").replace("\\;", ";")):
        data = base64_bytes(unquote_to_bytes(match[4]).decode("latin-1")) if match[3] else unquote_to_bytes(match[4])
        return Photo((match[1] or "image/jpeg").lower(), data) if data else None
    if value.lower().startswith(("http://", "https://")):
        return Photo(found.parameter("MEDIATYPE").lower(), url=value)
    said = found.parameter("TYPE").upper()
    media_type = said.lower() if "/" in said else f"image/{IMAGES.get(said, said.lower() or 'jpeg')}"
    data = base64_bytes(value)
    return Photo(media_type, data) if data else None
