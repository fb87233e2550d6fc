"""Locks: who holds what, and what a request may therefore write. RFC 4918, parts 6 and 7."""

import secrets
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from tilios.core.dav.errors import Refusal
from tilios.core.dav.models import Lock
from tilios.core.dav.tree import Node, Tree
from tilios.core.people.models import Person
from tilios.core.structures.composed import composed

MOST_LOCKS = 10_000  # of one structure


def live() -> list[Lock]:
    """Every lock of the structure that has not expired. There are few: one query a request."""
    now = timezone.now()
    return [lock for lock in _kept() if lock.expires_at > now]  # whoever takes one removes those that have expired


@composed
def _kept() -> QuerySet[Lock]:
    return Lock.objects.order_by("-expires_at").select_related("person")[:MOST_LOCKS]


@dataclass(frozen=True)
class Held:
    """The live locks of the structure, asked about places of a tree."""

    locks: Sequence[Lock]

    def over(self, chain: Sequence[Node]) -> list[Lock]:
        """Those the last node of `chain` is under: its own, and deep ones of what it is in. It starts at the root."""
        if not self.locks or not chain:
            return []
        places = {(node.kind, node.pk): place for place, node in enumerate(chain)}
        last = len(chain) - 1
        found = []
        for lock in self.locks:
            place = places.get((lock.kind, lock.target))
            if place is not None and (place == last or lock.is_deep):
                found.append(lock)
        return found

    def below(self, tree: Tree, node: Node) -> list[Lock]:
        """Those of what is inside a collection."""
        return [
            lock
            for lock in self.locks
            if (lock.kind, lock.target) != (node.kind, node.pk) and tree.contains(node, lock.kind, lock.target)
        ]


def require(found: Iterable[Lock], tokens: frozenset[str], person: Person) -> None:
    """Refuse a write to what is locked, unless one of its locks is the writer's and its token was submitted.

    Raises Refusal(423, "lock-token-submitted") naming what was locked.
    """
    by_root: dict[str, list[Lock]] = {}
    for lock in found:
        by_root.setdefault(lock.root, []).append(lock)
    for root, locks in by_root.items():
        # SECURITY: a token is seen by whoever lists properties: it opens nothing to anybody but who took the lock.
        if not any(lock.token in tokens and lock.person_id == person.pk for lock in locks):
            raise Refusal(423, "lock-token-submitted", hrefs=[root])


def conflict(found: Iterable[Lock], *, shared: bool) -> Lock | None:
    """A lock that stands in the way of a new one."""
    return next((lock for lock in found if not (shared and lock.is_shared)), None)


def take(*, by: Person, node: Node, root: str, shared: bool, deep: bool, owner: str, timeout_s: int) -> Lock:
    """A new lock; whoever calls holds the place and has looked for conflicts."""
    Lock.objects.filter(expires_at__lte=timezone.now()).delete()
    if Lock.objects.count() >= MOST_LOCKS:
        raise Refusal(507)
    return Lock.objects.create(
        token=f"urn:uuid:{uuid.UUID(bytes=secrets.token_bytes(16), version=4)}",
        kind=node.kind,
        target=node.pk,
        person=by,
        is_shared=shared,
        is_deep=deep,
        root=root,
        owner=owner,
        expires_at=timezone.now() + timedelta(seconds=timeout_s),
    )


def refresh(lock: Lock, timeout_s: int) -> Lock:
    lock.expires_at = timezone.now() + timedelta(seconds=timeout_s)
    lock.save(update_fields=["expires_at"])
    return lock


def forget(tree: Tree, node: Node, held: Held) -> None:
    """Remove the locks of what is deleted or moved away: they belong to the address (RFC 4918, 7.6)."""
    gone = [lock.pk for lock in held.below(tree, node)]
    Lock.objects.filter(Q(pk__in=gone) | Q(kind=node.kind, target=node.pk)).delete()
