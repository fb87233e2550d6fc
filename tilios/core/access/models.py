"""Who may enter, by which key: role table of a structure, share links, visitors, app passwords, failed attempts."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.people.models import Account, Person, Role
from tilios.core.structures.models import Owned


class ActionRule(Owned):
    """A structure's own choice of the least role of an action; without a row, the tool's choice holds."""

    action = models.CharField(max_length=60)
    least = models.PositiveSmallIntegerField(choices=Role)

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["structure", "action"], name="one_rule_an_action")]

    def __str__(self) -> str:
        return f"{self.action} >= {self.least}"


class ActionGrant(Owned):
    """An action given to one person by name, whatever their role, until a day (included) or until it is taken back."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="grants")
    action = models.CharField(_("right"), max_length=60)
    until = models.DateField(_("until"), null=True, blank=True)
    given_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta(Owned.Meta):
        ordering = ["action", "person__sort_name"]
        constraints = [models.UniqueConstraint(fields=["person", "action"], name="one_grant_an_action")]

    def __str__(self) -> str:
        return f"{self.action} for {self.person_id}"


class ShareLink(Owned):
    """A link that opens one thing to whoever holds it, for one use ("vote", "read"…)."""

    token = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=60)  # "polls.poll"
    target = models.BigIntegerField()
    mode = models.CharField(max_length=30)  # a key of the kind's `shares`
    label = models.CharField(_("what the link is for"), max_length=80, blank=True)
    password = models.CharField(max_length=128, blank=True)  # hashed
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    max_visitors = models.PositiveIntegerField(_("how many people"), null=True, blank=True)
    visits = models.PositiveIntegerField(default=0)  # people who gave their name
    openings = models.PositiveIntegerField(default=0)  # of its page, where the tool counts them
    downloads = models.PositiveIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    #: (kind, target) names a row of any exported kind: the archive renumbers it.
    generic_reference = ("kind", "target")

    class Meta(Owned.Meta):
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["structure", "kind", "target"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.target} {self.mode}"

    @property
    def is_live(self) -> bool:
        """Neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > timezone.now())


class Visitor(Owned):
    """Somebody who came through a share link, remembered on their device by `key`."""

    link = models.ForeignKey(ShareLink, on_delete=models.CASCADE, related_name="visitors")
    key = models.CharField(max_length=64)  # SHA-256 of the secret kept in the device's cookie
    name = models.CharField(_("your name"), max_length=80)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["link", "key"], name="one_visitor_a_device")]

    def __str__(self) -> str:
        return self.name


class AppPassword(models.Model):
    """A random password for one program (calendar, files…): the only credential of every door but the web."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="app_passwords")
    digest = models.CharField(max_length=64, unique=True)  # SHA-256: the password is random, so a fast hash is right
    scope = models.CharField(_("what for"), max_length=20)
    label = models.CharField(_("which device or program"), max_length=80)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.label} ({self.scope})"


class DeviceRequest(models.Model):
    """A program that asks for an app password, which its owner grants in their browser (core/access/connecting.py)."""

    key = models.CharField(max_length=64, unique=True)  # SHA-256 of what is in the address of the page
    poll_key = models.CharField(max_length=64, unique=True)  # SHA-256 of what the program keeps
    label = models.CharField(max_length=80)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, related_name="+")  # once granted
    scope = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return self.label


class Attempts(models.Model):
    """Wrong passwords lately, by account, by network and by link: shared by every door and every process."""

    key = models.CharField(max_length=80, unique=True)
    failures = models.PositiveIntegerField(default=0)
    window_started_at = models.DateTimeField(default=timezone.now)
    blocked_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.key}: {self.failures}"
