"""Numbers that the French State gives to associations, companies and towns: put in one form, and checked.

Each `check_…` gives the number in its bare form or raises Refusal with one of the codes
"length", "characters", "format", "checksum", "court_register".
"""

import re
from collections.abc import Callable

from stdnum import exceptions
from stdnum.fr import siren, siret

from tilios.kit.refusals import Refusal, _
from tilios.kit.text import fold

RNA = re.compile(r"W[0-9A-Z]{9}")
POSTCODE = re.compile(r"(?:0[1-9]|[1-8][0-9]|9[0-578])[0-9]{3}")
# Bas-Rhin, Haut-Rhin and Moselle.
LOCAL_LAW_DEPARTMENTS = ("57", "67", "68")


def check_rna(text: str) -> str:
    """The number of an association in the national register (RNA): W and nine characters.

    Associations of Alsace-Moselle are under local law: the court enters them by volume and folio, and they have no
    RNA number (see `has_rna`). Such an entry is refused with the code "court_register".
    """
    if re.search(r"\b(vol|volume|folio|registre)\b", fold(text)):
        raise Refusal(
            "court_register",
            _("This is an entry in the register of a court of Alsace-Moselle: such associations have no RNA number."),
        )
    number = _bare(text)
    if len(number) != 10:
        raise Refusal("length", _("An RNA number is W followed by nine characters."))
    if not RNA.fullmatch(number):
        raise Refusal("format", _("An RNA number is W followed by nine characters."))
    return number


def has_rna(postcode: str) -> bool:
    """Whether an association at this French postcode is entered in the RNA: all are, save in Alsace-Moselle."""
    return not postcode.strip().startswith(LOCAL_LAW_DEPARTMENTS)


def check_siren(text: str) -> str:
    """The nine digits of a company or association in the SIRENE register."""
    number = _bare(text)
    if len(number) == 14:
        raise Refusal("length", _("This looks like a SIRET: a SIREN is its first nine digits."))
    return _check_with(siren.validate, number, _("A SIREN number has nine digits."))


def check_siret(text: str) -> str:
    """The fourteen digits of one place of a company or association. La Poste has a checksum of its own."""
    number = _bare(text)
    if len(number) == 9:
        raise Refusal("length", _("This looks like a SIREN: a SIRET has five more digits."))
    return _check_with(siret.validate, number, _("A SIRET number has fourteen digits."))


def siren_of(siret_number: str) -> str:
    """The SIREN that a SIRET belongs to."""
    return _bare(siret_number)[:9]


def check_postcode(text: str, country: str = "FR") -> str:
    """A French postcode, five digits; a zero that a spreadsheet dropped is put back. Others are only tidied."""
    number = " ".join(text.upper().split())
    if country.upper() != "FR":
        if not re.fullmatch(r"[0-9A-Z][0-9A-Z \-]{1,10}", number):
            raise Refusal("format", _("This is not a postcode."))
        return number
    number = _bare(number).removeprefix("F")
    if not number.isascii() or not number.isdigit():
        raise Refusal("characters", _("A French postcode has five digits."))
    if len(number) == 4:
        number = f"0{number}"
    if len(number) != 5:
        raise Refusal("length", _("A French postcode has five digits."))
    if not POSTCODE.fullmatch(number):
        raise Refusal("format", _("No French postcode begins like this."))
    return number


def _bare(text: str) -> str:
    return re.sub(r"[\s.\-\u00a0\u202f]", "", text).upper()


def _check_with(validate: Callable[[str], str], number: str, shape: str) -> str:
    if not number:
        raise Refusal("length", shape)
    try:
        return validate(number)
    except exceptions.InvalidLength:
        raise Refusal("length", shape) from None
    except exceptions.InvalidFormat:
        raise Refusal("characters", shape) from None
    except exceptions.InvalidChecksum:
        raise Refusal("checksum", _("A digit is wrong: the check digit does not match.")) from None
