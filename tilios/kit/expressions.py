"""Small formulas that people write: "age >= 60", "max(10, quotient / 100)", "45 if student else 90".

Evaluated by simpleeval: no attribute, no subscript, no loop; names and functions are those given and no other.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from simpleeval import InvalidExpression, SimpleEval

from tilios.kit.refusals import Refusal, _

LONGEST = 300
FUNCTIONS = {"min": min, "max": max, "round": round, "abs": abs}


class _Evaluator(SimpleEval):
    def __init__(self, names: Mapping[str, Any]) -> None:
        super().__init__(functions=dict(FUNCTIONS), names=dict(names))
        # SECURITY: an attribute reaches classes and, through them, the whole interpreter.
        for node in list(self.nodes):
            if node.__name__ in {"Attribute", "Subscript"}:
                del self.nodes[node]


def evaluate(text: str, names: Mapping[str, Any]) -> Any:
    """What the formula gives with those names. Raises Refusal("formula") with what is wrong with it."""
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise Refusal("formula", _("A formula has 1 to %(limit)s characters."), limit=LONGEST)
    try:
        return _Evaluator(names).eval(text)
    except InvalidExpression as error:
        unknown = getattr(error, "name", "") or getattr(error, "func_name", "")
        if unknown:
            raise Refusal("formula", _("“%(name)s” is not a word that formulas know."), name=str(unknown)) from error
        raise _unreadable(text) from error
    except ZeroDivisionError as error:
        raise Refusal("formula", _("The formula divides by zero.")) from error
    except (SyntaxError, TypeError, ValueError, ArithmeticError, RecursionError, MemoryError, KeyError) as error:
        raise _unreadable(text) from error


def cents_of(text: str, names: Mapping[str, Any]) -> int:
    """The formula's amount, in euros, as cents: halves away from zero. Raises Refusal("formula")."""
    value = evaluate(text, names)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise Refusal("formula", _("The formula gives no amount."))
    try:
        cents = (Decimal(str(value)) * 100).quantize(Decimal(1), rounding="ROUND_HALF_UP")
    except InvalidOperation as error:
        raise Refusal("formula", _("The formula gives no amount.")) from error
    if not 0 <= cents <= 10**9:
        raise Refusal("formula", _("The formula gives an amount that nobody pays."))
    return int(cents)


def years_between(first: date, last: date) -> int:
    """Whole years from one day to another: an age. Born on 29 February, one is older on 1 March."""
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))


def _unreadable(text: str) -> Refusal:
    return Refusal(
        "formula", _("The formula “%(text)s” cannot be read."), text=text if len(text) < 60 else text[:59] + "…"
    )
