"""Comments and reactions on anything a tool declares as a kind."""

from django.db import models
from django.utils import timezone

from tilios.core.access.models import Visitor
from tilios.core.people.models import Person
from tilios.core.structures.models import Owned


class Comment(Owned):
    """What somebody says about a thing: a person, or a visitor who came by a share link."""

    kind = models.CharField(max_length=60)
    target = models.BigIntegerField()
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="replies")
    author = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="comments")
    acted_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    visitor = models.ForeignKey(Visitor, on_delete=models.SET_NULL, null=True, related_name="comments")
    text = models.TextField(max_length=5000)
    mentions = models.ManyToManyField(Person, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    #: (kind, target) names a row of any exported kind: the archive renumbers it.
    generic_reference = ("kind", "target")

    class Meta(Owned.Meta):
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["structure", "kind", "target", "created_at"])]

    def __str__(self) -> str:
        return self.text[:60]


class Reaction(Owned):
    """One sign from one person on a comment."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="reactions")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    sign = models.CharField(max_length=8)

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["comment", "person", "sign"], name="one_reaction_a_sign")]

    def __str__(self) -> str:
        return self.sign
