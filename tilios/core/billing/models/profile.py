"""What a structure says of itself on its papers, and how its accounts are kept."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from tilios.core.people.models import Person
from tilios.core.structures.models import Owned

LONGEST_NOTICE = 60  # days


class BillingProfile(Owned):
    """One a structure. Whoever writes about money locks it first: writes of one structure follow one another."""

    legal_name = models.CharField(_("legal name"), max_length=160)
    street = models.TextField(_("address"), blank=True, max_length=300)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    town = models.CharField(_("town"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=2, default="FR")
    siren = models.CharField(_("SIREN number"), max_length=9, blank=True)
    rna = models.CharField(_("RNA number"), max_length=10, blank=True)
    register = models.CharField(_("entry in the register of a court (Alsace-Moselle)"), max_length=120, blank=True)
    purpose = models.TextField(_("purpose"), blank=True, max_length=600)
    vat_number = models.CharField(_("VAT number"), max_length=16, blank=True)
    vat_exemption = models.CharField(_("why there is no VAT"), max_length=200, blank=True)
    iban = models.CharField(_("IBAN"), max_length=34, blank=True)
    bic = models.CharField(_("BIC"), max_length=11, blank=True)
    creditor_id = models.CharField(_("SEPA creditor identifier"), max_length=35, blank=True)
    #: Before a debit its payer is told of it: fourteen days unless both agreed to another time (SEPA rulebook, 4.3).
    notice_days = models.PositiveSmallIntegerField(
        _("days of notice before a direct debit"),
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_NOTICE)],
    )
    fiscal_month = models.PositiveSmallIntegerField(
        _("first month of the fiscal year"), default=1, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    accounts = models.JSONField(default=dict)  # use -> account number, where it is not the usual one
    signatory_name = models.CharField(_("who signs"), max_length=120, blank=True)
    signatory_quality = models.CharField(_("in what quality"), max_length=120, blank=True)
    signature = models.ForeignKey(
        "blobs.Blob", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("signature")
    )
    wealth_tax_gifts = models.BooleanField(_("gifts may be deducted from the wealth tax (article 978)"), default=False)
    #: Whoever declares that the structure is of general interest answers for it: without it, no tax receipt.
    general_interest_on = models.DateField(null=True)
    general_interest_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    general_interest_name = models.CharField(max_length=120, blank=True)  # of whoever declared it

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["structure"], name="one_billing_profile")]

    def __str__(self) -> str:
        return self.legal_name
