"""A formal vote: its roll, its colleges, secret ballots kept apart from the roll, paper keyed in twice."""

import secrets

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tilios.core.access.models import Visitor
from tilios.core.people.models import Person
from tilios.core.structures.models import Owned
from tilios.tools.polls.models.polls import Poll


class College(Owned):
    """A part of the roll; with a `share`, its ballots together weigh that percentage of the result."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="colleges")
    name = models.CharField(_("college"), max_length=80)
    share = models.DecimalField(_("share"), max_digits=5, decimal_places=2, null=True, blank=True)  # percent
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(Owned.Meta):
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["poll", "name"], name="one_college_a_name")]

    def __str__(self) -> str:
        return self.name


class Voter(Owned):
    """A line of the roll, frozen at the opening: a person, a visitor of a link, or a bare name.

    `voted` is a tick, as on paper: no time is kept, so that the roll says who voted and nothing of the order.
    """

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="roll")
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    visitor = models.ForeignKey(Visitor, on_delete=models.SET_NULL, null=True, related_name="+")
    name = models.CharField(_("name"), max_length=120, blank=True)  # of those who are no person of the structure
    name_key = models.CharField(max_length=120, blank=True)  # folded: one line a name
    weight = models.PositiveIntegerField(_("voices"), default=1)
    college = models.ForeignKey(College, on_delete=models.SET_NULL, null=True, related_name="voters")
    delegate = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="givers")
    present = models.BooleanField(_("present"), default=False)
    voted = models.BooleanField(_("has voted"), default=False)
    on_paper = models.BooleanField(_("voted on paper"), default=False)
    sheet = models.CharField(max_length=64, blank=True)  # hash of the form a guest sent: sent twice, it is one voter

    class Meta(Owned.Meta):
        ordering = ["pk"]
        indexes = [models.Index(fields=["poll", "voted"])]
        constraints = [
            models.UniqueConstraint(fields=["poll", "person"], name="once_on_a_roll"),
            models.UniqueConstraint(fields=["poll", "visitor"], name="one_visitor_on_a_roll"),
            models.UniqueConstraint(fields=["poll", "name_key"], condition=~Q(name_key=""), name="one_name_on_a_roll"),
            models.UniqueConstraint(fields=["poll", "sheet"], condition=~Q(sheet=""), name="one_sheet_on_a_roll"),
            models.CheckConstraint(condition=Q(weight__gte=1), name="a_voter_has_a_voice"),
        ]

    def __str__(self) -> str:
        return f"line {self.pk} of the roll of {self.poll_id}"

    @property
    def display_name(self) -> str:
        if self.person:
            return self.person.display_name
        return self.name or str(_("Somebody erased"))


def random_number() -> int:
    """A number that says nothing of when it was given."""
    return secrets.randbits(48) + 1


class SecretBallot(Owned):
    """One voice of a secret vote, and nothing that says whose.

    SECURITY: never add here a person, a visitor, a moment, a remark, nor anything that counts up. The number is drawn
    at random, and ballots are stirred at each vote (actions/secret.py): neither numbers nor the order of rows tell
    which came last. `weight` and `college` are those of a class of five voters at least.
    """

    id = models.BigAutoField(primary_key=True, default=random_number)
    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="secret_ballots")
    marks = models.JSONField()  # one value an option, by position; null where nothing was said
    weight = models.PositiveIntegerField(default=1)
    college = models.ForeignKey(College, on_delete=models.SET_NULL, null=True, related_name="+")
    receipt = models.CharField(max_length=64)  # SHA-256 of the code its voter holds

    class Meta(Owned.Meta):
        ordering = ["receipt"]
        constraints = [models.UniqueConstraint(fields=["poll", "receipt"], name="one_ballot_a_receipt")]

    def __str__(self) -> str:
        return "a secret ballot"


class PaperBatch(Owned):
    """Sheets of paper of one class of voters, keyed in by two people who do not see each other's work."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="batches")
    label = models.CharField(_("what it is called"), max_length=80)
    sheets = models.PositiveSmallIntegerField(_("number of sheets"))
    college = models.ForeignKey(College, on_delete=models.SET_NULL, null=True, related_name="+")
    weight = models.PositiveIntegerField(default=1)
    first_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    second_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    entered = models.BooleanField(default=False)

    class Meta(Owned.Meta):
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.label


class PaperSheet(Owned):
    """What one of the two read on a sheet; forgotten when the batch enters a secret vote."""

    batch = models.ForeignKey(PaperBatch, on_delete=models.CASCADE, related_name="readings")
    number = models.PositiveSmallIntegerField()
    reading = models.PositiveSmallIntegerField()  # 1 or 2
    marks = models.JSONField()  # as in SecretBallot

    class Meta(Owned.Meta):
        ordering = ["number", "reading"]
        constraints = [models.UniqueConstraint(fields=["batch", "number", "reading"], name="one_reading_a_sheet")]

    def __str__(self) -> str:
        return f"sheet {self.number} of batch {self.batch_id}"
