"""The tables of calendars and address books."""

from tilios.tools.agenda.models.cards import Card
from tilios.tools.agenda.models.collections import Gone, Grant, Item, Nature, Showing
from tilios.tools.agenda.models.contacts import NotSame, ThrownCard
from tilios.tools.agenda.models.entries import Attendee, Entry

__all__ = ["Attendee", "Card", "Entry", "Gone", "Grant", "Item", "Nature", "NotSame", "Showing", "ThrownCard"]
