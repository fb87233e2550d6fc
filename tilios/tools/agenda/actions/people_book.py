"""The address book of the people of the structure: what they let others see of their record, and nothing else.

It is an address book like others, so that pages, phones and searches need not know it; it follows the records, and
nobody writes in it (Rights.level). Who shows nothing, or has left, has no card in it.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from tilios.core.people.models import Person, Status
from tilios.core.people.roles import Role
from tilios.core.search import index
from tilios.core.shelves.levels import Level, Space
from tilios.core.shelves.models import now_ms
from tilios.core.structures.scope import current_structure
from tilios.kit import vcard
from tilios.kit.vcard import Contact
from tilios.tools.agenda.actions.cards import fill
from tilios.tools.agenda.actions.counting import next_number, note_gone
from tilios.tools.agenda.actions.spaces import make, open_spaces
from tilios.tools.agenda.actions.writing import new_uid
from tilios.tools.agenda.models import Card, Grant, Item, Nature
from tilios.tools.agenda.shelf import SHELF

ADDRESS = "personnes"


def follow(people: Iterable[Person]) -> None:
    """Have the cards of `people` say what they show now, in the transaction that changes their records.

    One query for those who show nothing and never did.
    """
    people = list(people)
    shown = [one for one in people if _is_shown(one)]
    book = _book()
    if book is None and shown:
        book = _made(shown[0])
    if book is None:
        return
    known = {one.person_id: one for one in Card.objects.filter(book=book, person__in=[one.pk for one in people])}
    wanted = {one.pk for one in shown}
    _remove(book, [card for pk, card in known.items() if pk not in wanted])
    for person in shown:
        _keep(book, person, known.get(person.pk))


def forget(numbers: Iterable[int]) -> None:
    """Take away the cards of people whose records are deleted."""
    book = _book()
    if book is not None:
        _remove(book, list(Card.objects.filter(book=book, person__in=list(numbers))))


def follow_everybody() -> None:
    """Bring the whole book to what the records say: after what told nobody, such as an archive taken in."""
    shown = Person.objects.filter(shares_email=True) | Person.objects.filter(shares_phones=True)
    with SHELF.writing():
        book = _book()
        listed = Person.objects.filter(pk__in=Card.objects.filter(book=book).values("person")) if book else shown.none()
        follow(shown.distinct() | listed.distinct())


def _book() -> Item | None:
    return Item.objects.filter(is_of_people=True, in_trash=False).first()


def _made(person: Person) -> Item | None:
    """The book, in everybody's space; None while nobody may have one (the tool is off)."""
    fresh = Person.objects.get(pk=person.pk)  # whoever acts for them makes no difference
    fresh.structure = current_structure()
    open_spaces(fresh)
    common = Item.objects.filter(parent=None, space=Space.COMMON).first()
    if common is None:
        return None
    with SHELF.writing(), override(current_structure().language):
        if book := _book():
            return book
        book = make(common, Nature.BOOK, _("People of the structure"), ADDRESS)
        book.is_of_people, book.ruler = True, book
        book.save(update_fields=["is_of_people", "ruler"])
        Grant.objects.create(folder=book, role=Role.MEMBER, level=Level.VIEW)
        return book


def _is_shown(person: Person) -> bool:
    is_there = person.status == Status.ACTIVE and person.visit_ends_at is None
    return is_there and bool(_mails(person) or _phones(person))


def _mails(person: Person) -> tuple[Contact, ...]:
    return (Contact(person.email),) if person.shares_email and person.email else ()


def _phones(person: Person) -> tuple[Contact, ...]:
    said = (Contact(person.mobile, ("cell",)), Contact(person.phone))
    return tuple(one for one in said if one.value) if person.shares_phones else ()


def _keep(book: Item, person: Person, card: Card | None) -> None:
    """Make the card of `person`, or bring it to what they show; nothing is written when it says so already."""
    fields: dict[str, Any] = {
        "fn": person.display_name,
        "n": (person.family_name, person.given_name, "", "", ""),
        "emails": _mails(person),
        "phones": _phones(person),
    }
    if not any(fields["n"]):
        fields["n"] = ("", person.display_name, "", "", "")
    if card is None:
        uid = new_uid()
        card = Card(book=book, name=f"{uid}.vcf", person=person)
        data = vcard.new({**fields, "uid": uid}, now=timezone.now())
    else:
        was = vcard.facts(card.data.encode())
        if all(getattr(was, name) == value for name, value in fields.items()):
            return
        data = vcard.changed(card.data.encode(), fields, now=timezone.now())
    fill(card, vcard.facts(data), data.decode())
    card.number, card.changed_ms = next_number(book), now_ms()
    card.save()
    index.update(card)


def _remove(book: Item, cards: Sequence[Card]) -> None:
    if not cards:
        return
    first = next_number(book, len(cards))
    for card in cards:
        index.remove(card)
    Card.objects.filter(pk__in=[one.pk for one in cards]).delete()
    note_gone(book, [one.name for one in cards], first)
