"""Record that somebody lets their account be debited, and that they do no more."""

import re
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from stdnum import bic as bics
from stdnum import exceptions
from stdnum import iban as ibans

from tilios.core.access.roles import may
from tilios.core.billing.ledger import books, numbering
from tilios.core.billing.models import Mandate
from tilios.core.billing.naming import name_of
from tilios.core.blobs.models import Blob
from tilios.core.errors import Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.outside.sealing import seal
from tilios.core.people.models import Person

REFERENCE = re.compile(r"[A-Za-z0-9+?/:().,' -]{1,35}")  # EPC: the signs that every bank takes


@transaction.atomic
def record_mandate(
    *,
    by: Person,
    payer: Person,
    iban: str,
    signed_on: date,
    bic: str = "",
    holder_name: str = "",
    reference: str = "",
    scan: Blob | None = None,
) -> Mandate:
    """A mandate on paper, signed by who holds the account: the payer unless `holder_name` says somebody else.

    Without a `reference` of its own (RUM) it gets the next number of the year of its signature. Publishes
    "billing.mandate_recorded". Raises NotAllowed, Invalid("iban"), Invalid("bic"), Invalid("signed_on"),
    Invalid("reference").
    """
    require(may(by, "billing.record"))
    books.lock()
    try:
        number = ibans.validate(iban)
    except exceptions.ValidationError as error:
        raise Invalid("iban", _("This is not an IBAN: look at the bank's paper again.")) from error
    try:
        bank = bics.validate(bic) if bic.strip() else ""
    except exceptions.ValidationError as error:
        raise Invalid("bic", _("A BIC has eight or eleven signs.")) from error
    if signed_on > timezone.localdate():
        raise Invalid("signed_on", _("This day has not come yet."))
    reference = reference.strip() or f"M{signed_on.year}-{numbering.next_number('mandate', signed_on.year):04}"
    if not REFERENCE.fullmatch(reference):
        raise Invalid("reference", _("A reference has 35 signs at most: letters without accents, digits, + - / . ,"))
    if Mandate.objects.filter(reference=reference).exists():
        raise Invalid("reference", _("Another mandate has this reference."))
    mandate = Mandate.objects.create(
        payer=payer,
        holder_name=(holder_name.strip() or name_of(payer))[:70],
        reference=reference,
        iban_sealed=seal(number),
        iban_end=number[-4:],
        bic=bank,
        signed_on=signed_on,
        scan=scan,
        recorded_by=by,
    )
    publish("billing.mandate_recorded", by=by, target=mandate, subject=payer)
    return mandate


@transaction.atomic
def revoke_mandate(*, by: Person, mandate: Mandate, on: date | None = None) -> Mandate:
    """No debit is made by `mandate` any more. Publishes "billing.mandate_revoked"; nothing the second time."""
    require(may(by, "billing.record"))
    mandate = Mandate.objects.select_for_update().get(pk=mandate.pk)
    if mandate.revoked_on is None:
        mandate.revoked_on = on or timezone.localdate()
        mandate.save(update_fields=["revoked_on"])
        publish("billing.mandate_revoked", by=by, target=mandate, subject=mandate.payer)
    return mandate
