"""Properties: those the engine knows (live), and those programs store (dead)."""

import time
from collections.abc import Callable, Iterable, Sequence
from email.utils import formatdate
from functools import cached_property, lru_cache
from xml.sax.saxutils import escape, quoteattr

from django.db import transaction

from tilios.core.dav.answers import escaped
from tilios.core.dav.locks import Held
from tilios.core.dav.models import DeadProperty, Lock
from tilios.core.dav.tree import Node, Quota, Tree, Value

MOST_DEAD = 200  # of one thing
CHUNK = 500


DAY_S = 24 * 60 * 60
CLOCK = tuple(f"{minute // 60:02}:{minute % 60:02}:" for minute in range(24 * 60))
SECONDS = tuple(f"{second:02}" for second in range(60))


@lru_cache(4096)
def _day(number: int) -> tuple[str, str]:
    """A day, counted since 1970, as creationdate and as getlastmodified write it."""
    return time.strftime("%Y-%m-%dT", time.gmtime(number * DAY_S)), formatdate(number * DAY_S, usegmt=True)[:17]


def iso(ms: int) -> str:
    """A moment as RFC 3339 writes it. Days are remembered: lists of thousands are full of moments."""
    day, second = divmod(ms // 1000, DAY_S)
    minute, second = divmod(second, 60)
    return f"{_day(day)[0]}{CLOCK[minute]}{SECONDS[second]}Z"


def http_date(ms: int) -> str:
    """A moment as RFC 9110 writes it."""
    day, second = divmod(ms // 1000, DAY_S)
    minute, second = divmod(second, 60)
    return f"{_day(day)[1]}{CLOCK[minute]}{SECONDS[second]} GMT"


def lock_xml(lock: Lock) -> str:
    """activelock (RFC 4918, 14.1)."""
    return (
        "<D:activelock><D:locktype><D:write/></D:locktype><D:lockscope>"
        f"<D:{'shared' if lock.is_shared else 'exclusive'}/></D:lockscope>"
        f"<D:depth>{'infinity' if lock.is_deep else '0'}</D:depth>"
        f"{lock.owner}"
        f"<D:timeout>Second-{lock.timeout_s}</D:timeout>"
        f"<D:locktoken><D:href>{escape(lock.token)}</D:href></D:locktoken>"
        f"<D:lockroot><D:href>{escape(lock.root)}</D:href></D:lockroot></D:activelock>"
    )


SUPPORTED_LOCK = (
    "<D:lockentry><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockentry>"
    "<D:lockentry><D:lockscope><D:shared/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockentry>"
)


class Live:
    """The live properties of one request: each a function of the node, so that thousands cost little."""

    #: What `allprop` gives: those of RFC 4918, not those that cost more.
    ALL = (
        "creationdate", "displayname", "getcontentlength", "getcontenttype", "getetag", "getlastmodified",
        "resourcetype", "lockdiscovery", "supportedlock",
    )  # fmt: skip
    NAMED = (
        *ALL,
        "quota-available-bytes", "quota-used-bytes", "sync-token", "supported-report-set", "current-user-principal",
    )  # fmt: skip

    def __init__(self, tree: Tree, *, held: Callable[[], Held], chain: Sequence[Node], principal: str) -> None:
        self.tree, self.chain, self.principal = tree, chain, principal
        self._held = held
        self._quota: Quota | None = None

    @cached_property
    def held(self) -> Held:
        """Read when lockdiscovery is asked for."""
        return self._held()

    def value(self, name: str) -> Value | None:
        """The function of a property of DAV:, None for one the engine does not know."""
        return getattr(self, "_" + name.replace("-", "_"), None) if name in self.NAMED else None

    def _creationdate(self, node: Node) -> str:
        return iso(node.created_ms)

    def _displayname(self, node: Node) -> str:
        return escaped(node.display_name or node.name)

    def _getcontentlength(self, node: Node) -> str | None:
        return None if node.is_collection else str(node.size)

    def _getcontenttype(self, node: Node) -> str | None:
        return None if node.is_collection else escaped(node.media_type or "application/octet-stream")

    def _getetag(self, node: Node) -> str | None:
        return f'"{escaped(node.etag)}"' if node.etag else None

    def _getlastmodified(self, node: Node) -> str:
        return http_date(node.modified_ms)

    def _resourcetype(self, node: Node) -> str:
        return f"<D:collection/>{node.types}" if node.is_collection else node.types

    def _supportedlock(self, node: Node) -> str:
        return SUPPORTED_LOCK

    def _lockdiscovery(self, node: Node) -> str:
        held = self.held
        if not held.locks:
            return ""
        chain = self.chain if node is self.chain[-1] else [*self.chain, node]
        return "".join(map(lock_xml, held.over(chain)))

    def _quota_used_bytes(self, node: Node) -> str | None:
        return str(self._space().used) if node.is_collection else None

    def _quota_available_bytes(self, node: Node) -> str | None:
        if not node.is_collection or self._space().available is None:
            return None
        return str(max(0, self._space().available or 0))

    def _space(self) -> Quota:
        if self._quota is None:
            self._quota = self.tree.quota()
        return self._quota

    def _sync_token(self, node: Node) -> str | None:
        return escape(self.tree.sync_token(node)) or None if node.is_collection else None

    def _supported_report_set(self, node: Node) -> str:
        reports = []
        if node.is_collection and self.tree.sync_token(node):
            reports.append("<D:sync-collection/>")
        reports += [f"<R:{name} xmlns:R={quoteattr(space)}/>" for space, name in self.tree.kinds_of_reports]
        return "".join(f"<D:supported-report><D:report>{one}</D:report></D:supported-report>" for one in reports)

    def _current_user_principal(self, node: Node) -> str:
        return f"<D:href>{escape(self.principal)}</D:href>"


# Dead ---------------------------------------------------------------------------------------------------------------


def dead_of(nodes: Iterable[Node]) -> dict[tuple[str, int], dict[str, str]]:
    """The dead properties of some nodes, name -> XML; one query for each kind of thing among them."""
    by_kind: dict[str, list[int]] = {}
    for node in nodes:
        by_kind.setdefault(node.kind, []).append(node.pk)
    found: dict[tuple[str, int], dict[str, str]] = {}
    for kind, pks in by_kind.items():
        rows = DeadProperty.objects.filter(kind=kind, target__in=pks)
        for target, name, xml in rows.values_list("target", "name", "xml"):
            found.setdefault((kind, target), {})[name] = xml
    return found


@transaction.atomic
def change_dead(node: Node, changes: Sequence[tuple[str, str | None]]) -> bool:
    """Store or remove dead properties, all or none, in the order given; False when there would be too many."""
    there = DeadProperty.objects.filter(kind=node.kind, target=node.pk)
    for name, xml in changes:
        if xml is None:
            there.filter(name=name).delete()
        else:
            DeadProperty.objects.update_or_create(kind=node.kind, target=node.pk, name=name, defaults={"xml": xml})
    if there.count() > MOST_DEAD:
        transaction.set_rollback(True)
        return False
    return True


def copy_dead(pairs: Iterable[tuple[tuple[str, int], tuple[str, int]]]) -> None:
    """Give what was copied the dead properties of what it was copied from. A few queries for each kind and chunk."""
    every = list(pairs)
    for start in range(0, len(every), CHUNK):
        part = every[start : start + CHUNK]
        for kind in {before[0] for before, _after in part}:
            to = {before[1]: after for before, after in part if before[0] == kind}
            rows = DeadProperty.objects.filter(kind=kind, target__in=list(to))
            DeadProperty.objects.bulk_create(
                DeadProperty(kind=to[row.target][0], target=to[row.target][1], name=row.name, xml=row.xml)
                for row in rows
            )


def forget_dead(kind: str, pks: Sequence[int]) -> None:
    """Remove what was stored about things that are gone for good."""
    DeadProperty.objects.filter(kind=kind, target__in=pks).delete()
