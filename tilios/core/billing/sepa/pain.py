"""The file of a batch for the bank: pain.008.001.08 (ISO 20022), made and checked against its schema by sepaxml."""

from django.utils.translation import gettext as _
from lxml import etree
from sepaxml import SepaDD

from tilios.core.billing.models import BillingProfile, Debit, DebitBatch
from tilios.core.errors import Conflict
from tilios.core.outside.sealing import unseal

SCHEMA = "pain.008.001.08"


def pain_of(batch: DebitBatch) -> bytes:
    """The file; asked again it says the same under the same number, so that a bank takes it once.

    Raises Conflict for a mandate whose IBAN cannot be read here: it is to be typed again.
    """
    profile = BillingProfile.objects.get()
    config = {
        "name": profile.legal_name,
        "IBAN": profile.iban,
        "batch": True,
        "creditor_id": profile.creditor_id,
        "currency": "EUR",
        **({"BIC": profile.bic} if profile.bic else {}),
    }
    file = SepaDD(config, schema=SCHEMA, clean=True)
    for debit in batch.debits.select_related("mandate", "charge").order_by("pk"):
        file.add_payment(_payment(debit, batch))
    return _numbered(file.export(validate=True), batch)


def _payment(debit: Debit, batch: DebitBatch) -> dict[str, object]:
    mandate = debit.mandate
    iban = unseal(mandate.iban_sealed)
    if iban is None:
        raise Conflict(
            _("The IBAN of %(name)s cannot be read on this server: record the mandate again.")
            % {"name": mandate.holder_name}
        )
    return {
        "name": mandate.holder_name,
        "IBAN": iban,
        "amount": debit.amount_cents,
        "type": debit.sequence,
        "collection_date": batch.collect_on,
        "mandate_id": mandate.reference,
        "mandate_date": mandate.signed_on,
        "description": debit.charge.label,
        "endtoend_id": debit.end_to_end,
        **({"BIC": mandate.bic} if mandate.bic else {}),
    }


def _numbered(xml: bytes, batch: DebitBatch) -> bytes:
    """The library draws numbers at random: those of the batch take their place."""
    tree = etree.fromstring(xml)
    names = {"p": f"urn:iso:std:iso:20022:tech:xsd:{SCHEMA}"}
    for node in tree.iterfind(".//p:MsgId", names):
        node.text = batch.reference
    for node in tree.iterfind(".//p:CreDtTm", names):
        node.text = batch.made_at.strftime("%Y-%m-%dT%H:%M:%S")
    for rank, node in enumerate(tree.iterfind(".//p:PmtInfId", names), 1):
        node.text = f"{batch.reference}-{rank}"
    made: bytes = etree.tostring(tree, xml_declaration=True, encoding="UTF-8")
    return made
