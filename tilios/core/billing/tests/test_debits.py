from datetime import date, timedelta

import pytest
import xmlschema
from django.utils import timezone
from lxml import etree
from sepaxml import validation

from tests.cast import Cast
from tilios.core.billing import actions, queries
from tilios.core.billing.models import Debit, DebitBatch, DebitState, Mandate
from tilios.core.billing.sepa.pain import SCHEMA, pain_of
from tilios.core.billing.tests.money import DAY, IBAN, owe, pay, write_profile
from tilios.core.errors import Conflict, Invalid, NotAllowed

NAMES = {"p": f"urn:iso:std:iso:20022:tech:xsd:{SCHEMA}"}


def soon() -> date:
    return timezone.localdate() + timedelta(days=20)


def let(cast: Cast, **about: object) -> Mandate:
    return actions.record_mandate(by=cast.manon, payer=cast.bob, iban=IBAN, signed_on=timezone.localdate(), **about)


def batch_of(cast: Cast, *cents: int) -> DebitBatch:
    charges = [owe(cast.bob, amount) for amount in cents]
    return actions.make_batch(by=cast.manon, charges=charges, collect_on=soon())


def test_a_mandate_is_numbered_and_its_iban_is_nowhere_in_the_database(fabrique: Cast) -> None:
    mandate = let(fabrique, bic="AGRIFRPP")
    assert mandate.reference == f"M{mandate.signed_on.year}-0001"
    assert (mandate.iban_end, mandate.holder_name) == ("0189", "Bob Lambert")
    row = Mandate.objects.values().get()
    assert not [value for value in row.values() if IBAN[4:] in str(value)]


@pytest.mark.parametrize(
    ("field", "wrong"), [("iban", "FR76300060000112345678901"), ("bic", "X"), ("reference", "é" * 36)]
)
def test_a_mandate_that_cannot_be_is_refused(fabrique: Cast, field: str, wrong: str) -> None:
    said = {"iban": IBAN, field: wrong}
    with pytest.raises(Invalid) as refused:
        actions.record_mandate(by=fabrique.manon, payer=fabrique.bob, signed_on=DAY, **said)
    assert refused.value.field == field


def test_a_batch_is_a_file_that_the_schema_accepts_and_that_says_the_same_twice(fabrique: Cast) -> None:
    write_profile(fabrique)
    let(fabrique)
    batch = batch_of(fabrique, 2500, 1050)
    xml = pain_of(batch)
    xmlschema.XMLSchema(f"{validation.__file__.rpartition('/')[0]}/schemas/{SCHEMA}.xsd").validate(xml.decode())
    tree = etree.fromstring(xml)
    assert tree.findtext(".//p:GrpHdr/p:MsgId", namespaces=NAMES) == batch.reference
    assert tree.findtext(".//p:GrpHdr/p:CtrlSum", namespaces=NAMES) == "35.50"
    assert tree.xpath("//p:SeqTp/text()", namespaces=NAMES) == ["FRST", "RCUR"]
    assert tree.xpath("//p:DbtrAcct//p:IBAN/text()", namespaces=NAMES) == [IBAN, IBAN]
    assert etree.tostring(etree.fromstring(pain_of(batch))) == etree.tostring(tree)


def test_the_bank_confirms_and_the_charge_is_paid_once(fabrique: Cast) -> None:
    write_profile(fabrique)
    let(fabrique)
    batch = batch_of(fabrique, 2500)
    today = timezone.localdate()
    for _again in range(2):
        actions.confirm_debits(by=fabrique.manon, debits=batch.debits.all(), received_on=today)
    debit = Debit.objects.get()
    assert (debit.state, debit.payment.amount_cents if debit.payment else 0) == (DebitState.CONFIRMED, 2500)
    assert queries.payments().count() == 1
    assert queries.owed_by(fabrique.bob) == 0


def test_a_debit_rejected_after_it_was_paid_is_owed_again_and_can_be_debited_again(fabrique: Cast) -> None:
    write_profile(fabrique)
    let(fabrique)
    batch = batch_of(fabrique, 2500)
    actions.confirm_debits(by=fabrique.manon, debits=batch.debits.all(), received_on=timezone.localdate())
    for _again in range(2):
        actions.reject_debit(by=fabrique.manon, debit=batch.debits.get(), reason="AM04")
    assert queries.owed_by(fabrique.bob) == 2500
    assert queries.payments().count() == 2
    again = actions.make_batch(by=fabrique.manon, charges=queries.due_charges(fabrique.bob), collect_on=soon())
    assert again.debits.get().sequence == "RCUR"


def test_what_was_paid_meanwhile_becomes_credit(fabrique: Cast) -> None:
    write_profile(fabrique)
    let(fabrique)
    batch = batch_of(fabrique, 2500)
    pay(fabrique.bob, 1000)
    actions.confirm_debits(by=None, debits=batch.debits.all(), received_on=timezone.localdate())
    assert (queries.owed_by(fabrique.bob), queries.credit_of(fabrique.bob)) == (0, 1000)


def test_a_charge_is_in_one_batch_at_a_time(fabrique: Cast) -> None:
    write_profile(fabrique)
    let(fabrique)
    batch_of(fabrique, 2500)
    charge = queries.due_charges(fabrique.bob).get()
    with pytest.raises(Conflict):
        actions.make_batch(by=fabrique.manon, charges=[charge], collect_on=soon())
    with pytest.raises(Conflict):
        actions.cancel_charge(by=fabrique.manon, charge=charge)


def test_a_mandate_lapses_when_it_is_not_used_for_three_years(fabrique: Cast) -> None:
    write_profile(fabrique)
    mandate = let(fabrique)
    Mandate.objects.update(signed_on=date(2020, 1, 31))
    mandate.refresh_from_db()
    assert mandate.is_usable(date(2023, 1, 30))
    assert not mandate.is_usable(date(2023, 1, 31))
    with pytest.raises(Invalid) as refused:
        batch_of(fabrique, 2500)
    assert "Bob Lambert" in str(refused.value.message)
    Mandate.objects.update(last_used_on=timezone.localdate())
    assert batch_of(fabrique, 2500)


def test_a_revoked_mandate_debits_nothing(fabrique: Cast) -> None:
    write_profile(fabrique)
    actions.revoke_mandate(by=fabrique.manon, mandate=let(fabrique))
    with pytest.raises(Invalid):
        batch_of(fabrique, 2500)


def test_payers_are_told_fourteen_days_before_unless_they_agreed_to_less(fabrique: Cast) -> None:
    write_profile(fabrique)
    let(fabrique)
    charge = owe(fabrique.bob)
    day = timezone.localdate() + timedelta(days=5)
    with pytest.raises(Invalid) as refused:
        actions.make_batch(by=fabrique.manon, charges=[charge], collect_on=day)
    assert refused.value.field == "collect_on"
    assert actions.make_batch(by=fabrique.manon, charges=[charge], collect_on=day, notice_days=2)


def test_no_batch_without_the_numbers_of_the_creditor_nor_by_a_member(fabrique: Cast) -> None:
    let(fabrique)
    with pytest.raises(Conflict):
        batch_of(fabrique, 2500)
    with pytest.raises(NotAllowed):
        actions.make_batch(by=fabrique.bob, charges=[], collect_on=soon())


def test_an_iban_that_came_from_another_server_is_typed_again(fabrique: Cast) -> None:
    write_profile(fabrique)
    let(fabrique)
    batch = batch_of(fabrique, 2500)
    Mandate.objects.update(iban_sealed="elsewhere")
    with pytest.raises(Conflict):
        pain_of(batch)
