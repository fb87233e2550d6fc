"""Move money of one's own from one place to another: HelloAsso pays the bank, the cash box is taken there."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.access.roles import may
from tilios.core.billing.ledger import books
from tilios.core.billing.ledger.accounts import MONEY, account
from tilios.core.billing.ledger.entries import Line, write
from tilios.core.billing.models import Journal, LedgerEntry
from tilios.core.errors import Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.kit.money import LARGEST

PLACES = frozenset(MONEY.values()) - {"cheques"}  # cheques go to the bank by a deposit


@transaction.atomic
def move_money(*, by: Person, source: str, target: str, amount_cents: int, moved_on: date, label: str) -> LedgerEntry:
    """The entry of money that goes from `source` to `target`, places among PLACES: nobody paid anything.

    Moved back the other way when it was wrong. Publishes "billing.moved"; raises NotAllowed, Invalid("target"),
    Invalid("amount_cents"), Invalid("moved_on"), Invalid("label").
    """
    require(may(by, "billing.record"))
    if source == target or not {source, target} <= PLACES:
        raise Invalid("target", _("Choose from where the money goes, and to where."))
    if not 0 < amount_cents <= LARGEST:
        raise Invalid("amount_cents", _("An amount moved is above zero."))
    if not label.strip():
        raise Invalid("label", _("Please say what this money is."))
    if moved_on > timezone.localdate():
        raise Invalid("moved_on", _("This day has not come yet."))
    profile = books.lock()
    books.require_open(moved_on, "moved_on")
    to, out_of = account(profile, target), account(profile, source)
    if to == out_of:
        raise Invalid("target", _("Both places are written in the same account."))
    entry = write(
        profile, journal=Journal.OTHER, day=moved_on, label=label.strip(), piece=f"V{moved_on:%Y%m%d}",
        lines=[Line(to, amount_cents), Line(out_of, -amount_cents)],
    )  # fmt: skip
    assert entry is not None  # two accounts, an amount: something is written
    publish("billing.moved", by=by, target=entry, cents=amount_cents)
    return entry
