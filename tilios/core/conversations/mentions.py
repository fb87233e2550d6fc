"""Mentions: "@" and a name, as people type it. The longest name that fits wins; a first name alone will do when only
one person bears it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from tilios.core.access.roles import may
from tilios.core.conversations.models import Comment
from tilios.core.people.models import Person
from tilios.core.people.queries import active_people
from tilios.kit.text import fold

MOST = 20  # mentions looked up in one comment
LONGEST_NAME = 120
_SIGN = re.compile(r"(?<![\w@.])@(?=\w)")
_WORD = re.compile(r"[\w'’.-]+")


@dataclass(frozen=True)
class Found:
    """What the mentions of a text lead to. `unsure` are those that fit several people, as they were typed."""

    people: list[Person]
    text: str  # with the names written in full
    unsure: list[str]


def mentionable(person: Person | None, kind: str, target: int) -> QuerySet[Person]:
    """Whom `person` may name when talking about a thing: everybody they may see, or whoever has spoken there already.

    Visitors who came by a link name nobody: a name they try must not tell them who belongs to the structure.
    """
    if person is None:
        return Person.objects.none()
    if may(person, "portal.people"):
        return active_people()
    speakers = Comment.objects.filter(kind=kind, target=target, removed_at=None).values("author")
    return active_people().filter(Q(pk__in=speakers) | Q(pk=person.pk))


def suggestions(person: Person, kind: str, target: int, typed: str) -> list[Person]:
    """At most eight people whose name begins with, or holds, what was typed after "@". One query."""
    asked = fold(typed).strip()
    people = mentionable(person, kind, target)
    for word in asked.split()[:4]:
        people = people.filter(sort_name__contains=word)
    found = list(people.order_by("sort_name")[:40])
    found.sort(key=lambda one: not fold(one.display_name).startswith(asked))
    return found[:8]


def resolve(text: str, allowed: QuerySet[Person]) -> Found:
    """Find whom `text` mentions among `allowed`. One query a mention, `MOST` at most."""
    people: list[Person] = []
    unsure: list[str] = []
    written, last = [], 0
    for sign in list(_SIGN.finditer(text))[:MOST]:
        start = sign.end()
        tail = text[start : start + LONGEST_NAME]
        first = _WORD.match(tail)
        if first is None:
            continue
        candidates = list(allowed.filter(sort_name__contains=fold(first.group().rstrip(".-'’")))[:50])
        length, matches = _longest(tail, candidates)
        if len(matches) == 1:
            written += [text[last:start], matches[0].display_name]
            last = start + length
            if matches[0] not in people:
                people.append(matches[0])
        elif matches:
            unsure.append(tail[:length])
    written.append(text[last:])
    return Found(people, "".join(written), unsure)


def _longest(tail: str, candidates: Iterable[Person]) -> tuple[int, list[Person]]:
    """How many characters of `tail` the longest fitting name takes, and who bears it."""
    best, bearers = 0, []
    for person in candidates:
        names = (person.display_name, f"{person.given_name} {person.family_name}".strip(), person.given_name)
        length = max((_fits(tail, name) for name in names if name), default=0)
        if length > best:
            best, bearers = length, [person]
        elif length and length == best:
            bearers.append(person)
    return best, bearers


def _fits(tail: str, name: str) -> int:
    """Number of characters at the head of `tail` that read as `name`, whole words only; 0 if it does not fit."""
    wanted, read = fold(name), ""
    for index, letter in enumerate(tail):
        read += fold(letter)
        if read == wanted:
            after = tail[index + 1 : index + 2]
            return 0 if after.isalnum() else index + 1
        if not wanted.startswith(read):
            return 0
    return 0
