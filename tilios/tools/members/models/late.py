"""Reminders of what is late: when they leave, the letters sent to payers, and what each was about."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.billing.models import Charge
from tilios.core.people.models import Person
from tilios.core.structures.models import Owned
from tilios.tools.members.models.dues import Channel

LONGEST_DELAY = 365  # days


class LateRule(Owned):
    """A letter to whoever has not paid, so many days after the day on which something was due."""

    days = models.PositiveSmallIntegerField(
        _("days after the day due"), validators=[MinValueValidator(1), MaxValueValidator(LONGEST_DELAY)]
    )
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("letter"), max_length=8000)
    is_active = models.BooleanField(default=True)

    class Meta(Owned.Meta):
        ordering = ["days"]
        constraints = [models.UniqueConstraint(fields=["structure", "days"], name="members_one_late_rule_a_day")]

    def __str__(self) -> str:
        return f"{self.days:+d}"


class LateLetter(Owned):
    """One letter to one payer about all that was late that day, sent or put on the list to print.

    `cents` is what it asked for. What a letter on paper says is written when it is printed.
    """

    rule = models.ForeignKey(LateRule, on_delete=models.SET_NULL, null=True, related_name="letters")
    payer = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    days = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=5, choices=Channel)
    cents = models.BigIntegerField()
    subject = models.CharField(max_length=200)  # of the rule as it stood, its words not filled yet
    body = models.TextField(max_length=8000)
    sent_at = models.DateTimeField(default=timezone.now)
    printed_at = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        ordering = ["-sent_at", "-pk"]
        indexes = [models.Index(fields=["structure", "payer", "sent_at"], name="members_late_letters_of")]

    def __str__(self) -> str:
        return f"{self.payer_id} {self.days:+d}"


class LateReminded(Owned):
    """That a charge was reminded of by a rule: never twice, even where the rule has another day meanwhile, or another
    rule its day.
    """

    letter = models.ForeignKey(LateLetter, on_delete=models.CASCADE, related_name="reminded")
    charge = models.ForeignKey(Charge, on_delete=models.CASCADE, related_name="+")
    rule = models.ForeignKey(LateRule, on_delete=models.SET_NULL, null=True, related_name="+")
    days = models.PositiveSmallIntegerField()

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["charge", "days"], name="members_one_late_reminder_a_day"),
            models.UniqueConstraint(fields=["charge", "rule"], name="members_one_late_reminder_a_rule"),
        ]

    def __str__(self) -> str:
        return f"{self.charge_id} {self.days:+d}"
