"""Joining online: the forms of a structure, and those who ask to join."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tilios.core.blobs.models import Blob
from tilios.core.people.models import Person
from tilios.core.people.roles import Role
from tilios.core.structures.models import Owned
from tilios.tools.members.models.dues import Contribution, DuesKind, Rate
from tilios.tools.members.models.fields import Field
from tilios.tools.members.models.register import Record, RecordKind, Status

#: What a form may ask beside names and mail address; "address" is street, postcode and town.
ASKABLE = (
    "birth_date", "address", "phone", "mobile", "organisation", "title", "chosen_name", "birth_place", "profession",
    "website",
)  # fmt: skip
#: What they may agree to, each a box that nobody has ticked for them.
AGREEMENTS = ("in_directory", "in_public_list", "photos_allowed", "newsletter")


class JoinMode(models.TextChoices):
    AT_ONCE = "at_once", _("As soon as the address is confirmed")
    ACCEPTED = "accepted", _("Once somebody who keeps the register has accepted")


class Asking(models.TextChoices):
    NOT = "", pgettext_lazy("a field of a form", "Not asked")
    OPTIONAL = "optional", pgettext_lazy("a field of a form", "Asked")
    REQUIRED = "required", pgettext_lazy("a field of a form", "Must be filled")


def agreed_at_first() -> list[str]:
    return ["in_directory", "photos_allowed", "newsletter"]


def paid_at_first() -> list[str]:
    return ["transfer", "cheque"]


class JoinForm(Owned):
    """A page on which people ask to join, without an account. `asked`: {name of ASKABLE: Asking}.

    `consent_version` rises with each change of `consent_text`. Statutes are an address or a file sent with the form.
    """

    title = models.CharField(_("title"), max_length=120)
    slug = models.SlugField(_("end of its address"), max_length=60)
    introduction = models.TextField(_("introduction"), max_length=8000, blank=True)
    kinds = models.ManyToManyField(DuesKind, related_name="+", verbose_name=_("dues offered"))
    fields = models.ManyToManyField(Field, related_name="+", blank=True, verbose_name=_("fields of the register asked"))
    asked = models.JSONField(default=dict, blank=True)
    agreements = models.JSONField(_("what they may agree to"), default=agreed_at_first, blank=True)
    most_family = models.PositiveSmallIntegerField(_("people of the family who may join with them"), default=5)
    consent_text = models.TextField(_("what they agree to about their data"), max_length=4000, blank=True)
    consent_version = models.PositiveIntegerField(default=1)
    statutes_url = models.URLField(_("address of the statutes"), blank=True)
    statutes_file = models.ForeignKey(Blob, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    statutes_name = models.CharField(max_length=200, blank=True)
    mode = models.CharField(_("members are made"), max_length=10, choices=JoinMode, default=JoinMode.ACCEPTED)
    status = models.ForeignKey(
        Status,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("of a member", "status"),
    )
    role = models.PositiveSmallIntegerField(_("role"), choices=Role, default=Role.GUEST)
    invites = models.BooleanField(_("they are invited to open an account"), default=True)
    means = models.JSONField(_("how they may pay"), default=paid_at_first, blank=True)
    payment_words = models.TextField(_("how to pay, in your words"), max_length=2000, blank=True)
    welcome = models.TextField(_("words of the letter of welcome"), max_length=4000, blank=True)
    kept_days = models.PositiveSmallIntegerField(_("days during which what is refused is kept"), default=30)
    is_open = models.BooleanField(_("open"), default=True)
    opens_on = models.DateField(_("first day"), null=True, blank=True)
    closes_on = models.DateField(_("last day"), null=True, blank=True)

    class Meta(Owned.Meta):
        ordering = ["title", "pk"]
        constraints = [models.UniqueConstraint(fields=["structure", "slug"], name="members_one_form_an_address")]

    def __str__(self) -> str:
        return self.title

    @property
    def takes_applications(self) -> bool:
        today = timezone.localdate()
        return self.is_open and (self.opens_on or today) <= today <= (self.closes_on or today)

    @property
    def has_statutes(self) -> bool:
        return bool(self.statutes_url or self.statutes_file_id)


class ApplicationState(models.TextChoices):
    SENT = "sent", pgettext_lazy("of an application", "The address is still to be confirmed")
    WAITING = "waiting", pgettext_lazy("of an application", "Waits for an answer")
    ACCEPTED = "accepted", pgettext_lazy("of an application", "Accepted")
    REFUSED = "refused", pgettext_lazy("of an application", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("of an application", "Withdrawn")


class Application(Owned):
    """Somebody, and their family, who asks to join by a form. Nobody sees it before `email` has shown to be theirs.

    Keeps the words they agreed to, as they stood; `statutes` is the address accepted, or the name and SHA-256 of the
    file. Once accepted it goes with the `record` it made.
    """

    form = models.ForeignKey(JoinForm, on_delete=models.CASCADE, related_name="applications")
    email = models.EmailField()
    language = models.CharField(max_length=8, blank=True)  # of the page they filled in
    means = models.CharField(max_length=10, blank=True)
    times = models.PositiveSmallIntegerField(default=1)  # in how many times they wish to pay
    message = models.TextField(max_length=2000, blank=True)
    consent_text = models.TextField(max_length=4000, blank=True)
    consent_version = models.PositiveIntegerField(default=1)
    statutes = models.CharField(max_length=300, blank=True)
    agreed_at = models.DateTimeField(default=timezone.now)
    sent_again_at = models.DateTimeField(null=True)  # the letter to confirm, a second time: never a third
    confirmed_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=ApplicationState, default=ApplicationState.SENT)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    reason = models.TextField(max_length=2000, blank=True)  # why it was refused, as it was sent
    record = models.ForeignKey(Record, on_delete=models.CASCADE, null=True, related_name="applications")

    class Meta(Owned.Meta):
        ordering = ["agreed_at", "pk"]
        indexes = [models.Index(fields=["structure", "state", "agreed_at"], name="members_applications")]

    def __str__(self) -> str:
        return f"{self.form_id} {self.agreed_at:%Y-%m-%d}"

    @property
    def total_cents(self) -> int:
        return sum(one.amount_cents for one in self.applicants.all())


class Applicant(Owned):
    """One human or organisation of an application, the one who asks first: what the register would say of them.

    `said`: texts of the record and person by name. `answers`: those to fields of the structure by their key, as JSON
    has them. `amount_cents` was settled when they asked: the quotient it may come from is kept nowhere.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="applicants")
    order = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=12, choices=RecordKind, default=RecordKind.HUMAN)
    given_name = models.CharField(max_length=80, blank=True)
    family_name = models.CharField(max_length=80, blank=True)
    organisation = models.CharField(max_length=120, blank=True)
    birth_date = models.DateField(null=True)
    said = models.JSONField(default=dict, blank=True)
    answers = models.JSONField(default=dict, blank=True)
    in_directory = models.BooleanField(default=False)
    in_public_list = models.BooleanField(default=False)
    photos_allowed = models.BooleanField(default=False)
    newsletter = models.BooleanField(default=False)
    rate = models.ForeignKey(Rate, on_delete=models.PROTECT, related_name="+")
    amount_cents = models.PositiveIntegerField()
    record = models.ForeignKey(Record, on_delete=models.CASCADE, null=True, related_name="+")
    contribution = models.ForeignKey(Contribution, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta(Owned.Meta):
        ordering = ["application", "order", "pk"]

    def __str__(self) -> str:
        if self.kind == RecordKind.ORGANISATION and self.organisation:
            return self.organisation
        return f"{self.given_name} {self.family_name}".strip()
