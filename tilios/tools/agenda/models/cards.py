"""What an address book holds."""

from typing import Any

from django.db import models

from tilios.core.people.models import Person
from tilios.core.shelves.models import now_ms
from tilios.core.structures.models import Owned
from tilios.tools.agenda.models.collections import Item


class Card(Owned):
    """One address object (RFC 6352): a person, a group or an organisation, kept as it came in `data`.

    The other fields are read from it, for lists and searches.
    """

    book = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="cards")
    name = models.CharField(max_length=255)  # the last part of its address, "….vcf"
    uid = models.CharField(max_length=255)
    data = models.TextField()
    etag = models.CharField(max_length=32)
    number = models.BigIntegerField(default=0)  # of the address book, when it last changed
    kind = models.CharField(max_length=15, default="individual")
    full_name = models.CharField(max_length=300, blank=True)
    sort_name = models.CharField(max_length=320, blank=True)
    organisation = models.CharField(max_length=300, blank=True)
    emails: Any = models.JSONField(default=list)
    phones: Any = models.JSONField(default=list)
    categories: Any = models.JSONField(default=list)
    birthday = models.CharField(max_length=10, blank=True)  # "1980-05-17", or "--05-17" without a year
    has_photo = models.BooleanField(default=False)
    #: Of whom it tells, in the address book of the people of the structure.
    person = models.OneToOneField(Person, on_delete=models.CASCADE, null=True, related_name="+")
    author = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    editor = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    created_ms = models.BigIntegerField(default=now_ms)
    changed_ms = models.BigIntegerField(default=now_ms)

    class Meta(Owned.Meta):
        ordering = ["sort_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["book", "name"], name="agenda_card_name"),
            models.UniqueConstraint(fields=["book", "uid"], name="agenda_card_uid"),
        ]
        indexes = [
            models.Index(fields=["book", "number"], name="agenda_card_since"),
            models.Index(fields=["book", "sort_name"], name="agenda_card_sorted"),
        ]

    def __str__(self) -> str:
        return self.full_name or self.uid
