"""The journal: what happened, who did it, who read what.

Entries and seals are only ever added: the database itself refuses to change or remove them (see the migration). An
entry holds numbers, not names: erasing a person makes their entries anonymous without touching what was sealed.
"""

from django.db import models
from django.utils import timezone

from tilios.core.structures.models import Structure


class Entry(models.Model):
    """One thing that happened. `structure` is empty for what concerns the instance as a whole."""

    structure = models.ForeignKey(
        Structure, on_delete=models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    at = models.DateTimeField(default=timezone.now)
    verb = models.CharField(max_length=60)  # "polls.voted"
    door = models.CharField(max_length=12, default="web")  # web, link, dav, job, command, import
    actor = models.BigIntegerField(null=True)  # Person.pk, or empty: a visitor, the host, the machine
    account = models.BigIntegerField(null=True)  # Account.pk when no person acts (the host's administrator)
    on_behalf = models.BigIntegerField(null=True)  # Person.pk for whom the actor acted
    visitor = models.BigIntegerField(null=True)  # access.Visitor.pk, through a share link
    subject = models.BigIntegerField(null=True)  # Person.pk whose record was read or changed
    kind = models.CharField(max_length=60, blank=True)  # "polls.poll"
    target = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)  # numbers and words of the program, never personal data

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["structure", "-id"]),
            models.Index(fields=["structure", "kind", "target", "-id"]),
            models.Index(fields=["structure", "subject", "-id"]),
            models.Index(fields=["structure", "actor", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb}"


class Seal(models.Model):
    """The seal of a batch of entries: their numbers, the digest of each, and a hash over these and the seal before.

    One chain per structure, and one for the instance (no structure). See sealing.py for what is hashed, and
    docs/journal.md for what that proves.
    """

    structure = models.ForeignKey(
        Structure, on_delete=models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    number = models.PositiveIntegerField()
    entries = models.JSONField()  # numbers of the entries sealed, rising
    digests = models.JSONField()  # SHA-256 of each of them, in the same order: a seal names the entry that was altered
    highest = models.BigIntegerField()  # the highest number sealed so far in this chain
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["structure", "number"]
        constraints = [
            models.UniqueConstraint(fields=["structure", "number"], name="one_seal_a_number"),
            models.UniqueConstraint(
                fields=["number"], condition=models.Q(structure=None), name="one_instance_seal_a_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.structure_id or 'instance'} #{self.number}"
