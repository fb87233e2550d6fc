"""The rules of the files: how long things are kept, and how much room there is."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tilios.core.errors import Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.tools.files.actions.ledger import writing
from tilios.tools.files.models import Item, Rules, Space, Usage

#: What each rule may be, both included.
BOUNDS = {"version_days": (1, 36500), "versions_most": (1, 10_000), "trash_days": (1, 3650)}
GB = 10**9
MOST_ROOM = 10**15


def change_rules(*, by: Person, **values: Any) -> Rules:
    """Decide `version_days`, `versions_most`, `trash_days`, `person_quota` (bytes, None for no limit) and
    `hides_system_files`; what is not given stays. Publishes "files.rules_changed". The caller asks who may.

    Raises Invalid of the field.
    """
    for name, (least, most) in BOUNDS.items():
        if name in values and not least <= values[name] <= most:
            raise Invalid(name, _("Give a number from %(least)s to %(most)s.") % {"least": least, "most": most})
    _refuse_wrong_room(values.get("person_quota"), "person_quota")
    with writing():
        rules = Rules.objects.select_for_update(of=("self",)).first() or Rules()
        before = {name: getattr(rules, name) for name in values}
        for name, value in values.items():
            setattr(rules, name, value)
        rules.save()
        changed = {name: value for name, value in values.items() if before[name] != value}
        if changed:
            publish("files.rules_changed", by=by, **changed)
    return rules


@transaction.atomic
def set_room(*, by: Person, person: Person, quota: int | None) -> Usage:
    """Give the space of `person` a room of its own, in bytes; None: what the rules give everybody.

    Less than what is taken removes nothing: nothing more goes in. Publishes "files.rules_changed". The caller asks who
    may. Raises Invalid("room"), NotAllowed for somebody who has no space.
    """
    _refuse_wrong_room(quota, "room")
    require(Item.objects.filter(owner=person, space=Space.PERSONAL).exists())
    usage, _made = Usage.objects.select_for_update(of=("self",)).get_or_create(person=person)
    usage.quota = quota
    usage.save(update_fields=["quota"])
    publish("files.rules_changed", by=by, subject=person, room=quota or 0)
    return usage


def set_structure_room(*, quota: int | None, account: Any = None) -> Usage:
    """Give the structure in scope so much room for its files, in bytes; None: no limit. The host's to decide.

    Publishes "files.rules_changed". Raises Invalid("room").
    """
    _refuse_wrong_room(quota, "room")
    with writing() as ledger:
        ledger.usage.quota = quota
        ledger.usage.save(update_fields=["quota"])
        publish("files.rules_changed", account=account, structure_room=quota or 0)
        return ledger.usage


def _refuse_wrong_room(quota: int | None, field: str) -> None:
    if quota is not None and not 0 < quota <= MOST_ROOM:
        raise Invalid(field, _("Give a size in gigabytes, such as 2 or 0.5; leave it empty for no limit."))
