"""Events that visitors of a public calendar propose."""

from django.db import models
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from tilios.core.people.models import Person
from tilios.core.structures.models import Owned
from tilios.tools.agenda.models.collections import Item
from tilios.tools.agenda.models.entries import Entry


class ProposalState(models.TextChoices):
    SENT = "sent", pgettext_lazy("of a proposal", "The address is still to be confirmed")
    WAITING = "waiting", pgettext_lazy("of a proposal", "Waits for an answer")
    ACCEPTED = "accepted", pgettext_lazy("of a proposal", "Accepted")
    REFUSED = "refused", pgettext_lazy("of a proposal", "Refused")


class Proposal(Owned):
    """An event that somebody without an account proposes. Nobody sees it before `email` has shown to be theirs."""

    calendar = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="proposals")
    title = models.CharField(max_length=200)
    start = models.DateTimeField()
    end = models.DateTimeField()  # of whole days: midnight of the day after
    is_all_day = models.BooleanField(default=False)
    place = models.CharField(max_length=300, blank=True)
    description = models.TextField(blank=True, max_length=5000)
    name = models.CharField(max_length=120)  # who proposes
    email = models.EmailField()
    state = models.CharField(max_length=10, choices=ProposalState, default=ProposalState.SENT)
    proposed_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    entry = models.ForeignKey(Entry, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta(Owned.Meta):
        ordering = ["proposed_at", "pk"]
        indexes = [models.Index(fields=["calendar", "state", "proposed_at"], name="agenda_proposals")]

    def __str__(self) -> str:
        return self.title
