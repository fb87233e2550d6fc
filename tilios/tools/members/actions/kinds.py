"""Decide the kinds of dues: what they cover, their rates, what they open, when people are reminded."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from tilios.core.access.roles import may
from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Group, Person
from tilios.core.people.roles import Role
from tilios.kit.expressions import cents_of
from tilios.kit.refusals import Refusal
from tilios.tools.members.filling.notation import check
from tilios.tools.members.filling.vocabulary import for_reminders
from tilios.tools.members.models import (
    Applicant,
    Contribution,
    DuesKind,
    Opening,
    Pricing,
    Rate,
    RateStatus,
    ReminderRule,
    Status,
)
from tilios.tools.members.queries.words import trial_words


@transaction.atomic
def save_kind(*, by: Person, kind: DuesKind | None = None, **values: Any) -> DuesKind:
    """Make or change a kind of dues. Publishes "members.kind_saved"; raises NotAllowed, Invalid("name") for one taken.

    What it covers changes for the dues taken from then on: those there are keep their days.
    """
    require(may(by, "members.settings"))
    others = DuesKind.objects.exclude(pk=kind.pk if kind else None)
    if others.filter(name__iexact=values.get("name", "")).exists():
        raise Invalid("name", _("There are already dues of this name."))
    kind = kind or DuesKind(order=(DuesKind.objects.aggregate(last=Max("order"))["last"] or 0) + 1)
    for name, value in values.items():
        setattr(kind, name, value)
    kind.save()
    publish("members.kind_saved", by=by, target=kind)
    return kind


@transaction.atomic
def archive_kind(*, by: Person, kind: DuesKind, archived: bool = True) -> None:
    """Propose a kind no more, or again; one that nobody took or asks is removed. Publishes "members.kind_saved"."""
    require(may(by, "members.settings"))
    publish("members.kind_saved", by=by, target=kind)
    used = Contribution.objects.filter(kind=kind).exists() or Applicant.objects.filter(rate__kind=kind).exists()
    if archived and not used:
        kind.delete()
        return
    kind.is_archived = archived
    kind.save(update_fields=["is_archived"])


@transaction.atomic
def save_rate(
    *, by: Person, kind: DuesKind, rate: Rate | None = None, statuses: Iterable[Status] = (), **values: Any
) -> Rate:
    """Make or change a rate. Publishes "members.kind_saved".

    Raises NotAllowed, Invalid("formula") for one that gives no amount, Invalid("brackets") for none or not rising,
    Invalid("max_age") below the least age.
    """
    require(may(by, "members.settings"))
    rate = rate or Rate(kind=kind, order=(kind.rates.aggregate(last=Max("order"))["last"] or 0) + 1)
    for name, value in values.items():
        setattr(rate, name, value)
    _check_rate(rate)
    rate.save()
    rate.statuses.all().delete()
    RateStatus.objects.bulk_create([RateStatus(rate=rate, status=status) for status in statuses])
    publish("members.kind_saved", by=by, target=kind)
    return rate


def _check_rate(rate: Rate) -> None:
    if rate.min_age is not None and rate.max_age is not None and rate.max_age < rate.min_age:
        raise Invalid("max_age", _("This age is below the least one."))
    if rate.pricing == Pricing.FORMULA:
        try:
            cents_of(rate.formula, trial_words())
        except Refusal as refusal:
            raise Invalid("formula", _(refusal.message) % refusal.params) from refusal
    if rate.pricing == Pricing.BRACKETS:
        tops = [top for top, _cents in rate.brackets]
        if not tops or tops[-1] is not None or any(top is None for top in tops[:-1]) or tops[:-1] != sorted(tops[:-1]):
            raise Invalid("brackets", _("Write the brackets from the lowest to the highest, the last without a top."))


@transaction.atomic
def archive_rate(*, by: Person, rate: Rate) -> None:
    """Propose a rate no more. Publishes "members.kind_saved"."""
    require(may(by, "members.settings"))
    rate.is_archived = True
    rate.save(update_fields=["is_archived"])
    publish("members.kind_saved", by=by, target=rate.kind)


@transaction.atomic
def add_opening(*, by: Person, kind: DuesKind, group: Group | None = None, role: int | None = None) -> Opening:
    """Have dues of `kind` open a place in `group`, or a role. Publishes "members.opening_changed".

    Raises NotAllowed, Invalid("group") for nothing, Invalid("role") for one above a member's, Conflict the second time.
    """
    require(may(by, "members.settings"))
    if (group is None) == (role is None):
        raise Invalid("group", _("Choose a group or a role."))
    if role is not None and role > Role.MEMBER:
        raise Invalid("role", _("Dues make a member at most."))
    if Opening.objects.filter(kind=kind, group=group, role=role).exists():
        raise Conflict(_("These dues open it already."))
    opening = Opening.objects.create(kind=kind, group=group, role=role)
    publish("members.opening_changed", by=by, target=kind)
    return opening


@transaction.atomic
def remove_opening(*, by: Person, opening: Opening) -> None:
    """Have dues open it no more: those who have it by these dues keep it, as if given by hand.

    Publishes "members.opening_changed".
    """
    require(may(by, "members.settings"))
    publish("members.opening_changed", by=by, target=opening.kind)
    opening.delete()


@transaction.atomic
def save_reminder(
    *, by: Person, kind: DuesKind, days: int, subject: str, body: str, rule: ReminderRule | None = None
) -> ReminderRule:
    """Make or change the letter sent `days` after the end of dues of `kind` (before it, below zero).

    Publishes "members.reminder_saved"; raises NotAllowed, Invalid("days") for one there is, Invalid("subject" or
    "body") for a word between braces that is none of filling/vocabulary.for_reminders.
    """
    require(may(by, "members.settings"))
    check(for_reminders(), subject=subject, body=body)
    others = ReminderRule.objects.filter(kind=kind, days=days).exclude(pk=rule.pk if rule else None)
    if others.exists():
        raise Invalid("days", _("There is already a reminder on this day."))
    rule = rule or ReminderRule(kind=kind)
    rule.days, rule.subject, rule.body, rule.is_active = days, " ".join(subject.split()), body, True
    rule.save()
    publish("members.reminder_saved", by=by, target=kind)
    return rule


@transaction.atomic
def remove_reminder(*, by: Person, rule: ReminderRule) -> None:
    """Send this reminder no more; what was sent stays in the log. Publishes "members.reminder_saved"."""
    require(may(by, "members.settings"))
    publish("members.reminder_saved", by=by, target=rule.kind)
    rule.delete()
