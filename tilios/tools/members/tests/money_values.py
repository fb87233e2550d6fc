"""Things of money for the isolation matrix, the contract suite and the tests of pages."""

import io
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from tilios.core.billing import actions as billing
from tilios.core.billing.models import (
    BillingProfile,
    Charge,
    Debit,
    DebitBatch,
    Means,
    Payment,
    StatementFile,
    StatementLine,
)
from tilios.core.blobs import actions as blobs
from tilios.core.people.models import Person
from tilios.tools.members.actions.announcing import announce_debits
from tilios.tools.members.models import LateLetter, LateReminded, LateRule, Record

IBAN = "FR76 3000 6000 0112 3456 7890 189"
CREDITOR = "FR72ZZZ123456"


def able_profile(by: Person) -> BillingProfile:
    """A structure that may make every paper."""
    billing.save_profile(
        by=by, legal_name="La Fabrique", street="3 rue du Four", postcode="59000", town="Lille", siren="732829320",
        purpose="Un lieu ouvert à tous", vat_exemption="TVA non applicable, article 293 B du CGI", iban=IBAN,
        creditor_id=CREDITOR, signatory_name="Alice Moreau", signatory_quality="trésorière",
    )  # fmt: skip
    return billing.declare_general_interest(by=by)


def owed(payer: Person, label: str = "Adhésion", cents: int = 2000, **fields: Any) -> Charge:
    """Something that `payer` owes since today."""
    given = {"beneficiary": payer, "due_on": timezone.localdate(), "account": "dues"} | fields
    return billing.charge(by=None, payer=payer, label=label, amount_cents=cents, **given)


def paid(payer: Person, cents: int = 2000, means: str = Means.CHEQUE, **fields: Any) -> Payment:
    given = {"received_on": timezone.localdate()} | fields
    return billing.record_payment(by=None, payer=payer, means=means, amount_cents=cents, **given)


def lines(*said: tuple[str, int], origin: str = "bank", on: date | None = None) -> list[StatementLine]:
    """Lines of a statement: (what it says, cents)."""
    count = StatementFile.objects.count()
    file = StatementFile.objects.create(
        name="releve.csv", origin=origin, sha256=f"{count:064}", columns=["day", "amount"]
    )
    return StatementLine.objects.bulk_create(
        StatementLine(
            file=file, reference=f"{count}-{rank}", origin=origin, received_on=on or timezone.localdate(),
            amount_cents=cents, label=f"VIR {name}", payer_name=name,
        )
        for rank, (name, cents) in enumerate(said)
    )  # fmt: skip


def objects(by: Person, record: Record) -> dict[str, Any]:
    """One of each thing of money, in the structure of `by`, of the person of `record`."""
    able_profile(by)
    payer = record.person
    Person.objects.filter(pk=payer.pk).update(street="1 rue Haute", postcode="59000", town="Lille")
    payment = paid(payer, owed(payer).amount_cents)
    gift = owed(payer, "Don", 5000, is_gift=True, account="gifts")
    given = paid(payer, 5000, allocations={gift: 5000})
    invoice = billing.issue_invoice(by=by, charges=[owed(payer, "Atelier")])
    scan = blobs.store(io.BytesIO(b"%PDF-1.4\n%%EOF\n"), name="mandat.pdf")
    mandate = billing.record_mandate(by=by, payer=payer, iban=IBAN, signed_on=timezone.localdate(), scan=scan)
    batch = billing.make_batch(
        by=by, charges=[owed(payer, "Casier")], collect_on=timezone.localdate() + timedelta(days=20)
    )
    tax_receipt = billing.issue_tax_receipt(by=by, payment=given)
    announce_debits(by=by, batch=batch)
    return {
        "late_rule_pk": LateRule.objects.create(days=7, subject="Rappel", body="Bonjour").pk,
        "person_pk": payer.pk,
        "payment_pk": payment.pk,
        "paper_pk": invoice.pk,
        "money_void:paper_pk": tax_receipt.pk,
        "line_pk": lines((payer.display_name, 2000))[0].pk,
        "mandate_pk": mandate.pk,
        "batch_pk": batch.pk,
        "debit_pk": Debit.objects.get(batch=batch).pk,
    }


def fill(by: Person, records: list[Record]) -> dict[str, Any]:
    """Charges, payments, lines and mandates by the number of `records`; the pages of the first."""
    able_profile(by)
    payers = [record.person for record in records]
    for payer in payers:
        paid(payer, 500)
        owed(payer, "Retard", due_on=date(2020, 1, 1))
    lines(*((payer.display_name, 1500) for payer in payers))
    gift = owed(payers[0], "Don", 5000, is_gift=True, account="gifts")
    payment = paid(payers[0], 5000, allocations={gift: 5000})
    _remind(by, payers)
    return {"person_pk": payers[0].pk, "payment_pk": payment.pk, "batch_pk": _announced(by, payers).pk}


def _remind(by: Person, payers: list[Person]) -> None:
    """A letter to each on paper, about what was due long ago, and as many to the first."""
    rule = LateRule.objects.create(days=7 + LateRule.objects.count(), subject="Rappel", body="Bonjour\n\n{owed}")
    for payer in payers:
        for to in (payer, payers[0]):
            letter = LateLetter.objects.create(
                rule=rule, payer=to, days=rule.days, channel="paper", cents=500, subject=rule.subject, body=rule.body
            )
        charge = Charge.objects.filter(payer=payer).order_by("due_on")[0]
        LateReminded.objects.create(letter=letter, charge=charge, rule=rule, days=rule.days)


def _announced(by: Person, payers: list[Person]) -> DebitBatch:
    """A batch of a debit of each, all announced on paper."""
    today = timezone.localdate()
    for payer in payers:
        billing.record_mandate(by=by, payer=payer, iban=IBAN, signed_on=today)
    charges = [owed(payer, "Casier") for payer in payers]
    batch = billing.make_batch(by=by, charges=charges, collect_on=today + timedelta(days=20))
    announce_debits(by=by, batch=batch)
    return batch
