"""Announce direct debits to those who are debited, once a batch: by mail, or on a list to print."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.access.roles import may
from tilios.core.billing import queries as billing
from tilios.core.billing.models import Debit, DebitBatch
from tilios.core.errors import Conflict, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.tools.members import debit_letters as letters
from tilios.tools.members.models import Channel, DebitNotice
from tilios.tools.members.queries import announcing as queries


@transaction.atomic
def announce_debits(*, by: Person, batch: DebitBatch) -> list[DebitNotice]:
    """Tell whoever is debited in `batch` and was not told: the new notices, those on paper to be printed.

    All in one transaction, the batch locked: nobody is told twice. Publishes "members.debits_announced". Raises
    NotAllowed, Conflict once its day is over or without the creditor identifier that the law asks to say.
    """
    require(may(by, "billing.record"))
    batch = DebitBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.collect_on < timezone.localdate():
        raise Conflict(_("The day of these debits is over: there is nothing to announce any more."))
    profile = billing.profile()
    if not profile.creditor_id:
        raise Conflict(_("Announcements bear your SEPA creditor identifier: give it in the settings."))
    told = set(queries.notices(batch).values_list("mandate", flat=True))
    made = []
    for debits in by_mandate(queries.debits_waiting(batch)):
        mandate = debits[0].mandate
        if mandate.pk in told:
            continue
        channel = Channel.to(mandate.payer)
        made.append(DebitNotice(batch=batch, mandate=mandate, channel=channel))
        if channel == Channel.MAIL:
            letters.mail(batch, debits, profile).send()
    DebitNotice.objects.bulk_create(made)
    if made:
        publish("members.debits_announced", by=by, target=batch, count=len(made))
    return made


def by_mandate(debits: Iterable[Debit]) -> list[list[Debit]]:
    """The debits of each mandate together, in the order of their first ones."""
    found: dict[int, list[Debit]] = {}
    for debit in debits:
        found.setdefault(debit.mandate_id, []).append(debit)
    return list(found.values())


@transaction.atomic
def mark_notices_printed(*, by: Person, batch: DebitBatch, until: int) -> int:
    """Say that the announcements on paper up to the one of number `until` were printed; how many were not yet.

    Publishes "members.notices_printed"; raises NotAllowed.
    """
    require(may(by, "billing.record"))
    rows = DebitNotice.objects.filter(batch=batch, channel=Channel.PAPER, printed_at=None, pk__lte=until)
    count = rows.update(printed_at=timezone.now())
    if count:
        publish("members.notices_printed", by=by, target=batch, count=count)
    return count
