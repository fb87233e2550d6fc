"""The accounts taken out, read by what knows nothing of how they were written."""

import csv
import io
import re
import zipfile
from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cast import Cast
from tilios.core.billing import actions
from tilios.core.billing.exports import Form, What, take_out
from tilios.core.billing.models import Means
from tilios.core.billing.tests.money import DAY, IBAN, owe, pay, write_profile
from tilios.core.errors import Invalid, NotAllowed
from tilios.core.journal.models import Entry
from tilios.core.portability.exporting import export
from tilios.core.structures.scope import no_scope
from tilios.kit.sheets import open_sheet

# Article A47 A-1 of the livre des procédures fiscales, VII, 1°.
FEC = (
    "JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib",
    "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate", "Montantdevise",
    "Idevise",
)  # fmt: skip


def a_year(cast: Cast) -> None:
    """Some of everything that writes entries, in 2025."""
    write_profile(cast, vat_number="FR44732829320")
    charges = [owe(cast.bob, 12_000, vat_rate=2000, label="Salle\tavec\nretour"), owe(cast.bob, 2500)]
    pay(cast.bob, 3000, means=Means.CASH)
    invoice = actions.issue_invoice(by=None, charges=charges, issued_on=DAY)
    pay(cast.bob, 9000)
    actions.issue_credit_note(by=None, invoice=invoice, reason="Erreur", issued_on=DAY)
    cheque = pay(cast.gus, 1500, means=Means.CHEQUE, cheque_number="0001")
    actions.deposit_cheques(by=None, cheques=[cheque], deposited_on=DAY)
    actions.cancel_payment(by=None, payment=cheque, reason="Sans provision", on=DAY + timedelta(days=9))


def read_fec(content: bytes) -> list[dict[str, str]]:
    head, *rows = content.decode("utf-8").split("\r\n")
    assert tuple(head.split("\t")) == FEC
    assert rows.pop() == ""
    assert all(row.count("\t") == len(FEC) - 1 for row in rows)
    return [dict(zip(FEC, row.split("\t"), strict=True)) for row in rows]


def test_the_fec_has_its_columns_its_order_and_balances_entry_by_entry_and_in_all(fabrique: Cast) -> None:
    a_year(fabrique)
    file = take_out(by=fabrique.manon, what=What.FEC, year=2025)
    assert file.name == "732829320FEC20251231.txt"
    rows = read_fec(file.content)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        assert re.fullmatch(r"\d+,\d\d", row["Debit"])
        assert re.fullmatch(r"\d+,\d\d", row["Credit"])
        for column in ("EcritureDate", "PieceDate", "ValidDate"):
            assert datetime.strptime(row[column], "%Y%m%d")
        assert date(2025, 1, 1) <= datetime.strptime(row["EcritureDate"], "%Y%m%d").date() <= date(2025, 12, 31)
        asked = ("JournalCode", "JournalLib", "EcritureNum", "CompteNum", "CompteLib", "PieceRef", "EcritureLib")
        assert all(row[column] for column in asked)
        assert re.match(r"\d{3}", row["CompteNum"])
        assert bool(row["CompAuxNum"]) == bool(row["CompAuxLib"])
        sums[row["EcritureNum"]] += Decimal(row["Debit"].replace(",", ".")) - Decimal(row["Credit"].replace(",", "."))
    numbers = list(dict.fromkeys(int(row["EcritureNum"]) for row in rows))
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 6
    assert set(sums.values()) == {0}


def test_a_fiscal_year_that_begins_in_september_has_its_own_numbers_and_its_own_file(fabrique: Cast) -> None:
    write_profile(fabrique, fiscal_month=9)
    pay(fabrique.bob, 100, received_on=date(2024, 8, 31))
    pay(fabrique.bob, 200, received_on=date(2024, 9, 1))
    pay(fabrique.bob, 300, received_on=date(2025, 8, 31))
    file = take_out(by=fabrique.manon, what=What.FEC, year=2024)
    assert file.name == "732829320FEC20250831.txt"
    assert [row["EcritureNum"] for row in read_fec(file.content)] == ["1", "1", "2", "2"]


def test_paheko_is_given_grouped_entries(fabrique: Cast) -> None:
    a_year(fabrique)
    text = take_out(by=fabrique.manon, what=What.PAHEKO, year=2025).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    first = [row for row in rows if row["Date"]]
    assert len(first) < len(rows)
    assert {row["Type"] for row in first} == {"Avancé"}
    assert all(re.fullmatch(r"\d\d/\d\d/2025", row["Date"]) for row in first)
    sums = [sum(Decimal(row[side].replace(",", ".")) for row in rows) for side in ("Débit", "Crédit")]
    assert sums[0] == sums[1] > 0


def test_dolibarr_is_given_its_columns(fabrique: Cast) -> None:
    a_year(fabrique)
    text = take_out(by=fabrique.manon, what=What.DOLIBARR, year=2025).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert sum(Decimal(row["debit"]) for row in rows) == sum(Decimal(row["credit"]) for row in rows) > 0
    assert {row["code_journal"] for row in rows} == {"BQ", "CA", "VE"}


@pytest.mark.parametrize("what", [What.PAYMENTS, What.ENTRIES])
@pytest.mark.parametrize("form", [Form.CSV, Form.ODS])
def test_sheets_are_read_back(fabrique: Cast, what: What, form: Form) -> None:
    a_year(fabrique)
    file = take_out(by=fabrique.manon, what=what, year=2025, form=form)
    with open_sheet(io.BytesIO(file.content)) as sheet:
        rows = [row.cells for row in sheet]
    assert len(rows) > 4
    assert "12/03/2025" in str(rows) or "2025-03-12" in str(rows)


def test_taking_out_is_for_those_who_may_and_is_in_the_journal(fabrique: Cast) -> None:
    with pytest.raises(NotAllowed):
        take_out(by=fabrique.bob, what=What.FEC, year=2025)
    with pytest.raises(Invalid):
        take_out(by=fabrique.manon, what="secrets", year=2025)
    with pytest.raises(Invalid):
        take_out(by=fabrique.manon, what=What.ENTRIES, year=2025, form="doc")
    take_out(by=fabrique.manon, what=What.FEC, year=2025)
    assert Entry.objects.filter(verb="billing.exported").count() == 1


def test_an_archive_holds_the_accounts_and_the_mandates_whole(fabrique: Cast, tmp_path: Path) -> None:
    a_year(fabrique)
    actions.record_mandate(by=fabrique.manon, payer=fabrique.bob, iban=IBAN, signed_on=DAY)
    with (tmp_path / "all.zip").open("wb") as file, no_scope():
        export(fabrique.fabrique, file)
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert len(read_fec(archive.read("open/billing/fec-2025.txt"))) > 10
        assert IBAN in archive.read("open/billing/mandates.csv").decode()
        assert "open/billing/payments-2025.csv" in archive.namelist()
        assert IBAN not in archive.read("data/billing.mandate.jsonl").decode()
