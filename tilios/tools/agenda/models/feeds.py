"""What leaves the agenda by an address that is its own key."""

import secrets

from django.db import models
from django.utils import timezone

from tilios.core.people.models import Person
from tilios.core.structures.models import Owned


def new_token() -> str:
    return secrets.token_urlsafe(24)


class Feed(Owned):
    """An address at which programs read everything that concerns one person, until it is taken back."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    token = models.CharField(max_length=64, unique=True, default=new_token)
    label = models.CharField(max_length=80, blank=True)  # which program it was made for
    busy_only = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True)
    etag = models.CharField(max_length=32, blank=True)  # of what it last told
    changed_at = models.DateTimeField(default=timezone.now)  # when that was first told

    class Meta(Owned.Meta):
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["person", "revoked_at"], name="agenda_feeds_of")]

    def __str__(self) -> str:
        return self.label or str(self.pk)
