"""Calendars and address books that are thrown away, and brought back."""

from django.utils.translation import gettext as _

from tilios.core.errors import require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.core.shelves.actions import subtrees
from tilios.tools.agenda import indexing
from tilios.tools.agenda.models import Item
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.shelf import SHELF


def throw_away(*, by: Person, rights: Rights, item: Item) -> None:
    """Into the trash, with what it holds: phones forget it. Publishes "agenda.thrown_away". Raises NotAllowed."""
    with SHELF.writing():
        require(rights.may_manage(item) and rights.may("write"), _("You do not look after this."))
        subtrees.throw_away(item, by)
        publish("agenda.thrown_away", by=by, target=item)
        indexing.look_at(item)


def restore(*, by: Person, rights: Rights, item: Item) -> Item:
    """Back where it was. Publishes "agenda.restored". Raises NotAllowed, Conflict."""
    with SHELF.writing():
        found: Item = subtrees.thrown_away(SHELF, item.pk)
        require(rights.may_manage(found) and rights.may("write"), _("You do not look after this."))
        subtrees.bring_back(found, found.folder, found.name)
        publish("agenda.restored", by=by, target=found)
        indexing.look_at(found)
        return found
