"""One request, read once: who, where, under which conditions."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from django.http import HttpRequest

from tilios.core.dav import locks, paths
from tilios.core.dav.conditions import IfHeader, if_header
from tilios.core.dav.errors import Refusal
from tilios.core.dav.properties import Live
from tilios.core.dav.tree import Check, Node, Tree
from tilios.core.people.models import Person


@dataclass
class Place:
    """Where a path leads: `chain` starts at the root of the mount; `names` below it."""

    names: tuple[str, ...]
    chain: list[Node]

    @property
    def node(self) -> Node | None:
        """What is there, None where nothing is."""
        return self.chain[-1] if len(self.chain) == len(self.names) + 1 else None

    @property
    def parent(self) -> Node | None:
        """The collection it is or would be in; None when that is not there, or no collection."""
        if not self.names or len(self.chain) < len(self.names):
            return None
        above = self.chain[len(self.names) - 1]
        return above if above.is_collection else None

    @property
    def name(self) -> str:
        return self.names[-1] if self.names else ""


class Call:
    """A request on one mount of one structure, in its scope."""

    def __init__(
        self, request: HttpRequest, *, tree: Tree, person: Person, base: str, names: tuple[str, ...], principal: str
    ) -> None:
        self.request, self.tree, self.person, self.base, self.principal = request, tree, person, base, principal
        self.names = names

    def place(self, names: tuple[str, ...]) -> Place:
        return Place(names, [self.tree.root(), *(self.tree.walk(names) if names else [])])

    @cached_property
    def here(self) -> Place:
        return self.place(self.names)

    @cached_property
    def held(self) -> locks.Held:
        return locks.Held(locks.live())

    @cached_property
    def condition(self) -> IfHeader:
        return if_header(self.request)

    def found(self) -> Node:
        """What the request names; Refusal(404) where nothing is."""
        node = self.here.node
        if node is None:
            raise Refusal(404)
        return node

    def href(self, names: tuple[str, ...], *, is_collection: bool) -> str:
        return paths.href(self.base, names, is_collection=is_collection)

    def live(self, chain: Sequence[Node]) -> Live:
        return Live(self.tree, held=lambda: self.held, chain=chain, principal=self.principal)

    # Destinations

    def destination(self) -> Place:
        """Where a COPY or MOVE goes. Refusal(400) without it, 502 for another server, 403 for another mount."""
        target = self.request.headers.get("Destination", "")
        if not target:
            raise Refusal(400)
        names = self.names_at(target)
        # SECURITY: a copy goes nowhere but to the mount and structure that this request has been let into.
        if names is None:
            raise Refusal(403 if self._is_ours(target) else 502)
        return self.place(names)

    def _is_ours(self, target: str) -> bool:
        if paths.is_plain(target):
            return True
        try:
            host = urlsplit(target).netloc.rpartition("@")[2]
        except ValueError as error:  # "http://[::1/": no address at all
            raise Refusal(400) from error
        return not host or host == self.request.get_host()

    def names_at(self, target: str) -> tuple[str, ...] | None:
        """The decoded names below the mount that an address of ours stands for; None for another's."""
        if not self._is_ours(target):
            return None
        names, base = paths.names_of(paths.decoded(target)), self._base_names
        return names[len(base) :] if names[: len(base)] == base else None

    @cached_property
    def _base_names(self) -> tuple[str, ...]:
        return paths.names_of(paths.decoded(self.base))

    # Conditions

    def require_condition(self) -> None:
        """The If header holds. Raises Refusal(412)."""

        def state(resource: str) -> tuple[str | None, list[str]]:
            names = self.names_at(resource) if resource else self.names
            if names is None:
                return None, []
            place = self.here if names == self.names else self.place(names)
            tokens = [lock.token for lock in self.held.over(place.chain)]
            return (place.node.etag if place.node else None), tokens

        if not self.condition.holds(state):
            raise Refusal(412)

    def require_unlocked(self, place: Place, *, deep: bool = False, parent: bool = False) -> None:
        """`place` may be written: neither it, nor (deep) what is below, nor (parent) the collection it is a member of,
        is locked by somebody whose token was not submitted. Raises Refusal(423).
        """
        tokens = self.condition.tokens
        locks.require(self.held.over(place.chain), tokens, self.person)
        if deep and place.node is not None and place.node.is_collection:
            locks.require(self.held.below(self.tree, place.node), tokens, self.person)
        if parent and place.names:
            above = place.chain[: len(place.names)]
            locks.require(self.held.over(above), tokens, self.person)


def unchanged(_node: Node | None) -> None:
    """No condition."""


__all__ = ["Call", "Check", "Place", "unchanged"]
