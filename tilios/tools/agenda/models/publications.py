"""What of the agenda anybody may see."""

from django.db import models
from django.utils import timezone

from tilios.core.people.models import Person
from tilios.core.structures.models import Owned
from tilios.tools.agenda.models.collections import Item


class Publication(Owned):
    """That a calendar is public, and how: its page is /s/<structure>/agenda/public/<slug>/."""

    calendar = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="publication")
    slug = models.SlugField(max_length=80)
    busy_only = models.BooleanField(default=False)
    takes_proposals = models.BooleanField(default=False)  # visitors may propose events
    made_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta(Owned.Meta):
        ordering = ["slug"]
        constraints = [models.UniqueConstraint(fields=["structure", "slug"], name="agenda_public_once")]

    def __str__(self) -> str:
        return self.slug
