"""Who works, and when periodic work is due next."""

from django.db import models
from django.utils import timezone


class Worker(models.Model):
    """A worker that is alive: it says so every few seconds. Jobs of a silent one are taken again."""

    name = models.CharField(max_length=64, unique=True)
    beat_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class Due(models.Model):
    """When a piece of periodic work is due next."""

    name = models.CharField(max_length=80, unique=True)
    next_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.next_at:%Y-%m-%d %H:%M}"


class Progress(models.Model):
    """How far a long job has come, for the page that shows it. Belongs to who started it."""

    key = models.CharField(max_length=40, unique=True)
    structure = models.ForeignKey("structures.Structure", on_delete=models.CASCADE, null=True, related_name="+")
    person = models.BigIntegerField(null=True)  # Person.pk who may look
    label = models.CharField(max_length=120)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, default="waiting")  # waiting, running, done, failed
    message = models.TextField(blank=True)
    result = models.JSONField(default=dict)
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.label} {self.done}/{self.total}"

    @property
    def percent(self) -> int:
        return 100 if self.state == "done" else (100 * self.done // self.total if self.total else 0)
