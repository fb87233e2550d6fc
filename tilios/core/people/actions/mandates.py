"""Let somebody act for somebody: given on screen by the person, or signed on paper and recorded."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.blobs.models import Blob
from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people import mandates, rules
from tilios.core.people.models import Mandate, Person
from tilios.core.people.roles import Role


@transaction.atomic
def give_mandate(
    *,
    by: Person,
    person: Person,
    delegate: Person,
    expires_at: datetime | None = None,
    note: str = "",
    scan: Blob | None = None,
) -> Mandate:
    """Let `delegate` act for `person`. Given by the person it is on screen; recorded by somebody else, on paper.

    Publishes "people.mandate_given". Raises NotAllowed for a member who records for others, whoever records their own
    power, and whoever is already acting for somebody; Invalid("delegate"), Invalid("expires_at"); Conflict when the
    mandate exists.
    """
    # SECURITY: a mandate is never passed on.
    require(by.acted_by is None, _("Only the person themselves can give this right."))
    on_paper = by.pk != person.pk
    if on_paper:
        require(rules.power(by) >= Role.MANAGER, _("Managers record what was signed on paper."))
        require(by.pk != delegate.pk, _("Somebody else must record a right given to you."))
    if delegate.pk == person.pk:
        raise Invalid("delegate", _("Choose somebody else than the person represented."))
    if not person.is_active:
        raise Invalid("delegate", _("This person has left the structure."))
    if not delegate.is_active or delegate.account_id is None:
        raise Invalid("delegate", _("Choose somebody who can sign in."))
    if expires_at and expires_at <= timezone.now():
        raise Invalid("expires_at", _("Choose a moment to come."))
    Person.objects.select_for_update().get(pk=person.pk)
    if mandates.active(delegate).filter(person=person).exists():
        raise Conflict(_("This person can already act for them."))
    mandate = Mandate.objects.create(
        person=person,
        delegate=delegate,
        on_paper=on_paper,
        recorded_by=by,
        expires_at=expires_at,
        note=note.strip(),
        scan=scan,
    )
    publish("people.mandate_given", by=by, target=mandate, subject=person, on_paper=on_paper)
    return mandate


@transaction.atomic
def end_mandate(*, by: Person, mandate: Mandate) -> Mandate:
    """End the mandate at once: by either of the two, or by a manager. Publishes "people.mandate_ended".

    Raises NotAllowed for anybody else, Conflict when it has ended already.
    """
    mandate = Mandate.objects.select_for_update(of=("self",)).select_related("person", "delegate").get(pk=mandate.pk)
    human = by.acted_by or by
    require(
        human.pk in {mandate.person_id, mandate.delegate_id} or rules.power(by) >= Role.MANAGER,
        _("Only the two people concerned or a manager can end this."),
    )
    if not mandate.is_active:
        raise Conflict(_("This has already ended."))
    mandate.ended_at, mandate.ended_by = timezone.now(), human
    mandate.save(update_fields=["ended_at", "ended_by"])
    publish("people.mandate_ended", by=by, target=mandate, subject=mandate.person)
    return mandate


@transaction.atomic
def start_acting(*, by: Person, mandate: Mandate) -> Mandate:
    """Say that `by` begins to act under `mandate`. Publishes "people.acting_started".

    Raises NotAllowed unless the mandate is theirs and holds now.
    """
    found = mandates.active(by).filter(Q(pk=mandate.pk)).first()
    require(found is not None and by.acted_by is None, _("You cannot act for this person."))
    publish("people.acting_started", by=by, target=mandate, subject=mandate.person)
    return mandate


@transaction.atomic
def stop_acting(*, by: Person, person: Person) -> None:
    """Say that `by` no longer acts for `person`. Publishes "people.acting_stopped"."""
    publish("people.acting_stopped", by=by, subject=person)
