"""What people may do with calendars and address books."""

from django.db.models import Q, QuerySet

from tilios.core.people.models import Person
from tilios.core.shelves import rights
from tilios.core.shelves.levels import Level
from tilios.tools.agenda.models import Card, Entry, Item, Nature


class Rights(rights.Rights):
    """The rights of one person: see core/shelves/rights.py."""

    tool = "agenda"

    def collections(self, nature: Nature) -> QuerySet[Item]:
        """The calendars, or the address books, of which the person sees something, in their order."""
        rulers = [pk for pk, level in self.levels.items() if level >= _least(nature)]
        found = Item.objects.filter(ruler__in=rulers, nature=nature, in_trash=False)
        return found.order_by("place", "sort_name", "pk")

    def level(self, item: Item) -> int:
        """SECURITY: what people let others see of them is read, and changed by nobody but them."""
        level = super().level(item)
        return min(level, Level.VIEW) if item.is_of_people else level

    def sees_collection(self, collection: Item) -> bool:
        """Whether the person sees something of what it holds."""
        return self.level(collection) >= _least(collection.nature)

    def may_add(self, folder: Item) -> bool:
        return super().may_add(folder) and not folder.is_followed

    def may_put(self, collection: Item, author_id: int | None, *, is_new: bool) -> bool:
        """Whether the person may add an object, or change one that `author_id` brought."""
        level = self.level(collection)
        if not self.may("write") or collection.is_followed:
            return False
        return level >= Level.EDIT or (level >= Level.ADD and (is_new or author_id == self.person.pk))

    def sees_whole(self, entry: Entry, level: int) -> bool:
        """Whether they see what it is, or only that something takes place."""
        if level < Level.VIEW:
            return False
        return not entry.is_private or level >= Level.MANAGE or entry.author_id == self.person.pk


def _least(nature: str) -> Level:
    return Level.BUSY if nature == Nature.CALENDAR else Level.VIEW


def visible_items(person: Person) -> QuerySet[Item]:
    """What `person` sees of calendars and address books: the answer for links and notifications."""
    return Rights(person).visible()


def may_link(person: Person, item: Item) -> bool:
    """Whether `person`, who may make links, may make one to this calendar: who answers for what is in it."""
    is_calendar = item.nature == Nature.CALENDAR and not item.in_trash
    return is_calendar and Rights(person).level(item) >= Level.EDIT


def visible_entries(person: Person) -> QuerySet[Entry]:
    """The entries that `person` may open; what is private, or of a calendar shown as busy alone, is not among them."""
    mine = Rights(person)
    rulers = [pk for pk, level in mine.levels.items() if level >= Level.VIEW]
    managed = [pk for pk, level in mine.levels.items() if level >= Level.MANAGE]
    found = Entry.objects.filter(calendar__ruler__in=rulers, calendar__in_trash=False)
    is_open = ~Q(classification__in=("PRIVATE", "CONFIDENTIAL"))
    return found.filter(is_open | Q(calendar__ruler__in=managed) | Q(author=person))


def visible_cards(person: Person) -> QuerySet[Card]:
    rulers = [pk for pk, level in Rights(person).levels.items() if level >= Level.VIEW]
    return Card.objects.filter(book__ruler__in=rulers, book__in_trash=False)
