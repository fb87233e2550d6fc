"""Sessions, their statements, the voices that answer and the colours they give.

An answer is one small number (`scales.py`). A voice is whoever answers: a person, a guest, somebody invited, a sheet of
paper; in a secret session it is nobody, and only the device that gave it can find it again.
"""

import secrets
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tilios.core.access.models import Visitor
from tilios.core.people.models import Group, Person, Role
from tilios.core.structures.models import Owned
from tilios.tools.colours import scales


def random_number() -> int:
    """A row's number that says nothing of when it came."""
    # SECURITY: numbers in a row would tell, in a secret session, who answered what: see decision 0012.
    return 2**40 + secrets.randbelow(2**52 - 2**40)


class Identity(models.TextChoices):
    NAMED = "named", _("Answers bear names")
    PSEUDONYM = "pseudonym", _("Each chooses a pseudonym")
    SECRET = "secret", _("Answers are secret")


class Electorate(models.TextChoices):
    MEMBERS = "members", _("Everybody who has a role, or more")
    GROUP = "group", _("A group")
    LIST = "list", _("People I choose")
    NOBODY = "nobody", _("Only guests, through a link")


class Results(models.TextChoices):
    OPEN = "open", _("Seen at once")
    ANSWERED = "answered", _("Seen by each once they have answered")
    REVEALED = "revealed", _("Seen when the animator reveals them")
    CLOSED = "closed", _("Hidden from everybody until the close")


class Session(Owned):
    """A series of statements to which people answer with colours."""

    title = models.CharField(_("title"), max_length=160)
    introduction = models.TextField(_("introduction"), blank=True, max_length=8000)
    timezone = models.CharField(_("time zone"), max_length=60, default="Europe/Paris")
    scale = models.JSONField(default=dict)  # scales.Scale.to_json()
    author = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    identity = models.CharField(_("names"), max_length=10, choices=Identity, default=Identity.NAMED)
    electorate = models.CharField(_("who answers"), max_length=10, choices=Electorate, default=Electorate.MEMBERS)
    least_role = models.PositiveSmallIntegerField(_("least role"), choices=Role, default=Role.MEMBER)
    group = models.ForeignKey(Group, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    guests = models.BooleanField(_("guests may answer through a link"), default=True)
    results = models.CharField(_("results"), max_length=10, choices=Results, default=Results.ANSWERED)
    remarks = models.BooleanField(_("a remark may go with each answer"), default=True)

    deadline = models.DateTimeField(_("deadline"), null=True, blank=True)
    reminder_h = models.PositiveSmallIntegerField(_("reminder"), null=True, blank=True)  # hours before the deadline
    reminded_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(default=now)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    deleted_at = models.DateTimeField(null=True)

    current = models.ForeignKey("colours.Statement", on_delete=models.SET_NULL, null=True, related_name="+")
    timer_ends_at = models.DateTimeField(null=True)  # running
    timer_left_s = models.PositiveIntegerField(null=True)  # stopped, with so many seconds left
    version = models.BigIntegerField(default=random_number)  # another with every change: sums are kept under it

    class Meta(Owned.Meta):
        ordering = ["-opened_at", "-pk"]
        indexes = [
            models.Index(fields=["structure", "deleted_at", "closed_at", "-opened_at"], name="colours_by_state"),
            models.Index(fields=["structure", "closed_at", "deadline"], name="colours_by_deadline"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def levels(self) -> scales.Scale:
        return scales.Scale.from_json(self.scale)

    @property
    def is_open(self) -> bool:
        """Whether answers are taken now: the deadline counts even before the clock's work has closed the session."""
        if self.closed_at or self.deleted_at:
            return False
        return self.deadline is None or now() < self.deadline

    @property
    def is_secret(self) -> bool:
        return self.identity == Identity.SECRET


class Statement(Owned):
    """One thing to answer about."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="statements")
    position = models.PositiveIntegerField(default=0)
    text = models.CharField(_("statement"), max_length=300)
    explanation = models.CharField(_("explanation"), max_length=1000, blank=True)
    link = models.URLField(_("link"), blank=True, max_length=500)
    image = models.ForeignKey("blobs.Blob", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    revealed = models.BooleanField(default=False)  # by the animator

    class Meta(Owned.Meta):
        ordering = ["position", "pk"]
        indexes = [models.Index(fields=["session", "position"], name="colours_statements")]

    def __str__(self) -> str:
        return self.text


class Round(Owned):
    """One time people answer; a second round is compared with the first, and never mixed with it."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField(default=1)
    opened_at = models.DateTimeField(default=now)

    class Meta(Owned.Meta):
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["session", "number"], name="one_colour_round_a_number")]

    def __str__(self) -> str:
        return f"round {self.number} of {self.session_id}"


class College(Owned):
    """A part of those who answer, compared with the others; its voices may weigh more than one."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="colleges")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(pgettext_lazy("college", "name"), max_length=80)
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)
    group = models.ForeignKey(Group, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta(Owned.Meta):
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["session", "name"], name="one_colour_college_a_name")]

    def __str__(self) -> str:
        return self.name


class Entitled(Owned):
    """Somebody on the closed list of a session."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="entitled")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["session", "person"], name="once_on_a_colour_list")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.session_id}"


class Invited(Owned):
    """Somebody without an account asked by name: the token of their letter is their voice, on any device."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="invited")
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("address"), blank=True)
    college = models.ForeignKey(College, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    token = models.CharField(max_length=40, unique=True)
    sent_at = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "email"], condition=~Q(email=""), name="one_invitation_a_mail")
        ]

    def __str__(self) -> str:
        return self.name


class Origin(models.TextChoices):
    OWN = "own", _("answered by themselves")
    KEYED = "keyed", _("keyed in")
    IMPORTED = "imported", _("imported")


class Voice(Owned):
    """One who answers a session. In a secret one: no person, no guest, no name."""

    id = models.BigAutoField(primary_key=True, default=random_number)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="voices")
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    visitor = models.ForeignKey(Visitor, on_delete=models.SET_NULL, null=True, related_name="+")
    invited = models.ForeignKey(Invited, on_delete=models.SET_NULL, null=True, related_name="+")
    key = models.CharField(max_length=64, blank=True)  # secret sessions: keyed hash of what the device keeps
    name = models.CharField(_("name"), max_length=120, blank=True)  # or pseudonym
    name_key = models.CharField(max_length=120, blank=True)  # folded: one pseudonym, one keyed or imported voice a name
    college = models.ForeignKey(College, on_delete=models.SET_NULL, null=True, blank=True, related_name="voices")
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.OWN)
    keyed_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    acted_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    batch = models.CharField(max_length=24, blank=True)  # the import that brought it, to undo it

    class Meta(Owned.Meta):
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="one_voice_a_person"),
            models.UniqueConstraint(fields=["session", "visitor"], name="one_voice_a_visitor"),
            models.UniqueConstraint(fields=["session", "invited"], name="one_voice_an_invitation"),
            models.UniqueConstraint(fields=["session", "key"], condition=~Q(key=""), name="one_voice_a_device"),
            models.UniqueConstraint(fields=["session", "name_key"], condition=~Q(name_key=""), name="one_voice_a_name"),
        ]

    def __str__(self) -> str:
        return f"voice of session {self.session_id}"


class Roll(Owned):
    """In a secret session, that somebody answered a round: not when, not what."""

    id = models.BigAutoField(primary_key=True, default=random_number)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="roll")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    visitor = models.ForeignKey(Visitor, on_delete=models.CASCADE, null=True, related_name="+")
    invited = models.ForeignKey(Invited, on_delete=models.CASCADE, null=True, related_name="+")

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["round", "person"], name="once_on_a_colour_roll"),
            models.UniqueConstraint(fields=["round", "visitor"], name="guest_once_on_a_colour_roll"),
            models.UniqueConstraint(fields=["round", "invited"], name="invited_once_on_a_colour_roll"),
        ]

    def __str__(self) -> str:
        return f"answered {self.round_id}"


class Answer(Owned):
    """The colour a voice gave to a statement in a round: 0 the most favourable, WHITE, BLACK. It bears no time."""

    id = models.BigAutoField(primary_key=True, default=random_number)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="answers")
    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="answers")
    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="answers")
    value = models.SmallIntegerField()

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["round", "statement", "voice"], name="one_colour_an_answer")]
        indexes = [models.Index(fields=["voice", "round"], name="colours_of_a_voice")]

    def __str__(self) -> str:
        return f"{self.statement_id}: {self.value}"


class Remark(Owned):
    """A few words that go with an answer. `author` is whose they are, outside secret sessions."""

    id = models.BigAutoField(primary_key=True, default=random_number)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="remarks")
    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="remarks")
    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="remarks")
    author = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    text = models.CharField(_("remark"), max_length=500)
    discussed = models.BooleanField(default=False)

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["round", "statement", "voice"], name="one_remark_an_answer")]

    def __str__(self) -> str:
        return self.text[:60]


class Reminder(Owned):
    """Somebody was reminded of a session: never twice for one deadline."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="reminders")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["session", "person"], name="one_reminder_a_colour_session")]

    def __str__(self) -> str:
        return f"{self.person_id} of {self.session_id}"


class Taste(Owned):
    """The palette somebody reads best."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="+")
    palette = models.CharField(max_length=10)

    def __str__(self) -> str:
        return self.palette


def copy_of(statement: Statement) -> dict[str, Any]:
    """What makes a statement, for copying it into another session."""
    return {name: getattr(statement, name) for name in ("text", "explanation", "link", "image_id")}
