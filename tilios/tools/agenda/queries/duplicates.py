"""Contacts that may be the same: alike by a mail address, a telephone number or a name."""

import re
from collections import defaultdict
from collections.abc import Iterator

from tilios.kit.alike import Pair, surest
from tilios.kit.text import fold
from tilios.tools.agenda.models import Card, NotSame
from tilios.tools.agenda.queries.contacts import books_of
from tilios.tools.agenda.queries.rights import Rights

#: Of the last digits of a number, so many make it: "+33 6 11 22 33 44" and "06.11.22.33.44" are one telephone.
DIGITS_COMPARED = 9
FEWEST_DIGITS = 6
#: Cards that say the same are proposed one after the other with the first; a number that fifty share is a switchboard.
MOST_ALIKE = 12
MOST_PAIRS = 500


def pairs(rights: Rights) -> list[Pair]:
    """The contacts the person may change that look alike, the surest first. Four queries, whatever their number."""
    books = {one.pk: one for one in books_of(rights)}
    rows = Card.objects.filter(book__in=books).exclude(kind="group").order_by("pk")
    alike: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for pk, book, author, kind, name, mails, phones in rows.values_list(
        "pk", "book", "author", "kind", "full_name", "emails", "phones"
    ):
        if rights.may_put(books[book], author, is_new=False):
            for reason, key in _keys(name, mails, phones):
                alike[kind, reason, key].append(pk)
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    for (_kind, reason, _key), numbers in alike.items():
        if 1 < len(numbers) <= MOST_ALIKE:
            for other in numbers[1:]:
                found[numbers[0], other].append(reason)
    apart = NotSame.objects.filter(first__in={one[0] for one in found}).values_list("first", "second")
    return surest(found, apart, MOST_PAIRS)


def _keys(name: str, mails: list[str], phones: list[str]) -> Iterator[tuple[str, str]]:
    """What a contact is told by; each once."""
    yield from dict.fromkeys(("mail", one.strip().lower()) for one in mails if "@" in one)
    yield from dict.fromkeys(("phone", number) for one in phones if (number := digits(one)))
    if words := " ".join(sorted(fold(name).split())):
        yield "name", words


def digits(phone: str) -> str:
    """The digits by which a telephone is told, whatever its country code; "" for what is no number."""
    found = re.sub(r"\D", "", phone)
    return found[-DIGITS_COMPARED:] if len(found) >= FEWEST_DIGITS else ""
