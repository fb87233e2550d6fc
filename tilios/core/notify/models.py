"""Notifications people receive, what they chose, and the mail and push messages that leave."""

from allauth.usersessions.models import UserSession
from django.db import models
from django.utils import timezone

from tilios.core.people.models import Account, Person
from tilios.core.structures.models import Owned, Structure


class Notification(Owned):
    """Something a person should know, as shown in the page."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notifications")
    notice = models.CharField(max_length=60)  # "polls.opened"
    kind = models.CharField(max_length=60, blank=True)  # "polls.poll"
    target = models.BigIntegerField(null=True)
    actor = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    text = models.CharField(max_length=300)  # in the language of the person
    url = models.CharField(max_length=300)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    on_page = models.BooleanField(default=True)  # False: kept for the digest alone
    digest_due = models.BooleanField(default=False)

    #: Whether its reader may still see what it is about: said by queries.with_access, never stored.
    accessible = True

    generic_reference = ("kind", "target")

    class Meta(Owned.Meta):
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["person", "read_at", "-created_at"]),
            models.Index(fields=["structure", "person"], condition=models.Q(digest_due=True), name="digest_waiting"),
        ]

    def __str__(self) -> str:
        return self.text


class Choice(Owned):
    """Which channels a person wants for one notice; without a row, the tool's defaults hold."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notice_choices")
    notice = models.CharField(max_length=60)  # "polls.opened"
    channels = models.JSONField(default=list)  # of "page", "mail", "digest", "push"

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["person", "notice"], name="one_choice_a_notice")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.notice}"


class DigestDay(Owned):
    """The digests of this day have left: whoever makes the row sends them, so they never leave twice."""

    day = models.DateField()

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["structure", "day"], name="one_digest_a_day")]

    def __str__(self) -> str:
        return self.day.isoformat()


class Mail(models.Model):
    """A message to leave, or that has left. Global: invitations and resets belong to no structure's content."""

    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, null=True, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")
    sender = models.CharField(max_length=320)
    recipients = models.JSONField()
    subject = models.CharField(max_length=300)
    message = models.BinaryField()  # RFC 5322, as it leaves
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    problem = models.TextField(blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["sent_at", "next_try_at"])]

    def __str__(self) -> str:
        return self.subject


class Device(models.Model):
    """A browser that is told things even when Tilios is closed (Push API). Global: it serves its human everywhere.

    It hangs on the session in which it asked, so that signing that browser out forgets it.
    """

    session = models.OneToOneField(UserSession, on_delete=models.CASCADE, related_name="push_device")
    endpoint = models.CharField(max_length=1000, unique=True)  # an address at the push service; whoever has it may try
    p256dh = models.CharField(max_length=100)  # public key of the browser, base64url
    auth = models.CharField(max_length=40)  # secret shared with the browser, base64url
    created_at = models.DateTimeField(default=timezone.now)
    last_success_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)  # since the last success
    failing_since = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.session_id} {self.created_at:%Y-%m-%d}"


class Push(models.Model):
    """A message on its way to a device, gone once the push service has it. Global, as a Mail is."""

    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="+")
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="pushes")
    payload = models.JSONField()  # {"title", "body", "url", "tag", "lang"}, as the service worker reads it
    topic = models.CharField(max_length=32, blank=True)  # a later message of the same topic takes its place
    is_urgent = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "pushes"
        ordering = ["pk"]
        indexes = [models.Index(fields=["next_try_at"]), models.Index(fields=["expires_at"])]

    def __str__(self) -> str:
        return f"{self.device_id} {self.topic}"
