"""Who can see this, in words and names: the list of rights that holds for a folder or a thing, read for people."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.access.models import ActionRule, ShareLink
from tilios.core.people.models import Membership, Person
from tilios.core.people.queries import active_people
from tilios.core.people.roles import Role
from tilios.core.shelves.levels import Level, Space
from tilios.core.shelves.models import Granted, Shelved
from tilios.core.shelves.shelf import Shelf
from tilios.core.toolbox import registry

#: Names beyond are a number: nobody reads a thousand of them.
MOST_NAMES = 200
#: Names a line shows before it folds the others.
FEW_NAMES = 10

WHOM = {
    Role.GUEST: _("Everybody, guests of the structure included"),
    Role.MEMBER: _("All members"),
    Role.MANAGER: _("All managers"),
    Role.ADMIN: _("All administrators"),
}


@dataclass(frozen=True)
class Line:
    """A line of a list of rights: to whom, what they may do, who that makes."""

    grant: Any
    whom: Any
    icon: str
    level: Level
    names: tuple[str, ...]
    count: int
    is_kept: bool = False  # the owner of a personal space: cannot be taken off
    meaning: Any = ""

    @property
    def few(self) -> tuple[str, ...]:
        return self.names[:FEW_NAMES]

    @property
    def others(self) -> tuple[str, ...]:
        return self.names[FEW_NAMES:]

    @property
    def beyond(self) -> int:
        """How many are not even in `others`."""
        return self.count - len(self.names)


@dataclass
class Audience:
    """Whom the list that holds for `item` lets in. Each part is read when first asked, once."""

    item: Any
    root: Any = field(init=False)

    def __post_init__(self) -> None:
        self.shelf = self.item.shelf
        numbers = {self.item.ruler_id, root_of(self.item)}
        rows = self.shelf.items.select_related("owner", "group").in_bulk(numbers - {self.item.pk})
        self.ruler = rows.get(self.item.ruler_id, self.item)
        self.root = rows.get(root_of(self.item), self.item)

    @property
    def is_own(self) -> bool:
        """Whether the item has a list of its own, rather than the one of a folder above."""
        return self.item.ruler_id == self.item.pk

    @property
    def is_personal(self) -> bool:
        return self.root.space == Space.PERSONAL

    @cached_property
    def grants(self) -> list[Any]:
        rows = self.shelf.grants.filter(folder=self.item.ruler_id).select_related("group", "person")
        return sorted(rows, key=lambda one: (one.role is None, one.group_id is None, one.pk))

    @cached_property
    def looked_after_from(self) -> Role | None:
        """From which role on people manage whatever the list says; None in somebody's own space."""
        return None if self.is_personal else least_role(self.shelf.action("manage"))

    @cached_property
    def people(self) -> QuerySet[Person]:
        """Everybody who sees, by name, whatever the line that lets them in."""
        return seers(self.shelf, self.grants, self.looked_after_from)

    @cached_property
    def count(self) -> int:
        return self.people.count()

    @cached_property
    def names(self) -> list[str]:
        return list(self.people.values_list("display_name", flat=True)[: FEW_NAMES + 1])

    @cached_property
    def links(self) -> int:
        """Open links to the item, or to a folder above through which it is seen."""
        return open_links(self.item)

    @cached_property
    def lines(self) -> list[Line]:
        """The list, line by line: roles, groups, then people. Two queries, whatever the number of lines."""
        everybody = list(self.people.values_list("pk", "display_name", "role"))
        groups = [one.group_id for one in self.grants if one.group_id]
        members: dict[int, set[int]] = {}
        for group, person in Membership.objects.filter(group__in=groups).values_list("group", "person"):
            members.setdefault(group, set()).add(person)
        return [self._line(grant, everybody, members) for grant in self.grants]

    def _line(self, grant: Any, everybody: list[tuple[int, str, int]], members: dict[int, set[int]]) -> Line:
        names = [
            name
            for pk, name, role in everybody
            if (grant.role is not None and role >= grant.role)
            or (grant.group_id and pk in members.get(grant.group_id, ()))
            or pk == grant.person_id
        ]
        is_kept = self.is_personal and grant.person_id is not None and grant.person_id == self.root.owner_id
        whom, icon = named(grant)
        level = Level(grant.level)
        meaning = self.shelf.levels.get(level, "")
        return Line(grant, whom, icon, level, tuple(names[:MOST_NAMES]), len(names), is_kept, meaning)


def who_sees(item: Shelved) -> Audience:
    """The audience of `item`, for its page and for the one line that others show (shelves/who.html).

    The line asks five queries at most, the whole list eight, whatever the number of people and of lines.
    """
    return Audience(item)


def named(grant: Any) -> tuple[Any, str]:
    """To whom a line is, in words, and the icon of that."""
    if grant.role is not None:
        return WHOM[Role(grant.role)], "users-round"
    if grant.group_id:
        return grant.group.name, "users"
    return grant.person.display_name, "user"


def root_of(item: Shelved) -> int:
    """The number of the space that `item` is in."""
    return item.space_number


def least_role(action: str) -> Role:
    """From which role on the structure lets people do `action`."""
    declared = registry.action(action)
    assert declared is not None, action
    rule = ActionRule.objects.filter(action=action).values_list("least", flat=True).first()
    return Role(max(declared.least if rule is None else rule, declared.floor))


def seers(shelf: Shelf, grants: Sequence[Granted], looked_after_from: Role | None) -> QuerySet[Person]:
    """The people whom these lines, and the right to look after everything, let in; those the tool refuses left out."""
    wanted = Q(pk__in=[one.person_id for one in grants if one.person_id])
    groups = [one.group_id for one in grants if one.group_id]
    if groups:
        wanted |= Q(pk__in=Membership.objects.filter(group__in=groups).values("person"))
    roles = [one.role for one in grants if one.role is not None]
    if looked_after_from is not None:
        roles.append(looked_after_from)
    if roles:
        wanted |= Q(role__gte=min(roles))
    return active_people().filter(wanted, role__gte=least_role(shelf.action("view")))


def open_links(item: Shelved) -> int:
    """How many links open `item`: its own, and those of the folders above that have the same list of rights."""
    shelf = item.shelf
    above = shelf.items.filter(pk__in=[*item.ancestors, item.pk], ruler=item.ruler_id)
    links = ShareLink.objects.filter(kind=shelf.kind, target__in=above.values("pk"), revoked_at=None)
    return links.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now())).count()
