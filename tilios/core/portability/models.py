"""Archives made from the page, kept for a few days."""

from django.db import models
from django.utils import timezone

from tilios.core.people.models import Person
from tilios.core.structures.models import Owned


class Takeout(Owned):
    """One archive asked for: being made while `blob` is empty, then there until `expires_at`."""

    progress_key = models.CharField(max_length=40)  # jobs.Progress.key
    made_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    blob = models.ForeignKey("blobs.Blob", on_delete=models.PROTECT, null=True, related_name="+")
    rows = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d}"
