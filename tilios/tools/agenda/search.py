"""What can be found of events and contacts, and by whom."""

from tilios.core.search.entries import Entry as Found
from tilios.core.shelves.indexing import keys_of
from tilios.tools.agenda.models import Card, Entry


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
