"""The people of member organisations: their role there, whether they receive its letters."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.tools.members import rules
from tilios.tools.members.models import Affiliation, Record, RecordKind


@transaction.atomic
def affiliate(
    *, by: Person | None, organisation: Record, record: Record, title: str = "", is_contact: bool = False
) -> Affiliation:
    """Say that `record` has a place in `organisation`, or change what it is. Publishes "members.affiliated".

    Raises NotAllowed, Invalid("organisation") for a person, Invalid("member") for the organisation itself.
    """
    require(by is None or rules.keeps_register(by))
    if organisation.kind != RecordKind.ORGANISATION:
        raise Invalid("organisation", _("Only an organisation has people."))
    if record.pk == organisation.pk:
        raise Invalid("member", _("Nobody has a place in themselves."))
    place, _created = Affiliation.objects.update_or_create(
        organisation=organisation, record=record, defaults={"title": title.strip()[:80], "is_contact": is_contact}
    )
    publish("members.affiliated", by=by, target=organisation, subject=record.person, contact=is_contact)
    return place


@transaction.atomic
def end_affiliation(*, by: Person | None, affiliation: Affiliation) -> None:
    """Say that somebody has no place there any more. Publishes "members.affiliation_ended"; raises NotAllowed."""
    require(by is None or rules.keeps_register(by))
    publish("members.affiliation_ended", by=by, target=affiliation.organisation, subject=affiliation.record.person)
    Affiliation.objects.filter(pk=affiliation.pk).delete()
