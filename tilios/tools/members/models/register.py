"""The register: one record for each member, a human or an organisation, beside their Person."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tilios.core.blobs.models import Blob
from tilios.core.people.models import Group, Person
from tilios.core.structures.models import Owned


class RecordKind(models.TextChoices):
    HUMAN = "human", _("Person")
    ORGANISATION = "organisation", _("Organisation")


class Status(Owned):
    """What somebody is in the association by its statutes: active, honorary, founder, benefactor…"""

    name = models.CharField(_("name"), max_length=80)
    is_exempt = models.BooleanField(_("owes no membership dues"), default=False)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta(Owned.Meta):
        ordering = ["order", "name"]
        constraints = [models.UniqueConstraint(fields=["structure", "name"], name="members_one_status_a_name")]

    def __str__(self) -> str:
        return self.name


class Family(Owned):
    """People of one household: they share letters, rates for families and, often, who pays."""

    name = models.CharField(_("name"), max_length=120)

    class Meta(Owned.Meta):
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Record(Owned):
    """A member, or somebody who was or asks to be one. Name, addresses, phones and birth date are those of `person`.

    An organisation has a Person too, without login: groups, letters and payments treat both alike. `payer` pays the
    dues of this record; by default everybody pays their own.
    """

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="member_record")
    kind = models.CharField(max_length=12, choices=RecordKind, default=RecordKind.HUMAN)
    number = models.CharField(_("number"), max_length=20)
    chosen_name = models.CharField(_("chosen name"), max_length=120, blank=True)
    title = models.CharField(_("form of address"), max_length=40, blank=True)
    profession = models.CharField(_("profession"), max_length=120, blank=True)
    language = models.CharField(_("language of letters"), max_length=8, blank=True)
    website = models.URLField(_("website"), blank=True)
    other_emails = models.JSONField(_("other email addresses"), default=list, blank=True)
    birth_place = models.CharField(_("place of birth"), max_length=100, blank=True)
    siret = models.CharField(_("SIRET or RNA number"), max_length=20, blank=True)
    head_count = models.PositiveIntegerField(_("number of people"), null=True, blank=True)  # of an organisation
    public_note = models.TextField(_("note that they read"), max_length=4000, blank=True)
    photo = models.ForeignKey(
        Blob, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("photograph")
    )
    status = models.ForeignKey(
        Status,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="records",
        verbose_name=pgettext_lazy("of a member", "status"),
    )
    family = models.ForeignKey(Family, on_delete=models.SET_NULL, null=True, blank=True, related_name="records")
    payer = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="pays_for")
    is_exempt = models.BooleanField(_("owes no membership dues"), default=False)
    in_directory = models.BooleanField(_("shown to the other members"), default=False)
    in_public_list = models.BooleanField(_("shown in the public list"), default=False)
    photos_allowed = models.BooleanField(_("may be seen on photographs"), default=False)
    newsletter = models.BooleanField(_("receives the newsletter"), default=False)
    joined_on = models.DateField(_("member since"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    leaving_reason = models.CharField(_("reason for leaving"), max_length=200, blank=True)
    #: The last day covered by their membership dues, whatever the kind: None, never paid; 9999-12-31, for life.
    due_on = models.DateField(_("dues paid until"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta(Owned.Meta):
        ordering = ["person__sort_name", "pk"]
        constraints = [models.UniqueConstraint(fields=["structure", "number"], name="members_one_record_a_number")]
        indexes = [
            models.Index(fields=["structure", "due_on"], name="members_by_due_day"),
            models.Index(fields=["structure", "left_on"], name="members_by_leaving_day"),
            models.Index(fields=["structure", "joined_on"], name="members_by_joining_day"),
        ]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def owes_dues(self) -> bool:
        return not (self.is_exempt or (self.status is not None and self.status.is_exempt))


class Affiliation(Owned):
    """Somebody's place in a member organisation. One who is a contact receives its letters."""

    organisation = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="affiliations")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="organisations")
    title = models.CharField(_("role there"), max_length=80, blank=True)
    is_contact = models.BooleanField(_("receives its letters"), default=False)

    class Meta(Owned.Meta):
        ordering = ["organisation", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "record"], name="members_one_place_in_an_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} in {self.organisation_id}"


class Office(Owned):
    """A charge that people are elected to: president, treasurer. Its holder is in `group`, and may do `actions`."""

    name = models.CharField(_("name"), max_length=80)
    actions = models.JSONField(_("rights"), default=list, blank=True)  # given by name: core/access/grants
    group = models.ForeignKey(Group, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta(Owned.Meta):
        ordering = ["order", "name"]
        constraints = [models.UniqueConstraint(fields=["structure", "name"], name="members_one_office_a_name")]

    def __str__(self) -> str:
        return self.name


class Term(Owned):
    """Somebody's time in an office, from a day to another; `ends_on` None while nobody has said when it ends.

    `in_group`: it put its holder in the group of the office, and takes them out at its end. `gave`: the rights that it
    gave, and takes back; what its holder has by other ways is not in it.
    """

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="terms")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="terms")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    note = models.CharField(_("decided by"), max_length=200, blank=True)
    in_group = models.BooleanField(default=False)
    gave = models.JSONField(default=list)

    class Meta(Owned.Meta):
        ordering = ["-starts_on", "-pk"]
        indexes = [models.Index(fields=["structure", "ends_on"], name="members_terms_by_end")]

    def __str__(self) -> str:
        return f"{self.office} {self.starts_on}"


class NotSame(Owned):
    """That two records which look alike are not the same: never proposed again. `first` has the lower number."""

    first = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="members_not_same_once")]

    def __str__(self) -> str:
        return f"{self.first_id} ≠ {self.second_id}"


#: What the public list may show of those who wish to be in it, beside their name.
PUBLIC_FIELDS = ("photo", "organisation", "profession", "town", "website", "joined_on")


def shown_at_first() -> list[str]:
    return ["organisation", "town", "website"]


class RegisterSettings(Owned):
    """What the structure decides of its register as a whole: one row."""

    last_number = models.PositiveIntegerField(default=0)  # of the numbers given by the register itself
    members_change_own = models.BooleanField(_("members change their own record"), default=True)
    has_public_list = models.BooleanField(_("the list of who wishes it is public"), default=False)
    public_fields = models.JSONField(_("what the public list shows"), default=shown_at_first, blank=True)
    is_indexed = models.BooleanField(_("search engines may find the public list"), default=False)
    card_tells = models.BooleanField(_("whoever scans a member card reads whether it is valid"), default=False)

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["structure"], name="members_one_settings")]

    def __str__(self) -> str:
        return f"register of {self.structure_id}"
