"""When somebody is reminded of an event."""

from django.db import models

from tilios.core.people.models import Person
from tilios.core.structures.models import Owned
from tilios.tools.agenda.models.entries import Entry


class Alarm(Owned):
    """A reminder `minutes` before an event begins (or ends); after it when below zero.

    Without `person` it is the event's own (VALARM): whoever wrote it and the people invited are told. With one, that
    person asked for it. `next_at` is when it rings next, empty when it never will again.
    """

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="alarms")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    minutes = models.IntegerField()
    is_from_end = models.BooleanField(default=False)
    next_at = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        ordering = ["minutes", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "person", "minutes", "is_from_end"], name="agenda_alarm_once")
        ]
        indexes = [models.Index(fields=["structure", "next_at"], name="agenda_alarm_next")]

    def __str__(self) -> str:
        return f"{self.entry} −{self.minutes} min"
