"""The address books over CardDAV."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from tilios.core.dav.answers import escaped
from tilios.core.dav.bodies import DAV
from tilios.core.dav.errors import Refusal
from tilios.core.dav.objects import cards as protocol
from tilios.core.dav.objects.spaces import CARDDAV
from tilios.core.dav.principals import href
from tilios.core.dav.tree import Check, Content, Node
from tilios.core.shelves.levels import Level
from tilios.tools.agenda.actions import cards
from tilios.tools.agenda.dav.collections import Collections, Row, text
from tilios.tools.agenda.models import Card, Item, Nature


class Contacts(Collections, protocol.Books):
    """Cards as programs put them."""

    nature, object_kind, types, mount = Nature.BOOK, "agenda.card", protocol.ADDRESS_BOOK, "addressbooks"
    listed = ("pk", "name", "etag", "created_ms", "changed_ms", "author_id", "data")
    brief = listed[:-1]

    def objects(self, collection: Item) -> QuerySet[Card]:
        return Card.objects.filter(book=collection)

    def _nodes(self, collection: Item, rows: QuerySet[Any]) -> Iterator[Node]:
        columns = self.listed if self.reads_data else self.brief
        for row in rows.order_by().values_list(*columns).iterator(chunk_size=2000):
            yield self._listed(collection, row)

    def _listed(self, collection: Item, row: Row) -> Node:
        pk, name, etag, created_ms, changed_ms, author, *data = row
        level = self.rights.level(collection)
        is_writable = level >= Level.EDIT or (level >= Level.ADD and author == self.person.pk)
        given = data[0] if data else ""
        return Node(
            self.object_kind, pk, name, False, created_ms, changed_ms, etag, len(given), self.media_type, name,
            is_writable, data=given,
        )  # fmt: skip

    def read(self, request: Any, node: Node) -> Any:
        if not node.data:
            self.reads_data = True
            card = Card.objects.get(pk=node.pk)
            node = self._listed(self._items[card.book_id], tuple(getattr(card, one) for one in self.listed))
        return super().read(request, node)

    def facts(self, node: Node) -> dict[str, str | None]:
        owner = href(self.person.account) if self.person.account else "/dav/principals/"
        return {
            f"{DAV}owner": f"<D:href>{escaped(owner)}</D:href>",
            f"{CARDDAV}addressbook-description": text(self.item(node).description),
        }

    def settable(self) -> dict[str, str]:
        return {**super().settable(), f"{CARDDAV}addressbook-description": "description"}

    def write(self, parent: Node, name: str, content: Content, *, check: Check) -> tuple[Node, bool]:
        book = self.item(parent)

        def make() -> tuple[Card, bool]:
            return cards.put_card(
                by=self.person, rights=self.rights, book=book, name=name, data=content.row,
                check=lambda card: check(self._of(book, card)),
            )  # fmt: skip

        return self.put(make, parent)

    def _of(self, book: Item, card: Card | None) -> Node | None:
        return self._listed(book, tuple(getattr(card, one) for one in self.brief)) if card else None

    def delete(self, node: Node, *, check: Check) -> None:
        if node.is_collection:
            raise Refusal(403)
        card = Card.objects.select_related("book").get(pk=node.pk)
        cards.remove_card(
            by=self.person, rights=self.rights, card=card, check=lambda one: check(self._of(card.book, one))
        )
