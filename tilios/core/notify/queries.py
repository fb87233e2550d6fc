"""Reads of notifications. What a notification tells of a thing is shown only while its reader may see the thing."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet

from tilios.core.notify.models import Notification
from tilios.core.people.models import Person
from tilios.core.structures.scope import current_structure
from tilios.core.toolbox import registry


def of(person: Person) -> QuerySet[Notification]:
    """What the page of `person` holds, newest first."""
    return Notification.objects.filter(person=person, on_page=True).select_related("actor")


def unread_count(person: Person) -> int:
    """How many are unread. One query."""
    return Notification.objects.filter(person=person, on_page=True, read_at=None).count()


def with_access(person: Person, rows: Iterable[Notification]) -> list[Notification]:
    """`rows`, each with `accessible`: whether `person` may still see what it is about. One query a kind."""
    rows = list(rows)
    wanted: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        if row.kind and row.target is not None:
            wanted[row.kind].add(row.target)
    seen: dict[str, set[int]] = {}
    enabled = set(current_structure().enabled_tools)
    for name, targets in wanted.items():
        kind, tool = registry.kind(name), registry.tool(name.partition(".")[0])
        if kind is not None and tool is not None and (tool.house or tool.slug in enabled):
            seen[name] = set(kind.visible_to(person).filter(pk__in=targets).values_list("pk", flat=True))
    for row in rows:
        tool = registry.tool(row.notice.partition(".")[0])
        row.tool = tool  # type: ignore[attr-defined]
        row.accessible = not row.kind or row.target in seen.get(row.kind, set())
    return rows
