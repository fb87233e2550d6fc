"""The tables of calendars and address books."""

from tilios.tools.agenda.models.alarms import Alarm
from tilios.tools.agenda.models.cards import Card
from tilios.tools.agenda.models.collections import Gone, Grant, HiddenLayer, Item, Nature, Showing
from tilios.tools.agenda.models.contacts import NotSame, ThrownCard
from tilios.tools.agenda.models.entries import Attendee, Entry
from tilios.tools.agenda.models.feeds import Feed
from tilios.tools.agenda.models.proposals import Proposal, ProposalState
from tilios.tools.agenda.models.publications import Publication
from tilios.tools.agenda.models.servers import Coming, ComingCollection, ComingObject
from tilios.tools.agenda.models.subscriptions import Subscription

__all__ = [
    "Alarm",
    "Attendee",
    "Card",
    "Coming",
    "ComingCollection",
    "ComingObject",
    "Entry",
    "Feed",
    "Gone",
    "Grant",
    "HiddenLayer",
    "Item",
    "Nature",
    "NotSame",
    "Proposal",
    "ProposalState",
    "Publication",
    "Showing",
    "Subscription",
    "ThrownCard",
]
