"""Factur-X 1.0, profile EN 16931: the data of an invoice for a program to read, inside its PDF.

The XML is made and embedded by the `factur-x` library, and checked against the profile's schema as it is made.
"""

import re
from datetime import date
from typing import Any

from babel import Locale
from django.utils.translation import gettext as _
from facturx import generate_from_binary
from facturx.generate_xml import generate_cii_xml

from tilios.core.billing.models import Paper, PaperKind
from tilios.kit.money import plain_cents
from tilios.kit.text import fold

LEVEL = "en16931"
INVOICE, CREDIT_NOTE = "380", "381"  # UNTDID 1001
STANDARD, EXEMPT = "S", "E"  # UNTDID 5305
ONE = "C62"  # UN/ECE recommendation 20: a unit
TRANSFER = "58"  # UNTDID 4461: SEPA credit transfer
SIREN = "0002"  # ISO 6523


def xml_of(paper: Paper) -> bytes:
    """The invoice or credit note as Cross Industry Invoice (UN/CEFACT D16B)."""
    made: bytes = generate_cii_xml(_tags(paper), level=LEVEL, check_xsd=True, check_schematron=False)
    return made


def embedded(page: bytes, paper: Paper, *, title: str) -> bytes:
    """`page`, a PDF/A-3, with the data of `paper` attached to it."""
    about = {
        "author": paper.content["seller"]["name"],
        "title": title,
        "subject": title,
        "keywords": "Factur-X",
    }
    made: bytes = generate_from_binary(
        page, xml_of(paper), flavor="factur-x", level=LEVEL, check_xsd=False, pdf_metadata=about, lang="fr-FR"
    )  # fmt: skip
    return made


def by_rate(lines: list[dict[str, Any]]) -> list[dict[str, int]]:
    """The sums of the lines of each rate of VAT, the highest first: {"vat_rate", "net_cents", "vat_cents"}."""
    sums: dict[int, dict[str, int]] = {}
    for line in lines:
        found = sums.setdefault(line["vat_rate"], {"vat_rate": line["vat_rate"], "net_cents": 0, "vat_cents": 0})
        found["net_cents"] += line["net_cents"]
        found["vat_cents"] += line["vat_cents"]
    return [sums[rate] for rate in sorted(sums, reverse=True)]


def _tags(paper: Paper) -> dict[str, Any]:
    """The business terms (BT) and groups (BG) of EN 16931."""
    said = paper.content
    is_credit_note = paper.kind == PaperKind.CREDIT_NOTE
    net, paid = paper.total_cents - paper.vat_cents, said.get("paid_cents", 0)
    tags: dict[str, Any] = {
        "BT-1": paper.reference,
        "BT-2": paper.issued_on,
        "BT-3": CREDIT_NOTE if is_credit_note else INVOICE,
        "BT-5": "EUR",
        "BT-72": paper.issued_on,
        "BT-106": plain_cents(net),
        "BT-109": plain_cents(net),
        "BT-110": plain_cents(paper.vat_cents),
        "BT-112": plain_cents(paper.total_cents),
        "BT-113": plain_cents(paid),
        "BT-115": plain_cents(paper.total_cents - paid),
        "BG-1": [{"BT-22": text, **({"BT-21": code} if code else {})} for code, text in notes(said)],
        "BG-4": _seller(said["seller"]),
        "BG-7": _party(said["buyer"], said["seller"]["country"]),
        "BG-23": [_tax(one, said["seller"]) for one in by_rate(said["lines"])],
        "BG-25": [_line(number, one) for number, one in enumerate(said["lines"], 1)],
    }
    if is_credit_note:
        tags["BG-3"] = [{"BT-25": said["corrects"], "BT-26": date.fromisoformat(said["corrects_on"])}]
        tags["BT-20"] = said["reason"]
    else:
        tags["BT-9"] = date.fromisoformat(said["due_on"])
        if said["seller"]["iban"]:
            tags |= {"BT-81": TRANSFER, "BT-83": paper.reference, "BT-84": said["seller"]["iban"]}
    return tags


def notes(said: dict[str, Any]) -> list[tuple[str, str]]:
    """What the law asks to be written, with the code of each (UNTDID 4451): between professionals, what a late payment
    costs (code de commerce, L441-9).
    """
    exempt = any(not line["vat_rate"] for line in said["lines"])
    found = [("", said["seller"]["vat_exemption"])] if exempt and said["seller"]["vat_exemption"] else []
    if said["buyer"]["organisation"] and "due_on" in said:
        found += [
            ("PMD", _("In case of a late payment: penalties at three times the legal rate of interest.")),
            ("PMT", _("In case of a late payment: a fixed compensation of 40 € for the costs of recovery.")),
            ("AAB", _("No discount for an early payment.")),
        ]
    return found


def _seller(said: dict[str, str]) -> dict[str, Any]:
    """A seller is known by a number: the SIREN, else that of the register of associations or of a court."""
    party: dict[str, Any] = _party({**said, "organisation": ""}, said["country"])
    number = said["siren"] or said["rna"] or said["register"] or said["name"]
    party["vat_identifier" if said["vat_number"] else "tax_identifier"] = said["vat_number"] or number
    if said["siren"]:
        return party | {"legal_identifier": said["siren"], "legal_identifier_schemeid": SIREN}
    return party | {"identifiers": {"": number}}


def _party(said: dict[str, str], country: str) -> dict[str, str]:
    """Name and address; a country that is not written as one of the world's is taken for the seller's."""
    lines = [line.strip() for line in said["street"].splitlines() if line.strip()]
    organisation = said["organisation"] if said["organisation"] != said["name"] else ""
    return {
        "name": organisation or said["name"] or "-",
        "postcode": said["postcode"],
        "city": said["town"],
        "country_code": country_code(said["country"]) or country or "FR",
        **{f"addr_l{number}": line for number, line in enumerate(lines[:3], 1)},
    }


def country_code(text: str) -> str:
    """The ISO 3166 code of a country written as people do, in French or English; "" for what is none."""
    wanted = fold(text)
    if re.fullmatch(r"[a-z]{2}", wanted) and wanted.upper() in Locale("fr").territories:
        return wanted.upper()
    for language in ("fr", "en"):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and fold(name) == wanted:
                return str(code)
    return ""


def _tax(sums: dict[str, int], seller: dict[str, str]) -> dict[str, str]:
    rate = sums["vat_rate"]
    found = {
        "BT-116": plain_cents(sums["net_cents"]),
        "BT-117": plain_cents(sums["vat_cents"]),
        "BT-118": STANDARD if rate else EXEMPT,
        "BT-119": plain_cents(rate),
    }
    return found if rate else {**found, "BT-120": seller["vat_exemption"]}


def _line(number: int, said: dict[str, Any]) -> dict[str, str]:
    return {
        "BT-126": str(number),
        "BT-129": "1",
        "BT-130": ONE,
        "BT-131": plain_cents(said["net_cents"]),
        "BT-146": plain_cents(said["net_cents"]),
        "BT-151": STANDARD if said["vat_rate"] else EXEMPT,
        "BT-152": plain_cents(said["vat_rate"]),
        "BT-153": said["label"],
        **({"BT-154": said["for"]} if said["for"] else {}),
    }
