"""Close the accounts to a day."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.access.roles import may
from tilios.core.billing.ledger import books
from tilios.core.billing.models import ClosedPeriod
from tilios.core.errors import Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person


@transaction.atomic
def close_period(*, by: Person, last_day: date) -> ClosedPeriod:
    """Nothing dated to the end of `last_day` is written any more; it cannot be opened again.

    Publishes "billing.period_closed"; raises NotAllowed, Invalid("last_day") for a day that is not over or is closed.
    """
    require(may(by, "billing.close"))
    books.lock()
    if last_day >= timezone.localdate():
        raise Invalid("last_day", _("Only days that are over can be closed."))
    books.require_open(last_day, "last_day")
    period = ClosedPeriod.objects.create(last_day=last_day, closed_by=by)
    publish("billing.period_closed", by=by, target=period, until=last_day.isoformat())
    return period
