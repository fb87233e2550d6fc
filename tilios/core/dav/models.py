"""Locks, and the properties that programs store without anybody knowing what they mean."""

from django.db import models
from django.utils import timezone

from tilios.core.people.models import Person
from tilios.core.structures.models import Owned


class Lock(Owned):
    """Somebody keeps others from writing, for a time (RFC 4918, part 6)."""

    token = models.CharField(max_length=60, unique=True)  # urn:uuid:…
    kind = models.CharField(max_length=60)
    target = models.BigIntegerField()
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    is_shared = models.BooleanField(default=False)
    is_deep = models.BooleanField(default=False)
    root = models.CharField(max_length=4096)  # the address that was locked, as an href
    owner = models.TextField(blank=True, max_length=2000)  # XML the client gave, to be given back
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now)

    generic_reference = ("kind", "target")

    class Meta(Owned.Meta):
        indexes = [
            models.Index(fields=["structure", "kind", "target"], name="dav_lock_target"),
            models.Index(fields=["structure", "expires_at"], name="dav_lock_expiry"),
        ]

    def __str__(self) -> str:
        return f"{self.token} on {self.kind} {self.target}"

    @property
    def timeout_s(self) -> int:
        return max(0, round((self.expires_at - timezone.now()).total_seconds()))


class DeadProperty(Owned):
    """A property a program stored: kept as it was, given back as it was."""

    kind = models.CharField(max_length=60)
    target = models.BigIntegerField()
    name = models.CharField(max_length=500)  # {namespace}local
    xml = models.TextField(max_length=100_000)  # the whole element

    generic_reference = ("kind", "target")

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["structure", "kind", "target", "name"], name="one_value_a_dead_property")
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.kind} {self.target}"
