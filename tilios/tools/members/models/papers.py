"""What is printed of members: their cards, sheets of labels, letters, and the papers made in the background."""

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tilios.core.people.models import Person
from tilios.core.structures.models import Owned
from tilios.tools.members.models.register import Record

SERIAL = 16  # letters and digits: 95 bits


def new_serial() -> str:
    return get_random_string(SERIAL)


class Card(Owned):
    """A member's card. What its QR says is `serial`, signed; of several cards of a member, one alone has not ended."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="cards")
    serial = models.CharField(max_length=32, unique=True, default=new_serial)
    made_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(Owned.Meta):
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["record"], condition=models.Q(ended_at=None), name="members_one_card_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"card of {self.record_id}"


def _millimetres(label: Any, least: float, most: float, **options: Any) -> models.DecimalField:
    limits = [MinValueValidator(Decimal(str(least))), MaxValueValidator(Decimal(str(most)))]
    return models.DecimalField(label, max_digits=5, decimal_places=2, validators=limits, **options)


def _count(label: Any, most: int) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(label, validators=[MinValueValidator(1), MaxValueValidator(most)])


class LabelSheet(Owned):
    """An A4 sheet of labels of the structure's own: how many, how large, where. Millimetres."""

    name = models.CharField(_("name"), max_length=80)
    columns = _count(pgettext_lazy("of a sheet", "columns"), 10)
    rows = _count(pgettext_lazy("of a sheet", "rows"), 30)
    width = _millimetres(_("width of a label"), 15, 210)
    height = _millimetres(_("height of a label"), 8, 297)
    left = _millimetres(_("margin on the left"), 0, 100, default=0)
    top = _millimetres(_("margin at the top"), 0, 100, default=0)
    gap_x = _millimetres(_("gap between columns"), 0, 50, default=0)
    gap_y = _millimetres(_("gap between rows"), 0, 50, default=0)

    class Meta(Owned.Meta):
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["structure", "name"], name="members_one_sheet_a_name")]

    def __str__(self) -> str:
        return self.name


class LetterTemplate(Owned):
    """A letter to many: words between braces stand for what each member's record says (filling/).

    Its text is `body`, or the live text that (`text_kind`, `text_target`) names; `body` is then what was written here.
    """

    name = models.CharField(_("name"), max_length=80)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text of the letter"), max_length=20_000, blank=True)
    text_kind = models.CharField(max_length=60, blank=True)
    text_target = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField(default=timezone.now)

    #: (kind, target) names a row of any exported kind: the archive renumbers it.
    generic_reference = ("text_kind", "text_target")

    class Meta(Owned.Meta):
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["structure", "name"], name="members_one_letter_a_name")]

    def __str__(self) -> str:
        return self.name


class MadePaper(Owned):
    """A paper of many people being made in the background; there for whoever asked for it until `expires_at`.

    `whom` and `options` are what the page sent (papers/choosing.py, forms/papers.py), read again by the job.
    """

    kind = models.CharField(max_length=20)  # a key of papers/making.KINDS
    whom = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    people = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    progress_key = models.CharField(max_length=40)  # jobs.Progress.key
    blob = models.ForeignKey("blobs.Blob", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.created_at:%Y-%m-%d}"
