"""The address books over CardDAV."""

from typing import Any

from django.db.models import QuerySet

from tilios.core.dav.errors import Refusal
from tilios.core.dav.objects import cards as protocol
from tilios.core.dav.objects.spaces import CARDDAV
from tilios.core.dav.tree import Check, Content, Node
from tilios.core.shelves.levels import Level
from tilios.core.structures.composed import composed
from tilios.tools.agenda.actions import cards
from tilios.tools.agenda.dav.collections import Collections, Row, text
from tilios.tools.agenda.models import Card, Item, Nature

LISTED = ("pk", "name", "etag", "created_ms", "changed_ms", "author_id")


@composed
def _called(book: int, names: tuple[str, ...]) -> QuerySet[Card, Any]:
    return Card.objects.filter(book=book, name__in=names).order_by().values_list(*LISTED, "data")


class Contacts(Collections, protocol.Books):
    """Cards as programs put them."""

    nature, object_kind, types, mount = Nature.BOOK, "agenda.card", protocol.ADDRESS_BOOK, "addressbooks"
    listed = LISTED

    def objects(self, collection: Item) -> QuerySet[Card]:
        return Card.objects.filter(book=collection)

    def called(self, collection: Item, names: tuple[str, ...]) -> list[Row]:
        return _called(collection.pk, names)

    def _listed(self, collection: Item, row: Row, data: str = "") -> Node:
        pk, name, etag, created_ms, changed_ms, author = row
        level = self.level(collection)
        is_writable = level >= Level.EDIT or (level >= Level.ADD and author == self.person.pk)
        return Node(
            self.object_kind, pk, name, False, created_ms, changed_ms, etag, len(data), self.media_type, name,
            is_writable, data=data,
        )  # fmt: skip

    def facts(self, node: Node) -> dict[str, str | None]:
        return {f"{CARDDAV}addressbook-description": text(self.item(node).description)}

    def settable(self) -> dict[str, str]:
        return {**super().settable(), f"{CARDDAV}addressbook-description": "description"}

    def write(self, parent: Node, name: str, content: Content, *, check: Check) -> tuple[Node, bool]:
        book = self.item(parent)

        def make() -> tuple[Card, bool]:
            return cards.put_card(
                by=self.person, rights=self.rights, book=book, name=name, data=content.row,
                check=lambda card: check(self._node(book, card)),
            )  # fmt: skip

        return self.put(make, parent)

    def delete(self, node: Node, *, check: Check) -> None:
        if node.is_collection:
            raise Refusal(403)
        card = Card.objects.select_related("book").get(pk=node.pk)
        cards.remove_card(
            by=self.person, rights=self.rights, card=card, check=lambda one: check(self._node(card.book, one))
        )
