"""What dues cost: which rates are meant for somebody, and the amount of each."""

from datetime import date

from django.utils.translation import gettext as _

from tilios.core.errors import Invalid
from tilios.kit.expressions import cents_of, years_between
from tilios.kit.money import format_cents
from tilios.kit.refusals import Refusal
from tilios.tools.members.models import DuesKind, Pricing, Rate, Record, RecordKind
from tilios.tools.members.queries.words import words_of


def fits(rate: Rate, record: Record, on: date) -> bool:
    """Whether `rate` is meant for `record` on the day `on`. An age that nobody has told fits no rate that asks for one.

    Reads `rate.statuses`: prefetch them.
    """
    if rate.is_archived or rate.for_organisations != (record.kind == RecordKind.ORGANISATION):
        return False
    statuses = {row.status_id for row in rate.statuses.all()}
    if statuses and record.status_id not in statuses:
        return False
    if rate.min_age is None and rate.max_age is None:
        return True
    born = record.person.birth_date
    if born is None:
        return False
    age = years_between(born, on)
    return (rate.min_age or 0) <= age and (rate.max_age is None or age <= rate.max_age)


def rates_for(kind: DuesKind, record: Record, on: date) -> list[Rate]:
    """The rates of `kind` meant for `record`, in the order of the structure. Two queries."""
    return [rate for rate in kind.rates.prefetch_related("statuses") if fits(rate, record, on)]


def amount(
    rate: Rate, record: Record, *, on: date, quotient_cents: int | None = None, chosen_cents: int | None = None
) -> int:
    """What `record` pays at `rate`, in cents. `quotient_cents` is asked by brackets, `chosen_cents` by free amounts.

    Raises Invalid("quotient") or Invalid("amount") when what is asked is missing or too low, Invalid("rate") when a
    formula gives nothing for this record.
    """
    match rate.pricing:
        case Pricing.FREE:
            return chosen_amount(rate, chosen_cents)
        case Pricing.BRACKETS:
            return bracket(rate, quotient_cents)
        case Pricing.FORMULA:
            try:
                return cents_of(rate.formula, words_of(record, on=on, quotient_cents=quotient_cents))
            except Refusal as refusal:
                raise Invalid("rate", _(refusal.message) % refusal.params) from refusal
        case _:
            return rate.amount_cents


def chosen_amount(rate: Rate, chosen_cents: int | None) -> int:
    """The free amount chosen. Raises Invalid("amount") below the least one."""
    if chosen_cents is None:
        raise Invalid("amount", _("Say how much you give."))
    if chosen_cents < rate.floor_cents:
        raise Invalid("amount", _("The least amount is %(amount)s.") % {"amount": format_cents(rate.floor_cents)})
    return chosen_cents


def bracket(rate: Rate, quotient_cents: int | None) -> int:
    """The amount of the bracket the quotient falls in. Raises Invalid("quotient") without one."""
    if quotient_cents is None or quotient_cents < 0:
        raise Invalid("quotient", _("Say the quotient of the household."))
    for up_to, cents in rate.brackets:
        if up_to is None or quotient_cents <= up_to:
            return int(cents)
    return int(rate.brackets[-1][1]) if rate.brackets else 0


def instalments(amount_cents: int, times: int) -> list[int]:
    """The amount cut in `times` parts of the same size, the odd cents in the first. Their sum is the amount."""
    part, left = divmod(amount_cents, times)
    return [part + left, *[part] * (times - 1)]
