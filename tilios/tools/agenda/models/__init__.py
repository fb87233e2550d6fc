"""The tables of calendars and address books."""

from tilios.tools.agenda.models.alarms import Alarm
from tilios.tools.agenda.models.cards import Card
from tilios.tools.agenda.models.collections import Gone, Grant, Item, Nature, Showing
from tilios.tools.agenda.models.contacts import NotSame, ThrownCard
from tilios.tools.agenda.models.entries import Attendee, Entry
from tilios.tools.agenda.models.servers import Coming, ComingCollection, ComingObject

__all__ = [
    "Alarm",
    "Attendee",
    "Card",
    "Coming",
    "ComingCollection",
    "ComingObject",
    "Entry",
    "Gone",
    "Grant",
    "Item",
    "Nature",
    "NotSame",
    "Showing",
    "ThrownCard",
]
