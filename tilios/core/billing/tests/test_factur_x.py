"""Factur-X judged by what is not ours: the schema and the rules (schematron) of its profile."""

import io
import re
from functools import cache
from pathlib import Path
from typing import Any

import facturx
import pytest
from lxml import etree
from pypdf import PdfReader
from saxonche import PySaxonProcessor

from tests.cast import Cast
from tilios.core.billing import actions
from tilios.core.billing.models import Paper
from tilios.core.billing.papers import factur_x
from tilios.core.billing.papers.printing import laid_out
from tilios.core.billing.tests.money import owe, pay, write_profile
from tilios.core.people.models import Person

RULES = Path(facturx.__file__).parent / "xsd_and_schematron/facturx-en16931"
CII = {"ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"}


@cache
def _saxon() -> tuple[PySaxonProcessor, Any]:
    processor = PySaxonProcessor(license=False)
    sheet = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(RULES / "FACTUR-X_EN16931.xslt"))
    return processor, sheet


def broken_rules(xml: bytes) -> list[str]:
    """The rules of the profile that the invoice breaks."""
    processor, sheet = _saxon()
    report = sheet.transform_to_string(xdm_node=processor.parse_xml(xml_text=xml.decode()))
    tree = etree.fromstring(report.encode())
    return [" ".join(node.itertext()).strip() for node in tree.iter("{http://purl.oclc.org/dsdl/svrl}failed-assert")]


def check(paper: Paper) -> bytes:
    xml = factur_x.xml_of(paper)
    facturx.xml_check_xsd(xml, flavor="factur-x", level="en16931")
    assert broken_rules(xml) == []
    return xml


def test_an_invoice_without_vat_keeps_every_rule(fabrique: Cast) -> None:
    write_profile(fabrique)
    check(actions.issue_invoice(by=None, charges=[owe(fabrique.bob, 2500, beneficiary=fabrique.gus)]))


def test_an_invoice_with_two_rates_and_many_lines_keeps_every_rule(fabrique: Cast) -> None:
    write_profile(fabrique, vat_number="FR44732829320")
    charges = [
        owe(fabrique.bob, 100 + 37 * n, account="services", vat_rate=rate) for n in range(40) for rate in (2000, 550)
    ]
    pay(fabrique.bob, 1000)
    paper = actions.issue_invoice(by=None, charges=charges)
    tree = etree.fromstring(check(paper))
    total = tree.find(".//ram:GrandTotalAmount", CII)
    assert total is not None
    assert total.text == f"{paper.total_cents / 100:.2f}"


def test_a_credit_note_keeps_every_rule(fabrique: Cast) -> None:
    write_profile(fabrique)
    invoice = actions.issue_invoice(by=None, charges=[owe(fabrique.bob)])
    check(actions.issue_credit_note(by=None, invoice=invoice, reason="Salle fermée"))


def test_an_invoice_to_an_organisation_abroad_keeps_every_rule(fabrique: Cast) -> None:
    write_profile(fabrique, siren="", rna="W595001234", iban="", bic="")
    Person.objects.filter(pk=fabrique.bob.pk).update(
        organisation="Werk & Söhne <GmbH>", country="Allemagne", street="Hauptstraße 3\nHinterhof"
    )
    fabrique.bob.refresh_from_db()
    xml = check(actions.issue_invoice(by=None, charges=[owe(fabrique.bob)]))
    countries = etree.fromstring(xml).findall(".//ram:BuyerTradeParty//ram:CountryID", CII)
    assert [country.text for country in countries] == ["DE"]


def test_the_rules_are_really_asked(fabrique: Cast) -> None:
    write_profile(fabrique)
    xml = factur_x.xml_of(actions.issue_invoice(by=None, charges=[owe(fabrique.bob, 2500)]))
    assert broken_rules(xml.replace(b"<ram:GrandTotalAmount>25.00", b"<ram:GrandTotalAmount>26.00"))


def test_the_data_is_in_the_pdf(fabrique: Cast) -> None:
    write_profile(fabrique)
    paper = actions.issue_invoice(by=None, charges=[owe(fabrique.bob, 2500)])
    page = laid_out(paper)
    name, xml = facturx.get_facturx_xml_from_pdf(io.BytesIO(page), check_xsd=True)
    assert name == "factur-x.xml"
    assert etree.fromstring(xml).findtext(".//ram:DuePayableAmount", namespaces=CII) == "25.00"
    about = PdfReader(io.BytesIO(page)).xmp_metadata
    assert about is not None
    said = about.stream.get_data().decode()
    assert re.search(r"pdfaid:part\W+3\b", said)
    assert re.search(r"fx:ConformanceLevel\W+EN 16931", said)


@pytest.mark.parametrize(
    ("text", "code"),
    [("France", "FR"), ("fr", "FR"), ("Belgique", "BE"), ("germany", "DE"), ("", ""), ("Chez ma tante", "")],
)
def test_a_country_is_known_by_its_name(text: str, code: str) -> None:
    assert factur_x.country_code(text) == code
