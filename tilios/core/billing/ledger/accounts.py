"""Which account of the French plan for associations (ANC 2018-06) each thing is written in."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from tilios.core.billing.models import BillingProfile, Means
from tilios.core.errors import Invalid

#: use -> (account, its name). A structure puts its own numbers in `BillingProfile.accounts`.
USUAL = {
    "parties": ("411", pgettext_lazy("account of the ledger", "Members and customers")),
    "advances": ("4191", pgettext_lazy("account of the ledger", "Advances received")),
    "vat": ("44571", pgettext_lazy("account of the ledger", "VAT collected")),
    "cheques": ("5112", pgettext_lazy("account of the ledger", "Cheques to be cashed")),
    "bank": ("512", pgettext_lazy("account of the ledger", "Bank")),
    "helloasso": ("517", pgettext_lazy("account of the ledger", "HelloAsso")),
    "cash": ("530", pgettext_lazy("account of the ledger", "Cash box")),
    "services": ("706", pgettext_lazy("account of the ledger", "Services")),
    "sales": ("707", pgettext_lazy("account of the ledger", "Goods sold")),
    "gifts": ("754", pgettext_lazy("account of the ledger", "Gifts")),
    "dues": ("756", pgettext_lazy("account of the ledger", "Dues")),
}
#: Where the money of each means is when it has just been received.
MONEY = {
    Means.CASH: "cash",
    Means.CHEQUE: "cheques",
    Means.TRANSFER: "bank",
    Means.CARD: "bank",
    Means.DEBIT: "bank",
    Means.HELLOASSO: "helloasso",
    Means.OTHER: "bank",
}
NUMBER = re.compile(r"[1-9][0-9]{2}[0-9A-Z]{0,9}")


def account(profile: BillingProfile, use: str) -> str:
    """The account for a use ("dues"), or the account that is named itself ("7561"). Raises Invalid("account")."""
    if use in USUAL:
        return str(profile.accounts.get(use) or USUAL[use][0])
    if NUMBER.fullmatch(use):
        return use
    raise Invalid("account", _("“%(account)s” is not the number of an account.") % {"account": use[:20]})


def label(profile: BillingProfile, number: str) -> str:
    """What the account of this number is called; the longest usual one that it begins with, for a part of it."""
    own = {account(profile, use): str(name) for use, (_number, name) in USUAL.items()}
    if number in own:
        return own[number]
    near = [usual for usual, _name in USUAL.values() if number.startswith(usual)]
    names = {usual: str(name) for usual, name in USUAL.values()}
    return names[max(near, key=len)] if near else number


def checked(accounts: dict[str, str]) -> dict[str, str]:
    """The accounts of a structure, those that are usual left out. Raises Invalid("accounts")."""
    found = {}
    for use, number in accounts.items():
        number = "".join(number.split()).upper()
        if use not in USUAL or (number and not NUMBER.fullmatch(number)):
            raise Invalid("accounts", _("“%(account)s” is not the number of an account.") % {"account": number[:20]})
        if number and number != USUAL[use][0]:
            found[use] = number
    return found
