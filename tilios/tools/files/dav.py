"""The files over WebDAV: /dav/files/STRUCTURE/ holds the spaces that the account sees."""

import hashlib
from collections.abc import Iterable, Iterator
from functools import cached_property, partial
from io import BytesIO
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from tilios.core.blobs import actions as blobs
from tilios.core.blobs.serving import blob_response
from tilios.core.dav.errors import Exists, Refusal
from tilios.core.dav.tree import Changes, Check, Content, Node, Quota, Tree
from tilios.core.errors import NotAllowed
from tilios.core.people.models import Person
from tilios.core.shelves.reading import note_reading
from tilios.tools.files import names
from tilios.tools.files.actions import moving, trash, writing
from tilios.tools.files.actions.spaces import open_spaces
from tilios.tools.files.errors import Taken
from tilios.tools.files.models import Change, Item, Level
from tilios.tools.files.models.items import below
from tilios.tools.files.queries import tree
from tilios.tools.files.queries.rights import Rights

KIND = "files.item"
#: What a list of a folder is made of, in the order of `_listed`: thousands of rows are never made model instances.
LISTED = (
    "pk",
    "is_folder",
    "name",
    "created_ms",
    "modified_ms",
    "revision",
    "size",
    "media_type",
    "ruler_id",
    "author_id",
)
CHUNK = 500
SMALL = 256 * 1024


class Files(Tree):
    """The spaces of a structure as one person sees them."""

    allows_infinity = True

    def __init__(self, person: Person) -> None:
        super().__init__(person)
        self._met: dict[int, Item] = {}

    @cached_property
    def rights(self) -> Rights:
        return Rights(self.person)

    def _open_spaces(self) -> None:
        """Have the spaces that the person should find: asked where spaces are listed, or one is looked for in vain."""
        self.rights = open_spaces(self.person)

    # Reads

    def root(self) -> Node:
        return Node(KIND, 0, "", True, 0, 0, "", display_name=self.person.structure.name, is_writable=False)

    def walk(self, names: tuple[str, ...]) -> list[Node]:
        found = tree.at(self.rights, names)
        if not found:
            self._open_spaces()
            found = tree.at(self.rights, names)
        return [self._node(item) for item in found]

    def members(self, node: Node) -> Iterator[Node]:
        if node.pk == 0:
            self._open_spaces()
            yield from map(self._node, tree.roots(self.rights))
            return
        rows = Item.objects.filter(self.rights.shown(), parent=node.pk).order_by().values_list(*LISTED)
        is_hidden = names.is_of_a_system if tree.rules().hides_system_files else None
        for row in rows.iterator(chunk_size=2000):
            if is_hidden is None or not is_hidden(row[2]):
                yield self._listed(row)

    def _listed(self, row: tuple[Any, ...]) -> Node:
        pk, is_folder, name, created_ms, modified_ms, revision, size, media_type, ruler, author = row
        level = self.rights.levels.get(ruler, 0)
        is_writable = level >= Level.EDIT or (level >= Level.ADD and (is_folder or author == self.person.pk))
        etag = f"{pk:x}-{revision:x}"
        return Node(KIND, pk, name, is_folder, created_ms, modified_ms, etag, size, media_type, name, is_writable)

    def _node(self, item: Item) -> Node:
        """The item as a resource; remembered, so that what a request has met is not read again."""
        self._met[item.pk] = item
        return self._listed(tuple(getattr(item, name) for name in LISTED))

    def contains(self, node: Node, kind: str, pk: int) -> bool:
        if kind != KIND:
            return False
        if node.pk in (0, pk):
            return True
        return Item.objects.filter(below(self._item(node).path), pk=pk).exists()

    def read(self, request: HttpRequest, node: Node) -> HttpResponseBase:
        item = self._item(node)
        if request.method == "GET":
            note_reading(self.person, item)
        assert item.blob is not None  # a folder is never read
        return blob_response(item.blob, name=item.name, request=request, etag=node.etag)

    def quota(self) -> Quota:
        used, allowed = tree.room(None)
        return Quota(used, None if allowed is None else max(0, allowed - used))

    # Synchronisation

    def sync_token(self, node: Node) -> str:
        return f"{tree.usage().sequence}-{self._view()}" if node.pk else ""

    def _view(self) -> str:
        """Changes when the person comes to see other folders: what was known before is then of no use."""
        levels = sorted(self.rights.levels.items())
        return hashlib.sha256(repr(levels).encode()).hexdigest()[:12]

    def changes(self, node: Node, token: str, *, deep: bool, limit: int | None) -> Changes | None:
        folder = self._item(node) if node.pk else None
        if folder is None:
            return None
        number, _dash, view = token.partition("-")
        known = int(number) if number.isdigit() else 0
        now = tree.usage().sequence
        if token and (view != self._view() or known > now or self._is_forgotten(known, now)):
            return None
        if not token:
            everything = self._all_of(folder, deep=deep)
            if limit is not None:
                everything = iter(few := list(islice(everything, limit + 1)))
                if len(few) > limit:  # a first synchronisation is not given in parts (RFC 6578, 3.7)
                    raise Refusal(507, "number-of-matches-within-limits")
            return Changes(f"{now}-{self._view()}", everything)
        return self._since(folder, known, now, deep=deep, limit=limit)

    def _is_forgotten(self, known: int, now: int) -> bool:
        """Whether the log does not reach back to what the client knows."""
        oldest = Change.objects.order_by("number").values_list("number", flat=True).first()
        return known < now and (oldest is None or known < oldest - 1)

    def _all_of(self, folder: Item, *, deep: bool) -> Iterator[tuple[tuple[str, ...], Node | None]]:
        if not deep:
            for node in self.members(self._node(folder)):
                yield (node.name,), node
            return
        paths: dict[int, tuple[str, ...]] = {folder.pk: ()}
        for item in self.rights.visible().filter(below(folder.path, itself=False)).order_by("path").iterator(2000):
            above = paths.get(item.parent_id or 0)
            if above is None:
                continue
            if item.is_folder:
                paths[item.pk] = (*above, item.name)
            yield (*above, item.name), self._node(item)

    def _since(self, folder: Item, known: int, now: int, *, deep: bool, limit: int | None) -> Changes:
        rows = Change.objects.filter(number__gt=known, number__lte=now).order_by("number")
        rows = rows.filter(below(folder.path)) if deep else rows.filter(folder=folder.pk)
        latest: dict[tuple[int, str], int] = {}
        last, is_truncated = known, False
        for parent, name, number in rows.values_list("folder", "name", "number").iterator(2000):
            latest.pop((parent, name), None)
            if limit is not None and len(latest) == limit:
                is_truncated = True
                break
            latest[parent, name] = last = number
        told = dict(self._told(folder, list(latest), deep=deep))
        return Changes(f"{last if is_truncated else now}-{self._view()}", told.items(), is_truncated)

    def _told(
        self, folder: Item, changed: list[tuple[int, str]], *, deep: bool
    ) -> Iterator[tuple[tuple[str, ...], Node | None]]:
        """Each thing that changed, as it is now; None for what is not there any more.

        A folder is in the log when it came from elsewhere, or back: all that is below it came with it.
        """
        for start in range(0, len(changed), CHUNK):
            part = changed[start : start + CHUNK]
            folders = Item.objects.in_bulk({parent for parent, _name in part})
            places = {
                pk: self._place(folder, row, folders)
                for pk, row in folders.items()
                if self.rights.sees(row) and not row.in_trash
            }
            here, unseen = self._standing(places, {name for _parent, name in part})
            for parent, name in part:
                place, item = places.get(parent), here.get((parent, name))
                # The folder itself went, or moved: said once, where it was.
                # SECURITY: of what one does not see, not even the name is told.
                if place is None or (item is None and (parent, name) in unseen):
                    continue
                yield (*place, name), self._node(item) if item else None
                if deep and item is not None and item.is_folder:
                    yield from (((*place, name, *below_it), node) for below_it, node in self._all_of(item, deep=True))

    def _standing(
        self, places: Iterable[int], names: Iterable[str]
    ) -> tuple[dict[tuple[int, str], Item], set[tuple[int, str]]]:
        """What is called so in these folders and shown; and what is called so, or was when it was thrown away, and is
        not for this person to see.
        """
        here, unseen = {}, set()
        for item in Item.objects.filter(parent__in=list(places), name__in=list(names)):
            place = (item.parent_id or 0, item.name)
            if not self.rights.sees(item):
                unseen.add(place)
            elif not item.in_trash:
                here[place] = item
        return here, unseen

    def _place(self, top: Item, folder: Item, known: dict[int, Item]) -> tuple[str, ...] | None:
        if not folder.path.startswith(top.path):
            return None
        between = [pk for pk in (*folder.ancestors, folder.pk) if pk not in (*top.ancestors, top.pk)]
        missing = set(between) - known.keys()
        rows = known | (Item.objects.in_bulk(missing) if missing else {})
        return tuple(rows[pk].name for pk in between)

    # Writes

    def _item(self, node: Node) -> Item:
        """The item behind a node, as it was when the request met it: actions read again what they write."""
        if node.pk == 0:
            raise NotAllowed
        return self._met.get(node.pk) or Item.objects.get(pk=node.pk)

    def receive(self, stream: Any, *, name: str, media_type: str, length: int | None) -> Content:
        """Large bytes are stored before the tree is held, so that nobody waits for a slow line; small ones, once whole
        in memory, are stored by the transaction that writes the file: one commit for both.
        """
        if length is not None and length <= SMALL:
            return Content(
                partial(blobs.store, BytesIO(stream.read()), media_type=media_type or None, name=name), length
            )
        blob = blobs.store(stream, media_type=media_type or None, name=name)
        return Content(blob, blob.size, blob.media_type)

    def _checked(self, check: Check) -> writing.Check:
        return lambda item: check(self._node(item) if item is not None else None)

    def write(self, parent: Node, name: str, content: Content, *, check: Check) -> tuple[Node, bool]:
        item, is_new = writing.write_file(
            by=self.person,
            rights=self.rights,
            parent=self._item(parent),
            name=name,
            blob=content.row,
            modified_ms=content.extra.get("modified_ms"),
            check=self._checked(check),
        )
        return self._node(item), is_new

    def make_collection(self, parent: Node, name: str, *, check: Check) -> Node:
        folder = writing.make_folder(
            by=self.person, rights=self.rights, parent=self._item(parent), name=name, check=self._checked(check)
        )
        return self._node(folder)

    def delete(self, node: Node, *, check: Check) -> None:
        trash.trash_item(by=self.person, rights=self.rights, item=self._item(node), check=self._checked(check))

    def move(self, node: Node, parent: Node, name: str, *, overwrite: bool, check: Check) -> tuple[Node, bool]:
        try:
            item, is_new = moving.move_item(
                by=self.person,
                rights=self.rights,
                item=self._item(node),
                parent=self._item(parent),
                name=name,
                replace=overwrite,
                check=self._checked(check),
            )
        except Taken as error:
            raise Exists from error
        return self._node(item), is_new

    def copy(
        self, node: Node, parent: Node, name: str, *, overwrite: bool, deep: bool, check: Check
    ) -> tuple[Node, bool, Iterable[tuple[tuple[str, int], tuple[str, int]]]]:
        try:
            item, is_new, pairs = moving.copy_item(
                by=self.person,
                rights=self.rights,
                item=self._item(node),
                parent=self._item(parent),
                name=name,
                replace=overwrite,
                deep=deep,
                check=self._checked(check),
            )
        except Taken as error:
            raise Exists from error
        return self._node(item), is_new, [((KIND, old), (KIND, new)) for old, new in pairs]
