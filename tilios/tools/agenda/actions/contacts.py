"""Contacts made of their form, changed and removed."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.errors import Conflict, require
from tilios.core.people.models import Person
from tilios.kit import vcard
from tilios.tools.agenda.actions.cards import put_card, remove_card
from tilios.tools.agenda.actions.writing import new_uid
from tilios.tools.agenda.models import Card, Item, ThrownCard
from tilios.tools.agenda.queries.rights import Rights


class CardChanged(Conflict):
    """Somebody else changed the contact since the form was shown; `card` is what it is now."""

    def __init__(self, card: Card) -> None:
        who = card.editor.display_name if card.editor else _("Somebody")
        super().__init__(
            _("%(name)s changed this contact while you were writing. Save again to keep what you typed.")
            % {"name": who}
        )
        self.card = card


def add_card(*, by: Person, rights: Rights, book: Item, fields: Mapping[str, Any]) -> Card:
    """A new contact. Publishes "agenda.card_added". Raises NotAllowed, Unreadable."""
    uid = new_uid()
    data = vcard.new({**fields, "uid": uid}, now=timezone.now())
    return put_card(by=by, rights=rights, book=book, name=f"{uid}.vcf", data=data)[0]


def change_card(*, by: Person, rights: Rights, card: Card, fields: Mapping[str, Any], etag: str = "") -> Card:
    """Change what `fields` say; whatever else the card holds stays as it came.

    Publishes "agenda.card_changed". Raises NotAllowed, Unreadable, and CardChanged when `etag` is not that of the card.
    """
    data = vcard.changed(card.data.encode(), dict(fields), now=timezone.now())
    return put_card(by=by, rights=rights, book=card.book, name=card.name, data=data, check=same(etag))[0]


def drop_card(*, by: Person, rights: Rights, card: Card) -> ThrownCard | None:
    """Put a contact in the trash. Publishes "agenda.card_removed". Raises NotAllowed."""
    require(rights.may_put(card.book, card.author_id, is_new=False))
    return remove_card(by=by, rights=rights, card=card)


def same(etag: str) -> Any:
    """The check that a contact is still what the form showed."""

    def check(card: Card | None) -> None:
        if card is None:
            raise Conflict(_("This contact was removed while you were writing."))
        if etag and card.etag != etag:
            raise CardChanged(card)

    return check
