"""Families: people of one household, and who pays for them."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.tools.members import rules
from tilios.tools.members.actions.records import change_record
from tilios.tools.members.models import Family, Record, RecordKind


@transaction.atomic
def save_family(*, by: Person | None, family: Family | None = None, name: str) -> Family:
    """Make a family, or name it anew. Publishes "members.family_saved"; raises NotAllowed, Invalid("name")."""
    require(by is None or rules.keeps_register(by))
    family = family or Family()
    family.name = name.strip()[:120]
    if not family.name:
        raise Invalid("name", _("Please give a name."))
    family.save()
    publish("members.family_saved", by=by, target=family)
    return family


@transaction.atomic
def remove_family(*, by: Person | None, family: Family) -> None:
    """Remove a family; its people stay, and whoever pays for them. Publishes "members.family_removed"."""
    require(by is None or rules.keeps_register(by))
    publish("members.family_removed", by=by, target=family)
    Family.objects.filter(pk=family.pk).delete()


def put_in_family(*, by: Person | None, record: Record, family: Family | None) -> Record:
    """Put somebody in a family, out of the one they were in; None takes them out. Raises NotAllowed, Invalid("member").

    Publishes "members.changed".
    """
    require(by is None or rules.keeps_register(by))
    if record.kind == RecordKind.ORGANISATION:
        raise Invalid("member", _("An organisation is of no family."))
    return change_record(by=by, record=record, family=family)


@transaction.atomic
def choose_payer(*, by: Person | None, family: Family, payer: Record | None) -> None:
    """Have `payer`, one of the family, pay the dues of all its people; None has each pay their own.

    Whoever from elsewhere pays for one of them goes on when `payer` is None. Publishes "members.changed" for each who
    changes. Raises NotAllowed, Invalid("payer") for somebody of another family, or when one of them pays for others.
    """
    require(by is None or rules.keeps_register(by))
    people = list(Record.objects.filter(family=family).select_related("payer").order_by("pk"))
    if payer is not None and payer.pk not in {one.pk for one in people}:
        raise Invalid("payer", _("Choose one of the family."))
    for one in people:
        if one.payer is not None and (one.payer.family_id == family.pk or (payer is not None and one.pk == payer.pk)):
            change_record(by=by, record=one, payer=None)
    for one in people:
        if payer is not None and one.pk != payer.pk:
            change_record(by=by, record=one, payer=payer)
