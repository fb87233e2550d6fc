"""Reads of the announcements of direct debits: who was told, who is still to be."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from tilios.core.billing import queries as billing
from tilios.core.billing.models import Debit, DebitBatch, DebitState
from tilios.tools.members.models import Channel, DebitNotice


@dataclass(frozen=True)
class Announced:
    """How far the announcements of a batch are. `last_at` is when the last ones left; None before the first."""

    by_mail: int
    on_paper: int
    printed: int
    left: int
    last_at: datetime | None
    notice_days: int
    too_late: int  # debtors who were told nearer to the debit than agreed
    too_near: bool  # so would be those who are told now
    told_otherwise_on: date | None  # as whoever made the batch said

    @property
    def told(self) -> int:
        return self.by_mail + self.on_paper

    @property
    def to_print(self) -> int:
        return self.on_paper - self.printed


def notices(batch: DebitBatch) -> QuerySet[DebitNotice]:
    """The announcements of a batch, in the order in which they left, with the mandate of each and its payer."""
    return DebitNotice.objects.filter(batch=batch).select_related("mandate__payer")


def debits_of(batch: DebitBatch) -> QuerySet[Debit]:
    """The debits of a batch, with what each is for and who pays."""
    return batch.debits.select_related("charge", "mandate__payer")


def debits_waiting(batch: DebitBatch) -> QuerySet[Debit]:
    """Those that the bank has not answered for yet."""
    return debits_of(batch).filter(state=DebitState.WAITING)


def announced(batch: DebitBatch) -> Announced:
    """How far the announcements of `batch` are today. Three queries."""
    told = list(notices(batch))
    waiting = set(debits_waiting(batch).values_list("mandate", flat=True))
    paper = [one for one in told if one.channel == Channel.PAPER]
    days = billing.profile().notice_days
    latest = batch.collect_on - timedelta(days=days)
    left = len(waiting - {one.mandate_id for one in told})
    said_before = batch.notified_on < timezone.localdate(batch.made_at)
    return Announced(
        by_mail=len(told) - len(paper),
        on_paper=len(paper),
        printed=sum(one.printed_at is not None for one in paper),
        left=left if batch.collect_on >= timezone.localdate() else 0,
        last_at=max((one.sent_at for one in told), default=None),
        notice_days=days,
        too_late=sum(timezone.localdate(one.sent_at) > latest for one in told),
        too_near=timezone.localdate() > latest,
        told_otherwise_on=batch.notified_on if said_before else None,
    )
