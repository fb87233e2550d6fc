"""Calendars followed from elsewhere."""

from django.db import models
from django.utils import timezone

from tilios.core.structures.models import Owned
from tilios.tools.agenda.models.collections import Item


class Subscription(Owned):
    """Where a calendar that is followed comes from, and how the last looks went. Nobody writes in such a calendar."""

    calendar = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="subscription")
    url = models.CharField(max_length=1000)
    etag = models.CharField(max_length=300, blank=True)  # as the other server said them
    last_modified = models.CharField(max_length=100, blank=True)
    fetched_at = models.DateTimeField(null=True)  # when what is there was last known to be right
    next_at = models.DateTimeField(default=timezone.now)
    failures = models.PositiveIntegerField(default=0)  # since then
    problem = models.CharField(max_length=400, blank=True)  # what stood in the way the last time

    class Meta(Owned.Meta):
        indexes = [models.Index(fields=["structure", "next_at"], name="agenda_to_look_at")]

    def __str__(self) -> str:
        return str(self.calendar)
