"""Do the lines: make each folder, store each file, once, whatever is killed meanwhile."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.utils.translation import gettext as _

from tilios.core.blobs import actions as blobs
from tilios.core.blobs.errors import DiskFull, TooLarge
from tilios.core.blobs.models import Blob
from tilios.core.errors import Refused
from tilios.core.outside import Client, CutShort
from tilios.tools.files import names
from tilios.tools.files.actions.ledger import writing
from tilios.tools.files.actions.writing import fresh, make_folder, standing, write_file
from tilios.tools.files.bringing import reasons, servers, zips
from tilios.tools.files.errors import NoRoom
from tilios.tools.files.models import Bringing, BringingLine, Item
from tilios.tools.files.models.bringing import Choice, LineState
from tilios.tools.files.queries import tree
from tilios.tools.files.queries.rights import Rights

ENDLESS = 50 * 2**30  # of one file, where no room is set


class Coming:
    """The work on one bringing, for as long as it lasts: what is open stays open from one line to the next."""

    def __init__(self, bringing: Bringing, rights: Rights, client: Client | None) -> None:
        self.bringing, self.rights, self.client = bringing, rights, client
        self._zips = ExitStack()
        self._opened: dict[int, Any] = {}
        made = bringing.lines.filter(is_folder=True, state=LineState.DONE, item__isnull=False)
        self._folders: dict[str, int] = dict(made.values_list("to", "item_id"))
        self._folders[""] = bringing.folder_id

    def close(self) -> None:
        self._zips.close()

    def do(self, line: BringingLine) -> None:
        """Do one line, and write what became of it. Raises what the whole work stops at: NoRoom, DiskFull, Unreadable,
        OutsideError; the line then still waits.
        """
        above, _slash, name = line.to.rpartition("/")
        folder = self._folders.get(above)
        try:
            if folder is None:
                raise servers.NotThere(reasons.NO_FOLDER)
            blob = None if line.is_folder else self._stored(line, name)
            with writing():
                held = BringingLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
                if held.state == LineState.WAITING:  # not done meanwhile by another worker
                    self._place(held, fresh(folder), name, blob)
                    held.save()
        except (NoRoom, DiskFull):
            raise
        except (servers.NotThere, zips.Broken, CutShort, Refused) as error:
            if isinstance(error, Refused) and not isinstance(error, CutShort) and error.status >= 500:
                raise
            _fail(line, error)
            return
        if held.is_folder and held.item_id:
            self._folders[held.to] = held.item_id

    def _place(self, line: BringingLine, folder: Item, name: str, blob: Blob | None) -> None:
        by, there = self.rights.person, standing(folder, name)
        if blob is None:
            if there is not None and there.is_folder:
                line.item, line.is_new = there, False
            else:
                name = _beside(folder, name)
                line.item, line.is_new = make_folder(by=by, rights=self.rights, parent=folder, name=name), True
            line.state, line.revision = LineState.DONE, line.item.revision
            return
        if there is not None and there.blob_id == blob.pk:
            line.state, line.reason = LineState.SKIPPED, reasons.SAME
            return
        choice, given = self.bringing.choice, name
        if there is not None and choice == Choice.SKIP:
            line.state, line.reason = LineState.SKIPPED, reasons.TAKEN
            return
        if there is not None and (there.is_folder or choice == Choice.BOTH):
            name = _beside(folder, name)
        line.item, line.is_new = write_file(
            by=by, rights=self.rights, parent=folder, name=name, blob=blob, modified_ms=line.modified_ms
        )
        line.to = f"{line.to[: -len(given)]}{line.item.name}"
        if not line.is_new:
            line.before = line.item.versions.order_by("-pk").first()
        line.state, line.revision = LineState.DONE, line.item.revision

    def _stored(self, line: BringingLine, name: str) -> Blob:
        """The bytes, received before anything is locked."""
        with self._stream(line) as stream:
            try:
                return blobs.store(stream, name=name, max_size=self._most(line))
            except TooLarge as error:
                if line.part_id is not None:
                    raise zips.Broken from error
                raise NoRoom(_("There is no room left: the space of the structure is full.")) from error

    @contextmanager
    def _stream(self, line: BringingLine) -> Iterator[Any]:
        if self.client is not None:
            with servers.read(self.client, self.bringing.address, line.address) as answer:
                yield answer
            return
        part = line.part
        if part is None:
            raise servers.NotThere(reasons.DAMAGED)
        if part.pk not in self._opened:
            self._opened[part.pk] = self._zips.enter_context(zips.opened(part))
        with zips.member(self._opened[part.pk], line.place) as member:
            yield member

    def _most(self, line: BringingLine) -> int:
        """Bytes that may come of it: no more than a zip has said, no more than there is room for."""
        used, allowed = tree.room(None)
        room = ENDLESS if allowed is None else max(allowed - used, 0)
        if line.part_id is None:
            return room
        if line.size > room:
            raise NoRoom(_("There is no room left: the space of the structure is full."))
        return line.size


def _beside(folder: Item, name: str) -> str:
    taken = set(Item.objects.filter(parent=folder, in_trash=False).values_list("name", flat=True))
    return names.beside(name, taken)


def _fail(line: BringingLine, error: Exception) -> None:
    if isinstance(error, zips.Broken):
        reason = reasons.DAMAGED
    else:
        reason = str(error.message) if isinstance(error, Refused) else str(error)
    BringingLine.objects.filter(pk=line.pk, state=LineState.WAITING).update(state=LineState.FAILED, reason=reason)
