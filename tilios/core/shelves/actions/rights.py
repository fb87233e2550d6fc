"""Decide who may see a folder, or a thing: its own list, its lines, or the list of the folder above again.

What is published is said without the name of the tool: "rights_changed" is "files.rights_changed" in the files.
"""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.notify.actions import notify
from tilios.core.people.models import Group, Person
from tilios.core.people.queries import active_people
from tilios.core.people.roles import Role
from tilios.core.shelves.audience import Audience, seers, who_sees
from tilios.core.shelves.levels import Level
from tilios.core.shelves.models import Granted, below
from tilios.core.shelves.rights import Rights
from tilios.core.shelves.tree import fresh

To = Role | Group | Person


class WouldLoseIt(Conflict):
    """After this, whoever asks could not manage it any more: do it again with `is_sure`."""

    def __init__(self) -> None:
        super().__init__(gettext_lazy("After this change, you could not decide any more who sees this."))


def give_own_list(*, by: Person, rights: Rights, folder: Any) -> Any:
    """Part the folder from the one above: a list of its own, which begins as the one that held until now.

    Publishes "rights_changed". Raises NotAllowed, Conflict when it has one, or is a file.
    """
    with rights.shelf.writing():
        folder = _held(rights, folder)
        if folder.ruler_id == folder.pk:
            raise Conflict(_("This already has a list of its own."))
        inherited = list(rights.shelf.grants.filter(folder=folder.ruler_id))
        rights.shelf.grants.filter(folder=folder).delete()
        grant: Any = rights.shelf.model("Grant")
        rights.shelf.grants.bulk_create(
            grant(folder=folder, level=one.level, role=one.role, group_id=one.group_id, person_id=one.person_id)
            for one in inherited
        )
        _rule(folder, folder.ruler_id, folder.pk)
        publish(rights.shelf.action("rights_changed"), by=by, target=folder, own=True, lines=len(inherited))
    return folder


def inherit_again(*, by: Person, rights: Rights, folder: Any, is_sure: bool = False) -> Any:
    """Forget the folder's own list: the one of the folder above holds again.

    Publishes "rights_changed". Raises NotAllowed, Conflict for a space or without a list, WouldLoseIt.
    """
    with rights.shelf.writing():
        folder = _held(rights, folder)
        if folder.parent_id is None:
            raise Conflict(_("A space has no folder above it from which to take its list."))
        if folder.ruler_id != folder.pk:
            raise Conflict(_("This already takes the list of the folder above."))
        parent = fresh(rights.shelf, folder.parent_id)
        _rule(folder, folder.pk, parent.ruler_id)
        rights.shelf.grants.filter(folder=folder).delete()
        _refuse_lockout(rights, by, folder, is_sure=is_sure)
        publish(rights.shelf.action("rights_changed"), by=by, target=folder, own=False)
    return folder


def set_line(*, by: Person, rights: Rights, folder: Any, to: To, level: Level, is_sure: bool = False) -> Any:
    """Let a role (and those above it), a group or a person do what `level` says in the folder and below it.

    People who come to see it by a group's line or their own are told ("shared"). Publishes
    "rights_changed". Raises NotAllowed, Conflict without a list of its own, Invalid("to"), WouldLoseIt.
    """
    with rights.shelf.writing():
        folder = _own(rights, folder)
        if isinstance(to, Person) and not active_people().filter(pk=to.pk).exists():
            raise Invalid("to", _("This person has left."))
        saw = set(who_sees(folder).people.values_list("pk", flat=True))
        line, _made = rights.shelf.grants.update_or_create(folder=folder, **_to(to), defaults={"level": level})
        _refuse_lockout(rights, by, folder, is_sure=is_sure)
        subject = to if isinstance(to, Person) else None
        publish(
            rights.shelf.action("rights_changed"),
            by=by,
            target=folder,
            subject=subject,
            level=int(level),
            **_number(to),
        )
        folder.shelf.look_at(folder)
        folder.shelf.look_below(folder)
        if not isinstance(to, Role):
            _tell(by, folder, saw)
    return line


def remove_line(*, by: Person, rights: Rights, folder: Any, line: Granted, is_sure: bool = False) -> None:
    """Take a line off the folder's own list; nothing happens when it is gone already.

    Publishes "rights_changed". Raises NotAllowed, Conflict where nobody would manage, WouldLoseIt.
    """
    with rights.shelf.writing():
        folder = _own(rights, folder)
        found = rights.shelf.grants.filter(folder=folder, pk=line.pk).select_related("group", "person").first()
        if found is None:
            return
        found.delete()
        _refuse_lockout(rights, by, folder, is_sure=is_sure)
        to: To = found.person or found.group or Role(found.role or 0)
        publish(
            rights.shelf.action("rights_changed"), by=by, target=folder, subject=found.person, level=0, **_number(to)
        )
        folder.shelf.look_at(folder)
        folder.shelf.look_below(folder)


# Parts --------------------------------------------------------------------------------------------------------------


def _held(rights: Rights, folder: Any) -> Any:
    """The folder as it is now, managed by whoever asks."""
    folder = fresh(rights.shelf, folder.pk)
    require(rights.may_manage(folder), _("You do not decide who sees this."))
    if not folder.is_folder and not rights.shelf.things_have_lists:
        raise Conflict(_("A file takes the rights of the folder it is in: change those of the folder."))
    return folder


def _own(rights: Rights, folder: Any) -> Any:
    folder = _held(rights, folder)
    if folder.ruler_id != folder.pk:
        raise Conflict(_("This takes the list of the folder above: first give it a list of its own."))
    return folder


def _rule(folder: Any, before: int | None, after: int | None) -> None:
    """All that the list of `before` held for, from `folder` down, trash included, is held by that of `after`."""
    folder.shelf.items.filter(below(folder.path), ruler=before).update(ruler=after)
    folder.ruler_id = after
    folder.shelf.look_at(folder)
    folder.shelf.look_below(folder)


def _refuse_lockout(rights: Rights, by: Person, folder: Any, *, is_sure: bool) -> None:
    """Judge the list as it is after the change, in the transaction that would make it."""
    audience = who_sees(folder)
    managing = [one for one in audience.grants if one.level >= Level.MANAGE]
    # SECURITY: nobody takes somebody's own space away from them, not even in a folder deep below.
    if audience.is_personal and audience.root.owner_id not in {one.person_id for one in managing}:
        raise Conflict(_("This is a personal space: the person whose it is always manages it."))
    if not _manage(audience, managing):
        raise Conflict(_("Nobody would manage this any more: first let somebody else manage it."))
    if not is_sure and not type(rights)(by).may_manage(folder):
        raise WouldLoseIt


def _manage(audience: Audience, managing: Sequence[Granted]) -> bool:
    """Whether an active person would manage: by a line, or because they look after everybody's files."""
    return seers(audience.shelf, managing, audience.looked_after_from).exists()


def _to(to: To) -> dict[str, object]:
    if isinstance(to, Role):
        return {"role": to}
    return {"group": to} if isinstance(to, Group) else {"person": to}


def _number(to: To) -> dict[str, int]:
    """What the journal keeps of whom a line is to: numbers. A person is the entry's subject."""
    if isinstance(to, Role):
        return {"role": int(to)}
    return {"group": to.pk} if isinstance(to, Group) else {}


def _tell(by: Person, folder: Any, saw: set[int]) -> None:
    """Tell those who now see the folder and did not."""
    newcomers = [person for person in who_sees(folder).people.select_related("account") if person.pk not in saw]
    notify(
        folder.shelf.action("shared"),
        to=newcomers,
        target=folder,
        by=by,
        text=lambda: _("%(name)s lets you into “%(what)s”.") % {"name": by.display_name, "what": folder.name},
    )
