"""Several contacts at once: labelled, taken to another address book, thrown away."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from tilios.core.errors import Invalid, require
from tilios.core.people.models import Person
from tilios.kit import vcard
from tilios.tools.agenda.actions.cards import put_card, remove_card, take_away
from tilios.tools.agenda.actions.contacts import change_card
from tilios.tools.agenda.actions.counting import next_number
from tilios.tools.agenda.actions.writing import new_uid
from tilios.tools.agenda.models import Card, Item
from tilios.tools.agenda.queries.rights import Rights

LONGEST_LABEL = 60


@transaction.atomic
def label_cards(*, by: Person, rights: Rights, cards: Sequence[Card], label: str, remove: bool = False) -> int:
    """Put a label on contacts, or take it off; how many changed. Raises NotAllowed, Invalid."""
    label = " ".join(label.replace(",", " ").split())[:LONGEST_LABEL]
    if not label:
        raise Invalid("label", _("Write a label."))
    count = 0
    for card in _held(rights, cards):
        known = vcard.facts(card.data.encode()).categories
        others = tuple(one for one in known if one.casefold() != label.casefold())
        wanted = others if remove else known if len(others) < len(known) else (*known, label)
        if wanted != known:
            change_card(by=by, rights=rights, card=card, fields={"categories": wanted})
            count += 1
    return count


@transaction.atomic
def move_cards(*, by: Person, rights: Rights, cards: Sequence[Card], to: Item) -> tuple[int, int]:
    """Take contacts to another address book; how many went, and how many stayed since they are there already.

    Raises NotAllowed.
    """
    require(rights.may_put(to, None, is_new=True))
    next_number(to, 0)
    moved = 0
    elsewhere = [one for one in _held(rights, cards) if one.book_id != to.pk]
    taken = set(Card.objects.filter(book=to, uid__in=[one.uid for one in elsewhere]).values_list("uid", flat=True))
    names = set(Card.objects.filter(book=to, name__in=[one.name for one in elsewhere]).values_list("name", flat=True))
    for card in elsewhere:
        if card.uid in taken:
            continue
        taken.add(card.uid)
        name = f"{new_uid()}.vcf" if card.name in names else card.name
        put_card(by=by, rights=rights, book=to, name=name, data=card.data.encode())
        take_away(by=by, card=card)
        moved += 1
    return moved, len(elsewhere) - moved


@transaction.atomic
def throw_cards(*, by: Person, rights: Rights, cards: Sequence[Card]) -> list[int]:
    """Put contacts in the trash; the numbers they have there. Raises NotAllowed."""
    thrown = [remove_card(by=by, rights=rights, card=one) for one in _held(rights, cards)]
    return [one.pk for one in thrown if one is not None]


def _held(rights: Rights, cards: Sequence[Card]) -> list[Card]:
    """The cards as they are once nobody else can write in their address books. Raises NotAllowed for one of them."""
    books = {one.book_id: one.book for one in cards}
    for pk in sorted(books):
        next_number(books[pk], 0)
    found = list(Card.objects.select_related("book").filter(pk__in=[one.pk for one in cards]).order_by("pk"))
    for card in found:
        require(
            rights.may_put(card.book, card.author_id, is_new=False),
            _("You may see some of these contacts, not change them: nothing was done."),
        )
    return found
