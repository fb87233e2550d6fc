"""A file of contact cards taken apart, one card each."""

from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import uuid5

from tilios.kit.ical.lines import Broken, Component, made, written
from tilios.kit.ical.resources import NAMESPACE
from tilios.kit.refusals import _
from tilios.kit.vcard.facts import facts_of, uid_of
from tilios.kit.vcard.lines import cards_of


class Resource(NamedTuple):
    """One card as bytes of its own; `name` is what to call it, `line` where it begins in the file."""

    uid: str
    name: str
    data: bytes
    line: int


@dataclass(slots=True)
class Parsed:
    resources: list[Resource] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)


def cards(data: bytes) -> Parsed:
    """The cards of a file in their order; what cannot be taken is told in `broken`, the rest is given.

    A card of version 2.1 comes as 3.0, which address books keep; one without UID gets one made of its content. A card
    that says nothing else than its UID's first card is left out. Raises Broken when there is no card at all.
    """
    parsed = Parsed()
    found = cards_of(data, parsed.broken)
    if not found:
        raise parsed.broken[0] if parsed.broken else Broken("card", _("This file holds no contact card."), line=1)
    known: dict[str, bytes] = {}
    for card in found:
        _complete(card)
        uid, whole = uid_of(card), written([card])
        if uid not in known:
            known[uid] = whole
            parsed.resources.append(Resource(uid, facts_of(card).fn, whole, card.line))
        elif known[uid] != whole:
            sentence = _("Line %(line)s begins another card of the same identifier (%(uid)s): the first one is taken.")
            parsed.broken.append(Broken("twice", sentence, line=card.line, uid=uid[:80]))
    parsed.broken.sort(key=lambda each: each.line)
    return parsed


def _complete(card: Component) -> None:
    """Give a card the UID and the VERSION that it must have."""
    if not uid_of(card):
        bare = card.copy()
        bare.drop("UID", "REV", "PRODID")
        card.drop("UID")
        card.properties.append(made("UID", str(uuid5(NAMESPACE, written([bare]).decode()))))
    if card.get("VERSION") is None:
        card.properties.insert(0, made("VERSION", "3.0"))
