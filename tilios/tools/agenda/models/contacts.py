"""What is remembered of contacts beside their cards: those thrown away, and those that look alike and are not."""

from datetime import UTC, datetime
from typing import Any

from django.db import models

from tilios.core.people.models import Person
from tilios.core.shelves.models import now_ms
from tilios.core.structures.models import Owned
from tilios.tools.agenda.models.cards import Card
from tilios.tools.agenda.models.collections import Item


class ThrownCard(Owned):
    """A card that was taken away, as it was: it may come back until `KEPT_DAYS` (actions/card_trash.py) have passed.

    `before` holds what else the same act changed, to be put back with it: [{"card", "data", "etag"}], where `etag` is
    that of the card once changed. `into` is the card it was merged into.
    """

    book = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="thrown_cards")
    name = models.CharField(max_length=255)
    uid = models.CharField(max_length=255)
    data = models.TextField()
    full_name = models.CharField(max_length=300, blank=True)
    author = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    thrown_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    thrown_ms = models.BigIntegerField(default=now_ms)
    into = models.ForeignKey(Card, on_delete=models.SET_NULL, null=True, related_name="+")
    before: Any = models.JSONField(default=list)

    class Meta(Owned.Meta):
        ordering = ["-thrown_ms", "-pk"]
        indexes = [models.Index(fields=["book", "-thrown_ms"], name="agenda_thrown_cards")]

    def __str__(self) -> str:
        return self.full_name or self.uid

    @property
    def thrown_at(self) -> datetime:
        return datetime.fromtimestamp(self.thrown_ms / 1000, UTC)


class NotSame(Owned):
    """That two contacts which look alike are not the same: never proposed again. `first` has the lower number."""

    first = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="+")
    said_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="agenda_not_same_once")]

    def __str__(self) -> str:
        return f"{self.first_id} ≠ {self.second_id}"
