"""Calendars and contacts brought in from another server: where it is, what it has, and each object, for the undoing."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tilios.core.people.models import Person
from tilios.core.structures.models import Owned
from tilios.tools.agenda.models.collections import Item, Nature


class ComingState(models.TextChoices):
    PREPARING = "preparing", pgettext_lazy("calendars brought in", "being prepared")
    LOOKING = "looking", pgettext_lazy("calendars brought in", "looking")
    LOOKED = "looked", pgettext_lazy("calendars brought in", "waiting for your answer")
    COMING = "coming", pgettext_lazy("calendars brought in", "coming in")
    STOPPED = "stopped", pgettext_lazy("calendars brought in", "stopped")
    DONE = "done", pgettext_lazy("calendars brought in", "brought in")
    UNDOING = "undoing", pgettext_lazy("calendars brought in", "being undone")
    UNDONE = "undone", pgettext_lazy("calendars brought in", "undone")


#: In these a job is at work.
WORKING = (ComingState.LOOKING, ComingState.COMING, ComingState.UNDOING)


class Coming(Owned):
    """What `person` brings in from a server. A job works on it while `run` is its own number.

    `password` is sealed, and there only while a job needs it.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    acted_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=ComingState, default=ComingState.PREPARING)
    run = models.PositiveIntegerField(default=0)
    address = models.CharField(max_length=2000, blank=True)
    login = models.CharField(max_length=255, blank=True)
    password = models.TextField(blank=True)
    problem = models.TextField(blank=True)  # why it stopped, a sentence
    done = models.PositiveIntegerField(default=0)  # objects dealt with by the work under way
    total = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    beat_at = models.DateTimeField(default=timezone.now)  # the job was at work

    class Meta(Owned.Meta):
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.address

    @property
    def is_working(self) -> bool:
        return self.state in WORKING


class ComingCollection(Owned):
    """A calendar or an address book over there. `into` is where it goes; a new one of one's own while there is none.

    `waiting` holds the addresses that are still to be asked for; None while they were not listed yet.
    """

    coming = models.ForeignKey(Coming, on_delete=models.CASCADE, related_name="collections")
    nature = models.CharField(max_length=10, choices=Nature)
    address = models.TextField()
    name = models.CharField(max_length=100)
    colour = models.CharField(max_length=7, blank=True)
    is_wanted = models.BooleanField(default=True)
    waiting: Any = models.JSONField(null=True)
    size = models.BigIntegerField(default=0)  # characters kept aside
    into = models.ForeignKey(Item, on_delete=models.SET_NULL, null=True, related_name="+")
    is_made = models.BooleanField(default=False)  # this made `into`
    problem = models.TextField(blank=True)

    class Meta(Owned.Meta):
        ordering = ["-nature", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_calendar(self) -> bool:
        return self.nature == Nature.CALENDAR


class ObjectState(models.TextChoices):
    WAITING = "waiting", _("to come")
    DONE = "done", _("brought in")
    THERE = "there", pgettext_lazy("an event, a contact", "there already")
    BROKEN = "broken", pgettext_lazy("an event, a contact", "cannot be read")
    UNDONE = "undone", _("taken back")
    KEPT = "kept", _("kept")


class ComingObject(Owned):
    """An event or a contact over there. `data` is emptied once it is here; `made` is the entry or card it became."""

    collection = models.ForeignKey(ComingCollection, on_delete=models.CASCADE, related_name="objects_there")
    address = models.TextField()
    uid = models.CharField(max_length=255, blank=True)
    title = models.CharField(max_length=300, blank=True)
    data = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=ObjectState, default=ObjectState.WAITING)
    why = models.TextField(blank=True)
    made = models.BigIntegerField(null=True)

    class Meta(Owned.Meta):
        ordering = ["pk"]
        indexes = [models.Index(fields=["collection", "state", "id"], name="agenda_coming_objects")]

    def __str__(self) -> str:
        return self.title or self.address
