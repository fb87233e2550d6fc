"""Whether the members of the structure see when one is busy."""

from django.db import transaction

from tilios.core.errors import require
from tilios.core.people.models import Person
from tilios.core.people.roles import Role
from tilios.core.shelves.actions import rights as lists
from tilios.core.shelves.levels import Level, Space
from tilios.tools.agenda.models import Grant, Item
from tilios.tools.agenda.queries.rights import Rights


@transaction.atomic
def show_when_busy(*, by: Person, rights: Rights, shown: bool) -> None:
    """Let the members see when something takes place in one's own calendars, not what; or no more.

    A line of the list of rights of one's own space: "agenda.rights_changed" is published, and the page of rights
    shows it. Raises NotAllowed for who has no space of their own.
    """
    space = Item.objects.filter(space=Space.PERSONAL, owner=by).first()
    require(space is not None)
    assert space is not None
    line = Grant.objects.filter(folder=space, role=Role.MEMBER).first()
    if shown and line is None:
        lists.set_line(by=by, rights=rights, folder=space, to=Role.MEMBER, level=Level.BUSY)
    elif not shown and line is not None:
        lists.remove_line(by=by, rights=rights, folder=space, line=line)
