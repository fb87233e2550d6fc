import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilios.kit.ids import check_postcode, check_rna, check_siren, check_siret, has_rna, siren_of
from tilios.kit.refusals import Refusal


def code_of(check, *args):
    with pytest.raises(Refusal) as refused:
        check(*args)
    return refused.value.code


@pytest.mark.parametrize(
    ("text", "number"), [("W751234567", "W751234567"), (" w75 123.4567 ", "W751234567"), ("W9G1001234", "W9G1001234")]
)
def test_an_rna_number_is_tidied(text, number):
    assert check_rna(text) == number


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "length"),
        ("W75123456", "length"),
        ("751234567W", "format"),
        ("W75123456é", "format"),
        ("Volume 12 Folio 34", "court_register"),
    ],
)
def test_a_wrong_rna_number_says_why(text, code):
    assert code_of(check_rna, text) == code


def test_alsace_moselle_has_no_rna():
    assert not has_rna("67000")
    assert not has_rna("57100")
    assert has_rna("59000")


def test_siren():
    assert check_siren("732 829 320") == "732829320"
    assert code_of(check_siren, "732829321") == "checksum"
    assert code_of(check_siren, "73282932") == "length"
    assert code_of(check_siren, "73282932O") == "characters"
    assert code_of(check_siren, "73282932000074") == "length"


def test_siret():
    assert check_siret("732 829 320 00074") == "73282932000074"
    assert siren_of("732 829 320 00074") == "732829320"
    assert code_of(check_siret, "73282932000079") == "checksum"
    assert code_of(check_siret, "732829320") == "length"
    assert code_of(check_siret, "") == "length"


def test_la_poste_has_its_own_checksum():
    assert check_siret("356 000 000 00048") == "35600000000048"  # head office: the ordinary one
    assert check_siret("356 000 000 09075") == "35600000009075"  # an office: digits sum to a multiple of five
    assert code_of(check_siret, "35600000009076") == "checksum"


@pytest.mark.parametrize(
    ("text", "postcode"),
    [("59 000", "59000"), ("1000", "01000"), ("F-75011", "75011"), ("97410", "97410"), ("20000", "20000")],
)
def test_a_french_postcode_is_tidied(text, postcode):
    assert check_postcode(text) == postcode


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "characters"), ("590", "length"), ("2A004", "characters"), ("00100", "format"), ("99123", "format")],
)
def test_a_wrong_french_postcode_says_why(text, code):
    assert code_of(check_postcode, text) == code


def test_a_foreign_postcode_is_only_tidied():
    assert check_postcode(" sw1a  1aa", "GB") == "SW1A 1AA"
    assert check_postcode("1000", "be") == "1000"
    assert code_of(check_postcode, "<script>", "BE") == "format"


@given(st.text(max_size=20))
def test_any_text_is_a_number_or_a_refusal(text):
    for check in (check_rna, check_siren, check_siret, check_postcode):
        try:
            number = check(text)
        except Refusal:
            continue
        assert check(number) == number
        assert number.isascii()
