"""Take back what came and nobody touched since: files and folders it made go to the trash, files it replaced go back
to what they were.
"""

from collections.abc import Iterator

from tilios.core.errors import Refused
from tilios.tools.files.actions import trash, versions
from tilios.tools.files.bringing import reasons
from tilios.tools.files.models import Bringing, BringingLine, Item
from tilios.tools.files.models.bringing import LineState, Undone
from tilios.tools.files.models.items import below
from tilios.tools.files.queries.rights import Rights


def pending(bringing: Bringing) -> list[BringingLine]:
    """The lines that wrote something and have not been looked at by the undoing."""
    rows = bringing.lines.filter(state=LineState.DONE, undone="").exclude(to="").exclude(item=None, is_folder=True)
    return list(rows.select_related("item", "before"))


def undo(bringing: Bringing, rights: Rights) -> Iterator[int]:
    """Take it all back; yields how many lines are behind us, so that the work can be shown, and cut anywhere."""
    lines = pending(bringing)
    made = {line.item_id: line for line in lines if line.item is not None and line.is_new}
    staying = _staying(bringing, made)
    done = 0
    for line in lines:
        if line.item is not None and not line.is_folder and not line.is_new:
            _go_back(line, rights)
            done += 1
            yield done
    for line in sorted((made[pk] for pk in made), key=lambda line: len(line.item.path) if line.item else 0):
        _throw_away(line, rights, staying)
        done += 1
        yield done
    bringing.lines.filter(state=LineState.DONE, undone="", item=None).update(
        undone=Undone.KEPT, reason=reasons.NOT_OURS
    )
    bringing.lines.filter(state=LineState.DONE, undone="", is_folder=True, is_new=False).exclude(to="").update(
        undone=Undone.KEPT
    )


def _staying(bringing: Bringing, made: dict[int | None, BringingLine]) -> set[int]:
    """Numbers of what must stay: files that changed, folders that hold something else, and all that holds those."""
    staying: set[int] = set()
    alive = {item.pk: item for item in Item.objects.filter(pk__in=list(made), in_trash=False)}
    rows = bringing.lines.filter(is_folder=True, item__isnull=False)
    folders: dict[str, int | None] = {"": bringing.folder_id, **dict(rows.values_list("to", "item_id"))}
    tops = [item for item in alive.values() if item.is_folder and item.parent_id not in alive]
    for pk, line in made.items():
        item = alive.get(pk or 0)
        if item is None or item.is_folder:
            continue
        above, _slash, name = line.to.rpartition("/")
        if (item.revision, item.name, item.parent_id) != (line.revision, name, folders.get(above)):
            staying |= {item.pk, *item.ancestors}
    for top in tops:
        inner = Item.objects.filter(below(top.path, itself=False), in_trash=False)
        for item in inner.only("pk", "path", "structure"):
            if item.pk not in made:
                staying |= set(item.ancestors)
    return staying


def _throw_away(line: BringingLine, rights: Rights, staying: set[int]) -> None:
    item = Item.objects.filter(pk=line.item_id).first()
    if item is None or item.in_trash:
        # In a folder that has just gone whole; or thrown away by somebody before us: either way it is not here.
        _note(line, Undone.UNDONE)
    elif item.pk in staying:
        _note(line, Undone.KEPT, reasons.HOLDS if item.is_folder else reasons.CHANGED)
    else:
        try:
            trash.trash_item(by=rights.person, rights=rights, item=item)
        except Refused as error:
            _note(line, Undone.KEPT, str(error.message))
        else:
            _note(line, Undone.UNDONE)


def _go_back(line: BringingLine, rights: Rights) -> None:
    item = Item.objects.filter(pk=line.item_id, in_trash=False).first()
    if item is None or line.before is None:
        _note(line, Undone.KEPT, reasons.NOT_OURS)
    elif item.revision != line.revision:
        _note(line, Undone.KEPT, reasons.CHANGED)
    else:
        try:
            versions.restore_version(by=rights.person, rights=rights, version=line.before)
        except Refused as error:
            _note(line, Undone.KEPT, str(error.message))
        else:
            _note(line, Undone.UNDONE)


def _note(line: BringingLine, undone: str, reason: str = "") -> None:
    BringingLine.objects.filter(pk=line.pk).update(undone=undone, reason=reason)
