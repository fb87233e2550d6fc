"""What is known of a document: its words, and what stands for it on a page."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.blobs.models import Blob
from tilios.kit.documents.kinds import Kind

#: Raised when documents are read better: what was read before is then read again as it is asked for.
VERSION = 1


class State(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class Why(models.TextChoices):
    """Why a document could not be read: the codes of `kit.documents.problems`, in words."""

    TOO_LARGE = "too_large", _("This document is too large to be read here.")
    TOO_HEAVY = "too_heavy", _("This document asks for too much time or memory to be read here.")
    DAMAGED = "damaged", _("This document is damaged, or is not what its name says.")
    PASSWORD = "password", _("This document is protected by a password.")
    NO_PROGRAM = "no_program", _("This server lacks the program that reads this kind of document.")
    GONE = "gone", _("The content of this document is missing on the server.")


class Reading(models.Model):
    """What was read of `blob`. One row for all structures; goes when `blob` goes.

    `kind` and `form` come from the name it was first asked under. `html` is clean; `shown` is what
    `kit.documents.reading.Found` says. `pdf` is made of an office document when somebody first looks at it; `cover` is
    the first page of a PDF or of that one.
    """

    blob = models.OneToOneField(Blob, on_delete=models.CASCADE, related_name="reading")
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in Kind])
    form = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    problem = models.CharField(max_length=20, choices=Why, blank=True)
    version = models.PositiveSmallIntegerField(default=VERSION)
    tries = models.PositiveSmallIntegerField(default=0)
    text = models.TextField(blank=True)
    pages = models.PositiveIntegerField(null=True, blank=True)
    html = models.TextField(blank=True)
    cut = models.BooleanField(default=False)
    shown = models.JSONField(default=dict)
    pdf = models.ForeignKey(Blob, on_delete=models.PROTECT, null=True, related_name="+")
    pdf_state = models.CharField(max_length=10, choices=State, blank=True)
    pdf_tries = models.PositiveSmallIntegerField(default=0)
    cover = models.ForeignKey(Blob, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.blob_id}: {self.state}"
