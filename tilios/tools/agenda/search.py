"""What can be found of events and contacts, and by whom."""

from tilios.core.access.models import ActionRule
from tilios.core.search.entries import Entry as Found
from tilios.core.shelves.levels import Level, Space
from tilios.core.toolbox import registry
from tilios.tools.agenda.models import Card, Entry, Grant, Item


def entry(event: Entry) -> Found | None:
    """Found by those who see the whole of it; what is private, by nobody but its author."""
    text = "\n".join((event.location, event.description, " ".join(event.categories))).strip()
    if event.is_private:
        keys = frozenset({f"person:{event.author_id}"} if event.author_id else ())
    else:
        keys = keys_of(event.calendar)
    return None if event.calendar.in_trash else Found(title=event.summary or event.uid, text=text, keys=keys)


def card(contact: Card) -> Found | None:
    words = (contact.organisation, *contact.emails, *contact.phones, *contact.categories)
    if contact.book.in_trash:
        return None
    return Found(title=contact.full_name or contact.uid, text=" ".join(words).strip(), keys=keys_of(contact.book))


def keys_of(collection: Item) -> frozenset[str]:
    """Those whom the list of rights that holds lets see more than that somebody is busy, and who looks after all."""
    keys = set()
    lines = Grant.objects.filter(folder=collection.ruler_id, level__gte=Level.VIEW)
    for role, group, person in lines.values_list("role", "group", "person"):
        keys.add(f"role:{role}" if role is not None else f"group:{group}" if group else f"person:{person}")
    space = Item.objects.filter(pk=collection.space_number).values_list("space", flat=True).first()
    if space is not None and space != Space.PERSONAL:
        rule = ActionRule.objects.filter(action="agenda.manage").first()
        least = rule.least if rule else registry.action("agenda.manage").least
        keys.add(f"role:{int(least)}")
    return frozenset(keys)
