"""Whoever comes finds their spaces there, each with a first calendar and a first address book."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from tilios.core.people.models import Person
from tilios.core.shelves import names
from tilios.core.shelves.actions import spaces
from tilios.core.shelves.levels import Space
from tilios.core.structures.scope import current_structure
from tilios.tools.agenda.models import Item, Nature
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.shelf import SHELF

#: Far enough from one another to be told apart, and dark enough for white letters (4.5 to 1).
COLOURS = ("#b3502a", "#2f5f9f", "#2e7d5b", "#8a3f86", "#8a6410", "#a3324a", "#1f7a8c", "#5b5ea6")


def open_spaces(person: Person) -> Rights:
    """The rights of `person`, the spaces they should have being there: made the first time somebody comes."""
    rights = spaces.open_spaces(Rights(person))
    bare = list(Item.objects.filter(pk__in=list(rights.levels), parent=None, is_furnished=False))
    if bare:
        with SHELF.writing(), override(current_structure().language):
            for space in Item.objects.filter(pk__in=[one.pk for one in bare], is_furnished=False):
                _furnish(space)
    return rights


def _furnish(space: Item) -> None:
    """Give a space its first calendar and address book; whoever removes them later does not find them again."""
    if space.space == Space.PERSONAL:
        called, book, address = _("My calendar"), _("My contacts"), f"personnel-{space.owner_id}"
    elif space.space == Space.GROUP:
        called, book, address = space.name, space.name, f"groupe-{space.group_id}"
    else:
        called, book, address = _("Calendar of the structure"), _("Contacts of the structure"), "structure"
    make(space, Nature.CALENDAR, called, address)
    make(space, Nature.BOOK, book, address)
    Item.objects.filter(pk=space.pk).update(is_furnished=True)


def make(space: Item, nature: Nature, name: str, address: str, *, author: Person | None = None) -> Item:
    """A calendar or an address book in `space`, whose list of rights holds for it. Callers hold the spaces."""
    taken = set(Item.objects.filter(nature=nature).values_list("address", flat=True))
    known = Item.objects.filter(nature=nature).count()
    item = Item(
        parent=space,
        ruler_id=space.ruler_id,
        is_folder=True,
        nature=nature,
        name=name,
        sort_name=names.sort_key(name),
        address=names.beside(address, taken),
        colour=COLOURS[known % len(COLOURS)] if nature == Nature.CALENDAR else "",
        author=author,
        number=1,
    )
    item.save()
    item.path = f"{space.path}{item.pk}/"
    item.save(update_fields=["path"])
    return item
