"""What a form to join by offers: dues and their rates in words, and the fields of the structure that it asks."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, ngettext

from tilios.kit.money import format_cents
from tilios.tools.members.forms.dues import rate_in_words
from tilios.tools.members.models import JoinForm, Pricing, Rate, Record
from tilios.tools.members.queries import joining as queries


class Offer:
    """What a form offers, read once: its rates by number as text, in words, and the fields of the structure."""

    def __init__(self, form: JoinForm) -> None:
        self.form = form
        self.kinds = queries.rates_offered(form)
        self.fields = queries.fields_asked(form)
        self.rates: dict[str, Rate] = {}
        self.choices: list[Any] = []
        for kind, _period, rates in self.kinds:
            choices = [(str(rate.pk), _in_words(rate)) for rate in rates]
            self.choices += [(kind.name, choices)] if len(self.kinds) > 1 else choices
            self.rates |= {str(rate.pk): rate for rate in rates}
        found = list(self.rates.values())
        self.for_organisations = any(rate.for_organisations for rate in found)
        self.by_age = any(rate.min_age is not None or rate.max_age is not None for rate in found)
        self.by_quotient = any(
            rate.pricing == Pricing.BRACKETS or (rate.pricing == Pricing.FORMULA and "quotient" in rate.formula)
            for rate in found
        )
        self.most_times = max((rate.instalments for rate in found), default=1)


def _in_words(rate: Rate) -> str:
    """A rate with its price and whom it is for."""
    conditions = []
    if rate.pricing == Pricing.FREE and rate.amount_cents:
        conditions.append(gettext("suggested: %(amount)s") % {"amount": format_cents(rate.amount_cents)})
    if rate.for_organisations:
        conditions.append(gettext("for organisations"))
    if rate.min_age is not None and rate.max_age is not None:
        conditions.append(
            gettext("from %(least)s to %(most)s years old") % {"least": rate.min_age, "most": rate.max_age}
        )
    elif rate.min_age is not None:
        conditions.append(gettext("from %(least)s years old on") % {"least": rate.min_age})
    elif rate.max_age is not None:
        conditions.append(gettext("up to %(most)s years old") % {"most": rate.max_age})
    if rate.instalments > 1:
        said = ngettext("in %(count)s time at most", "in %(count)s times at most", rate.instalments)
        conditions.append(said % {"count": rate.instalments})
    words = rate_in_words(rate, Record(), timezone.localdate()) if rate.pricing != Pricing.FORMULA else _formula(rate)
    return f"{words} ({', '.join(conditions)})" if conditions else words


def _formula(rate: Rate) -> str:
    by_quotient = "quotient" in rate.formula
    return f"{rate.name}, {gettext('by the quotient of the household') if by_quotient else gettext('computed')}"
