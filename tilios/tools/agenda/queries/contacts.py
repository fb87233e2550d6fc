"""Whom the address books hold, as their pages list them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Substr

from tilios.kit.text import fold
from tilios.tools.agenda.models import Card, Item, Nature
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.queries.views import collections_of

A_PAGE = 60


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed to; "" and None for everything."""

    words: str = ""
    letter: str = ""
    book: int | None = None


def books_of(rights: Rights) -> list[Item]:
    """The address books the person sees, with their spaces. Two queries."""
    return collections_of(rights, Nature.BOOK)


def listed(books: list[Item], asked: Asked) -> QuerySet[Card]:
    """The contacts of `books` that are asked for, by family name."""
    wanted = [one.pk for one in books if asked.book in (None, one.pk)]
    found = Card.objects.filter(book__in=wanted).select_related("book").defer("data")
    for word in fold(asked.words).split()[:6]:
        found = found.filter(
            Q(sort_name__contains=word)
            | Q(full_name__icontains=word)
            | Q(organisation__icontains=word)
            | Q(emails__icontains=word)
            | Q(phones__icontains=word)
            | Q(categories__icontains=word)
        )
    if asked.letter == "#":
        found = found.exclude(sort_name__regex=r"^[a-z]")
    elif asked.letter:
        found = found.filter(sort_name__startswith=asked.letter)
    return found.order_by("sort_name", "pk")


def letters(books: list[Item]) -> list[str]:
    """With which letters names begin; "#" for what begins with none. One query."""
    rows = Card.objects.filter(book__in=[one.pk for one in books]).order_by()
    first = set(rows.annotate(first=Substr("sort_name", 1, 1)).values_list("first", flat=True).distinct())
    known = sorted(one for one in first if "a" <= one <= "z")
    return [*known, "#"] if len(known) < len(first) else known


def members_of(card: Card, uids: list[str]) -> dict[str, Any]:
    """The contacts of the same address book that a group names, by UID."""
    return {one.uid: one for one in Card.objects.filter(book=card.book, uid__in=uids[:500]).defer("data")}
