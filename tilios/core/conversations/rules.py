"""Who may do what with a comment."""

from typing import Any

from tilios.core.access.roles import effective_role, may
from tilios.core.conversations.models import Comment
from tilios.core.people.models import Person
from tilios.core.people.roles import Role
from tilios.core.toolbox import registry
from tilios.core.toolbox.declaration import Kind


def may_comment(person: Person | None, kind: Kind) -> bool:
    """Whether `person` may comment on things of `kind` that they see."""
    if person is None or not kind.comments or not may(person, "portal.comment"):
        return False
    return not kind.comment_action or may(person, kind.comment_action)


def may_change(comment: Comment, *, person: Person | None, visitor: Any = None) -> bool:
    """The author alone changes their words; a visitor on the device that wrote them."""
    if comment.removed_at is not None:
        return False
    if person is not None:
        kind = registry.kind(comment.kind)
        return comment.author_id == person.pk and kind is not None and may_comment(person, kind)
    return visitor is not None and comment.visitor_id == visitor.pk


def may_remove(comment: Comment, *, person: Person | None, visitor: Any = None) -> bool:
    """The author, or whoever answers for the house: managers."""
    if comment.removed_at is not None:
        return False
    if person is not None and effective_role(person) >= Role.MANAGER:
        return True
    return may_change(comment, person=person, visitor=visitor)
