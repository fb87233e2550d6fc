"""Contacts brought back from the trash of their address book, and the trash emptied of what is old."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from tilios.core.errors import Conflict, require
from tilios.core.people.models import Person
from tilios.core.shelves.models import now_ms
from tilios.tools.agenda.actions.cards import put_card
from tilios.tools.agenda.actions.counting import next_number
from tilios.tools.agenda.actions.writing import new_uid
from tilios.tools.agenda.errors import SameUid
from tilios.tools.agenda.models import Card, ThrownCard
from tilios.tools.agenda.queries.rights import Rights

KEPT_DAYS = 60


@transaction.atomic
def restore_card(*, by: Person, rights: Rights, thrown: ThrownCard) -> Card:
    """Bring a contact back, and what was changed when it was thrown away, where nobody changed it since; the contact.

    Publishes "agenda.card_added". Raises NotAllowed; Conflict when it is back already, or its address book is thrown
    away.
    """
    book = thrown.book
    next_number(book, 0)  # held: two who press at once bring it back once
    kept = ThrownCard.objects.filter(pk=thrown.pk).first()
    if kept is None:
        raise Conflict(_("This contact is back already, or was forgotten."))
    if book.in_trash:
        raise Conflict(_("Its address book is in the trash: bring that back first."))
    require(rights.may_put(book, kept.author_id, is_new=False))
    _put_back(by, rights, kept)
    is_taken = Card.objects.filter(book=book, name=kept.name).exists()
    try:
        card, _is_new = put_card(
            by=by, rights=rights, book=book, name=f"{new_uid()}.vcf" if is_taken else kept.name, data=kept.data.encode()
        )
    except SameUid as error:
        raise Conflict(_("This contact is in the address book already.")) from error
    kept.delete()
    return card


def _put_back(by: Person, rights: Rights, kept: ThrownCard) -> None:
    """Cards that changed with it take their words again, unless somebody wrote in them since."""
    for one in kept.before:
        card = Card.objects.select_related("book").filter(pk=one["card"], etag=one["etag"]).first()
        if card is not None and rights.may_put(card.book, card.author_id, is_new=False):
            put_card(by=by, rights=rights, book=card.book, name=card.name, data=one["data"].encode())


def forget_old() -> int:
    """Forget what was thrown away more than `KEPT_DAYS` ago; how many."""
    oldest = now_ms() - int(timedelta(days=KEPT_DAYS).total_seconds() * 1000)
    return ThrownCard.objects.filter(thrown_ms__lt=oldest).delete()[0]
