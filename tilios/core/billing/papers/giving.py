"""What a tax receipt says: Cerfa 11580 (articles 200 and 978 of the CGI) and 16216 (article 238 bis)."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import pgettext_lazy

from tilios.core.billing.models import Allocation, BillingProfile
from tilios.core.billing.papers.content import buyer, seller
from tilios.core.people.models import Person
from tilios.kit.numerals import euros_in_french

CERFA = {False: "11580*05", True: "16216*01"}  # for somebody, for a company


class Form(models.TextChoices):
    MANUAL = "manual", pgettext_lazy("form of a gift", "Declaration of a gift from hand to hand")
    PRIVATE = "private", pgettext_lazy("form of a gift", "Private deed")
    NOTARIAL = "notarial", pgettext_lazy("form of a gift", "Notarial deed")
    OTHER = "other", pgettext_lazy("form of a gift", "Another form")


class Nature(models.TextChoices):
    MONEY = "money", pgettext_lazy("nature of a gift", "Money")
    WAIVER = "waiver", pgettext_lazy("nature of a gift", "Expenses of volunteers who do not ask for them back")
    SHARES = "shares", pgettext_lazy("nature of a gift", "Listed shares")
    OTHER = "other", pgettext_lazy("nature of a gift", "Another nature")


def content(
    profile: BillingProfile,
    payer: Person,
    gifts: Iterable[Allocation],
    *,
    company: bool | None,
    siren: str,
    form: str,
    nature: str,
) -> dict[str, Any]:
    """The content of a receipt for `gifts`, each with its day and means; the amount is written out in French."""
    gifts = list(gifts)
    if company is None:
        company = bool(payer.organisation) and not (payer.given_name or payer.family_name)
    total = sum(gift.amount_cents for gift in gifts)
    articles = ["238 bis"] if company else ["200", *(["978"] if profile.wealth_tax_gifts else [])]
    return {
        "seller": seller(profile),
        "buyer": {**buyer(payer), "siren": siren.strip()[:9]},
        "company": company,
        "cerfa": CERFA[company],
        "articles": articles,
        "lines": _lines(gifts),
        "in_words": euros_in_french(total),
        "form": form,
        "nature": nature,
        "signatory_name": profile.signatory_name,
        "signatory_quality": profile.signatory_quality,
    }


def _lines(gifts: list[Allocation]) -> list[dict[str, Any]]:
    """One for each payment and what it gives to; what was given and taken back is left out."""
    sums: dict[tuple[int, int], dict[str, Any]] = {}
    for gift in gifts:
        line = sums.setdefault(
            (gift.payment_id, gift.charge_id),
            {
                "on": gift.payment.received_on.isoformat(),
                "means": gift.payment.means,
                "label": gift.charge.label,
                "cents": 0,
            },
        )
        line["cents"] += gift.amount_cents
    return [line for line in sums.values() if line["cents"]]
