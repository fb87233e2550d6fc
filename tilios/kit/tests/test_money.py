from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilios.kit.money import LARGEST, format_cents, parse_cents, plain_cents, vat_within
from tilios.kit.refusals import Refusal

AMOUNTS = st.integers(-LARGEST, LARGEST)


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1 234,50 €", 123450),
        ("1\u202f234,50\u00a0€", 123450),
        ("1'234.50", 123450),
        ("12", 1200),
        ("12,5", 1250),
        ("12.50 EUR", 1250),
        ("€12.50", 1250),
        ("5 euros", 500),
        ("12€50", 1250),
        ("-3,00", -300),
        ("−3,00", -300),
        ("+3", 300),
        ("(12,00)", -1200),
        ("1.234,50", 123450),
        ("1,234.50", 123450),
        ("1.234.567", 123456700),
        ("0,05", 5),
        ("1 234 567", 123456700),
        ("1234567", 123456700),
    ],
)
def test_parse_cents(text, cents):
    assert parse_cents(text) == cents


@pytest.mark.parametrize(
    "text",
    ["", "€", "douze", "12,345,6", "1 23,50", "12,505", "--3", "1.23.456", "12€5", "€12€", "٣", "1e5", "0,005", "NaN"],
)
def test_what_is_not_an_amount_is_refused(text):
    with pytest.raises(Refusal):
        parse_cents(text)


@pytest.mark.parametrize("text", ["1,234", "1.234"])
def test_thousands_or_hundredths_are_not_guessed(text):
    with pytest.raises(Refusal) as refused:
        parse_cents(text)
    assert refused.value.code == "amount_ambiguous"


def test_an_amount_too_large_is_refused():
    with pytest.raises(Refusal) as refused:
        parse_cents("99999999999999999999")
    assert refused.value.code == "amount_too_large"


def test_format_cents():
    assert format_cents(123450) == "1\u202f234,50\u00a0€"
    assert format_cents(-5) == "-0,05\u00a0€"
    assert format_cents(123450, "en") == "€1,234.50"
    assert plain_cents(-123405) == "-1234.05"


@given(AMOUNTS)
def test_what_is_shown_reads_back(cents):
    assert parse_cents(format_cents(cents)) == cents
    assert parse_cents(format_cents(cents, "en")) == cents
    assert parse_cents(plain_cents(cents)) == cents


@given(st.text())
def test_any_text_is_an_amount_or_a_refusal(text):
    with suppress(Refusal):
        assert abs(parse_cents(text)) <= LARGEST


@given(cents=st.integers(-(10**12), 10**12), rate=st.integers(0, 10_000))
def test_the_vat_within_an_amount_is_to_the_nearest_cent(cents: int, rate: int) -> None:
    vat = vat_within(cents, rate)
    assert abs(vat * (10_000 + rate) - cents * rate) * 2 <= 10_000 + rate
    assert vat_within(-cents, rate) == -vat
