"""Mailings: to whom they go, and what became of each letter."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.errors import Invalid
from tilios.core.notify.outbox import MAX_TRIES
from tilios.core.people.models import Person
from tilios.tools.members.models import Delivery, Mailing, MailingKind, Record
from tilios.tools.members.queries.choosing import Choice, named

#: An address that a server has refused for good is left alone for so long.
REST = timedelta(days=365)
#: What became of letters, as the address of the page says it.
WAITING, LEAVING, GONE, STUCK, RETURNED = "attente", "depart", "partis", "refus", "retours"
STANDINGS: dict[str, Q] = {
    WAITING: Q(sent_at=None),
    LEAVING: Q(sent_at__isnull=False, posted__mail__sent_at=None, posted__mail__tries__lt=MAX_TRIES, returned_at=None),
    GONE: Q(sent_at__isnull=False, returned_at=None)
    & (Q(posted__mail__created_at=None) | Q(posted__mail__sent_at__isnull=False)),  # or forgotten since
    STUCK: Q(posted__mail__sent_at=None, posted__mail__tries__gte=MAX_TRIES, returned_at=None),
    RETURNED: Q(returned_at__isnull=False),
}


@dataclass(frozen=True)
class Recipients:
    """Who receives a mailing, and who does not, and why. Each of `letters` goes to one address."""

    letters: list[Record]
    without_address: list[Record]
    refusing: list[Record]
    returned: list[Record]  # their address took nothing last time
    sharing: list[Record]  # somebody before them has the same address


def mailings() -> QuerySet[Mailing]:
    """The last ones first, with `letters` and `gone`."""
    return (
        Mailing.objects.select_related("created_by")
        .annotate(letters=Count("deliveries"), gone=Count("deliveries", filter=Q(deliveries__sent_at__isnull=False)))
        .order_by("-created_at", "-pk")
    )


def audience_of(mailing: Mailing, reader: Person) -> QuerySet[Record]:
    """The members whom the mailing is for, in the order of names. Raises Invalid("audience") for a set that is gone."""
    try:
        return named(Choice(mailing.audience), reader).filter(left_on=None)
    except Http404 as error:
        raise Invalid("audience", _("Choose whom it is for.")) from error


def recipients(mailing: Mailing, reader: Person) -> Recipients:
    """Whom the mailing would go to if `reader` sent it now. Raises Invalid("audience")."""
    found = Recipients([], [], [], [], [])
    dead, seen = returned_addresses(), set()
    for record in audience_of(mailing, reader):
        email = record.person.email.strip().lower()
        if not email:
            found.without_address.append(record)
        elif mailing.kind == MailingKind.NEWS and not record.newsletter:
            found.refusing.append(record)
        elif email in dead:
            found.returned.append(record)
        elif email in seen:
            found.sharing.append(record)
        else:
            seen.add(email)
            found.letters.append(record)
    return found


def returned_addresses() -> set[str]:
    """The addresses from which a letter came back for good, in small letters. One query."""
    since = timezone.now() - REST
    rows = Delivery.objects.filter(returned_at__gt=since).order_by()
    return set(rows.values_list("email", flat=True).distinct())


def standing_counts(mailing: Mailing) -> dict[str, int]:
    """How many letters stand at each of STANDINGS. One query."""
    return Delivery.objects.filter(mailing=mailing).aggregate(
        **{name: Count("pk", filter=condition) for name, condition in STANDINGS.items()}
    )


def deliveries(mailing: Mailing, standing: str) -> QuerySet[Delivery]:
    """The letters that stand there, in order, with whom they are for."""
    rows = Delivery.objects.filter(STANDINGS[standing], mailing=mailing)
    return rows.select_related("record__person", "posted__mail").defer("posted__mail__message").order_by("pk")


def next_letters(mailing: Mailing, count: int) -> Iterable[Delivery]:
    """The letters whose turn it is, at most `count`."""
    rows = Delivery.objects.filter(mailing=mailing, sent_at=None)
    rows = rows.select_related("record__person", "record__status", "record__payer__person").order_by("pk")
    return rows[:count]
