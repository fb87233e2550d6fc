"""Reads of dues."""

from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from tilios.core.access.roles import may
from tilios.core.billing.models import Charge
from tilios.core.people.models import Person
from tilios.kit.text import fold
from tilios.tools.members import rules
from tilios.tools.members.models import (
    Channel,
    Contribution,
    ContributionState,
    DuesKind,
    Opened,
    Opening,
    Record,
    ReminderRule,
    ReminderSent,
)


def contributions() -> QuerySet[Contribution]:
    """Every contribution, the latest first, with whose it is, its kind and who pays."""
    return Contribution.objects.select_related("record__person", "record__payer__person", "kind", "rate", "payer")


def visible_contributions(person: Person) -> QuerySet[Contribution]:
    """Those whose money `person` sees: all for the treasurer, their own and what they pay for anybody else."""
    rows = contributions()
    if rules.keeps_money(person):
        return rows
    if not may(person, "members.own"):
        return rows.none()
    return rows.filter(Q(record__person=person) | Q(record__payer__person=person) | Q(payer=person))


def held_contributions(record: Record) -> list[Contribution]:
    """Those of `record` that are paid, or whose first instalment is, the latest first. One query."""
    return list(held(contributions().filter(record=record)))


def held(rows: QuerySet[Contribution]) -> QuerySet[Contribution]:
    """Those of `rows` that are paid, or whose first instalment is."""
    begun = Charge.objects.filter(
        source_kind="members.contribution", source_pk=OuterRef("pk"), settled_at__isnull=False, cancelled_at=None
    )
    return rows.filter(Q(state=ContributionState.PAID) | (Q(state=ContributionState.EXPECTED) & Exists(begun)))


def latest_contribution(record: Record, kind: DuesKind) -> Contribution | None:
    """The last dues of `kind` that `record` took and did not give up, paid or not."""
    return contributions().filter(record=record, kind=kind).exclude(state=ContributionState.CANCELLED).first()


def begun_without_opening(today: date) -> QuerySet[Contribution]:
    """Those held and running whose kind opens something that they have not opened."""
    missing = Opening.objects.filter(kind=OuterRef("kind")).exclude(
        pk__in=Opened.objects.filter(contribution=OuterRef(OuterRef("pk"))).values("opening")
    )
    rows = Contribution.objects.filter(Exists(missing), first__lte=today, record__left_on=None)
    return held(rows.filter(Q(last=None) | Q(last__gte=today)))


def to_remind(rule: ReminderRule, first: date, last: date) -> QuerySet[Contribution]:
    """The dues of the rule's kind that end from `first` to `last`, were not renewed, and of which it has not reminded.

    Neither those given up, nor those of somebody who has left or owes nothing.
    """
    renewed = Contribution.objects.filter(record=OuterRef("record"), kind=rule.kind, first__gt=OuterRef("last"))
    told = ReminderSent.objects.filter(contribution=OuterRef("pk"), days=rule.days)
    return (
        held(contributions())
        .filter(kind=rule.kind, last__range=(first, last), record__left_on=None, record__is_exempt=False)
        .exclude(record__status__is_exempt=True)
        .exclude(Exists(renewed.exclude(state=ContributionState.CANCELLED)))
        .exclude(Exists(told))
        .order_by("pk")
    )


def nearer_reminder(rule: ReminderRule, end: date, today: date) -> bool:
    """Whether a later reminder of the same kind has had its day as well: the earlier one is then not sent any more."""
    passed = (today - end).days
    return ReminderRule.objects.filter(kind=rule.kind, is_active=True, days__gt=rule.days, days__lte=passed).exists()


def reminders() -> QuerySet[ReminderSent]:
    """Every reminder, the latest first, with whose it is and of which dues."""
    return ReminderSent.objects.select_related(
        "contribution__record__person", "contribution__kind", "contribution__payer", "rule"
    )


def letters_to_print() -> QuerySet[ReminderSent]:
    """Those on paper that nobody has printed."""
    return reminders().filter(channel=Channel.PAPER, printed_at=None).order_by("pk")


def listed_contributions(*, state: str = "", kind: DuesKind | None = None, text: str = "") -> QuerySet[Contribution]:
    """Contributions for the list of the treasurer, with `paid_cents` and `late_on`, the first day due that has passed.

    `state`: "late", or one of ContributionState; "" for all but those cancelled.
    """
    charges = Charge.objects.filter(source_kind="members.contribution", source_pk=OuterRef("pk"), cancelled_at=None)
    paid = charges.order_by().values("source_pk").annotate(sum=Sum("paid_cents")).values("sum")
    late = charges.filter(settled_at=None, due_on__lt=timezone.localdate()).order_by("due_on").values("due_on")[:1]
    rows = contributions().annotate(paid_cents=Coalesce(Subquery(paid), 0), late_on=Subquery(late))
    if kind is not None:
        rows = rows.filter(kind=kind)
    for word in fold(text).split():
        rows = rows.filter(record__person__search_text__contains=word)
    if state == "late":
        return rows.filter(late_on__isnull=False).exclude(state=ContributionState.CANCELLED)
    return rows.filter(state=state) if state else rows.exclude(state=ContributionState.CANCELLED)


def totals() -> dict[str, int]:
    """What is owed at a glance, in cents: "received", "expected" (to come) and "late", of dues begun a year ago or less
    and not cancelled. One query.
    """
    today = timezone.localdate()
    recent = Contribution.objects.filter(first__gt=today - timedelta(days=365)).exclude(state="cancelled").values("pk")
    rows = Charge.objects.filter(source_kind="members.contribution", source_pk__in=recent, cancelled_at=None)
    left = F("amount_cents") - F("paid_cents")
    found = rows.aggregate(
        received=Sum("paid_cents"),
        expected=Sum(left, filter=Q(due_on__gte=today)),
        late=Sum(left, filter=Q(due_on__lt=today)),
    )
    return {name: cents or 0 for name, cents in found.items()}


def kinds(*, archived: bool = False) -> QuerySet[DuesKind]:
    """The kinds of dues proposed, in the order of the structure."""
    return DuesKind.objects.filter(is_archived=archived)
