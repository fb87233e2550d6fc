"""Double entries, their numbers, and the periods that are closed."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.people.models import Person
from tilios.core.structures.models import Owned


class Journal(models.TextChoices):
    SALES = "VE", _("Sales")
    BANK = "BQ", _("Bank")
    CASH = "CA", _("Cash journal")
    OTHER = "OD", _("Other operations")


class Counter(Owned):
    """The last number given to one kind of paper or entry in one year. Locked by whoever takes the next."""

    kind = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["structure", "kind", "year"], name="one_counter_a_year")]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.last}"


class ClosedPeriod(Owned):
    """The accounts are closed to the end of `last_day`: nothing is written there any more."""

    last_day = models.DateField()
    closed_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    closed_at = models.DateTimeField(default=timezone.now)

    class Meta(Owned.Meta):
        ordering = ["-last_day"]
        constraints = [models.UniqueConstraint(fields=["structure", "last_day"], name="closed_once")]

    def __str__(self) -> str:
        return str(self.last_day)


class LedgerEntry(Owned):
    """A double entry. The database refuses one whose two sides differ; nothing changes it once it is written.

    `fiscal_year` is the year in which its fiscal year begins; numbers follow one another within it.
    """

    journal = models.CharField(max_length=2, choices=Journal)
    fiscal_year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    booked_on = models.DateField()
    label = models.CharField(max_length=200)
    piece = models.CharField(max_length=60, blank=True)  # the paper it rests on
    piece_on = models.DateField()
    debit_cents = models.BigIntegerField()
    credit_cents = models.BigIntegerField()
    payment = models.ForeignKey("billing.Payment", on_delete=models.PROTECT, null=True, related_name="entries")
    paper = models.ForeignKey("billing.Paper", on_delete=models.PROTECT, null=True, related_name="entries")
    written_at = models.DateTimeField(default=timezone.now)

    class Meta(Owned.Meta):
        ordering = ["fiscal_year", "number"]
        constraints = [
            models.UniqueConstraint(fields=["structure", "fiscal_year", "number"], name="one_entry_a_number"),
            models.CheckConstraint(
                condition=Q(debit_cents=F("credit_cents"), debit_cents__gt=0), name="entry_is_balanced"
            ),
        ]
        indexes = [models.Index(fields=["structure", "booked_on"], name="entries_by_day")]

    def __str__(self) -> str:
        return f"{self.journal} {self.fiscal_year}-{self.number}"


class EntryLine(Owned):
    """One line of an entry: an amount on one side of one account. `party` is the account of somebody within 411."""

    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="lines")
    account = models.CharField(max_length=12)
    account_label = models.CharField(max_length=120)
    debit_cents = models.BigIntegerField()
    credit_cents = models.BigIntegerField(default=0)
    label = models.CharField(max_length=200, blank=True)
    party = models.CharField(max_length=20, blank=True)
    party_name = models.CharField(max_length=160, blank=True)

    class Meta(Owned.Meta):
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(debit_cents__gt=0, credit_cents=0) | Q(debit_cents=0, credit_cents__gt=0),
                name="line_on_one_side",
            )
        ]
        indexes = [models.Index(fields=["structure", "account"], name="lines_of_an_account")]

    def __str__(self) -> str:
        return f"{self.account} {self.debit_cents} {self.credit_cents}"
