"""Calendars in and out: iCalendar (RFC 5545), what CalDAV asks of it (RFC 4791) and invitations (RFC 5546).

    parsed = resources(upload)                       # a file: one object for each UID, and what could not be taken
    known = facts(data, zone=PARIS)                  # one object, read once when it is stored
    occurrences(known.times, start, end, zone=PARIS) # when it happens, from small JSON, without reading it again

Own reading of lines rather than a library's: what nobody touched is given back letter for letter, a fault has its line,
and an ordinary event costs a third of a millisecond.
"""

from tilios.kit.ical.attachments import Attachment, attached_bytes, attachments
from tilios.kit.ical.changes import Scope, changed, without
from tilios.kit.ical.drafts import Draft, new
from tilios.kit.ical.facts import KINDS, Attendee, Facts, facts
from tilios.kit.ical.feeds import feed
from tilios.kit.ical.filters import ComponentFilter, ParameterFilter, PropertyFilter, TextMatch, TimeRange, matches
from tilios.kit.ical.invitations import (
    ANSWERS,
    asked_again,
    delivered,
    guests,
    left_alone,
    raised,
    status_of,
    statuses,
    with_occurrence,
)
from tilios.kit.ical.itip import Itip, cancel, itip, reply, request, with_answer
from tilios.kit.ical.lines import Broken, as_text
from tilios.kit.ical.masks import masked, shown_to_all
from tilios.kit.ical.occurrences import Occurrence, Occurrences, occurrences
from tilios.kit.ical.reports import Shape, expanded, freebusy, limited, pruned
from tilios.kit.ical.resources import Parsed, Resource, resources
from tilios.kit.ical.zone_texts import timezone, zone_name

__all__ = [
    "ANSWERS",
    "KINDS",
    "Attachment",
    "Attendee",
    "Broken",
    "ComponentFilter",
    "Draft",
    "Facts",
    "Itip",
    "Occurrence",
    "Occurrences",
    "ParameterFilter",
    "Parsed",
    "PropertyFilter",
    "Resource",
    "Scope",
    "Shape",
    "TextMatch",
    "TimeRange",
    "as_text",
    "asked_again",
    "attached_bytes",
    "attachments",
    "cancel",
    "changed",
    "delivered",
    "expanded",
    "facts",
    "feed",
    "freebusy",
    "guests",
    "itip",
    "left_alone",
    "limited",
    "masked",
    "matches",
    "new",
    "occurrences",
    "pruned",
    "raised",
    "reply",
    "request",
    "resources",
    "shown_to_all",
    "status_of",
    "statuses",
    "timezone",
    "with_answer",
    "with_occurrence",
    "without",
    "zone_name",
]
