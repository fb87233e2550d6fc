"""Move, rename and copy, whole subtrees included."""

from collections import defaultdict

from django.utils.translation import gettext as _

from tilios.core.errors import Conflict, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.tools.files import indexing, names
from tilios.tools.files.actions.ledger import Ledger, writing
from tilios.tools.files.actions.subtrees import carry
from tilios.tools.files.actions.trash import throw_away
from tilios.tools.files.actions.writing import Check, add, fresh, nothing_to_check, standing, touched
from tilios.tools.files.errors import Taken
from tilios.tools.files.models import Item, Level
from tilios.tools.files.models.items import below, now_ms
from tilios.tools.files.queries.rights import Rights


def move_item(
    *,
    by: Person,
    rights: Rights,
    item: Item,
    parent: Item,
    name: str | None = None,
    replace: bool = False,
    check: Check = nothing_to_check,
) -> tuple[Item, bool]:
    """Move `item` into `parent`, under `name` if given; the item, and whether nothing stood there.

    What stood there goes to the trash with `replace`. A folder without a list of rights of its own takes those of
    where it goes. Publishes "files.moved" or "files.renamed". Raises Taken, Conflict, NotAllowed, Invalid("name").
    """
    name = names.checked(item.name if name is None else name)
    with writing() as ledger:
        item, parent = fresh(item.pk), fresh(parent.pk)
        check(item)
        require(rights.may_change_all(item), _("You may not move this, or something in it."))
        if parent.path.startswith(item.path):
            raise Conflict(_("A folder cannot go into itself."))
        source = fresh(item.parent_id)  # type: ignore[arg-type]  # roots may not be changed
        is_elsewhere = parent.pk != source.pk
        require(not is_elsewhere or rights.may_add(parent), _("You may not add anything in this folder."))
        there = standing(parent, name)
        if there is not None and there.pk != item.pk:
            _make_way(ledger, by, rights, there, item, replace)
        if there is not None and there.pk == item.pk:
            return item, True
        before = item.name
        item.name, item.sort_name, item.parent = name, names.sort_key(name), parent
        item.save(update_fields=["name", "sort_name", "parent"])
        ledger.note(source, before)
        ledger.note(parent, name)
        touched(source)
        if is_elsewhere:
            parent = fresh(parent.pk)
            touched(parent)
            carry(ledger, item, parent)
        publish("files.moved" if is_elsewhere else "files.renamed", by=by, target=item)
        indexing.look_at(item)
        if is_elsewhere and item.is_folder:
            indexing.look_below(item)
    return item, there is None


def _make_way(ledger: Ledger, by: Person, rights: Rights, there: Item, item: Item, replace: bool) -> None:
    if not replace:
        raise Taken(there)
    if item.path.startswith(there.path):
        raise Conflict(_("A folder cannot take the place of the one it is in."))
    require(rights.may_change_all(there), _("You may not replace what is already there."))
    throw_away(ledger, by, there)


def copy_item(
    *,
    by: Person,
    rights: Rights,
    item: Item,
    parent: Item,
    name: str | None = None,
    replace: bool = False,
    deep: bool = True,
    check: Check = nothing_to_check,
) -> tuple[Item, bool, list[tuple[int, int]]]:
    """Copy `item`, and with `deep` what the person sees below it; the copy, whether nothing stood there, and the
    numbers of all that was copied, before and after. Copies take the rights of where they go; versions stay behind.

    Publishes "files.copied". Raises Taken, Conflict, NotAllowed, NoRoom, Invalid("name").
    """
    name = names.checked(item.name if name is None else name)
    with writing() as ledger:
        item, parent = fresh(item.pk), fresh(parent.pk)
        check(item)
        require(rights.level(item) >= Level.VIEW)
        require(rights.may_add(parent), _("You may not add anything in this folder."))
        there = standing(parent, name)
        if there is not None:
            _make_way(ledger, by, rights, there, item, replace)
        sources = list(rights.visible().filter(below(item.path, itself=False)).order_by("path")) if deep else []
        copy = add(ledger, parent, _twin(item, by, name))
        pairs = [(item.pk, copy.pk), *_copy_below(ledger, by, item, copy, sources)]
        publish("files.copied", by=by, target=copy)
        indexing.look_at(copy)
        if item.is_folder:
            indexing.look_below(copy)
    return copy, there is None, pairs


def _twin(item: Item, by: Person, name: str) -> Item:
    return Item(
        is_folder=item.is_folder,
        name=name,
        sort_name=names.sort_key(name),
        blob_id=item.blob_id,
        size=item.size,
        media_type=item.media_type,
        description=item.description,
        modified_ms=now_ms() if item.is_folder else item.modified_ms,
        author=by,
        editor=by,
    )


def _copy_below(ledger: Ledger, by: Person, item: Item, copy: Item, sources: list[Item]) -> list[tuple[int, int]]:
    """A level of folders at a time: two statements each, however many they hold."""
    made = {item.pk: copy}
    levels: dict[int, list[Item]] = defaultdict(list)
    for source in sources:
        levels[source.path.count("/")].append(source)
    pairs = []
    for _depth, rows in sorted(levels.items()):
        rows = [row for row in rows if row.parent_id in made]  # what is below something unseen stays behind
        twins = [_twin(row, by, row.name) for row in rows]
        for row, twin in zip(rows, twins, strict=True):
            twin.parent, twin.ruler_id = made[row.parent_id], copy.ruler_id  # type: ignore[index]
        Item.objects.bulk_create(twins, 500)
        for row, twin in zip(rows, twins, strict=True):
            twin.path = f"{made[row.parent_id].path}{twin.pk}/"  # type: ignore[index]
            made[row.pk] = twin
            pairs.append((row.pk, twin.pk))
            ledger.charge(twin, twin.size)
        Item.objects.bulk_update(twins, ["path"], 200)
    return pairs
