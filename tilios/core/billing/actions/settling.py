"""Change what charges have received, and tell their tools which are wholly paid now, or are no more."""

from collections.abc import Iterable, Mapping

from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from tilios.core.billing.models import Allocation, Charge, Payment
from tilios.core.errors import Conflict, Invalid
from tilios.core.toolbox import registry

Share = tuple[Charge, int, int]  # a charge, the cents it had before, those it received (below zero: lost)
SETTLED, UNSETTLED = "billing.settled", "billing.unsettled"


def allot(payment: Payment, parts: Mapping[int, int]) -> list[Share]:
    """Write the parts of `payment`, by number of charge; gives each charge, what it had before, what it received.

    The books are locked. Raises Conflict for a charge that is gone or cancelled, Invalid("allocations") for more than
    what is left of one.
    """
    charges = {charge.pk: charge for charge in Charge.objects.select_for_update().filter(pk__in=parts).order_by("pk")}
    if len(charges) < len(parts):
        raise Conflict(_("One of these amounts due is not there any more: look again."))
    shares = []
    for pk, cents in sorted(parts.items()):
        charge = charges[pk]
        if cents > 0 and charge.cancelled_at:
            raise Conflict(_("“%(label)s” was cancelled meanwhile: look again.") % {"label": charge.label})
        before = charge.paid_cents
        if not 0 <= before + cents <= charge.amount_cents:
            raise Invalid(
                "allocations", _("This is more than what is left to pay of “%(label)s”.") % {"label": charge.label}
            )
        Allocation.objects.create(payment=payment, charge=charge, amount_cents=cents)
        charge.paid_cents = before + cents
        charge.save(update_fields=["paid_cents"])
        shares.append((charge, before, cents))
    return shares


def tell(charges: Iterable[Charge]) -> None:
    """Mark which of `charges` are wholly paid now, or are no more, and tell the tool of each that changed: once."""
    for charge in charges:
        settled = charge.paid_cents == charge.amount_cents and charge.cancelled_at is None
        if settled == (charge.settled_at is not None):
            continue
        charge.settled_at = timezone.now() if settled else None
        charge.save(update_fields=["settled_at"])
        _tell_tool(charge, SETTLED if settled else UNSETTLED)


def _tell_tool(charge: Charge, capability: str) -> None:
    """The tool of the thing, and no other; switched off, it still keeps its things in order."""
    tool = registry.tool(charge.source_kind.partition(".")[0])
    path = tool.capabilities.get(capability) if tool else None
    if path:
        import_string(path)(charge)
