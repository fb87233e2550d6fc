"""The lock under which one structure's money is written, and the days that are open."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.billing.models import BillingProfile, ClosedPeriod
from tilios.core.errors import Invalid
from tilios.core.structures.scope import current_structure

FIRST_YEAR = 1990


def lock() -> BillingProfile:
    """The profile of the structure, held to the end of the transaction: taken first by every write about money.

    So writes of one structure follow one another, and none waits for another that holds what it needs.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("Money is written in a transaction.")
    made, _created = BillingProfile.objects.get_or_create(
        structure_id=current_structure().pk, defaults=as_structure_says()
    )
    return BillingProfile.objects.select_for_update().get(pk=made.pk)


def as_structure_says() -> dict[str, Any]:
    """A profile before anybody has written it, of what the structure says of itself."""
    structure = current_structure()
    return {
        "legal_name": structure.name,
        "street": structure.street,
        "postcode": structure.postcode,
        "town": structure.town,
        "country": structure.country,
        "siren": structure.siret[:9],
        "rna": structure.rna,
        "purpose": structure.purpose[:600],
    }


def closed_until() -> date | None:
    """The last day of the periods that are closed; None when none is."""
    return ClosedPeriod.objects.values_list("last_day", flat=True).first()


def first_open_day(wanted: date | None = None) -> date:
    """`wanted` (today by default), or the day after the closed periods when it lies within."""
    wanted, closed = wanted or timezone.localdate(), closed_until()
    return wanted if closed is None or wanted > closed else closed + timedelta(days=1)


def require_open(day: date, field: str) -> None:
    """Raise Invalid(field) for a day within a closed period, or so far back that it is a slip of the pen."""
    if day.year < FIRST_YEAR:
        raise Invalid(field, _("This day is too far back."))
    closed = closed_until()
    if closed is not None and day <= closed:
        raise Invalid(
            field,
            _("The accounts are closed until %(day)s: choose a later day.") % {"day": closed.strftime("%d/%m/%Y")},
        )


def fiscal_year(day: date, first_month: int) -> int:
    """The year in which the fiscal year of `day` begins."""
    return day.year if day.month >= first_month else day.year - 1


def fiscal_bounds(year: int, first_month: int) -> tuple[date, date]:
    """The first and the last day of the fiscal year that begins in `year`."""
    return date(year, first_month, 1), date(year + 1, first_month, 1) - timedelta(days=1)
