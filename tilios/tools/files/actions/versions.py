"""Go back to an earlier version, give one a name, remove one."""

from django.utils.translation import gettext as _

from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.tools.files.actions.ledger import writing
from tilios.tools.files.actions.upkeep import drop
from tilios.tools.files.actions.writing import write_file
from tilios.tools.files.models import Item, Version
from tilios.tools.files.queries.rights import Rights

LONGEST_LABEL = 80


def restore_version(*, by: Person, rights: Rights, version: Version) -> Item:
    """Make the bytes of `version` those of today; those of today become an earlier version.

    Publishes "files.written" and "files.version_restored". Raises Conflict, NotAllowed, NoRoom.
    """
    item = Item.objects.select_related("parent").filter(pk=version.item_id, in_trash=False).first()
    if item is None or item.parent is None:
        raise Conflict(_("This file is not there any more."))
    file, _is_new = write_file(
        by=by, rights=rights, parent=item.parent, name=item.name, blob=version.blob, modified_ms=version.modified_ms
    )
    publish("files.version_restored", by=by, target=file, version=version.pk)
    return file


def name_version(*, by: Person, rights: Rights, item: Item, version: Version | None, label: str) -> None:
    """Call a version (None: that of today) `label`, so that it is kept whatever its age; an empty one takes it off.

    Raises Invalid("label"), NotAllowed.
    """
    label = " ".join(label.split())
    if len(label) > LONGEST_LABEL:
        raise Invalid("label", _("Please give a shorter name: eighty letters at most."))
    require(rights.may_change(item), _("You may not change this file."))
    if version is None:
        Item.objects.filter(pk=item.pk).update(label=label)
    else:
        Version.objects.filter(pk=version.pk, item=item).update(label=label)


def forget_version(*, by: Person, rights: Rights, version: Version) -> None:
    """Remove an earlier version for good. Publishes "files.version_forgotten". Raises NotAllowed, Conflict."""
    with writing() as ledger:
        held = Version.objects.select_related("item").filter(pk=version.pk).first()
        if held is None:
            raise Conflict(_("This version is not there any more."))
        require(rights.may_manage(held.item), _("Only who manages this folder may remove a version."))
        drop(ledger, [held])
        publish("files.version_forgotten", by=by, target=held.item)
