"""Formulas that people write: what they give, and all that they may not reach."""

from datetime import date

import pytest

from tilios.kit.expressions import cents_of, evaluate, years_between
from tilios.kit.refusals import Refusal

NAMES = {"age": 40, "student": False, "quotient": 1200}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("age >= 60", False),
        ("45 if student else 90", 90),
        ("max(10, quotient / 100)", 12),
        ("age - 18 + 2 * 3", 28),
        ("student or age == 40", True),
    ],
)
def test_what_a_formula_gives(text, value):
    assert evaluate(text, NAMES) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "age +",
        "age.real",
        "().__class__.__bases__",
        "quotient[0]",
        "[x for x in (1, 2)]",
        "lambda: 1",
        "open('x')",
        "__import__('os')",
        "9**9**9",
        "'a' * 10**9",
        "unknown + 1",
        "1 / 0",
        "age + 'x'",
        "(" * 200,
        "1 + " * 100 + "1",
    ],
)
def test_what_is_no_formula_is_refused(text):
    with pytest.raises(Refusal) as refused:
        evaluate(text, NAMES)
    assert refused.value.code == "formula"


@pytest.mark.parametrize(("text", "cents"), [("12.345", 1235), ("10 / 3", 333), ("0.285 * 100", 2850), ("25", 2500)])
def test_an_amount_in_cents(text, cents):
    assert cents_of(text, {}) == cents


@pytest.mark.parametrize("text", ["-1", "10**8", "1 == 1", "'12'"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(Refusal):
        cents_of(text, {})


def test_an_age_changes_on_the_birthday():
    assert years_between(date(1980, 11, 27), date(2026, 11, 26)) == 45
    assert years_between(date(1980, 11, 27), date(2026, 11, 27)) == 46
    assert years_between(date(2004, 2, 29), date(2022, 2, 28)) == 17
    assert years_between(date(2004, 2, 29), date(2022, 3, 1)) == 18
