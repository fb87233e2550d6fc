"""The papers there are, and what the structure says of itself on them."""

from django.db.models import QuerySet

from tilios.core.billing.ledger import books
from tilios.core.billing.models import BillingProfile, Paper
from tilios.core.people.models import Person


def profile() -> BillingProfile:
    """The profile of the structure in scope; before anybody wrote it, one made of its settings, not stored."""
    return BillingProfile.objects.first() or BillingProfile(**books.as_structure_says())


def papers_of(payer: Person) -> QuerySet[Paper]:
    """The papers given to `payer`, the newest first."""
    return Paper.objects.filter(payer=payer)
