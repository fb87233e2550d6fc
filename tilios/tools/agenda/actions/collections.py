"""Make, describe and throw away calendars and address books."""

import re
from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.core.shelves import names
from tilios.core.shelves.levels import Level, Space
from tilios.core.shelves.models import now_ms
from tilios.kit.zones import names as zones
from tilios.tools.agenda.actions.spaces import make
from tilios.tools.agenda.models import Item, Nature
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.shelf import SHELF

COLOUR = re.compile(r"#[0-9a-f]{6}", re.ASCII)
MOST_OF_ONE = 100  # calendars, or address books, in one space


def unchecked() -> None:
    """No condition."""


def make_own(
    *, by: Person, rights: Rights, nature: Nature, address: str, check: Callable[[], None] = unchecked
) -> Item:
    """A calendar or an address book in one's own space, as programs make it (MKCALENDAR). Publishes "agenda.made".

    Raises NotAllowed without a space of one's own, Conflict where there are too many.
    """
    with SHELF.writing():
        space = Item.objects.filter(space=Space.PERSONAL, owner=by).first()
        require(space is not None and rights.may("own"))
        assert space is not None
        check()
        return _made(by, space, nature, _("New calendar") if nature == Nature.CALENDAR else _("New contacts"), address)


def make_in(*, by: Person, rights: Rights, space: Item, nature: Nature, name: str) -> Item:
    """A calendar or an address book in a space. Publishes "agenda.made". Raises NotAllowed, Conflict, Invalid."""
    require(rights.level(space) >= Level.MANAGE and rights.may("write"))
    if not name.strip():
        raise Invalid("name", _("Give it a name."))
    with SHELF.writing():
        return _made(by, space, nature, name.strip(), "")


def _made(by: Person, space: Item, nature: Nature, name: str, address: str) -> Item:
    if Item.objects.filter(parent=space, nature=nature).count() >= MOST_OF_ONE:
        raise Conflict(_("There are %(most)s here already: that is as many as can be.") % {"most": MOST_OF_ONE})
    item = make(space, nature, names.checked(name), address or f"{nature}-{now_ms():x}", author=by)
    publish("agenda.made", by=by, target=item)
    return item


def describe(*, by: Person, rights: Rights, item: Item, fields: Mapping[str, str | None]) -> bool:
    """Give a collection its name, description, colour, time zone or place; whether all of it could be taken.

    Publishes "agenda.described". Raises NotAllowed.
    """
    require(rights.level(item) >= Level.MANAGE and rights.may("write"))
    taken = {name: value for name, raw in fields.items() if (value := _checked(name, raw)) is not None}
    if len(taken) < len(fields):
        return False
    with SHELF.writing():
        held = Item.objects.get(pk=item.pk)
        changed = [name for name, value in taken.items() if getattr(held, name) != value]
        if not changed:
            return True
        for name in changed:
            setattr(held, name, taken[name])
            setattr(item, name, taken[name])
        held.sort_name = item.sort_name = names.sort_key(held.name)
        held.changed_ms = now_ms()
        held.save(update_fields=[*changed, "sort_name", "changed_ms"])
        publish("agenda.described", by=by, target=held, fields=sorted(changed))
    return True


def _checked(name: str, value: str | None) -> str | int | bool | None:
    """A value of `name` that can be kept; None for one that makes no sense."""
    text = (value or "").strip()
    match name:
        case "name":
            return names.checked(text.replace("/", "-")[:100]) if text else None
        case "description":
            return text[:2000]
        case "colour":
            colour = text.lower()[:7]  # Apple's programs write the opacity after it
            return colour if COLOUR.fullmatch(colour) else "" if not text else None
        case "zone":
            return text if text in zones() or not text else None
        case "place":
            return int(text) if text.lstrip("-").isdecimal() and len(text) < 9 else 0
        case "takes_no_time":
            return text == "transparent"
        case "components":
            kinds = [one for one in ("VEVENT", "VTODO", "VJOURNAL") if one in text.upper().split(",")]
            return ",".join(kinds) or None
        case _:
            return None
