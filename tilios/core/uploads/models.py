"""An upload: a file on its way, from its announcement to the answer of the tool that took it."""

from django.db import models
from django.utils import timezone

from tilios.core.access.models import ShareLink
from tilios.core.blobs.models import Blob
from tilios.core.blobs.partial import Partial
from tilios.core.people.models import Person
from tilios.core.structures.models import Owned


class State(models.TextChoices):
    RECEIVING = "receiving"
    WAITING = "waiting"  # whole; the tool wants a choice, or refuses for now: `problem` says why
    DONE = "done"  # the tool has taken it: `result`
    SKIPPED = "skipped"  # whole; the sender chose not to have it
    ENDED = "ended"  # given up, by the sender or by the clock


class Choice(models.TextChoices):
    """What the sender wants where a name is taken."""

    REPLACE = "replace"  # the old one stays as a version, where the tool keeps versions
    BOTH = "both"
    SKIP = "skip"


class Upload(Owned):
    """A file on its way. Its bytes are in `partial` until they are a blob.

    Of `person`, or of somebody who came by `link` and whose session holds the secret of `guest`. Written by
    `actions` alone.
    """

    token = models.CharField(max_length=40, unique=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    link = models.ForeignKey(ShareLink, on_delete=models.CASCADE, null=True, related_name="+")
    guest = models.CharField(max_length=64, blank=True)  # SHA-256 of a secret of the session
    tool = models.CharField(max_length=40)
    target = models.JSONField(null=True)  # where it goes; only the tool knows what it means
    name = models.CharField(max_length=255)
    path = models.CharField(max_length=2000, blank=True)  # folders below the target, "Photos/2026"
    length = models.BigIntegerField()
    media_type = models.CharField(max_length=120, blank=True)  # as claimed
    modified_ms = models.BigIntegerField(null=True)  # on the sender's device, UTC
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVING)
    choice = models.CharField(max_length=10, choices=Choice, blank=True)
    problem = models.TextField(blank=True)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, null=True, related_name="+")
    result = models.JSONField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    class Meta(Owned.Meta):
        indexes = [
            models.Index(fields=["structure", "person", "created_at"], name="uploads_of_person"),
            models.Index(fields=["structure", "guest", "created_at"], name="uploads_of_guest"),
            models.Index(fields=["structure", "expires_at"], name="uploads_expiry"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.length} bytes) for {self.tool}"

    @property
    def partial(self) -> Partial:
        return Partial(self.token)

    @property
    def offset(self) -> int:
        """How many bytes are here, safe: read from the disk, not from the table."""
        return self.length if self.blob_id is not None or self.state != State.RECEIVING else self.partial.size

    @property
    def is_whole(self) -> bool:
        return self.offset == self.length
