"""Two contacts of the same person made one, or said to be two."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.errors import Conflict, Invalid, require
from tilios.core.people.models import Person
from tilios.kit import vcard
from tilios.tools.agenda.actions.cards import put_card, remove_card
from tilios.tools.agenda.actions.counting import next_number
from tilios.tools.agenda.actions.groups import member_of
from tilios.tools.agenda.models import Card, NotSame, ThrownCard
from tilios.tools.agenda.queries.rights import Rights


@transaction.atomic
def merge_cards(
    *,
    by: Person,
    rights: Rights,
    first: Card,
    second: Card,
    choices: Mapping[str, vcard.Choice],
    etags: tuple[str, str] | None = None,
) -> ThrownCard:
    """Make one contact of two: `first` gets what `second` has more, `choices` say whose word is kept where both speak.

    Groups that hold `second` hold `first` instead. What is given is `second` in the trash: to restore it undoes all of
    it. Publishes "agenda.card_changed" and "agenda.card_removed". Raises NotAllowed, Invalid for one contact alone,
    Conflict when one of them changed since `etags` were read.
    """
    if first.pk == second.pk:
        raise Invalid("second", _("Choose two contacts."))
    for book in sorted({first.book, second.book}, key=lambda one: one.pk):
        next_number(book, 0)  # held, always in this order
    first, second = (_now(card, etag) for card, etag in zip((first, second), etags or ("", ""), strict=True))
    for card in (first, second):
        require(rights.may_put(card.book, card.author_id, is_new=False))
    data = vcard.merged(first.data.encode(), second.data.encode(), choices, now=timezone.now())
    before = [_changed(by, rights, first, data)]
    for group in Card.objects.filter(book__in={first.book, second.book}, kind="group").select_related("book"):
        members = vcard.facts(group.data.encode()).members
        if member_of(second.uid) in members and rights.may_put(group.book, group.author_id, is_new=False):
            changed = tuple(
                dict.fromkeys(member_of(first.uid) if one == member_of(second.uid) else one for one in members)
            )
            data = vcard.changed(group.data.encode(), {"members": changed}, now=timezone.now())
            before.append(_changed(by, rights, group, data))
    thrown = remove_card(by=by, rights=rights, card=second)
    assert thrown is not None
    thrown.before, thrown.into = before, first
    thrown.save(update_fields=["before", "into"])
    return thrown


def _now(card: Card, etag: str) -> Card:
    found = Card.objects.select_related("book").filter(pk=card.pk).first()
    if found is None or (etag and found.etag != etag):
        raise Conflict(_("One of the two was changed or removed meanwhile: look at them again."))
    return found


def _changed(by: Person, rights: Rights, card: Card, data: bytes) -> dict[str, str | int]:
    """Write `data` in the card; what `ThrownCard.before` keeps of it."""
    was = card.data
    now, _new = put_card(by=by, rights=rights, book=card.book, name=card.name, data=data)
    return {"card": card.pk, "data": was, "etag": now.etag}


def say_different(*, by: Person, rights: Rights, first: Card, second: Card) -> None:
    """Remember that two contacts are not the same. Raises NotAllowed."""
    for card in (first, second):
        require(rights.may_put(card.book, card.author_id, is_new=False))
    low, high = sorted((first, second), key=lambda one: one.pk)
    if low.pk != high.pk:
        NotSame.objects.get_or_create(first=low, second=high, defaults={"said_by": by})
