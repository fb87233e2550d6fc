"""Amounts in cents, as whole numbers; text as people type it and read it."""

import re

from tilios.kit.refusals import Refusal, _

SPACES = "\u00a0\u202f\u2009 '’_"
CURRENCY = re.compile(r"^\s*(?:€|eur\b)|(?:€|eur(?:os?)?)\s*$", re.IGNORECASE)
PLAIN = re.compile(r"\d+(?:[.,]\d{1,2})?")
GROUPED = re.compile(r"[1-9]\d{0,2}([.,])\d{3}(?:\1\d{3})*(?:(?!\1)[.,]\d{1,2})?")
LARGEST = 10**15  # cents; what a spreadsheet still holds exactly


def parse_cents(text: str) -> int:
    """The cents of an amount as typed: "1 234,50 €", "12", "-3.5", "(12,00)", "1.234,50", "1,234.50".

    "1,234" and "1.234" say two things depending on the country, a thousandfold apart: refused rather than guessed.
    Raises Refusal("amount"), Refusal("amount_ambiguous") or Refusal("amount_too_large").
    """
    digits = re.sub(r"(?<=\d)\s*€(?=\d\d$)", ",", text.strip())  # 12€50
    digits = digits.strip(SPACES)
    negative = False
    if digits.startswith("(") and digits.endswith(")"):
        negative, digits = True, digits[1:-1]
    if digits[:1] in ("-", "−", "+"):
        negative, digits = negative or digits[0] != "+", digits[1:]
    digits = _without_grouping_spaces(CURRENCY.sub("", digits, count=1).strip(SPACES))
    if not digits.isascii():
        raise _not_an_amount(text)
    if re.fullmatch(r"\d{1,3}[.,]\d{3}", digits) and not digits.startswith("0"):
        raise Refusal(
            "amount_ambiguous",
            _("Is “%(text)s” in thousands or in hundredths? Write it without separator."),
            text=text[:40],
        )
    if GROUPED.fullmatch(digits):
        mark = re.search(r"[.,]", digits)
        digits = digits.replace(mark[0] if mark else "", "")
    elif not PLAIN.fullmatch(digits):
        raise _not_an_amount(text)
    euros, _mark, hundredths = digits.replace(",", ".").partition(".")
    cents = int(euros) * 100 + int(hundredths.ljust(2, "0"))
    if cents > LARGEST:
        raise Refusal("amount_too_large", _("“%(text)s” is too large an amount."), text=text[:40])
    return -cents if negative else cents


def format_cents(cents: int, language: str = "fr") -> str:
    """The amount as people read it: "1 234,50 €" in French (no-break spaces), "€1,234.50" in English."""
    sign = "-" if cents < 0 else ""
    euros, hundredths = divmod(abs(cents), 100)
    if language.lower().startswith("fr"):
        return f"{sign}{euros:,}".replace(",", "\u202f") + f",{hundredths:02}\u00a0€"
    return f"{sign}€{euros:,}.{hundredths:02}"


def vat_within(cents: int, rate: int) -> int:
    """The VAT that an amount holds, at a rate in hundredths of a percent; half a cent goes up."""
    sign = -1 if cents < 0 else 1
    return sign * ((2 * abs(cents) * rate + 10_000 + rate) // (2 * (10_000 + rate)))


def plain_cents(cents: int) -> str:
    """The amount as programs read it: "1234.50"."""
    euros, hundredths = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{euros}.{hundredths:02}"


def _without_grouping_spaces(digits: str) -> str:
    """Spaces and apostrophes are taken out only where they part thousands."""
    if re.fullmatch(rf"\d{{1,3}}(?:[{SPACES}]\d{{3}})+(?:[.,]\d{{1,2}})?", digits):
        return re.sub(f"[{SPACES}]", "", digits)
    return digits


def _not_an_amount(text: str) -> Refusal:
    return Refusal("amount", _("“%(text)s” is not an amount. Write for example 12,50."), text=text[:40])
