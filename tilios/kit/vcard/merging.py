"""Two cards of the same person made one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from tilios.kit.ical.drafts import stamp
from tilios.kit.ical.lines import Component, made, written
from tilios.kit.vcard.facts import Contact, facts_of
from tilios.kit.vcard.lines import card_of
from tilios.kit.vcard.versions import as_version
from tilios.kit.vcard.writing import FIELDS, apply

Choice = Literal["a", "b"]
#: Of which a card may have several: what both say is kept, once.
SEVERAL = ("emails", "phones", "addresses", "urls", "impps", "socials", "categories", "members", "related", "langs")
SINGLE = tuple(sorted(FIELDS - {*SEVERAL, "uid"}))


def differences(a: bytes, b: bytes) -> dict[str, tuple[Any, Any]]:
    """What both cards say and not alike, by the name of the field: what somebody has to choose. Raises Broken."""
    first, second = facts_of(card_of(a)), facts_of(card_of(b))
    pairs = {name: (getattr(first, name), getattr(second, name)) for name in SINGLE}
    return {name: pair for name, pair in pairs.items() if _says(pair[0]) and _says(pair[1]) and pair[0] != pair[1]}


def merged(a: bytes, b: bytes, choices: Mapping[str, Choice], *, now: datetime) -> bytes:
    """One card of `a` and `b`, with the UID of `a`. Raises Broken.

    A field that one of them leaves empty is the other's; where both say something else, `choices` tells whose is kept,
    that of `a` by default. Lines that this program does not read are kept from both.
    """
    card = card_of(a)
    other = card_of(as_version(b, card.value("VERSION").strip()))
    first, second = facts_of(card), facts_of(other)
    given: dict[str, Any] = {}
    for name in SINGLE:
        mine, theirs = getattr(first, name), getattr(second, name)
        if _says(theirs) and (not _says(mine) or choices.get(name) == "b"):
            given[name] = theirs
    for name in SEVERAL:
        mine, theirs = getattr(first, name), getattr(second, name)
        key = _phone_key if name == "phones" else _key
        known = {key(each) for each in mine}
        given[name] = (*mine, *(each for each in theirs if key(each) not in known))
    apply(card, given)
    _add_unknown(card, other)
    card.put(made("REV", stamp(now)))
    return written([card])


def _says(value: Any) -> bool:
    return value not in (None, "", ()) and value != ("",) * 5


def _key(value: Any) -> Any:
    """What makes two entries the same: a value, whatever its types say; an address by its parts."""
    if isinstance(value, str):
        return value.casefold()
    if len(value) == 4:
        return "".join(value[0].split()).casefold()
    return tuple(part.casefold() for part in value[:7])


def _phone_key(value: Contact) -> str:
    """One number, with its country code or without: "+33 6 11 22 33 44" and "06.11.22.33.44"."""
    digits = "".join(sign for sign in value.value if sign.isdecimal())
    return digits[-9:] if len(digits) >= 9 else value.value.casefold()


def _add_unknown(card: Component, other: Component) -> None:
    """Take the lines of `other` whose property `card` does not have, and whose groups mean nothing else there."""
    names = {each.name for each in card.properties}
    raws = {each.raw for each in card.properties}
    groups = {each.group.lower() for each in card.properties if each.group}
    for found in other.properties:
        is_new = found.name not in names or (found.name.startswith("X-") and found.raw not in raws)
        if is_new and found.group.lower() not in groups and found.name != "X-ABLABEL":
            card.properties.append(found)
