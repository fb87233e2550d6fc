"""What the doors of calendars and of address books share: where the rows are, and how changes are told."""

from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any, ClassVar
from xml.etree.ElementTree import Element

from django.db.models import Model, QuerySet

from tilios.core.dav.answers import escaped
from tilios.core.dav.bodies import DAV
from tilios.core.dav.errors import Refusal
from tilios.core.dav.objects.tree import Objects
from tilios.core.dav.paths import quoted
from tilios.core.dav.tree import Changes, Check, Node
from tilios.core.people.models import Person
from tilios.core.structures.composed import composed, padded
from tilios.tools.agenda.actions import collections as actions
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.errors import OtherKind, SameUid, Unreadable
from tilios.tools.agenda.models import Gone, Item, Nature
from tilios.tools.agenda.queries.rights import Rights

KIND = "agenda.item"
CHUNK = 500
#: How many names the statements that are composed hold.
LENGTHS = (1, 10, 50, 100, CHUNK)
Row = tuple[Any, ...]


class Collections(Objects):
    """The calendars, or the address books, of a structure as one person sees them."""

    nature: ClassVar[Nature]
    object_kind: ClassVar[str]
    types: ClassVar[str]
    #: What a list is made of, in the order of `_listed`: thousands of rows are never made model instances.
    listed: ClassVar[tuple[str, ...]]
    mount: ClassVar[str]

    def __init__(self, person: Person) -> None:
        super().__init__(person)
        self.rights = Rights(person)
        self._met: dict[str, Item] = {}  # those asked for by their address
        self._levels: dict[int, int] = {}
        self.reading: Item | None = None  # the collection whose objects are being given

    @cached_property
    def _items(self) -> dict[int, Item]:
        return {item.pk: item for item in self.rights.collections(self.nature)}

    def open(self) -> None:
        """Have the spaces that the person should find: asked where collections are listed."""
        self.rights = open_spaces(self.person)
        self.__dict__.pop("_items", None)
        self._met.clear()
        self._levels.clear()

    def members(self, node: Node) -> Iterator[Node]:
        if not node.pk:
            self.open()
        return super().members(node)

    def walk(self, names: tuple[str, ...]) -> list[Node]:
        found = super().walk(names)
        if not found:
            self.open()
            found = super().walk(names)
        return found

    def collections(self) -> Sequence[Node]:
        return [self._collection(item) for item in self._items.values()]

    def collection(self, name: str) -> Node | None:
        if name not in self._met:
            self._met.update((name, item) for item in _at(self.nature, name) if self.rights.sees_collection(item))
        return self._collection(self._met[name]) if name in self._met else None

    def _collection(self, item: Item) -> Node:
        etag = f"{item.pk:x}-{item.number:x}"
        may_write = self.rights.may_put(item, None, is_new=True)
        return Node(
            KIND, item.pk, item.address, True, item.created_ms, item.changed_ms, etag,
            display_name=item.name, is_writable=may_write, types=self.types,
        )  # fmt: skip

    def level(self, collection: Item) -> int:
        """What the person may do in it, asked once a request: each of thousands of objects is told by it."""
        if collection.pk not in self._levels:
            self._levels[collection.pk] = self.rights.level(collection)
        return self._levels[collection.pk]

    def item(self, node: Node) -> Item:
        return self._met.get(node.name) or self._items[node.pk]

    # Objects

    @abstractmethod
    def objects(self, collection: Item) -> QuerySet[Any]:
        """The rows of a collection that the person may see something of."""

    @abstractmethod
    def called(self, collection: Item, names: tuple[str, ...]) -> list[Row]:
        """The objects called so that are there: `listed`, and their data. Composed: most requests name some."""

    def is_told(self, collection: Item, row: Row) -> bool:
        """Whether a row of `listed` is among `objects`."""
        return True

    @abstractmethod
    def _listed(self, collection: Item, row: Row, data: str = "") -> Node:
        """A row of `listed` as a resource."""

    def _node(self, collection: Item, row: Model | None) -> Node | None:
        """An object that a write has met, without its data."""
        return self._listed(collection, tuple(getattr(row, name) for name in self.listed)) if row else None

    def _nodes(self, collection: Item, rows: QuerySet[Any]) -> Iterator[Node]:
        self.reading = collection
        columns = (*self.listed, "data") if self.reads_data else self.listed
        for row in rows.order_by().values_list(*columns).iterator(chunk_size=2000):
            yield self._listed(collection, row[: len(self.listed)], *row[len(self.listed) :])

    def fetch(self, node: Node, names: Sequence[str] | None = None) -> Iterator[Node]:
        collection = self.item(node)
        if names is None:
            yield from self._nodes(collection, self.objects(collection))
            return
        if not self.reads_data and len(names) > 1:
            rows = self.objects(collection)
            for start in range(0, len(names), CHUNK):
                yield from self._nodes(collection, rows.filter(name__in=names[start : start + CHUNK]))
            return
        self.reading = collection
        for start in range(0, len(names), CHUNK):
            for row in self.called(collection, padded(names[start : start + CHUNK], LENGTHS)):
                if self.is_told(collection, row):
                    yield self._listed(collection, row[:-1], row[-1])

    # Synchronisation (RFC 6578)

    def sync_token(self, node: Node) -> str:
        """The number of the latest change, and what one may see: when that changes, everything is read again."""
        return self._token(self.item(node), self.item(node).number) if node.pk and node.is_collection else ""

    def changes(self, node: Node, token: str, *, deep: bool, limit: int | None) -> Changes | None:
        if not node.pk:
            return None
        item = self.item(node)
        number, _dash, level = token.partition("-")
        if token and not (number.isdecimal() and len(number) < 19 and level == str(self.rights.level(item))):
            return None
        known = int(number) if token else 0
        if token and not item.known_since <= known <= item.number:
            return None
        if limit is not None:
            return self._some(item, known, limit)
        return Changes(self.sync_token(node), self._all(item, known, is_first=not token))

    def _all(self, item: Item, known: int, *, is_first: bool) -> Iterator[tuple[tuple[str, ...], Node | None]]:
        rows = self.objects(item)
        rows = rows if is_first else rows.filter(number__gt=known, number__lte=item.number)
        for node in self._nodes(item, rows):
            yield (node.name,), node
        if not is_first:
            gone = Gone.objects.filter(collection=item, number__gt=known, number__lte=item.number)
            for name in gone.values_list("name", flat=True).iterator(2000):
                yield (name,), None

    def _some(self, item: Item, known: int, limit: int) -> Changes:
        """The first `limit` changes, in their order, and the token that tells where they stop."""
        rows = self.objects(item).filter(number__gt=known, number__lte=item.number).order_by("number")
        numbers = dict(rows.values_list("number", "name")[: limit + 1])
        gone = Gone.objects.filter(collection=item, number__gt=known, number__lte=item.number).order_by("number")
        removed = dict(gone.values_list("number", "name")[: limit + 1])
        every = sorted({**numbers, **removed})
        if len(every) <= limit:
            return Changes(self._token(item, item.number), self._all(item, known, is_first=False))
        if limit == 0:
            raise Refusal(507, "number-of-matches-within-limits")
        last = every[limit - 1]
        names = [numbers[one] for one in every[:limit] if one in numbers]
        nodes = [((one.name,), one) for one in self.fetch(self._collection(item), names)]
        told = [*nodes, *(((removed[one],), None) for one in every[:limit] if one in removed)]
        return Changes(self._token(item, last), told, is_truncated=True)

    def _token(self, item: Item, number: int) -> str:
        return f"{number}-{self.rights.level(item)}"

    # Properties

    def set_values(self, node: Node, changes: Sequence[tuple[str, Element | None]]) -> dict[str, int] | None:
        if not node.pk or not node.is_collection:
            return None
        fields: dict[str, str | None] = {}
        known = self.settable()
        for name, value in changes:
            if name in known:
                fields[known[name]] = self.text_of(name, value)
        if not fields:
            return None
        status = 200 if self._set(self.item(node), fields) else 403
        return {name: status for name, _value in changes if name in known}

    def settable(self) -> dict[str, str]:
        """The properties that programs change, and the fields of `Item` they stand for."""
        return {f"{DAV}displayname": "name"}

    def text_of(self, name: str, value: Element | None) -> str | None:
        return None if value is None else "".join(value.itertext()).strip()

    def _set(self, item: Item, fields: dict[str, str | None]) -> bool:
        return actions.describe(by=self.person, rights=self.rights, item=item, fields=fields)

    # Writes

    def make_collection(self, parent: Node, name: str, *, check: Check) -> Node:
        if parent.pk:
            raise Refusal(403, "collection-must-exist")
        self.open()
        item = actions.make_own(
            by=self.person, rights=self.rights, nature=self.nature, address=name, check=lambda: check(None)
        )
        self.open()
        return self._collection(self._items[item.pk])

    def put(self, make: Callable[[], tuple[Any, bool]], parent: Node) -> tuple[Node, bool]:
        """Run a write, its refusals said as CalDAV and CardDAV say them."""
        try:
            row, is_new = make()
        except Unreadable as error:
            raise Refusal(403, f"valid-{self.data_name}", space=self.space, reason=str(error.message)) from error
        except OtherKind as error:
            raise Refusal(403, "supported-calendar-component", space=self.space) from error
        except SameUid as error:
            taken = f"{self.base_of(parent)}{quoted(error.name)}"
            raise Refusal(409, "no-uid-conflict", space=self.space, hrefs=(taken,)) from error
        return self._listed(self.item(parent), tuple(getattr(row, name) for name in self.listed)), is_new

    def base_of(self, node: Node) -> str:
        return f"/dav/{self.mount}/{self.person.structure.slug}/{quoted(node.name)}/"


@composed
def _at(nature: str, address: str) -> QuerySet[Item]:
    return Item.objects.filter(nature=nature, address=address, in_trash=False)


def text(value: str) -> str | None:
    """A property of text; none at all where nothing is said."""
    return escaped(value) if value else None
