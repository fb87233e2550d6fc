"""Accounts (one human's login) and persons (that human, or one without a login, in one structure)."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.people.roles import Role
from tilios.core.structures.models import Owned


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Account":
        account = self.model(email=email.strip().lower(), **fields)
        account.set_password(password)
        account.save()
        return account

    def get_by_natural_key(self, email: str | None) -> "Account":
        return self.get(email=(email or "").strip().lower())


class Theme(models.TextChoices):
    AUTO = "auto", _("Follow my device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")
    CONTRAST = "contrast", _("High contrast")


class Account(AbstractBaseUser):
    """The login of one human on this instance, whatever the structures they belong to."""

    email = models.EmailField(_("email"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=5, blank=True)
    theme = models.CharField(_("appearance"), max_length=10, choices=Theme, default=Theme.AUTO)
    shortcuts = models.BooleanField(_("keyboard shortcuts"), default=True)
    is_host = models.BooleanField(_("administrator of this instance"), default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = AccountManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name


class Status(models.TextChoices):
    ACTIVE = "active", _("Active")
    LEFT = "left", _("Has left")


class Person(Owned):
    """Somebody in one structure. Without `account` they have no login (yet, or ever)."""

    account = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="persons")
    display_name = models.CharField(_("name shown"), max_length=120)
    given_name = models.CharField(_("first name"), max_length=80, blank=True)
    family_name = models.CharField(_("last name"), max_length=80, blank=True)
    organisation = models.CharField(_("organisation"), max_length=120, blank=True)
    email = models.EmailField(_("email"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    mobile = models.CharField(_("mobile"), max_length=30, blank=True)
    street = models.TextField(_("address"), blank=True, max_length=300)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    town = models.CharField(_("town"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=60, blank=True)
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    note = models.TextField(_("private note"), blank=True, max_length=4000)
    role = models.PositiveSmallIntegerField(_("role"), choices=Role, default=Role.MEMBER)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ACTIVE)
    groups = models.ManyToManyField("people.Group", through="people.Membership", related_name="members")
    sort_name = models.CharField(max_length=160, blank=True)  # folded, for lists: "dupont camille"
    visit_ends_at = models.DateTimeField(null=True, blank=True)  # set for the host stepping in, for an hour
    created_at = models.DateTimeField(default=timezone.now)

    class Meta(Owned.Meta):
        ordering = ["sort_name", "pk"]
        indexes = [
            models.Index(fields=["structure", "sort_name"]),
            models.Index("structure", Lower("email"), name="person_by_email"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["structure", "account"], name="one_person_an_account_in_a_structure")
        ]

    def __str__(self) -> str:
        return self.display_name

    #: The person who acts for this one in the present request, or None (set by the guard, never stored).
    acted_by: "Person | None" = None

    @property
    def is_active(self) -> bool:
        return self.status == Status.ACTIVE and (self.visit_ends_at is None or self.visit_ends_at > timezone.now())


class Group(Owned):
    """People of a structure who do something together: a board, a workshop, a team."""

    name = models.CharField(_("name"), max_length=80)
    description = models.TextField(_("description"), blank=True, max_length=1000)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta(Owned.Meta):
        ordering = ["name"]
        constraints = [models.UniqueConstraint("structure", Lower("name"), name="one_group_a_name")]

    def __str__(self) -> str:
        return self.name


class Membership(Owned):
    """Somebody's place in a group."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="memberships")
    is_manager = models.BooleanField(_("manages the group"), default=False)

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["person", "group"], name="once_in_a_group")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.group_id}"


class Invitation(Owned):
    """A way in: one address, or a link (or its QR code) that several people may use."""

    token = models.CharField(max_length=64, unique=True)
    email = models.EmailField(_("email"), blank=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="invitations")
    role = models.PositiveSmallIntegerField(_("role"), choices=Role, default=Role.MEMBER)
    group = models.ForeignKey(Group, on_delete=models.SET_NULL, null=True, blank=True)
    message = models.TextField(_("message"), blank=True, max_length=1000)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    max_uses = models.PositiveIntegerField(_("how many people"), null=True, blank=True)
    uses = models.PositiveIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta(Owned.Meta):
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.email or 'link'} {self.created_at:%Y-%m-%d}"


class Mandate(Owned):
    """`person` lets `delegate` act for them: given on screen, or on paper and recorded by somebody."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="mandates_given")
    delegate = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="mandates_held")
    on_paper = models.BooleanField(_("signed on paper"), default=False)
    recorded_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("until"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(Owned.Meta):
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(person=models.F("delegate")), name="nobody_delegates_to_self")
        ]

    def __str__(self) -> str:
        return f"{self.delegate_id} for {self.person_id}"
