"""Lines of a bank or of HelloAsso, waiting to be attached to somebody."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.people.models import Person
from tilios.core.structures.models import Owned


class StatementFile(Owned):
    """One file that was read: the same bytes are read once."""

    name = models.CharField(max_length=200)
    origin = models.CharField(max_length=40)  # "bank", "helloasso"
    sha256 = models.CharField(max_length=64)
    columns = models.JSONField()  # what each column holds, in the order of the file
    read_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    read_at = models.DateTimeField(default=timezone.now)

    class Meta(Owned.Meta):
        ordering = ["-read_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["structure", "sha256"], name="one_statement_of_these_bytes")]

    def __str__(self) -> str:
        return self.name


class LineState(models.TextChoices):
    WAITING = "waiting", _("Not matched")
    ATTACHED = "attached", _("Attached")
    IGNORED = "ignored", _("Ignored")


class StatementLine(Owned):
    """One line of money received. `reference` is the bank's, or made of what the line says: the same twice is one."""

    file = models.ForeignKey(StatementFile, on_delete=models.CASCADE, related_name="lines")
    reference = models.CharField(max_length=120)
    origin = models.CharField(max_length=40)
    received_on = models.DateField()
    amount_cents = models.BigIntegerField()
    label = models.CharField(max_length=400, blank=True)
    payer_name = models.CharField(max_length=160, blank=True)
    payer_email = models.CharField(max_length=254, blank=True)
    state = models.CharField(max_length=10, choices=LineState, default=LineState.WAITING)
    payment = models.ForeignKey("billing.Payment", on_delete=models.PROTECT, null=True, related_name="statement_lines")
    attempts = models.PositiveSmallIntegerField(default=0)  # how often it was attached and undone
    ignored_why = models.CharField(max_length=300, blank=True)
    handled_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    handled_at = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        ordering = ["received_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["structure", "origin", "reference"], name="one_line_a_reference")
        ]
        indexes = [models.Index(fields=["structure", "state", "received_on"], name="lines_waiting")]

    def __str__(self) -> str:
        return f"{self.received_on} {self.label}"


class KnownPayer(Owned):
    """Somebody once paid under this name or address: the next payment under it is theirs too."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    sign = models.CharField(max_length=254)  # a folded name, or an address in small letters
    last_seen_at = models.DateTimeField(default=timezone.now)

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["structure", "sign", "person"], name="known_payer_once")]

    def __str__(self) -> str:
        return self.sign
