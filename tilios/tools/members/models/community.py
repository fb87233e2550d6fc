"""What the structure decides of the figures of its community; its places and who waits for one, day by day."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from tilios.core.people.models import Group
from tilios.core.structures.models import Owned
from tilios.tools.members.models.fields import Field
from tilios.tools.members.models.joining import Application
from tilios.tools.members.models.register import Record, Status

LONGEST_WAIT = 730  # days


class CommunitySettings(Owned):
    """One row. `renewal_days` decides who is still a member, so that no reader chooses it: two ways of counting the
    same people would tell who is between them.
    """

    shown_to_members = models.BooleanField(_("all members see the figures"), default=False)
    renewal_days = models.PositiveSmallIntegerField(
        _("days to renew"), default=90, validators=[MaxValueValidator(LONGEST_WAIT)]
    )
    waiting_status = models.ForeignKey(
        Status,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("status of who waits"),
    )
    waiting_group = models.ForeignKey(
        Group, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("group of who waits")
    )
    sex_field = models.ForeignKey(
        Field, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("field of the sex")
    )

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["structure"], name="members_one_community_settings")]

    def __str__(self) -> str:
        return f"community of {self.structure_id}"


class PlacesCount(Owned):
    """How many places there are from a day on, until the next such day."""

    day = models.DateField(_("from"))
    places = models.PositiveIntegerField(_("places"))

    class Meta(Owned.Meta):
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["structure", "day"], name="members_one_count_of_places_a_day")]

    def __str__(self) -> str:
        return f"{self.places} from {self.day}"


class Wait(Owned):
    """That so many people waited from `first` until the day before `until`, None while they do: an application, or one
    member who has no place yet.

    It outlives its application, so that the figures of past months stay what they were, and names nobody then. It goes
    with a record, as the months in which they were a member do.
    """

    application = models.OneToOneField(Application, on_delete=models.SET_NULL, null=True, related_name="wait")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, null=True, related_name="waits")
    people = models.PositiveSmallIntegerField(default=1)
    first = models.DateField()
    until = models.DateField(null=True)

    class Meta(Owned.Meta):
        ordering = ["first", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("first")), name="members_waits_forwards"
            ),
            models.UniqueConstraint(
                fields=["record"], condition=models.Q(until=None), name="members_one_wait_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.people} from {self.first}"
