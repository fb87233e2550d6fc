"""Reads of comments."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any

from django.db.models import Count, QuerySet

from tilios.core.conversations import rules
from tilios.core.conversations.models import Comment, Reaction
from tilios.core.conversations.signs import SIGNS
from tilios.core.people.models import Person
from tilios.core.toolbox import registry

THREADS_SHOWN = 30  # on the page of the thing; all of them on the page of the conversation


@dataclass
class Said:
    """A comment as it is shown."""

    comment: Comment
    mentions: list[Person]
    reactions: list[dict[str, Any]]
    may_change: bool
    may_remove: bool
    replies: list["Said"] = dataclass_field(default_factory=list)

    @property
    def name(self) -> str:
        """Who speaks: empty once they have been erased."""
        who = self.comment.author or self.comment.visitor
        return getattr(who, "display_name", "") or getattr(who, "name", "")

    @property
    def field(self) -> str:
        """The id of the field that answers it."""
        return f"answer-{self.comment.pk}"


def comments_on(kind: str, target: int) -> QuerySet[Comment]:
    """All comments on a thing, in the order they came."""
    return Comment.objects.filter(kind=kind, target=target)


def count_on(thing: Any) -> int:
    """How many comments stand on a thing. One query."""
    kind = registry.kind_of(thing)
    return comments_on(kind.name, thing.pk).filter(removed_at=None).count() if kind else 0


def counts(kind: str, targets: Iterable[int]) -> dict[int, int]:
    """How many comments stand on each thing that has any: for lists. One query."""
    rows = Comment.objects.filter(kind=kind, target__in=list(targets), removed_at=None)
    return dict(rows.order_by().values_list("target").annotate(Count("pk")))


def threads(
    kind: str, target: int, *, person: Person | None, visitor: Any = None, limit: int | None = None
) -> list[Said]:
    """The conversation as `person` (or a visitor) sees it: first comments in order, each with its replies.

    With `limit`, the latest so many. Removed comments stay only where something answers them. Four queries.
    """
    starts = comments_on(kind, target).filter(parent=None)
    if limit is not None:
        newest = list(starts.order_by("-created_at", "-pk").values_list("pk", flat=True)[:limit])
        starts = starts.filter(pk__in=newest)
    rows = [*_loaded(starts), *_loaded(comments_on(kind, target).filter(parent__in=starts.values("pk")))]
    said = _as_said(rows, person, visitor)
    for one in said.values():
        if one.comment.parent_id in said and one.comment.removed_at is None:
            said[one.comment.parent_id].replies.append(one)
    return [
        one
        for one in said.values()
        if one.comment.parent_id is None and (one.replies or one.comment.removed_at is None)
    ]


def said(comment: Comment, *, person: Person | None, visitor: Any = None) -> Said:
    """One comment as it is shown, its replies left out."""
    row = _loaded(Comment.objects.filter(pk=comment.pk)).get()
    return _as_said([row], person, visitor)[comment.pk]


def _loaded(rows: QuerySet[Comment]) -> QuerySet[Comment]:
    return rows.select_related("author", "acted_by", "visitor").prefetch_related("mentions")


def _as_said(rows: list[Comment], person: Person | None, visitor: Any) -> dict[int, Said]:
    numbers = [row.pk for row in rows]
    reactions = Reaction.objects.filter(comment__in=numbers).order_by("pk").select_related("person")
    by_comment: dict[int, list[Reaction]] = {}
    for reaction in reactions:
        by_comment.setdefault(reaction.comment_id, []).append(reaction)
    return {
        row.pk: Said(
            row,
            list(row.mentions.all()),
            _signs(by_comment.get(row.pk, []), person),
            rules.may_change(row, person=person, visitor=visitor),
            rules.may_remove(row, person=person, visitor=visitor),
        )
        for row in rows
    }


def _signs(reactions: list[Reaction], person: Person | None) -> list[dict[str, Any]]:
    """Every sign there is, with how many gave it, who, and whether `person` did."""
    counted = Counter(reaction.sign for reaction in reactions)
    mine = {reaction.sign for reaction in reactions if person is not None and reaction.person_id == person.pk}
    return [
        {
            "sign": sign,
            "icon": icon,
            "label": label,
            "count": counted[sign],
            "mine": sign in mine,
            "names": ", ".join(row.person.display_name for row in reactions if row.sign == sign),
        }
        for sign, (icon, label) in SIGNS.items()
    ]
