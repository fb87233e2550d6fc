"""Make the spaces people should find: everybody's, one for each group, one for each person."""

from typing import Any, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import override

from tilios.core.access.roles import may
from tilios.core.people.models import Group, Person
from tilios.core.people.queries import groups_of
from tilios.core.people.roles import Role
from tilios.core.shelves import names
from tilios.core.shelves.levels import Level, Space
from tilios.core.shelves.rights import Rights
from tilios.core.shelves.shelf import Shelf
from tilios.core.shelves.tree import lacks_roots
from tilios.core.structures.scope import current_structure

R = TypeVar("R", bound=Rights)


def open_spaces(rights: R) -> R:
    """`rights`, the spaces that their person should have being there: made the first time somebody comes."""
    person, shelf = rights.person, rights.shelf
    if person.acted_by is not None or not rights.may("view") or not lacks_roots(shelf, person):
        return rights
    with shelf.writing(), override(current_structure().language):
        _make_missing(shelf, person)
    return type(rights)(person)


def _make_missing(shelf: Shelf, person: Person) -> None:
    """What anybody may rename later has its first name in the language of the structure."""
    roots = shelf.items.filter(parent=None)
    if not roots.filter(space=Space.COMMON).exists():
        lines = [{"role": Role.MEMBER, "level": Level.EDIT}, {"role": Role.MANAGER, "level": Level.MANAGE}]
        _make(shelf, _("Common"), lines, space=Space.COMMON)
    known = set(roots.exclude(group=None).values_list("group", flat=True))
    for group in Group.objects.filter(pk__in=groups_of(person) - known):
        _make(
            shelf, group.name.replace("/", "-"), [{"group": group, "level": Level.EDIT}], space=Space.GROUP, group=group
        )
    if may(person, shelf.action("own")) and not roots.filter(owner=person).exists():
        _make(shelf, _("Personal"), [{"person": person, "level": Level.MANAGE}], space=Space.PERSONAL, owner=person)


def _make(shelf: Shelf, name: str, lines: list[dict[str, Any]], **of: Any) -> None:
    taken = set() if "owner" in of else set(shelf.items.filter(parent=None).values_list("name", flat=True))
    root: Any = shelf.model("Item")(is_folder=True, name=names.beside(names.checked(name), taken), **of)
    root.save()
    root.path, root.ruler, root.sort_name = f"/{root.pk}/", root, names.sort_key(root.name)
    root.save(update_fields=["path", "ruler", "sort_name"])
    for line in lines:
        shelf.grants.create(folder=root, **line)


def follow_groups(shelf: Shelf) -> None:
    """Call the spaces of groups as their groups are called: one may have another name since its space was made."""
    with shelf.writing():
        spaces = list(shelf.items.filter(parent=None, group__isnull=False).select_related("group"))
        for space in spaces:
            others = shelf.items.filter(parent=None, owner=None).exclude(pk=space.pk)
            taken = set(others.values_list("name", flat=True))
            name = names.beside(names.checked(space.group.name.replace("/", "-")), taken)
            if name != space.name:
                space.name, space.sort_name = name, names.sort_key(name)
                space.save(update_fields=["name", "sort_name"])
