"""Files brought in from elsewhere: where from, how far it is, and a line for each thing, which undoing reads."""

from datetime import UTC, datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.blobs.models import Blob
from tilios.core.people.models import Person
from tilios.core.structures.models import Owned
from tilios.tools.files.models.items import Item, Version


class Source(models.TextChoices):
    ZIP = "zip", _("A zip file")
    SERVER = "server", _("Nextcloud or another WebDAV server")
    TAKEOUT = "takeout", _("Google, by a Takeout archive")
    DROPBOX = "dropbox", _("Dropbox, by a zip file")


class BringingState(models.TextChoices):
    PREPARING = "preparing", _("being prepared")
    LOOKING = "looking", _("looking")
    LOOKED = "looked", _("waiting for your answer")
    COMING = "coming", _("coming in")
    STOPPED = "stopped", _("stopped")
    DONE = "done", _("brought in")
    UNDOING = "undoing", _("being undone")
    UNDONE = "undone", _("undone")


#: In these a job is at work.
WORKING = (BringingState.LOOKING, BringingState.COMING, BringingState.UNDOING)


class Choice(models.TextChoices):
    """What becomes of a file whose name is there already."""

    BOTH = "both", _("Keep both: the new one gets a number")
    REPLACE = "replace", _("Replace it: the file that is there stays as an earlier version")
    SKIP = "skip", _("Leave it: the new one does not come")


class Bringing(Owned):
    """Something brought into `folder` by `person`. A job works on it while `run` is its own number.

    `password` is sealed, and there only while a job needs it.
    """

    source = models.CharField(max_length=10, choices=Source)
    folder = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    acted_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=BringingState, default=BringingState.PREPARING)
    run = models.PositiveIntegerField(default=0)
    choice = models.CharField(max_length=10, choices=Choice, default=Choice.BOTH)
    address = models.CharField(max_length=2000, blank=True)
    login = models.CharField(max_length=255, blank=True)
    password = models.TextField(blank=True)
    problem = models.TextField(blank=True)  # why it stopped, a sentence
    counts = models.JSONField(default=dict)  # what the looking found
    done = models.PositiveIntegerField(default=0)  # lines dealt with by the work under way
    total = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    beat_at = models.DateTimeField(default=timezone.now)  # the job was at work
    brought_at = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["structure", "person", "-created_at"], name="files_bringings_of")]

    def __str__(self) -> str:
        return f"{self.get_source_display()} ({self.created_at:%Y-%m-%d})"

    @property
    def is_from_server(self) -> bool:
        return self.source == Source.SERVER

    @property
    def is_working(self) -> bool:
        return self.state in WORKING


class BringingPart(Owned):
    """A zip file to be read; a Takeout comes in several."""

    bringing = models.ForeignKey(Bringing, on_delete=models.CASCADE, related_name="parts")
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)

    class Meta(Owned.Meta):
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class LineState(models.TextChoices):
    WAITING = "waiting", _("to come")
    DONE = "done", _("brought in")
    SKIPPED = "skipped", _("left out")
    REFUSED = "refused", _("refused")
    FAILED = "failed", _("failed")


class Undone(models.TextChoices):
    UNDONE = "undone", _("taken back")
    KEPT = "kept", _("kept")


class BringingLine(Owned):
    """A folder or a file to come: what it is called there, where it goes below the folder, what became of it.

    Folders stand before what they hold. The line without `to` is the folder itself.
    """

    bringing = models.ForeignKey(Bringing, on_delete=models.CASCADE, related_name="lines")
    part = models.ForeignKey(BringingPart, on_delete=models.SET_NULL, null=True, related_name="+")
    place = models.IntegerField(default=-1)  # in the list of the zip
    address = models.TextField(blank=True)  # path on the server, as it wrote it
    path = models.TextField()  # as it is called there
    to = models.TextField()
    is_folder = models.BooleanField(default=False)
    is_listed = models.BooleanField(default=True)  # False: what the server has in it is yet to be asked
    size = models.BigIntegerField(default=0)
    modified_ms = models.BigIntegerField(null=True)
    is_mended = models.BooleanField(default=False)
    is_taken = models.BooleanField(default=False)  # a file of that name was there when we looked
    state = models.CharField(max_length=10, choices=LineState, default=LineState.WAITING)
    reason = models.TextField(blank=True)  # a code of bringing/reasons.py, or a sentence
    item = models.ForeignKey(Item, on_delete=models.SET_NULL, null=True, related_name="+")
    is_new = models.BooleanField(default=False)  # this made the item
    revision = models.PositiveIntegerField(default=0)  # of the item, once written
    before = models.ForeignKey(Version, on_delete=models.SET_NULL, null=True, related_name="+")
    undone = models.CharField(max_length=10, choices=Undone, blank=True)

    class Meta(Owned.Meta):
        ordering = ["pk"]
        indexes = [models.Index(fields=["bringing", "state", "id"], name="files_bringing_lines")]

    def __str__(self) -> str:
        return f"{self.path} → {self.to}"

    @property
    def modified_at(self) -> datetime | None:
        return None if self.modified_ms is None else datetime.fromtimestamp(self.modified_ms / 1000, UTC)
