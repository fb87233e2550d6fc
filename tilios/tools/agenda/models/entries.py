"""What a calendar holds: events, tasks and journal entries, as programs put them."""

from datetime import UTC, datetime
from typing import Any

from django.db import models

from tilios.core.people.models import Person
from tilios.core.shelves.models import now_ms
from tilios.core.structures.models import Owned
from tilios.tools.agenda.models.collections import Item

#: The end of what has none: later than any view asks for, and a moment that both databases know.
FOR_EVER = datetime(9999, 12, 31, tzinfo=UTC)


class Entry(Owned):
    """One calendar object resource (RFC 4791, 4.1): an event with its exceptions, kept as it came in `data`.

    The other fields are read from it, so that views and reports parse nothing. `times` is what
    `kit.ical.occurrences` needs.
    """

    calendar = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="entries")
    name = models.CharField(max_length=255)  # the last part of its address, "….ics"
    uid = models.CharField(max_length=255)
    data = models.TextField()
    etag = models.CharField(max_length=32)
    number = models.BigIntegerField(default=0)  # of the calendar, when it last changed
    component = models.CharField(max_length=10, default="VEVENT")
    summary = models.CharField(max_length=500, blank=True)
    location = models.CharField(max_length=500, blank=True)
    description = models.TextField(blank=True)
    url = models.CharField(max_length=1000, blank=True)
    status = models.CharField(max_length=15, blank=True)
    classification = models.CharField(max_length=15, blank=True)
    categories = models.JSONField(default=list)
    is_transparent = models.BooleanField(default=False)
    is_all_day = models.BooleanField(default=False)
    is_recurring = models.BooleanField(default=False)
    sequence = models.IntegerField(default=0)
    organizer = models.CharField(max_length=254, blank=True)
    first = models.DateTimeField(null=True)  # when its first occurrence begins
    last = models.DateTimeField(null=True)  # when its last ends; FOR_EVER
    times: Any = models.JSONField(default=dict)
    author = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    editor = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    created_ms = models.BigIntegerField(default=now_ms)
    changed_ms = models.BigIntegerField(default=now_ms)

    class Meta(Owned.Meta):
        ordering = ["first", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "name"], name="agenda_entry_name"),
            models.UniqueConstraint(fields=["calendar", "uid"], name="agenda_entry_uid"),
        ]
        indexes = [
            models.Index(fields=["calendar", "number"], name="agenda_entry_since"),
            models.Index(fields=["calendar", "component", "last", "first"], name="agenda_entry_between"),
        ]

    def __str__(self) -> str:
        return self.summary or self.uid

    @property
    def is_private(self) -> bool:
        """Whether others see of it only that somebody is busy."""
        return self.classification in {"PRIVATE", "CONFIDENTIAL"}


class Attendee(Owned):
    """Somebody invited to an event. `token` opens the page where they answer without an account.

    `copy` is the event as it lies in the calendar of a person of the structure (RFC 6638); `proposed_start` and
    `proposed_end` are another time they would like, `proposed_for` the occurrence it is for.
    """

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="attendees")
    email = models.CharField(max_length=254)
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=15, default="NEEDS-ACTION")  # PARTSTAT
    role = models.CharField(max_length=20, default="REQ-PARTICIPANT")
    token = models.CharField(max_length=64, blank=True)  # in small letters: it is part of a mail address
    comment = models.CharField(max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True)
    copy = models.ForeignKey(Entry, on_delete=models.SET_NULL, null=True, related_name="invitations")
    proposed_start = models.DateTimeField(null=True)
    proposed_end = models.DateTimeField(null=True)
    proposed_for = models.CharField(max_length=32, blank=True)

    class Meta(Owned.Meta):
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["entry", "email"], name="agenda_attendee_once")]
        indexes = [
            models.Index(fields=["person", "entry"], name="agenda_attends"),
            models.Index(fields=["token"], name="agenda_attendee_token"),
        ]

    def __str__(self) -> str:
        return self.name or self.email
