"""Ways in: invitations, and mandates to act for somebody."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.people.models.people import Group, Person
from tilios.core.people.roles import Role
from tilios.core.structures.models import Owned


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
    sent_at = models.DateTimeField(null=True, blank=True)  # when the last letter left, for one by mail
    created_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta(Owned.Meta):
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.email or 'link'} {self.created_at:%Y-%m-%d}"

    @property
    def state(self) -> str:
        """One of "open", "used", "expired", "revoked"."""
        if self.revoked_at:
            return "revoked"
        if self.max_uses is not None and self.uses >= self.max_uses:
            return "used"
        if self.expires_at and self.expires_at <= timezone.now():
            return "expired"
        return "open"

    @property
    def is_link(self) -> bool:
        return not self.email


class Mandate(Owned):
    """`person` lets `delegate` act for them: given on screen, or on paper and recorded by somebody."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="mandates_given")
    delegate = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="mandates_held")
    on_paper = models.BooleanField(_("signed on paper"), default=False)
    note = models.TextField(_("note"), blank=True, max_length=1000)  # where the paper is kept, why
    scan = models.ForeignKey("blobs.Blob", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("until"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta(Owned.Meta):
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(person=models.F("delegate")), name="nobody_delegates_to_self")
        ]

    def __str__(self) -> str:
        return f"{self.delegate_id} for {self.person_id}"

    @property
    def is_active(self) -> bool:
        return self.ended_at is None and (self.expires_at is None or self.expires_at > timezone.now())
