"""People brought in from a sheet: the file as rows, what each row did, and the columns remembered for the next one."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.people.models.people import Group, Person
from tilios.core.people.roles import Role
from tilios.core.structures.models import Owned


class ImportState(models.TextChoices):
    """Where an import stands. The words in -ing are those of a job at work."""

    READ = "read", _("Columns to check")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Ready to be confirmed")
    IMPORTING = "importing", _("Being imported")
    IMPORTED = "imported", _("Imported")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")


class Outcome(models.TextChoices):
    """What a row does, or would do."""

    WAITING = "waiting", _("Not read yet")
    CREATED = "created", _("Created")
    CHANGED = "changed", _("Changed")
    UNCHANGED = "unchanged", _("Unchanged")
    ERROR = "error", _("In error")


class StagedFile(Owned):
    """A file from the upload to the undoing, whatever it brings in. Its rows hold the file itself: they survive a
    restart.
    """

    name = models.CharField(max_length=200)  # of the file
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.READ)
    header = models.JSONField(default=list)
    columns = models.JSONField(default=list)  # the field of each column, "" for one left out
    encoding = models.CharField(max_length=20, blank=True)
    delimiter = models.CharField(max_length=2, blank=True)
    remembered = models.BooleanField(default=False)  # the columns come from an earlier import
    total = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)  # outcome -> rows
    new_groups = models.JSONField(default=list)  # numbers of the groups it made
    progress_key = models.CharField(max_length=40, blank=True)
    created_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    imported_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    emptied_at = models.DateTimeField(null=True, blank=True)  # what is needed to undo was forgotten

    class Meta(Owned.Meta):
        abstract = True
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_working(self) -> bool:
        return self.state in {ImportState.CHECKING, ImportState.IMPORTING, ImportState.UNDOING}

    @property
    def can_be_undone(self) -> bool:
        return self.state == ImportState.IMPORTED and self.emptied_at is None


class StagedRow(Owned):
    """One row of a staged file, whose `batch` it names: what it holds, what it does, what it did."""

    number = models.PositiveIntegerField()  # its line in the file
    cells = models.JSONField(default=list)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.WAITING)
    values = models.JSONField(default=dict)  # field -> value that is written
    before = models.JSONField(default=dict)  # field -> value it replaced
    problems = models.JSONField(default=list)  # [{"level", "field", "message", "params"}]
    joined = models.JSONField(default=list)  # numbers of the groups it put the person in
    applied = models.BooleanField(default=False)
    undone = models.CharField(max_length=10, blank=True)  # "undone", or "kept": changed since the import

    class Meta(Owned.Meta):
        abstract = True
        ordering = ["number"]


class ImportBatch(StagedFile):
    """One file of people."""

    group = models.ForeignKey(Group, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    role = models.PositiveSmallIntegerField(_("role"), choices=Role, default=Role.MEMBER)

    class Meta(StagedFile.Meta):
        abstract = False


class ImportRow(StagedRow):
    """One row of the file. `person` goes with the person: nothing of somebody erased stays here."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="import_rows")

    class Meta(StagedRow.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="one_import_row_a_line")]
        indexes = [models.Index(fields=["batch", "outcome", "number"])]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.number}"


class ImportMapping(Owned):
    """The columns chosen by hand for one set of headers."""

    headers = models.CharField(max_length=64)  # SHA-256 of the folded headers, in order
    columns = models.JSONField(default=list)
    used_at = models.DateTimeField(default=timezone.now)

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["structure", "headers"], name="one_mapping_a_set_of_headers")]

    def __str__(self) -> str:
        return self.headers[:12]
