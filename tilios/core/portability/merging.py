"""Make one person of two: whatever points at the one points at the other, and the one goes.

Like erasing, it follows the columns of every table of the structure, whichever tool they belong to: a new tool needs
no line here. The journal holds numbers and is never changed: its entries go on speaking of the number that is gone,
and "people.merged" says whose it was.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import CASCADE, Model, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.access import roles
from tilios.core.access.models import ActionGrant
from tilios.core.errors import Conflict, require
from tilios.core.journal.actions import publish
from tilios.core.people import mandates, rules, watchers
from tilios.core.people.models import Group, Invitation, Membership, Person, Status
from tilios.core.people.roles import Role
from tilios.core.portability import personal, tables
from tilios.core.structures.models import Owned
from tilios.core.toolbox import registry


@dataclass
class Outcome:
    """Numbers of rows by table: those that follow, and those given up, since the row kept has one like it."""

    moved: Counter[str] = field(default_factory=Counter)
    given_up: Counter[str] = field(default_factory=Counter)


def refuse(*, by: Person | None, kept: Person, lost: Person) -> None:
    """Raise what `merge_people` would raise before it does anything: NotAllowed, Conflict."""
    if kept.pk == lost.pk:
        raise Conflict(_("Choose two people."))
    if lost.account_id is not None:
        raise Conflict(_("Both enter with an account of their own: only they can say which one they give up."))
    if kept.visit_ends_at or lost.visit_ends_at:
        raise Conflict(_("The host on a visit is nobody's double."))
    if mandates.concerning(lost).filter(ended_at=None).exists() or mandates.active(lost).exists():
        # SECURITY: a mandate given by one record must not open the account of another.
        raise Conflict(_("One of the two gives or holds a mandate to act: end it first."))
    if by is None:
        return
    # SECURITY: merging gives the one kept what the other has. Nobody gives what they do not hold.
    reach = max(rules.power(by), Role.MEMBER)
    require(max(kept.role, lost.role) <= reach, _("This person has a higher role than yours."))
    for action in ActionGrant.objects.filter(person=lost).values_list("action", flat=True):
        require(roles.may(by, action), _("You can only give the rights that you have yourself."))
    if not roles.may(by, "portal.edit_people"):
        gained = Group.objects.filter(memberships__person=lost).exclude(memberships__person=kept)
        require(
            all(rules.manages_group(by, group) for group in gained), _("They are in groups that you do not manage.")
        )


@transaction.atomic
def merge_people(*, by: Person | None, kept: Person, lost: Person) -> Outcome:
    """Have all that names `lost`, who has no login, name `kept`; then delete `lost`. What they say is for the caller.

    `kept` is active if one of the two is. Publishes "people.merged" with the number that is gone. Raises NotAllowed,
    Conflict when both have something that cannot be one, such as a space with files: nothing is done then.
    """
    locked = {
        one.pk: one for one in Person.objects.select_for_update().filter(pk__in=[kept.pk, lost.pk]).order_by("pk")
    }
    if {kept.pk, lost.pk} - set(locked):
        raise Conflict(_("One of the two was changed or removed meanwhile: look at them again."))
    kept, lost = locked[kept.pk], locked[lost.pk]
    refuse(by=by, kept=kept, lost=lost)
    # SECURITY: a letter on its way to the one must not open the account of the other.
    Invitation.objects.filter(person=lost, revoked_at=None).update(revoked_at=timezone.now())
    for place in Membership.objects.filter(person=lost, is_manager=True):
        Membership.objects.filter(person=kept, group=place.group_id).update(is_manager=True)
    watchers.removed([lost.pk])  # while the record is there: what was made of it is found by it
    outcome = point_at(kept, lost)
    if lost.status == Status.ACTIVE and kept.status != Status.ACTIVE:
        kept.status, kept.left_at = Status.ACTIVE, None
        kept.save(update_fields=["status", "left_at"])
    number = lost.pk
    lost.delete()
    watchers.changed([kept])
    publish("people.merged", by=by, subject=kept, merged=number)
    return outcome


def point_at(kept: Owned, lost: Owned, *, apart: frozenset[str] = frozenset()) -> Outcome:
    """Have all that names `lost` name `kept`: foreign keys, relations to many, pairs of kind and number.

    Left alone are the tables `apart` and those that no archive takes. A row that a constraint keeps from following goes
    with `lost`; raises Conflict when others hang on it. About two statements a column.
    """
    outcome = Outcome()
    names = _names(type(lost))
    for model in tables.exported_models():
        if model._meta.label in apart:
            continue
        for column in model._meta.concrete_fields:
            if column.related_model is type(lost) and not column.primary_key:
                _move(model, {column.attname: lost.pk}, {column.attname: kept.pk}, outcome)
        for relation in tables.own_relations(model):
            if relation.related_model is type(lost):
                through = relation.remote_field.through
                there = relation.m2m_reverse_field_name()
                _move(through, {f"{there}_id": lost.pk}, {f"{there}_id": kept.pk}, outcome)
        if pair := tables.generic_reference(model):
            kind, number = pair
            for name in names:
                _move(model, {f"{kind}__iexact": name, number: lost.pk}, {number: kept.pk}, outcome)
    return outcome


def _names(model: type[Model]) -> set[str]:
    """How pairs of kind and number may call rows of `model`."""
    kinds = {kind.name for kind in registry.kinds().values() if kind.model.lower() == model._meta.label_lower}
    return kinds | {model._meta.label_lower}


def _move(model: type[Model], found: dict[str, Any], to: dict[str, Any], outcome: Outcome) -> None:
    """Have the rows `found` point elsewhere: all at once, or one by one when a constraint stops some."""
    manager: Any = model._default_manager
    rows = manager.filter(Q(**found))
    try:
        with transaction.atomic():
            outcome.moved[model._meta.label] += rows.update(**to)
    except IntegrityError:
        for row in rows.order_by("pk"):
            try:
                with transaction.atomic():
                    manager.filter(pk=row.pk).update(**to)
            except IntegrityError:
                _refuse_if_others_hang_on(row)
                manager.filter(pk=row.pk).delete()
                outcome.given_up[model._meta.label] += 1
            else:
                outcome.moved[model._meta.label] += 1


def _refuse_if_others_hang_on(row: Model) -> None:
    left_out = tables.left_out()
    for relation in row._meta.related_objects:
        model: Any = relation.related_model
        if relation.on_delete is not CASCADE or model._meta.label in left_out:
            continue
        others = model._default_manager.filter(**{relation.field.name: row.pk})
        if (others.exclude(pk=row.pk) if model is type(row) else others).exists():
            raise Conflict(
                _("Both have their own: %(rows)s. They cannot be made one.") % {"rows": personal.label(row._meta.label)}
            )
