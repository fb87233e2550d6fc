"""The dry run: a line for each thing that would come, with the name it would have and what stands there already."""

from collections.abc import Iterable
from zipfile import ZipFile
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from tilios.core.structures.scope import current_structure
from tilios.tools.files.bringing import takeout, zips
from tilios.tools.files.bringing.entries import Entry, Unreadable
from tilios.tools.files.bringing.mending import Plan, is_mended
from tilios.tools.files.models import Bringing, BringingLine, Item
from tilios.tools.files.models.bringing import LineState, Source

MOST_LINES = 100_000
BATCH = 1_000


class Standing:
    """The files that stand in the folders where things will go: read once for each folder that is there."""

    def __init__(self, top: Item) -> None:
        self._folders: dict[str, int | None] = {"": top.pk}
        self._files: dict[str, set[str]] = {}

    def is_taken(self, to: str) -> bool:
        """Whether a file is called so already."""
        above, _slash, name = to.rpartition("/")
        return name in self._read(above)

    def _read(self, to: str) -> set[str]:
        if to not in self._files:
            folder = self._folder(to)
            members = Item.objects.filter(parent=folder, in_trash=False) if folder else Item.objects.none()
            self._files[to] = set()
            for pk, name, is_folder in members.values_list("pk", "name", "is_folder"):
                if is_folder:
                    self._folders[f"{to}/{name}" if to else name] = pk
                else:
                    self._files[to].add(name)
        return self._files[to]

    def _folder(self, to: str) -> int | None:
        if to not in self._folders:
            self._read(to.rpartition("/")[0])
        return self._folders.get(to)


def look_into_zips(bringing: Bringing) -> None:
    """Write the lines of what the parts hold. Raises Unreadable."""
    parts = list(bringing.parts.select_related("blob"))
    zone = ZoneInfo(current_structure().timezone)
    entries: list[Entry] = []
    for part in parts:
        with zips.opened(part) as archive:
            entries += zips.entries(part, archive, zone)
        if len(entries) > MOST_LINES:
            raise Unreadable(_("There are too many files at once: bring them in in several goes."))
    if not entries:
        raise Unreadable(_("There is nothing in this zip."))
    if bringing.source == Source.TAKEOUT:
        _settle_takeout(bringing, entries)
    elif bringing.source == Source.DROPBOX and (top := takeout.only_folder(entries)):
        takeout.without_top(entries, top)
    with transaction.atomic():
        bringing.lines.all().delete()
        write_lines(bringing, entries, Plan(), Standing(bringing.folder))


def _settle_takeout(bringing: Bringing, entries: list[Entry]) -> None:
    """Sheets are read in the order they lie in, each part opened once."""
    small = [
        entry
        for entry in entries
        if entry.path.lower().endswith(".json") and not entry.refusal and entry.size <= takeout.LONGEST_JSON
    ]
    contents: dict[tuple[int | None, int], bytes] = {}
    for part in bringing.parts.select_related("blob"):
        with zips.opened(part) as archive:
            for entry in small:
                if entry.part == part.pk:
                    contents[part.pk, entry.place] = _small(archive, entry.place)
    takeout.settle(entries, lambda entry: contents.get((entry.part, entry.place), b""))


def _small(archive: ZipFile, place: int) -> bytes:
    held = b""
    try:
        with zips.member(archive, place) as file:
            while (piece := file.read(takeout.LONGEST_JSON)) and len(held) <= takeout.LONGEST_JSON:
                held += piece
    except zips.Broken:
        return b""
    return held if len(held) <= takeout.LONGEST_JSON else b""


def write_lines(bringing: Bringing, entries: Iterable[Entry], plan: Plan, standing: Standing) -> None:
    """A line for each entry, folders before what they hold, those that no entry names included."""
    kept = [entry for entry in entries if entry.parts]
    refused = [entry for entry in kept if entry.refusal]
    coming = [entry for entry in kept if not entry.refusal]
    lines = _folders(bringing, coming, plan)
    for entry in coming:
        if not entry.is_folder:
            to = plan.file(entry.parts, entry.title)
            lines.append(_line(bringing, entry, to, is_taken=standing.is_taken(to)))
    lines += [_line(bringing, entry, "?") for entry in refused]
    lines += [_line(bringing, entry, "?") for entry in entries if not entry.parts and entry.refusal]
    BringingLine.objects.bulk_create(lines, batch_size=BATCH)


def _folders(bringing: Bringing, entries: list[Entry], plan: Plan) -> list[BringingLine]:
    known: dict[tuple[str, ...], Entry] = {entry.parts: entry for entry in entries if entry.is_folder}
    wanted = set(known)
    for entry in entries:
        above = entry.parts[:-1]
        while above and above not in wanted and not plan.knows(above):
            wanted.add(above)
            above = above[:-1]
    lines = []
    for parts in sorted(wanted, key=lambda parts: (len(parts), parts)):
        to, is_first = plan.folder(parts)
        if is_first:
            entry = known.get(parts) or Entry(path="/".join(parts), parts=parts, is_folder=True)
            lines.append(_line(bringing, entry, to, is_listed=not bringing.is_from_server))
    return lines


def _line(bringing: Bringing, entry: Entry, to: str, *, is_taken: bool = False, is_listed: bool = True) -> BringingLine:
    if entry.refusal:
        state = LineState.SKIPPED if entry.is_left_out else LineState.REFUSED
    else:
        state = LineState.WAITING
    return BringingLine(
        bringing=bringing,
        part_id=entry.part,
        place=entry.place,
        address=entry.address,
        path=_kept(entry.path),
        to="" if entry.refusal else to,
        is_folder=entry.is_folder,
        is_listed=is_listed,
        size=entry.size,
        modified_ms=entry.modified_ms,
        is_mended=not entry.refusal and is_mended("/".join(entry.parts), to),
        is_taken=is_taken,
        state=state,
        reason=entry.refusal,
    )


def _kept(path: str) -> str:
    """A path that every database holds: PostgreSQL takes no NUL, UTF-8 no half of a pair."""
    return path.replace("\0", "�").encode("utf-8", "replace").decode()


def counted(bringing: Bringing) -> dict[str, int]:
    """What the dry run found, for its page."""
    coming = Q(state=LineState.WAITING)
    found = bringing.lines.aggregate(
        files=Count("pk", filter=coming & Q(is_folder=False)),
        folders=Count("pk", filter=coming & Q(is_folder=True)),
        total_size=Sum("size", filter=coming),
        mended=Count("pk", filter=coming & Q(is_mended=True)),
        taken=Count("pk", filter=coming & Q(is_taken=True)),
        refused=Count("pk", filter=Q(state=LineState.REFUSED)),
        left_out=Count("pk", filter=Q(state=LineState.SKIPPED)),
    )
    return {name.removeprefix("total_"): value or 0 for name, value in found.items()}
