"""Contact cards in and out: vCard 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350), and what CardDAV asks (RFC 6352).

parsed = cards(upload)        # a file: one card each, and what could not be taken
known = facts(data)           # one card, read once when it is stored
changed(data, {"fn": "Bob"}, now=now)   # every other line stays as it came
"""

from tilios.kit.ical.filters import ParameterFilter
from tilios.kit.ical.lines import Broken
from tilios.kit.vcard.cards import Parsed, Resource, cards
from tilios.kit.vcard.facts import Address, Contact, Day, Facts, Photo, facts
from tilios.kit.vcard.filters import Filter, PropertyFilter, TextMatch, matches, pruned
from tilios.kit.vcard.google import cards_of_sheet, is_google
from tilios.kit.vcard.merging import Choice, differences, merged
from tilios.kit.vcard.versions import Version, as_version
from tilios.kit.vcard.writing import changed, new

__all__ = [
    "Address",
    "Broken",
    "Choice",
    "Contact",
    "Day",
    "Facts",
    "Filter",
    "ParameterFilter",
    "Parsed",
    "Photo",
    "PropertyFilter",
    "Resource",
    "TextMatch",
    "Version",
    "as_version",
    "cards",
    "cards_of_sheet",
    "changed",
    "differences",
    "facts",
    "is_google",
    "matches",
    "merged",
    "new",
    "pruned",
]
