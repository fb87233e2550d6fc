"""Members brought in from another program: the file as rows, and what each row did."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tilios.core.people.models import Person, StagedFile, StagedRow
from tilios.tools.members.models.dues import Contribution
from tilios.tools.members.models.register import Record


class Program(models.TextChoices):
    """What a file comes from."""

    GALETTE = "galette", "Galette"
    PAHEKO = "paheko", "Paheko"
    HELLOASSO = "helloasso", "HelloAsso"
    SHEET = "sheet", _("Spreadsheet")


class Known(models.TextChoices):
    """What is done of somebody who is in the register already."""

    UPDATE = "update", _("Bring their record up to date")
    SKIP = "skip", _("Leave them as they are")
    NEW = "new", _("Enter them a second time")


class MemberImport(StagedFile):
    """One file of members. `plan`: imports/sources.Source; `made`: what it made beside members, by name of table."""

    program = models.CharField(max_length=10, choices=Program, default=Program.SHEET)
    known = models.CharField(_("those already in the register"), max_length=6, choices=Known, default=Known.UPDATE)
    takes_dues = models.BooleanField(_("with their dues"), default=False)
    dues_name = models.CharField(_("dues without a name"), max_length=120, blank=True)
    plan = models.JSONField(default=dict)
    made = models.JSONField(default=dict)

    class Meta(StagedFile.Meta):
        abstract = False


class MemberImportRow(StagedRow):
    """One row of the file: a member, dues, or both. What it tells of somebody goes with them."""

    batch = models.ForeignKey(MemberImport, on_delete=models.CASCADE, related_name="rows")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    contribution = models.ForeignKey(Contribution, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    made = models.CharField(max_length=6, blank=True)  # "person" with its record, "record" of a person known, or ""

    class Meta(StagedRow.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="members_one_import_row_a_line")]
        indexes = [models.Index(fields=["batch", "outcome", "number"], name="members_import_rows")]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.number}"
