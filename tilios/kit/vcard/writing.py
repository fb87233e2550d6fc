"""Cards written from what people type, and the fields of one changed without touching its other lines."""

from collections.abc import Callable, Iterable
from dataclasses import fields as fields_of
from datetime import datetime
from functools import partial
from typing import Any
from uuid import uuid4

from tilios.kit.ical.drafts import stamp
from tilios.kit.ical.lines import Component, Property, made, written
from tilios.kit.ical.values import escaped, text
from tilios.kit.vcard.facts import (
    MESSENGERS,
    RELATIONS,
    SOCIALS,
    Address,
    Contact,
    Day,
    Facts,
    Photo,
    address,
    contact,
    facts_of,
)
from tilios.kit.vcard.lines import base64_text, card_of
from tilios.kit.vcard.versions import NAMES, NO_YEAR

PRODID = "-//Tilios//Contacts//FR"
FIELDS = frozenset(field.name for field in fields_of(Facts)) - {"version", "revision"}
TEXTS = {"fn": "FN", "nickname": "NICKNAME", "title": "TITLE", "role": "ROLE", "note": "NOTE", "tz": "TZ"}
NEWER = {"kind": "KIND", "gender": "GENDER", "pronouns": "PRONOUNS"}  # under another name in version 3.0
DAYS = {"birthday": "BDAY", "anniversary": "ANNIVERSARY"}
#: Under which names what comes several times is found; it is written under the first.
CONTACTS = {
    "emails": ("EMAIL",),
    "phones": ("TEL",),
    "urls": ("URL",),
    "impps": ("IMPP", *MESSENGERS),
    "socials": SOCIALS,
    "related": RELATIONS,
}
#: Words that TYPE knows; any other is written beside, as Apple does.
TYPES = frozenset(
    ("home", "work", "cell", "fax", "voice", "pager", "video", "text", "textphone", "main", "other", "iphone")
)
#: What TYPE says of RELATED (RFC 6350, 6.6.6), in version 4.0.
RELATED_TYPES = frozenset(
    (
        "contact", "acquaintance", "friend", "met", "co-worker", "colleague", "co-resident", "neighbor", "child",
        "parent", "sibling", "spouse", "kin", "muse", "crush", "date", "sweetheart", "me", "agent", "emergency",
    )
)  # fmt: skip


def new(fields: dict[str, Any], *, now: datetime, version: str = "3.0") -> bytes:
    """The card that `fields`, named as those of Facts, describe, made at `now`; it gets a UID if it has none."""
    card = Component("VCARD", [made("VERSION", version), made("PRODID", PRODID)])
    card.properties.append(made("UID", fields.get("uid") or str(uuid4())))
    given = {"fn": "", **{name: value for name, value in fields.items() if name != "uid"}}
    given["fn"] = given["fn"] or called(given)
    apply(card, {name: value for name, value in given.items() if value or name == "fn"})
    if version == "3.0" and card.get("N") is None:
        card.properties.append(made("N", f"{escaped(given['fn'])};;;;"))
    card.put(made("REV", stamp(now)))
    return written([card])


def called(fields: dict[str, Any]) -> str:
    """What to call somebody whose full name nobody typed."""
    n: tuple[str, ...] = fields.get("n") or ("", "")
    contacts: list[Contact] = [*fields.get("emails", ()), *fields.get("phones", ())]
    name = " ".join(filter(None, (n[1], n[0])))
    return str(name or fields.get("org") or fields.get("nickname") or (contacts[0].value if contacts else ""))


def changed(data: bytes, fields: dict[str, Any], *, now: datetime) -> bytes:
    """The card `data` with `fields`, named as those of Facts; every line that they do not change stays as it came."""
    card = card_of(data)
    apply(card, fields)
    card.put(made("REV", stamp(now)))
    return written([card])


def apply(card: Component, given: dict[str, Any]) -> None:
    """Write the fields `given` in `card`."""
    if unknown := set(given) - FIELDS:
        raise ValueError(f"no field of a card: {sorted(unknown)}")
    was = facts_of(card)
    is_old = card.value("VERSION").strip() != "4.0"
    wanted = {name: value for name, value in given.items() if value != getattr(was, name)}
    if "fn" in given and card.get("FN") is None:
        wanted["fn"] = given["fn"]
    for name, key in TEXTS.items():
        if name in wanted:
            _put(card, key, escaped(wanted[name]))
    if "geo" in wanted:
        _put(card, "GEO", _geo(wanted["geo"], is_old=is_old))
    if "langs" in wanted:
        card.drop("LANG")
        card.properties += [made("LANG", each) for each in wanted["langs"]]
    for name, key in NEWER.items():
        if name in wanted:
            card.drop(key, NAMES[key])
            value = wanted[name] if wanted[name] != "individual" else ""
            value = escaped(value) if name == "pronouns" else value
            _put(card, NAMES[key] if is_old else key, value)
    if "uid" in wanted:
        _put(card, "UID", wanted["uid"])
    if "n" in wanted:
        _put(card, "N", ";".join(escaped(each) for each in wanted["n"]))
    if "org" in wanted or "units" in wanted:
        org = [wanted.get("org", was.org), *wanted.get("units", was.units)]
        _put(card, "ORG", ";".join(escaped(each) for each in org) if any(org) else "")
    if "categories" in wanted:
        _put(card, "CATEGORIES", ",".join(escaped(each) for each in wanted["categories"]))
    for name, key in DAYS.items():
        if name in wanted:
            _put_day(card, key, wanted[name], is_old=is_old)
    for name, keys in CONTACTS.items():
        if name in wanted:
            _put_many(card, keys, wanted[name], contact, partial(_contact_line, keys[0], is_old=is_old))
    if "addresses" in wanted:
        _put_many(card, ("ADR",), wanted["addresses"], address, partial(_address_line, is_old=is_old))
    if "members" in wanted:
        key = NAMES["MEMBER"] if is_old else "MEMBER"
        card.drop("MEMBER", NAMES["MEMBER"])
        card.properties += [made(key, each) for each in wanted["members"]]
    if "photo" in wanted:
        card.drop("PHOTO")
        if wanted["photo"] is not None:
            card.properties.append(_photo_line(wanted["photo"], is_old=is_old))


def _put(card: Component, name: str, value: str) -> None:
    if value.strip(";"):
        found = card.get(name)
        card.put(made(name, value, found.parameters if found else None, found.group if found else ""))
    else:
        card.drop(name)


def _geo(value: str, *, is_old: bool) -> str:
    return value.replace(",", ";") if is_old else f"geo:{value}" if value else ""


def _put_day(card: Component, name: str, value: Day | None, *, is_old: bool) -> None:
    key = NAMES.get(name, name) if is_old else name
    card.drop(name, key)
    if value is None:
        return
    year, month, number = value
    if is_old:
        omitted = {"X-APPLE-OMIT-YEAR": [NO_YEAR]} if year is None else None
        card.properties.append(made(key, f"{year or NO_YEAR}-{month:02}-{number:02}", omitted))
    else:
        card.properties.append(made(key, f"{year:04}{month:02}{number:02}" if year else f"--{month:02}{number:02}"))


def _put_many(
    card: Component,
    names: tuple[str, ...],
    wanted: Iterable[Any],
    read: Callable[[Property, dict[str, str]], Any],
    write: Callable[[Any], tuple[Property, str]],
) -> None:
    """Lines that say what is wanted stay, with their groups; others go, and what is missing is added in order."""
    labels = {each.group.lower(): _plain_label(each.value) for each in card.all("X-ABLABEL") if each.group}
    missing = list(wanted)
    gone: set[str] = set()
    kept: list[Property] = []
    for found in card.properties:
        if found.name in names:
            said = read(found, labels)
            if said not in missing:
                gone.add(found.group.lower())
                continue
            missing.remove(said)
        kept.append(found)
    used = {each.group.lower() for each in kept if each.group and not each.name.startswith("X-AB")}
    gone -= {"", *used}
    card.properties = [each for each in kept if each.group.lower() not in gone]
    taken = {each.group.lower() for each in card.properties}
    for each in missing:
        line, label = write(each)
        if label:
            group = next(f"item{number}" for number in range(1, 10_000) if f"item{number}" not in taken)
            taken.add(group)
            line = made(line.name, line.value, line.parameters, group)
            card.properties += [line, made("X-ABLabel", escaped(label), group=group)]
        else:
            card.properties.append(line)


def _plain_label(value: str) -> str:
    said = text(value).strip()
    return said[4:-4] if said.startswith("_$!<") and said.endswith(">!$_") else said


def _types(types: Iterable[str], label: str, *, is_preferred: bool, is_old: bool) -> tuple[dict[str, list[str]], str]:
    known = [each for each in types if each in TYPES or each.startswith("x-")]
    other = [each for each in types if each not in known]
    if is_preferred and is_old:
        known.append("pref")
    parameters: dict[str, list[str]] = {"TYPE": known} if known else {}
    if is_preferred and not is_old:
        parameters["PREF"] = ["1"]
    return parameters, label or " ".join(other)


def _contact_line(name: str, wanted: Contact, *, is_old: bool) -> tuple[Property, str]:
    if name in SOCIALS:
        return made(name, wanted.value, {"TYPE": list(wanted.types)} if wanted.types else {}), wanted.label
    if name == "RELATED" and not is_old and wanted.types and RELATED_TYPES.issuperset(wanted.types):
        text_value = {} if ":" in wanted.value else {"VALUE": ["text"]}
        return made(name, escaped(wanted.value), {"TYPE": list(wanted.types), **text_value}), wanted.label
    parameters, label = _types(wanted.types, wanted.label, is_preferred=wanted.is_preferred, is_old=is_old)
    value = wanted.value if name in ("URL", "IMPP") else escaped(wanted.value)
    if name == "RELATED" and is_old:
        name = "X-ABRELATEDNAMES"
    if name == "RELATED" and ":" not in wanted.value:
        parameters["VALUE"] = ["text"]
    return made(name, value, parameters), label


def _address_line(wanted: Address, *, is_old: bool) -> tuple[Property, str]:
    parameters, label = _types(wanted.types, wanted.label, is_preferred=wanted.is_preferred, is_old=is_old)
    parts = (wanted.box, wanted.extended, wanted.street, wanted.locality, wanted.region, wanted.code, wanted.country)
    return made("ADR", ";".join(escaped(each) for each in parts), parameters), label


def _photo_line(wanted: Photo, *, is_old: bool) -> Property:
    if wanted.url:
        return made("PHOTO", wanted.url, {"VALUE": ["URI"]} if is_old else None)
    if is_old:
        kind = wanted.media_type.partition("/")[2].upper() or "JPEG"
        return made("PHOTO", base64_text(wanted.data), {"ENCODING": ["b"], "TYPE": [kind]})
    return made("PHOTO", f"data:{wanted.media_type};base64,{base64_text(wanted.data)}")
