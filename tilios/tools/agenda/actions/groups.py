"""Groups of contacts: a card that names its members by their UID (RFC 6350, 6.6.5; Apple's words in version 3.0)."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.errors import Conflict, Invalid, require
from tilios.core.people.models import Person
from tilios.kit import vcard
from tilios.tools.agenda.actions.cards import put_card
from tilios.tools.agenda.actions.contacts import add_card, change_card
from tilios.tools.agenda.actions.counting import next_number
from tilios.tools.agenda.models import Card, Item
from tilios.tools.agenda.queries.rights import Rights

MOST_MEMBERS = 2_000


def member_of(uid: str) -> str:
    """How a group names the contact of this UID."""
    return uid if ":" in uid else f"urn:uuid:{uid}"


def add_group(*, by: Person, rights: Rights, book: Item, name: str, members: Iterable[Card] = ()) -> Card:
    """A new group in an address book. Publishes "agenda.card_added". Raises NotAllowed, Invalid."""
    if not name.strip():
        raise Invalid("name", _("Give the group a name."))
    fields = {"fn": name.strip()[:200], "kind": "group", "members": _named(book, members)}
    return add_card(by=by, rights=rights, book=book, fields=fields)


def add_members(*, by: Person, rights: Rights, group: Card, cards: Iterable[Card]) -> Card:
    """Put contacts of the same address book in a group. Raises NotAllowed, Invalid, Conflict for too many."""
    return _with(by, rights, group, add=_named(group.book, cards))


def remove_members(*, by: Person, rights: Rights, group: Card, members: Iterable[str]) -> Card:
    """Take members out of a group, as the group names them; their cards stay. Raises NotAllowed."""
    return _with(by, rights, group, remove=tuple(members))


@transaction.atomic
def _with(by: Person, rights: Rights, group: Card, *, add: tuple[str, ...] = (), remove: tuple[str, ...] = ()) -> Card:
    next_number(group.book, 0)  # held: two who add at once lose nobody
    group = Card.objects.select_related("book").get(pk=group.pk)
    require(rights.may_put(group.book, group.author_id, is_new=False))
    known = vcard.facts(group.data.encode()).members
    members = tuple(one for one in dict.fromkeys((*known, *add)) if one not in remove)
    if len(members) > MOST_MEMBERS:
        raise Conflict(_("A group holds %(most)s contacts at most.") % {"most": MOST_MEMBERS})
    if members == known:
        return group
    return change_card(by=by, rights=rights, card=group, fields={"members": members})


def _named(book: Item, cards: Iterable[Card]) -> tuple[str, ...]:
    cards = list(cards)
    if any(one.book_id != book.pk for one in cards):
        raise Invalid("members", _("A group holds contacts of its own address book."))
    return tuple(member_of(one.uid) for one in cards if one.kind != "group")


def rename_group(*, by: Person, rights: Rights, group: Card, name: str) -> Card:
    """Call a group otherwise. Raises NotAllowed, Invalid."""
    if not name.strip():
        raise Invalid("name", _("Give the group a name."))
    data = vcard.changed(
        group.data.encode(), {"fn": name.strip()[:200], "n": (name.strip()[:200], "", "", "", "")}, now=timezone.now()
    )
    return put_card(by=by, rights=rights, book=group.book, name=group.name, data=data)[0]
