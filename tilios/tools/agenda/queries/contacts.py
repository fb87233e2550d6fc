"""Whom the address books hold, as their pages list them."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Substr

from tilios.kit import vcard
from tilios.kit.text import fold
from tilios.tools.agenda.models import Card, Item, Nature, ThrownCard
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.queries.views import collections_of

A_PAGE = 60
#: Contacts shown beside one: members of a group, people of an organisation.
MOST_BESIDE = 200


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed to; "" and None for everything."""

    words: str = ""
    letter: str = ""
    book: int | None = None
    label: str = ""
    organisation: str = ""
    only_groups: bool = False

    @property
    def is_narrow(self) -> bool:
        return bool(self.words or self.letter or self.book or self.label or self.organisation or self.only_groups)


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
    if asked.label:
        found = found.filter(labelled(asked.label))
    if asked.organisation:
        found = found.filter(organisation__iexact=asked.organisation)
    if asked.only_groups:
        found = found.filter(kind="group")
    if asked.letter == "#":
        found = found.exclude(sort_name__regex=r"^[a-z]")
    elif asked.letter:
        found = found.filter(sort_name__startswith=asked.letter)
    return found.order_by("sort_name", "pk")


def labelled(label: str) -> Q:
    """The condition that a card has this label: SQLite keeps the accents of JSON in code, PostgreSQL as they are."""
    return Q(categories__icontains=json.dumps(label)) | Q(categories__icontains=json.dumps(label, ensure_ascii=False))


def labels(books: list[Item]) -> list[tuple[str, int]]:
    """The labels of the contacts, in the order of letters, with how many have each. One query."""
    rows = Card.objects.filter(book__in=[one.pk for one in books]).exclude(categories=[])
    counted = Counter(label for found in rows.values_list("categories", flat=True) for label in set(found))
    return sorted(counted.items(), key=lambda one: fold(one[0]))


def organisations(books: list[Item]) -> QuerySet[Card, dict[str, object]]:
    """The organisations that contacts name, with `people`, how many are of each, and `page`, the card of its own.

    One query.
    """
    rows = Card.objects.filter(book__in=[one.pk for one in books]).exclude(organisation="").order_by("organisation")
    people = Count("pk", filter=~Q(kind="org"))
    return rows.values("organisation").annotate(people=people)


def cards_of_organisations(books: list[Item]) -> dict[str, int]:
    """The numbers of the cards of organisations, by their name in small letters. One query."""
    rows = Card.objects.filter(book__in=[one.pk for one in books], kind="org").order_by("-pk")
    return {name.lower(): pk for pk, name in rows.values_list("pk", "organisation")}


def letters(books: list[Item]) -> list[str]:
    """With which letters names begin; "#" for what begins with none. One query."""
    rows = Card.objects.filter(book__in=[one.pk for one in books]).order_by()
    first = set(rows.annotate(first=Substr("sort_name", 1, 1)).values_list("first", flat=True).distinct())
    known = sorted(one for one in first if "a" <= one <= "z")
    return [*known, "#"] if len(known) < len(first) else known


@dataclass(frozen=True)
class Member:
    """One of a group: as the group names it, and its card when it is in the address book."""

    named: str
    card: Card | None


def members_of(card: Card, named: Iterable[str]) -> list[Member]:
    """The members of a group in their order: cards of its address book, and what is none. One query."""
    wanted = list(dict.fromkeys(named))[:MOST_BESIDE]
    found = Card.objects.filter(book=card.book, uid__in=[uid_named(one) for one in wanted]).defer("data")
    known = {one.uid: one for one in found}
    members = [Member(one, known.get(uid_named(one))) for one in wanted]
    return sorted(members, key=lambda one: (one.card is None, one.card.sort_name if one.card else one.named))


def uid_named(member: str) -> str:
    """The UID by which a group, or a relation, names a contact."""
    return member[9:] if member.lower().startswith("urn:uuid:") else member


def groups_with(card: Card) -> list[Card]:
    """The groups of its address book that hold a contact. One query; groups are few, and small."""
    groups = Card.objects.filter(book=card.book, kind="group")[:MOST_BESIDE]
    return [
        one for one in groups if card.uid in {uid_named(member) for member in vcard.facts(one.data.encode()).members}
    ]


def groups_in(books: list[Item]) -> list[Card]:
    """The groups of address books, by name. One query."""
    found = Card.objects.filter(book__in=[one.pk for one in books], kind="group").select_related("book")
    return list(found.defer("data").order_by("sort_name", "pk")[:MOST_BESIDE])


def candidates(card: Card, words: str) -> list[Card]:
    """Whom `words` name among the contacts of the address book of a group, to be put in it. One query."""
    found = listed([card.book], Asked(words=words)).exclude(kind="group").exclude(pk=card.pk)
    return list(found[:20])


def related_to(card: Card, related: Iterable[vcard.Contact]) -> list[tuple[vcard.Contact, Card | None]]:
    """The people around a contact, each with their card when it is named by its UID. One query at most."""
    people = list(related)[:MOST_BESIDE]
    named = [uid_named(one.value) for one in people if ":" in one.value]
    known = {one.uid: one for one in Card.objects.filter(book=card.book, uid__in=named).defer("data")} if named else {}
    return [(one, known.get(uid_named(one.value))) for one in people]


def chosen(books: list[Item], numbers: Iterable[int]) -> list[Card]:
    """The contacts of `books` called by number, with their address books. One query."""
    found = Card.objects.filter(book__in=[one.pk for one in books], pk__in=list(numbers)).select_related("book")
    return list(found.order_by("pk"))


def thrown(rights: Rights) -> QuerySet[ThrownCard]:
    """The contacts that were thrown away and that the person may bring back, latest first."""
    books = [one for one in books_of(rights) if rights.may_put(one, None, is_new=True)]
    whole = [one.pk for one in books if rights.may_put(one, None, is_new=False)]
    mine = Q(book__in=whole) | Q(book__in=[one.pk for one in books], author=rights.person)
    return ThrownCard.objects.filter(mine).select_related("book", "thrown_by", "into").defer("data", "before")


def beside(rights: Rights, card: Card) -> list[Card]:
    """For an organisation, the people the person sees of it; for somebody, the organisation they are of."""
    if not card.organisation:
        return []
    books = [one.pk for one in rights.collections(Nature.BOOK)]
    same = Card.objects.filter(book__in=books, organisation__iexact=card.organisation).exclude(pk=card.pk)
    return list(
        (same.exclude(kind="org") if card.kind == "org" else same.filter(kind="org")).defer("data")[:MOST_BESIDE]
    )
