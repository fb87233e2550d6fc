"""What archives and erasure need to know of calendars and address books (docs/archive-format.md)."""

import secrets

from django.utils.translation import pgettext_lazy

from tilios.core.portability.personal import anonymous
from tilios.core.shelves import archive
from tilios.tools.agenda.models.feeds import new_token
from tilios.tools.agenda.shelf import SHELF

PERSONAL = {
    "agenda.Item.author": "unlinked",
    "agenda.Item.editor": "unlinked",
    "agenda.Item.trashed_by": "unlinked",
    "agenda.Entry.author": "unlinked",
    "agenda.Entry.editor": "unlinked",
    "agenda.Card.author": "unlinked",
    "agenda.Card.editor": "unlinked",
    "agenda.Alarm.person": "delete",
    "agenda.Attendee": anonymous("comment", "name"),  # the answer counts, nobody's
    "agenda.NotSame.said_by": "unlinked",
    "agenda.ThrownCard.author": "unlinked",
    "agenda.ThrownCard.thrown_by": "unlinked",
    "agenda.Proposal.decided_by": "unlinked",
    "agenda.Publication.made_by": "unlinked",
}

LABELS = {
    "agenda.Alarm": pgettext_lazy("rows of a table", "Reminders of events"),
    "agenda.Attendee": pgettext_lazy("rows of a table", "People invited to events"),
    "agenda.Card": pgettext_lazy("rows of a table", "Contacts"),
    "agenda.Entry": pgettext_lazy("rows of a table", "Events and tasks"),
    "agenda.Feed": pgettext_lazy("rows of a table", "Addresses of what concerns people"),
    "agenda.Gone": pgettext_lazy("rows of a table", "Events and contacts removed"),
    "agenda.Grant": pgettext_lazy("rows of a table", "Rights on calendars and address books"),
    "agenda.HiddenLayer": pgettext_lazy("rows of a table", "Layers of the agenda that people hide"),
    "agenda.Item": pgettext_lazy("rows of a table", "Calendars, address books and their spaces"),
    "agenda.NotSame": pgettext_lazy("rows of a table", "Contacts that are not the same"),
    "agenda.Showing": pgettext_lazy("rows of a table", "Calendars as people show them"),
    "agenda.ThrownCard": pgettext_lazy("rows of a table", "Contacts in the trash"),
    "agenda.Proposal": pgettext_lazy("rows of a table", "Events proposed by visitors"),
    "agenda.Publication": pgettext_lazy("rows of a table", "Public calendars"),
    "agenda.Subscription": pgettext_lazy("rows of a table", "Calendars followed from elsewhere"),
}

LEFT_OUT = {
    "agenda.Coming": "keeps what undoing a bringing-in needs; the events and contacts are in the archive",
    "agenda.ComingCollection": "goes with agenda.Coming",
    "agenda.ComingObject": "goes with agenda.Coming",
}

DERIVED = {"agenda.Item": ("path", "sort_name")}


def make_paths() -> None:
    """Paths and what sorts names are made again."""
    archive.make_paths(SHELF)


AFTER_IMPORT = (make_paths,)

#: Open the page on which somebody invited answers without an account, and what programs of people read.
SECRETS = {
    "agenda.Attendee": {"token": lambda there: secrets.token_hex(16) if there else ""},
    "agenda.Feed": {"token": lambda _there: new_token()},
}
