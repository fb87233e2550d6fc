"""What the portal keeps of each person."""

from django.db import models

from tilios.core.people.models import Person
from tilios.core.structures.models import Owned


class HomeLayout(Owned):
    """How a person has arranged their home: which cards are away, and the order of the others."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="+")
    order = models.JSONField(default=list)  # names of widgets; those not named come after, in the order of the menu
    hidden = models.JSONField(default=list)  # names of widgets

    def __str__(self) -> str:
        return f"home of {self.person_id}"
