"""The fields that a structure adds to its records, and what each record says in them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tilios.core.blobs.models import Blob
from tilios.core.structures.models import Owned
from tilios.tools.members.models.register import Record


class FieldKind(models.TextChoices):
    TEXT = "text", _("Text")
    LONG_TEXT = "long_text", _("Text of several lines")
    NUMBER = "number", _("Number")
    DATE = "date", _("Date")
    YES_NO = "yes_no", _("Yes or no")
    CHOICE = "choice", _("One of a list")
    CHOICES = "choices", _("Several of a list")
    FILE = "file", _("File")
    FORMULA = "formula", _("Computed")


class Access(models.TextChoices):
    """Who sees or changes a field, beside those who keep the register, who always do."""

    KEEPERS = "keepers", _("Those who keep the register")
    MEMBER = "member", _("They and the member")
    MEMBERS = "members", _("All members")


class Field(Owned):
    """One field of the records of the structure. `formula` is read by kit/expressions, for computed ones alone."""

    name = models.CharField(_("name"), max_length=80)
    key = models.SlugField(max_length=40)  # its word in formulas, searches and sheets
    kind = models.CharField(_("kind"), max_length=10, choices=FieldKind, default=FieldKind.TEXT)
    choices = models.JSONField(_("list"), default=list, blank=True)  # of texts
    formula = models.CharField(_("formula"), max_length=300, blank=True)
    help = models.CharField(_("help"), max_length=200, blank=True)
    is_required = models.BooleanField(_("must be filled"), default=False)
    in_list = models.BooleanField(_("shown in the list"), default=False)
    seen_by = models.CharField(_("seen by"), max_length=10, choices=Access, default=Access.MEMBER)
    changed_by = models.CharField(_("changed by"), max_length=10, choices=Access, default=Access.KEEPERS)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta(Owned.Meta):
        ordering = ["order", "name"]
        constraints = [models.UniqueConstraint(fields=["structure", "key"], name="members_one_field_a_key")]

    def __str__(self) -> str:
        return self.name


class Answer(Owned):
    """What a record says in a field: in `text`, `number`, `day` or `blob`, by the kind of the field.

    One row for each thing chosen in a list of several; yes or no is the number 1 or 0; a file keeps its name in `text`.
    """

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="answers")
    field = models.ForeignKey(Field, on_delete=models.CASCADE, related_name="answers")
    text = models.CharField(max_length=4000, blank=True)
    number = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    day = models.DateField(null=True, blank=True)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(Owned.Meta):
        ordering = ["field", "pk"]
        constraints = [models.UniqueConstraint(fields=["record", "field", "text"], name="members_one_answer")]
        indexes = [
            models.Index(fields=["field", "number"], name="members_answers_by_number"),
            models.Index(fields=["field", "day"], name="members_answers_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.field_id}: {self.text or self.number or self.day or ''}"


class SavedSearch(Owned):
    """Conditions kept under a name.

    `conditions` is a tree: {"all": [...]} or {"any": [...]} of such trees and of leaves {"field", "test", "value"}
    (queries/searching.py).
    """

    name = models.CharField(_("name"), max_length=80)
    conditions = models.JSONField(default=dict)
    created_by = models.ForeignKey("people.Person", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta(Owned.Meta):
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["structure", "name"], name="members_one_search_a_name")]

    def __str__(self) -> str:
        return self.name
