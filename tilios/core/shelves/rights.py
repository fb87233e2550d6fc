"""What a person may do in each folder: read once, then answered for thousands of things without a query."""

from collections.abc import Callable
from functools import cache, cached_property
from typing import Any

from django.db.models import F, Q

from tilios.core.access.roles import effective_role, may
from tilios.core.people.models import Membership, Person
from tilios.core.shelves.levels import Level, Space
from tilios.core.shelves.models import below
from tilios.core.shelves.shelf import Shelf, shelf_called
from tilios.core.structures.composed import composed


class Rights:
    """The rights of one person. Make one for each request: nothing is read twice, and nothing read is kept longer.

    A tool derives its own, which names it.
    """

    tool: str

    def __init__(self, person: Person) -> None:
        self.person = person

    @property
    def shelf(self) -> Shelf:
        return shelf_called(self.tool)

    def may(self, action: str) -> bool:
        """Whether the person's role lets them do `action` ("write") somewhere."""
        return may(self.person, self.shelf.action(action))

    @cached_property
    def _granted(self) -> tuple[dict[int, int], set[int]]:
        """The best level at each item that has a list of its own, and the folders one passes through to get there."""
        levels: dict[int, int] = {}
        passed: set[int] = set()
        if not self.may("view"):
            return levels, passed
        for folder, level, path in self._lines():
            levels[folder] = max(levels.get(folder, 0), level)
            passed.update(int(pk) for pk in path.strip("/").split("/")[:-1])
        return levels, passed - levels.keys()

    def _lines(self) -> list[tuple[int, int, str]]:
        lines = _granted_lines(self.tool)(effective_role(self.person), self.person.pk)
        if self.may("manage"):
            # SECURITY: who looks after everybody's things has no part in a space that is somebody's own.
            rows = _roots_and_rulers(self.tool)()
            own = {pk for pk, _ruler, _path, space in rows if space == Space.PERSONAL}
            for pk, ruler, path, _space in rows:
                if ruler == pk and int(path.strip("/").split("/", 1)[0]) not in own:
                    lines.append((pk, Level.MANAGE, path))
        return lines

    @property
    def levels(self) -> dict[int, int]:
        return self._granted[0]

    def level(self, item: Any) -> int:
        """0 where the person may not even see."""
        return self.levels.get(item.ruler_id or 0, 0)

    def sees(self, item: Any) -> bool:
        """Whether it is shown: for what it holds, or as a folder on the way to something that is shown."""
        return self.level(item) >= Level.VIEW or item.pk in self._granted[1]

    def may_add(self, folder: Any) -> bool:
        return self.level(folder) >= Level.ADD and self.may("write")

    def may_change(self, item: Any) -> bool:
        """Rename, replace, move, throw away. At the level "Add", only what one brought oneself."""
        level = self.level(item)
        if not self.may("write") or item.parent_id is None:
            return False
        return level >= Level.EDIT or (level >= Level.ADD and item.author_id == self.person.pk and not item.is_folder)

    def may_change_all(self, item: Any) -> bool:
        """Whether the person may change `item` and everything below it that has a list of rights of its own."""
        if not self.may_change(item):
            return False
        # SECURITY: what one may not change, or not even see, does not leave with the folder it is in.
        inner = self.shelf.items.filter(below(item.path, itself=False), ruler=F("pk")) if item.is_folder else ()
        return all(self.level(one) >= Level.EDIT for one in inner)

    def may_manage(self, item: Any) -> bool:
        return self.level(item) >= Level.MANAGE

    def visible(self) -> Any:
        """Everything the person sees, trash left out; what is only passed through is left out too."""
        return self.shelf.items.filter(ruler__in=list(self.levels), in_trash=False)

    def shown(self) -> Q:
        """The condition of what a list of a folder shows."""
        levels, passed = self._granted
        return Q(in_trash=False) & (Q(ruler__in=list(levels)) | Q(pk__in=list(passed)))


@cache
def _granted_lines(tool: str) -> Callable[[int, int], list[tuple[int, int, str]]]:
    """What is granted to a person, by their role, their groups or themselves: where, how much, its path."""

    @composed
    def lines(role: int, person: int) -> Any:
        groups = Membership.objects.filter(person=person).values("group")
        mine = Q(role__lte=role) | Q(person=person) | Q(group__in=groups)
        return shelf_called(tool).grants.filter(mine).values_list("folder", "level", "folder__path")

    return lines


@cache
def _roots_and_rulers(tool: str) -> Callable[[], list[tuple[int, int, str, str]]]:
    """Every personal space, and every item that has a list of rights of its own."""

    @composed
    def rows() -> Any:
        wanted = Q(space=Space.PERSONAL) | Q(ruler=F("pk"))
        return shelf_called(tool).items.filter(wanted).order_by().values_list("pk", "ruler", "path", "space")

    return rows
