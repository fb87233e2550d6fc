"""Dues: their kinds, their rates, what they open, and what each member owes or has paid."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.people.models import Group, Person
from tilios.core.people.roles import Role
from tilios.core.structures.models import Owned
from tilios.kit import dues
from tilios.tools.members.models.register import Record, Status


class Span(models.TextChoices):
    """How long dues hold: the words of kit/dues.Span."""

    CALENDAR_YEAR = "calendar_year", _("Calendar year")
    SEASON = "season", _("Season with fixed dates")
    MONTHS = "months", _("Months from the day of joining")
    ONE_OFF = "one_off", _("Paid once, nothing ends")
    LIFETIME = "lifetime", _("For life")


class DuesKind(Owned):
    """A kind of dues: membership of the year, a workshop, an entry fee. Somebody may hold several at once."""

    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("what it gives"), max_length=2000, blank=True)
    is_membership = models.BooleanField(_("makes somebody a member"), default=True)
    span = models.CharField(_("covers"), max_length=15, choices=Span, default=Span.CALENDAR_YEAR)
    months = models.PositiveSmallIntegerField(_("months"), default=12)
    season_first = models.CharField(max_length=5, default="09-01")  # month-day
    season_last = models.CharField(max_length=5, default="08-31")
    offered_months = models.PositiveSmallIntegerField(_("months offered at the end of the year"), default=0)
    grace_days = models.PositiveSmallIntegerField(_("days of grace"), default=0)  # before what it opens closes
    renewal_days = models.PositiveSmallIntegerField(_("renewal opens so many days before the end"), default=60)
    account = models.CharField(_("account"), max_length=12, default="756")  # of the chart of associations
    is_gift = models.BooleanField(_("gives right to a tax receipt"), default=False)
    is_public = models.BooleanField(_("members take them online"), default=True)
    is_archived = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta(Owned.Meta):
        ordering = ["order", "name"]
        constraints = [models.UniqueConstraint(fields=["structure", "name"], name="members_one_kind_a_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def term(self) -> dues.Term:
        return dues.Term(
            dues.Span(self.span),
            months=self.months,
            season_first=_month_day(self.season_first),
            season_last=_month_day(self.season_last),
            offered_months=self.offered_months,
        )


def _month_day(text: str) -> dues.MonthDay:
    month, _dash, day = text.partition("-")
    return int(month), int(day)


class Pricing(models.TextChoices):
    FIXED = "fixed", _("Fixed amount")
    FREE = "free", _("Free amount")
    BRACKETS = "brackets", _("By income bracket")
    FORMULA = "formula", _("By formula")


class Rate(Owned):
    """One price of a kind of dues, for whom it is meant. Amounts in cents.

    `brackets`: [[up to, amount], …] in cents, by rising quotient, the last `up to` null. `formula`: an amount in euros
    (kit/expressions) over the words of queries/words.py. It is for the statuses of its RateStatus rows, for all of them
    without any.
    """

    kind = models.ForeignKey(DuesKind, on_delete=models.CASCADE, related_name="rates")
    name = models.CharField(_("name"), max_length=120)
    pricing = models.CharField(_("price"), max_length=10, choices=Pricing, default=Pricing.FIXED)
    amount_cents = models.PositiveIntegerField(_("amount"), default=0)  # fixed, or suggested where it is free
    floor_cents = models.PositiveIntegerField(_("least amount"), default=0)
    brackets: Any = models.JSONField(default=list, blank=True)
    formula = models.CharField(_("formula"), max_length=300, blank=True)
    min_age = models.PositiveSmallIntegerField(_("from this age"), null=True, blank=True)
    max_age = models.PositiveSmallIntegerField(_("up to this age"), null=True, blank=True)
    for_organisations = models.BooleanField(_("for organisations"), default=False)
    instalments = models.PositiveSmallIntegerField(_("may be paid in so many times"), default=1)
    is_archived = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta(Owned.Meta):
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


class RateStatus(Owned):
    """That a rate is for those of one status."""

    rate = models.ForeignKey(Rate, on_delete=models.CASCADE, related_name="statuses")
    status = models.ForeignKey(Status, on_delete=models.CASCADE, related_name="+")

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["rate", "status"], name="members_one_rate_a_status")]

    def __str__(self) -> str:
        return f"{self.rate_id} for {self.status_id}"


class Opening(Owned):
    """What dues of a kind open while they run, and close at their end: a place in a group, a role."""

    kind = models.ForeignKey(DuesKind, on_delete=models.CASCADE, related_name="openings")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    role = models.PositiveSmallIntegerField(_("role"), choices=Role, null=True, blank=True)

    class Meta(Owned.Meta):
        ordering = ["kind", "pk"]

    def __str__(self) -> str:
        return f"{self.kind_id} opens {self.group_id or self.role}"


class ContributionState(models.TextChoices):
    EXPECTED = "expected", _("Expected")
    PAID = "paid", _("Paid")
    CANCELLED = "cancelled", _("Cancelled")


class Contribution(Owned):
    """Dues of one kind, for one member and one period. Money is in core/billing: one charge for each instalment.

    Runs from `first` to `last`, both included; `last` None where nothing ends. `anchor`: kit/dues.Period. What is owed
    from one who pays nothing (exempt) is 0, and paid at once.
    """

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="contributions")
    payer = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    kind = models.ForeignKey(DuesKind, on_delete=models.PROTECT, related_name="contributions")
    rate = models.ForeignKey(Rate, on_delete=models.SET_NULL, null=True, related_name="+")
    first = models.DateField(_("from"))
    last = models.DateField(_("to"), null=True, blank=True)
    anchor = models.PositiveSmallIntegerField(default=1)
    amount_cents = models.PositiveIntegerField(_("amount"))
    state = models.CharField(max_length=10, choices=ContributionState, default=ContributionState.EXPECTED)
    paid_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    origin = models.CharField(max_length=20, default="desk")  # desk, online, import
    external_id = models.CharField(max_length=120, blank=True)  # of the program it was brought in from
    created_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta(Owned.Meta):
        ordering = ["-first", "-pk"]
        constraints = [
            # Two who renew at once do not renew twice.
            models.UniqueConstraint(
                fields=["record", "kind", "first"],
                condition=~models.Q(state="cancelled"),
                name="members_one_contribution_a_period",
            ),
            models.CheckConstraint(
                condition=models.Q(last=None) | models.Q(last__gte=models.F("first")), name="members_ends_after_start"
            ),
        ]
        indexes = [
            models.Index(fields=["structure", "last"], name="members_dues_by_end"),
            models.Index(fields=["structure", "state", "first"], name="members_dues_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.first}"

    @property
    def period(self) -> dues.Period:
        return dues.Period(self.first, self.last, self.anchor)


class Opened(Owned):
    """That dues put somebody in a group or gave them a role: what they had by other ways stays at the end."""

    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="opened")
    opening = models.ForeignKey(Opening, on_delete=models.CASCADE, related_name="+")
    role_before = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["contribution", "opening"], name="members_opened_once")]

    def __str__(self) -> str:
        return f"{self.contribution_id}: {self.opening_id}"


class ReminderRule(Owned):
    """A letter for a kind of dues, so many days before (negative) or after its end."""

    kind = models.ForeignKey(DuesKind, on_delete=models.CASCADE, related_name="reminder_rules")
    days = models.SmallIntegerField(_("days from the end"))
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("letter"), max_length=8000)
    is_active = models.BooleanField(default=True)

    class Meta(Owned.Meta):
        ordering = ["kind", "days"]
        constraints = [models.UniqueConstraint(fields=["kind", "days"], name="members_one_reminder_a_day")]

    def __str__(self) -> str:
        return f"{self.kind_id} {self.days:+d}"

    @property
    def days_before(self) -> int:
        return -self.days


class Channel(models.TextChoices):
    MAIL = "mail", _("By mail")
    PAPER = "paper", _("On paper")

    @classmethod
    def to(cls, person: Person | None) -> "Channel":
        """How `person` is written to: by mail, if they have an address."""
        return cls.MAIL if person is not None and person.email else cls.PAPER


class ReminderSent(Owned):
    """That a reminder was sent, or put on the list to print, for the end of one contribution: never twice."""

    rule = models.ForeignKey(ReminderRule, on_delete=models.SET_NULL, null=True, related_name="sent")
    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="reminders")
    days = models.SmallIntegerField()
    channel = models.CharField(max_length=5, choices=Channel)
    sent_at = models.DateTimeField(default=timezone.now)
    printed_at = models.DateTimeField(null=True, blank=True)

    class Meta(Owned.Meta):
        ordering = ["-sent_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["contribution", "days"], name="members_one_reminder_an_end")]

    def __str__(self) -> str:
        return f"{self.contribution_id} {self.days:+d}"
