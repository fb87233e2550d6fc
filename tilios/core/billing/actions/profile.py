"""Say what the structure is on its papers, and that it is of general interest."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum import bic as bics
from stdnum import exceptions
from stdnum import iban as ibans
from stdnum.eu import at_02, vat

from tilios.core.access.roles import may
from tilios.core.billing.ledger import accounts, books
from tilios.core.billing.models import BillingProfile, LedgerEntry
from tilios.core.billing.models.profile import LONGEST_NOTICE
from tilios.core.billing.naming import name_of
from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.kit import ids
from tilios.kit.refusals import Refusal

WRITTEN = (
    "legal_name", "street", "postcode", "town", "country", "siren", "rna", "register", "purpose", "vat_number",
    "vat_exemption", "iban", "bic", "creditor_id", "notice_days", "fiscal_month", "accounts", "signatory_name",
    "signatory_quality", "signature", "wealth_tax_gifts",
)  # fmt: skip


@transaction.atomic
def save_profile(*, by: Person, **values: Any) -> BillingProfile:
    """Change what `values` names of the profile; numbers are checked, and kept in their bare form.

    Publishes "billing.profile_changed"; raises NotAllowed, Invalid(field), Conflict for the first month of the fiscal
    year once there are entries.
    """
    require(may(by, "billing.settings"))
    if unknown := set(values) - set(WRITTEN):
        raise TypeError(f"not of the profile: {sorted(unknown)}")
    profile = books.lock()
    for field, value in values.items():
        setattr(profile, field, _checked(field, value))
    if not profile.legal_name:
        raise Invalid("legal_name", _("Please give a name."))
    month = BillingProfile.objects.values_list("fiscal_month", flat=True).get(pk=profile.pk)
    if profile.fiscal_month != month and LedgerEntry.objects.exists():
        raise Conflict(_("The fiscal year cannot change once there are entries."))
    profile.save(update_fields=list(values))
    publish("billing.profile_changed", by=by, target=profile, fields=sorted(values))
    return profile


@transaction.atomic
def declare_general_interest(*, by: Person) -> BillingProfile:
    """`by` declares that the structure may give tax receipts (articles 200 and 238 bis of the CGI), and answers for it.

    Publishes "billing.general_interest_declared"; raises NotAllowed, Conflict when the papers would lack what the law
    asks: an address, a SIREN, RNA or court number, a purpose.
    """
    require(may(by, "billing.settings"))
    profile = books.lock()
    if not (profile.siren or profile.rna or profile.register):
        raise Conflict(_("A tax receipt must bear the SIREN or RNA number: give it first."))
    if not (profile.street and profile.postcode and profile.town and profile.purpose):
        raise Conflict(_("A tax receipt must bear the address and the purpose of the structure: give them first."))
    profile.general_interest_on = timezone.localdate()
    profile.general_interest_by, profile.general_interest_name = by, name_of(by)[:120]
    profile.save(update_fields=["general_interest_on", "general_interest_by", "general_interest_name"])
    publish("billing.general_interest_declared", by=by, target=profile)
    return profile


@transaction.atomic
def withdraw_general_interest(*, by: Person) -> BillingProfile:
    """No tax receipt is given any more; those there are stay. Publishes "billing.general_interest_withdrawn"."""
    require(may(by, "billing.settings"))
    profile = books.lock()
    profile.general_interest_on, profile.general_interest_by, profile.general_interest_name = None, None, ""
    profile.save(update_fields=["general_interest_on", "general_interest_by", "general_interest_name"])
    publish("billing.general_interest_withdrawn", by=by, target=profile)
    return profile


def _checked(field: str, value: Any) -> Any:
    """The value as it is kept. Raises Invalid(field)."""
    if field == "accounts":
        return accounts.checked(value)
    if field == "fiscal_month" and not 1 <= value <= 12:
        raise Invalid(field, _("A month goes from 1 to 12."))
    if field == "notice_days" and not 1 <= value <= LONGEST_NOTICE:
        raise Invalid(field, _("From 1 to %(most)s days.") % {"most": LONGEST_NOTICE})
    if not isinstance(value, str):
        return value
    value = value.strip()
    longest = getattr(BillingProfile._meta.get_field(field), "max_length", None)
    if longest and len(value) > longest:
        raise Invalid(field, _("%(count)s characters at most.") % {"count": longest})
    return CHECKS[field](value) if value and field in CHECKS else value


def _by_state(check: Any, field: str) -> Any:
    def read(value: str) -> str:
        try:
            return str(check(value))
        except Refusal as refusal:
            raise Invalid(field, _(refusal.message) % refusal.params) from refusal

    return read


def _by_number(module: Any, field: str, message: Any) -> Any:
    def read(value: str) -> str:
        try:
            return str(module.validate(value))
        except exceptions.ValidationError as error:
            raise Invalid(field, str(message)) from error

    return read


CHECKS = {
    "siren": _by_state(ids.check_siren, "siren"),
    "rna": _by_state(ids.check_rna, "rna"),
    "vat_number": _by_number(vat, "vat_number", gettext_lazy("This is not a VAT number.")),
    "iban": _by_number(ibans, "iban", gettext_lazy("This is not an IBAN: look at the bank's paper again.")),
    "bic": _by_number(bics, "bic", gettext_lazy("A BIC has eight or eleven signs.")),
    "creditor_id": _by_number(
        at_02, "creditor_id", gettext_lazy("This is not a SEPA creditor identifier: the bank gives it.")
    ),
}
