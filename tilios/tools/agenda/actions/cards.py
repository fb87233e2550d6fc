"""Put cards in address books, and take them away."""

from collections.abc import Callable

from django.db import transaction

from tilios.core.errors import require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.core.search import index
from tilios.core.shelves import names
from tilios.core.shelves.models import now_ms
from tilios.kit import ical, vcard
from tilios.tools.agenda.actions.counting import next_number, note_gone
from tilios.tools.agenda.actions.entries import etag_of
from tilios.tools.agenda.errors import SameUid, Unreadable
from tilios.tools.agenda.models import Card, Gone, Item, ThrownCard
from tilios.tools.agenda.queries.rights import Rights

Check = Callable[[Card | None], None]


def unchecked(_card: Card | None) -> None:
    """No condition."""


@transaction.atomic
def put_card(
    *, by: Person, rights: Rights, book: Item, name: str, data: bytes, check: Check = unchecked
) -> tuple[Card, bool]:
    """Keep `data` (one vCard) under `name`; the card, and whether it is new.

    Publishes "agenda.card_added" or "agenda.card_changed". Raises NotAllowed, Unreadable, SameUid; nothing when it is
    the same.
    """
    number = next_number(book)
    card = Card.objects.filter(book=book, name=name).first()
    check(card)
    require(rights.may_put(book, card.author_id if card else None, is_new=card is None))
    try:
        facts = vcard.facts(data)
    except vcard.Broken as error:
        raise Unreadable(error) from error
    text = ical.as_text(data)
    is_new = card is None
    if card is None:
        card = Card(book=book, name=name, author=by)
    elif card.data == text:
        return card, False
    other = Card.objects.filter(book=book, uid=facts.uid[:255]).exclude(pk=card.pk).values_list("name").first()
    if other is not None:
        raise SameUid(other[0])
    fill(card, facts, text)
    card.number, card.editor, card.changed_ms = number, by, now_ms()
    card.save()
    if is_new:
        Gone.objects.filter(collection=book, name=name).delete()
    index.update(card)
    publish("agenda.card_added" if is_new else "agenda.card_changed", by=by, target=card)
    return card, is_new


def fill(card: Card, facts: vcard.Facts, text: str) -> None:
    """Give the card its data and what is read from it."""
    card.data, card.etag, card.uid = text, etag_of(text), facts.uid[:255]
    card.kind = facts.kind[:15]
    card.full_name = " ".join(facts.fn.split())[:300]
    card.organisation = " ".join(facts.org.split())[:300]
    family, given = (*facts.n, "", "")[:2]
    card.sort_name = names.sort_key(f"{family} {given}".strip() or card.full_name)[:320]
    card.emails = [one.value for one in facts.emails]
    card.phones = [one.value for one in facts.phones]
    card.categories = list(facts.categories)
    card.birthday = _written(facts.birthday)
    card.has_photo = facts.photo is not None and bool(facts.photo.data)  # one elsewhere is not fetched


def _written(birthday: tuple[int | None, int, int] | None) -> str:
    if birthday is None:
        return ""
    year, month, day = birthday
    return f"{year:04}-{month:02}-{day:02}" if year else f"--{month:02}-{day:02}"


@transaction.atomic
def remove_card(*, by: Person, rights: Rights, card: Card, check: Check = unchecked) -> ThrownCard | None:
    """Take a card away, into the trash of its address book; None when it is gone already.

    Publishes "agenda.card_removed". Raises NotAllowed.
    """
    book = card.book
    number = next_number(book)
    there = Card.objects.filter(pk=card.pk).first()
    check(there)
    if there is None:
        return None
    require(rights.may_put(book, there.author_id, is_new=False))
    kept = ThrownCard.objects.create(
        book=book, name=there.name, uid=there.uid, data=there.data, full_name=there.full_name,
        author_id=there.author_id, thrown_by=by,
    )  # fmt: skip
    _take_away(by, there, number)
    return kept


def take_away(*, by: Person | None, card: Card) -> None:
    """Take a card out of its address book for good, for what asked the rights and keeps it elsewhere.

    Publishes "agenda.card_removed".
    """
    _take_away(by, card, next_number(card.book))


def _take_away(by: Person | None, card: Card, number: int) -> None:
    publish("agenda.card_removed", by=by, target=card)
    index.remove(card)
    card.delete()
    note_gone(card.book, [card.name], number)
