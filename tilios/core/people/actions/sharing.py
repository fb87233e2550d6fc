"""What people let everybody of the structure see of their record: they alone decide it."""

from django.db import transaction

from tilios.core.errors import require
from tilios.core.journal.actions import publish
from tilios.core.people import watchers
from tilios.core.people.models import Person


@transaction.atomic
def share_details(*, by: Person, person: Person, email: bool, phones: bool) -> Person:
    """Show one's mail address, one's telephone numbers, or neither. Publishes "people.shared" with the fields shown.

    Raises NotAllowed for somebody else's record: consent is given by whom it concerns, or by who acts for them.
    """
    require(by.pk == person.pk)
    person = Person.objects.select_for_update().get(pk=person.pk)
    if (person.shares_email, person.shares_phones) == (email, phones):
        return person
    person.shares_email, person.shares_phones = email, phones
    person.save(update_fields=["shares_email", "shares_phones"])
    watchers.changed([person])
    shown = [name for name, is_shown in (("email", email), ("phones", phones)) if is_shown]
    publish("people.shared", by=by, subject=person, fields=shown)
    return person
