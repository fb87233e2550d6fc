"""How much room is taken and left, with what must be said about it."""

from dataclasses import dataclass

from tilios.core.people.models import Person
from tilios.core.shelves.audience import root_of
from tilios.tools.files.models import Item, Space, Usage
from tilios.tools.files.queries import tree

NEARLY_FULL = 80
ALMOST_FULL = 95


@dataclass(frozen=True)
class Room:
    """Bytes used and allowed (None: no limit) of a structure or of a personal space."""

    used: int
    allowed: int | None
    person: Person | None = None
    own: bool = False  # a room given to this person alone

    @property
    def percent(self) -> int | None:
        """Rounded down, so that 100 is full; None without a limit."""
        return None if self.allowed is None else self.used * 100 // max(1, self.allowed)

    @property
    def left(self) -> int | None:
        return None if self.allowed is None else max(0, self.allowed - self.used)

    @property
    def state(self) -> str:
        """ "" (enough room), "warning" from 80 %, "danger" from 95 %, "full"."""
        percent = self.percent
        if percent is None or percent < NEARLY_FULL:
            return ""
        if percent < ALMOST_FULL:
            return "warning"
        return "danger" if percent < 100 else "full"


def of_structure() -> Room:
    """The room of all files of the structure. One query."""
    return Room(*tree.room(None))


def of_item(item: Item) -> Room:
    """The room that what is put beside `item` takes: the nearest to its end of the structure's and the owner's."""
    owner = Item.objects.filter(pk=root_of(item), space=Space.PERSONAL).values_list("owner", flat=True).first()
    structure = of_structure()
    if owner is None:
        return structure
    person = Person.objects.get(pk=owner)
    own = Room(*tree.room(person), person)
    return max((own, structure), key=lambda room: (room.percent or -1, room.person is not None))


def of_people() -> list[Room]:
    """The room of each personal space, those that take most first. Two queries."""
    default = tree.rules().person_quota
    spaces = Item.objects.filter(space=Space.PERSONAL, owner__isnull=False).select_related("owner")
    usages = {usage.person_id: usage for usage in Usage.objects.exclude(person=None)}
    rooms = []
    for space in spaces:
        usage = usages.get(space.owner_id, Usage())
        own = usage.quota is not None
        rooms.append(Room(usage.used, usage.quota if own else default, space.owner, own))
    return sorted(rooms, key=lambda room: (-room.used, room.person.sort_name if room.person else ""))
