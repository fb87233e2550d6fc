"""Polls, their options, the ballots cast and the marks on them.

A ballot holds one mark an option, a whole number whose meaning belongs to the kind of ballot (`ballots/`): a new kind
needs no change here.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from tilios.core.access.models import Visitor
from tilios.core.people.models import Group, Person, Role
from tilios.core.structures.models import Owned
from tilios.tools.polls import moments


class PollKind(models.TextChoices):
    DATES = "dates", _("Find a date")
    CHOICE = "choice", _("Choose among options")


class Electorate(models.TextChoices):
    MEMBERS = "members", _("Everybody who has a role, or more")
    GROUP = "group", _("A group")
    LIST = "list", _("People I choose")
    NOBODY = "nobody", _("Only guests, through a link")


class Results(models.TextChoices):
    OPEN = "open", _("Seen at once")
    VOTED = "voted", _("Seen by each once they have voted")
    CLOSED = "closed", _("Hidden from everybody until the close")


class Names(models.TextChoices):
    SHOWN = "shown", _("Everybody sees who voted what")
    KEEPERS = "keepers", _("Only whoever runs the poll sees who voted what")


class Heads(models.TextChoices):
    HEADS = "heads", _("One person is one")
    WEIGHTS = "weights", _("Each person counts for their voices")


class Majority(models.TextChoices):
    RELATIVE = "relative", _("Relative majority: more for than against, or the most voices")
    ABSOLUTE = "absolute", _("Absolute majority: more than half")
    TWO_THIRDS = "2/3", _("Two thirds")
    THREE_QUARTERS = "3/4", _("Three quarters")
    FOUR_FIFTHS = "4/5", _("Four fifths")


class Base(models.TextChoices):
    EXPRESSED = "expressed", _("Voices expressed, blank votes left out")
    PRESENT = "present", _("People present or represented")
    ENTITLED = "entitled", _("Everybody on the roll")


class Poll(Owned):
    """A question put to people, from its opening to its outcome."""

    title = models.CharField(_("question"), max_length=160)
    description = models.TextField(_("description"), blank=True, max_length=8000)
    kind = models.CharField(max_length=10, choices=PollKind)
    ballot = models.CharField(_("how people answer"), max_length=20)  # a slug of `ballots`
    ballot_rules = models.JSONField(default=dict)  # the ballot's own settings: {"max": 3}
    timezone = models.CharField(_("time zone"), max_length=60, default="Europe/Paris")

    author = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    electorate = models.CharField(_("who votes"), max_length=10, choices=Electorate, default=Electorate.MEMBERS)
    least_role = models.PositiveSmallIntegerField(_("least role"), choices=Role, default=Role.MEMBER)
    group = models.ForeignKey(Group, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    guests = models.BooleanField(_("guests may vote through a link"), default=True)
    guests_comment = models.BooleanField(_("guests may comment"), default=True)
    results = models.CharField(_("results"), max_length=10, choices=Results, default=Results.OPEN)
    names = models.CharField(_("names"), max_length=10, choices=Names, default=Names.SHOWN)
    proposals = models.BooleanField(_("voters may propose options"), default=False)
    places = models.PositiveIntegerField(_("places for each option"), null=True, blank=True)

    deadline = models.DateTimeField(_("deadline"), null=True, blank=True)
    reminder_h = models.PositiveSmallIntegerField(_("reminder"), null=True, blank=True)  # hours before the deadline
    reminded_at = models.DateTimeField(null=True)

    opened_at = models.DateTimeField(default=now)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    outcome = models.TextField(_("outcome"), blank=True, max_length=2000)
    chosen = models.ForeignKey("polls.Option", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    review_on = models.DateField(_("review date"), null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)

    follows = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="next_rounds"
    )  # the round before, of a decision by consent
    round_number = models.PositiveSmallIntegerField(default=1)
    seed_source = models.CharField(_("where the seed of the draw comes from"), max_length=200, blank=True)
    seed = models.CharField(_("seed of the draw"), max_length=200, blank=True)
    formal = models.BooleanField(_("formal vote"), default=False)
    secret = models.BooleanField(_("secret ballot"), default=False)
    quorum = models.CharField(_("quorum"), max_length=20, blank=True)  # "1/3", "25%" or "30"; see thresholds.Quorum
    quorum_by = models.CharField(_("how the quorum is counted"), max_length=10, choices=Heads, default=Heads.HEADS)
    majority = models.CharField(_("majority"), max_length=10, choices=Majority, default=Majority.RELATIVE)
    base = models.CharField(_("counted on"), max_length=10, choices=Base, default=Base.EXPRESSED)
    most_proxies = models.PositiveSmallIntegerField(_("proxies one person may hold"), default=2)

    event_kind = models.CharField(max_length=60, blank=True)  # what the chosen date became, in another tool
    event_target = models.BigIntegerField(null=True)

    #: (kind, target) names a row of any exported kind: the archive renumbers it.
    generic_reference = ("event_kind", "event_target")

    class Meta(Owned.Meta):
        ordering = ["-opened_at", "-pk"]
        indexes = [
            models.Index(fields=["structure", "deleted_at", "closed_at", "-opened_at"]),
            models.Index(fields=["structure", "closed_at", "deadline"]),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def is_open(self) -> bool:
        """Whether votes are taken now: the deadline counts even before the clock's work has closed the poll."""
        return not (self.archived_at or self.deleted_at or self.is_over)

    @property
    def is_over(self) -> bool:
        """Whether it has been closed, or its deadline is past: a deleted poll that took votes is not over."""
        return bool(self.closed_at) or (self.deadline is not None and now() >= self.deadline)

    @property
    def is_dates(self) -> bool:
        return self.kind == PollKind.DATES


class Entitled(Owned):
    """Somebody on the closed list of a poll."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="entitled")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["poll", "person"], name="once_on_a_poll_list")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.poll_id}"


class Option(Owned):
    """One thing to choose: a day, hours of a day, or anything with words, a picture, a file or a link."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="options")
    position = models.PositiveIntegerField(default=0)
    label = models.CharField(_("option"), max_length=200, blank=True)
    day = models.DateField(_("day"), null=True, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True)  # with hours; `day` is then its day in the poll's zone
    ends_at = models.DateTimeField(null=True, blank=True)
    link = models.URLField(_("link"), blank=True, max_length=500)
    image = models.ForeignKey("blobs.Blob", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    file = models.ForeignKey("blobs.Blob", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    file_name = models.CharField(max_length=200, blank=True)
    proposed_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    proposed_as = models.CharField(max_length=120, blank=True)  # the name of a guest who proposed it

    class Meta(Owned.Meta):
        ordering = ["position", "pk"]
        indexes = [models.Index(fields=["poll", "position"])]

    def __str__(self) -> str:
        return self.label or str(self.starts_at or self.day or self.pk)

    def name_in(self, tz: ZoneInfo, *, short: bool = False, full: bool = False) -> str:
        """How the option is called, its hours told in `tz`."""
        return moments.name(self, tz, short=short, full=full)


class Origin(models.TextChoices):
    OWN = "own", _("Cast in person")
    LINK = "link", _("Cast through a link")
    KEYED = "keyed", _("Keyed in")
    IMPORTED = "imported", _("Imported")
    PAPER = "paper", _("On paper, without a name")


class Ballot(Owned):
    """One voter's answer: a person, a visitor of a share link, or a bare name that somebody keyed in."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="ballots")
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    visitor = models.ForeignKey(Visitor, on_delete=models.SET_NULL, null=True, related_name="+")
    name = models.CharField(_("name"), max_length=120, blank=True)  # of those who are no person of the structure
    name_key = models.CharField(max_length=120, blank=True)  # folded: one keyed or imported ballot a name
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.OWN)
    keyed_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    acted_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    voter = models.OneToOneField("polls.Voter", on_delete=models.SET_NULL, null=True, related_name="ballot")
    weight = models.PositiveIntegerField(default=1)  # of a sheet of paper, which has no voter; else the voter's counts
    college = models.ForeignKey("polls.College", on_delete=models.SET_NULL, null=True, related_name="+")  # the same
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    sheet = models.CharField(max_length=40, blank=True)  # the form a guest sent: sent twice, it is one ballot
    cast_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        ordering = ["cast_at", "pk"]
        indexes = [models.Index(fields=["poll", "cast_at", "id"])]
        constraints = [
            models.UniqueConstraint(fields=["poll", "person"], name="one_ballot_a_person"),
            models.UniqueConstraint(fields=["poll", "visitor"], name="one_ballot_a_visitor"),
            models.UniqueConstraint(fields=["poll", "name_key"], condition=~Q(name_key=""), name="one_ballot_a_name"),
            models.UniqueConstraint(fields=["poll", "sheet"], condition=~Q(sheet=""), name="one_ballot_a_sheet"),
        ]

    def __str__(self) -> str:
        return f"ballot {self.pk} of poll {self.poll_id}"

    @property
    def last_change(self) -> datetime:
        return self.changed_at or self.cast_at

    @property
    def voter_name(self) -> str:
        if self.person:
            return self.person.display_name
        return self.name or (self.voter.name if self.voter else "") or str(_("Anonymous"))

    @property
    def spoken_for(self) -> list[str]:
        """Those whose proxy its voter holds and who have not voted themselves, where queries.ballots_of read it."""
        givers = self.voter.givers.all() if self.voter else ()
        return [giver.display_name for giver in givers if not giver.voted]


class Mark(Owned):
    """What a ballot says of one option; no mark where the voter said nothing."""

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="marks")
    option = models.ForeignKey(Option, on_delete=models.CASCADE, related_name="marks")
    value = models.IntegerField()
    reason = models.CharField(_("reason"), max_length=300, blank=True)  # why, where the kind of ballot asks for it

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["ballot", "option"], name="one_mark_an_option")]
        indexes = [models.Index(fields=["option", "value"])]

    def __str__(self) -> str:
        return f"{self.option_id}: {self.value}"


class Reminder(Owned):
    """Somebody was reminded of a poll: never twice for one deadline."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="reminders")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    sent_at = models.DateTimeField(default=now)

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["poll", "person"], name="one_reminder_a_poll")]

    def __str__(self) -> str:
        return f"{self.person_id} of {self.poll_id}"


def snapshot(option: Option) -> dict[str, Any]:
    """What makes an option, for copying it into another poll."""
    names = ("label", "day", "starts_at", "ends_at", "link", "image_id", "file_id", "file_name")
    return {name: getattr(option, name) for name in names}
