"""Make the cards of members; a new one ends the old one."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from tilios.core.access.roles import may
from tilios.core.errors import require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.tools.members import rules
from tilios.tools.members.actions.records import lock
from tilios.tools.members.models import Card, Record


def has_card(person: Person, record: Record) -> bool:
    """Whether `person` may have the card of `record` on their screen or on paper."""
    return rules.keeps_register(person) or (rules.is_own(person, record) and may(person, "members.own"))


@transaction.atomic
def new_card(*, by: Person, record: Record) -> Card:
    """Make a card; the one that `record` had is worth nothing from now on. Publishes "members.card_made".

    Raises NotAllowed unless `by` keeps the register, or the record is theirs or of somebody they pay for.
    """
    record = lock(record)
    require(has_card(by, record))
    Card.objects.filter(record=record, ended_at=None).update(ended_at=timezone.now())
    card = Card.objects.create(record=record)
    publish("members.card_made", by=by, target=record, subject=record.person)
    return card


@transaction.atomic
def cards_of(*, by: Person, records: Iterable[Record]) -> dict[int, Card]:
    """The card of each record, by its number; those who had none get one. Publishes one "members.card_made" for all.

    Raises NotAllowed unless `by` keeps the register. Three queries when everybody has one.
    """
    require(rules.keeps_register(by))
    numbers = [record.pk for record in records]
    # Two who print at once wait for each other: a member has one card.
    list(Record.objects.select_for_update(of=("self",)).filter(pk__in=numbers).order_by("pk").values_list("pk"))
    found = {card.record_id: card for card in Card.objects.filter(record__in=numbers, ended_at=None)}
    missing = [Card(record_id=number) for number in numbers if number not in found]
    if missing:
        found |= {card.record_id: card for card in Card.objects.bulk_create(missing, batch_size=500)}
        publish("members.card_made", by=by, cards=len(missing))
    return found
