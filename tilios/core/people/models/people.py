"""Persons (a human in one structure, with or without a login) and their groups."""

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.people.models.accounts import Account
from tilios.core.people.roles import Role
from tilios.core.structures.models import Owned


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
    left_at = models.DateTimeField(null=True, blank=True)
    sort_name = models.CharField(max_length=160, blank=True)  # folded, for lists: "dupont  camille"
    search_text = models.CharField(max_length=400, blank=True)  # folded names, for the search of the list
    search_details = models.CharField(max_length=400, blank=True)  # folded address, town, digits: for who sees them
    visit_ends_at = models.DateTimeField(null=True, blank=True)  # set for the host stepping in, for an hour
    #: What they let everybody of the structure see, beside their name. Nobody else decides it.
    shares_email = models.BooleanField(_("my email"), default=False)
    shares_phones = models.BooleanField(_("my telephone numbers"), default=False)
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
