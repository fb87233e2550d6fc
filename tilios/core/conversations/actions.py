"""The only writes of conversations: say, answer, change, remove, put back, react."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tilios.core.access.links import link
from tilios.core.access.models import Visitor
from tilios.core.conversations import mentions, rules
from tilios.core.conversations.models import Comment, Reaction
from tilios.core.conversations.signs import SIGNS
from tilios.core.errors import Conflict, Invalid, NotAllowed, require
from tilios.core.journal.actions import publish
from tilios.core.notify.actions import notify
from tilios.core.people.models import Person
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import current_structure, scope
from tilios.core.toolbox import registry
from tilios.core.toolbox.declaration import Kind
from tilios.kit.text import excerpt

LONGEST = 5000
KEPT_WHEN_REMOVED = timedelta(days=30)


def _kind_of(thing: Any) -> Kind:
    kind = registry.kind_of(thing)
    if kind is None or not kind.comments:
        raise NotAllowed(_("This takes no comments."))
    return kind


@transaction.atomic
def comment(
    *,
    target: Any,
    text: str,
    by: Person | None = None,
    visitor: Visitor | None = None,
    parent: Comment | None = None,
) -> Comment:
    """Say `text` about `target`, or answer `parent`. Publishes "portal.commented"; tells who is named or answered.

    `by` is a person who sees `target`; or `visitor` came by a share link whose view takes comments: that view is the
    guard, and has been passed. `unsure` on what comes back lists mentions that fit several people.
    Raises NotAllowed, Invalid("text") when empty or too long, Invalid("parent") for a comment on something else.
    """
    kind = _kind_of(target)
    if by is not None:
        require(rules.may_comment(by, kind))
        require(kind.visible_to(by).filter(pk=target.pk).exists())
    else:
        # SECURITY: a visitor speaks only where their own link leads.
        require(visitor is not None and (visitor.link.kind, visitor.link.target) == (kind.name, target.pk))
    if parent is not None:
        if (parent.kind, parent.target) != (kind.name, target.pk) or parent.removed_at is not None:
            raise Invalid("parent", _("What you answer is not there any more."))
        parent = parent.parent or parent  # one level of answers: a talk stays readable on a phone
    found = mentions.resolve(_clean(text), mentions.mentionable(by, kind.name, target.pk))
    row = Comment.objects.create(
        kind=kind.name,
        target=target.pk,
        parent=parent,
        author=by,
        acted_by=by.acted_by if by else None,
        visitor=visitor if by is None else None,
        text=found.text,
    )
    row.mentions.set(found.people)
    publish("portal.commented", by=by, visitor=visitor if by is None else None, target=target, comment=row.pk)
    _tell(row, target, kind, by, found.people)
    row.unsure = found.unsure
    return row


def _clean(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\0", "").strip()
    if not text:
        raise Invalid("text", _("Write something first."))
    if len(text) > LONGEST:
        raise Invalid("text", _("This is too long: %(most)s characters at most.") % {"most": LONGEST})
    return text


def _tell(row: Comment, target: Any, kind: Kind, by: Person | None, named: list[Person]) -> None:
    """Tell those named, if they see the thing; and whoever wrote what is answered, unless they are named."""
    who = by.display_name if by else (row.visitor.name if row.visitor else "")
    words = {"who": who, "what": excerpt(str(target), 80), "text": excerpt(row.text, 120)}
    url = f"{link(kind.url, target.pk)}#comment-{row.pk}"

    def sees(person: Person) -> bool:
        person.structure = current_structure()
        return kind.visible_to(person).filter(pk=target.pk).exists()

    told = [person for person in named if sees(person)]
    notify(
        "portal.mentioned",
        to=told,
        target=target,
        by=by,
        url=url,
        text=lambda: gettext("%(who)s mentions you about “%(what)s”: %(text)s") % words,
    )
    answered = row.parent.author if row.parent else None
    if answered is not None and answered not in told and sees(answered):
        notify(
            "portal.replied",
            to=[answered],
            target=target,
            by=by,
            url=url,
            text=lambda: gettext("%(who)s answers you about “%(what)s”: %(text)s") % words,
        )


def _locked(row: Comment) -> Comment:
    found = Comment.objects.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if found is None or found.removed_at is not None:
        raise Conflict(_("This comment is not there any more."))
    return found


@transaction.atomic
def change(*, comment: Comment, text: str, by: Person | None = None, visitor: Visitor | None = None) -> Comment:
    """Change one's own words; the comment says so. Publishes "portal.comment_changed"; tells those newly named."""
    row = _locked(comment)
    require(rules.may_change(row, person=by, visitor=visitor))
    found = mentions.resolve(_clean(text), mentions.mentionable(by, row.kind, row.target))
    if found.text != row.text:
        before = set(row.mentions.values_list("pk", flat=True))
        row.text, row.edited_at = found.text, timezone.now()
        row.save(update_fields=["text", "edited_at"])
        row.mentions.set(found.people)
        thing = _thing(row)
        publish("portal.comment_changed", by=by, visitor=visitor if by is None else None, target=thing, comment=row.pk)
        fresh = [person for person in found.people if person.pk not in before]
        kind = registry.kind(row.kind)
        if fresh and kind is not None and thing is not None:
            row.parent = None  # whoever is answered has been told already
            _tell(row, thing, kind, by, fresh)
    row.unsure = found.unsure  # type: ignore[attr-defined]
    return row


def _thing(row: Comment) -> Any:
    from django.apps import apps

    kind = registry.kind(row.kind)
    return apps.get_model(kind.model).objects.filter(pk=row.target).first() if kind else None


@transaction.atomic
def remove(*, comment: Comment, by: Person | None = None, visitor: Visitor | None = None) -> Comment:
    """Take a comment away: one's own, or anybody's for a manager. Publishes "portal.comment_removed".

    The words are kept thirty days, shown to nobody, so that it can be undone; then they are erased.
    """
    row = _locked(comment)
    require(rules.may_remove(row, person=by, visitor=visitor))
    row.removed_at = timezone.now()
    row.save(update_fields=["removed_at"])
    publish(
        "portal.comment_removed", by=by, visitor=visitor if by is None else None, target=_thing(row), comment=row.pk
    )
    return row


@transaction.atomic
def put_back(*, comment: Comment, by: Person) -> Comment:
    """Undo a removal. Publishes "portal.comment_put_back"; raises NotAllowed to whoever may not have removed it."""
    row = Comment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
    if row.removed_at is None:
        return row
    if not row.text:
        raise Conflict(_("This comment is not there any more."))
    row.removed_at = None
    require(rules.may_remove(row, person=by))
    row.save(update_fields=["removed_at"])
    publish("portal.comment_put_back", by=by, target=_thing(row), comment=row.pk)
    return row


@transaction.atomic
def react(*, by: Person, comment: Comment, sign: str) -> bool:
    """Put `sign` on a comment, or take it off if it was there. Whether it is there now."""
    if sign not in SIGNS:
        raise Invalid("sign", _("This sign does not exist."))
    kind = registry.kind(comment.kind)
    require(kind is not None and comment.removed_at is None and rules.may_comment(by, kind))
    taken, _models = Reaction.objects.filter(comment=comment, person=by, sign=sign).delete()
    if taken:
        return False
    Reaction.objects.bulk_create([Reaction(comment=comment, person=by, sign=sign)], ignore_conflicts=True)
    return True


def erase_removed() -> int:
    """Periodic: erase the words of comments removed more than thirty days ago. Number erased."""
    count = 0
    for structure in Structure.objects.all():
        with scope(structure):
            old = Comment.objects.filter(removed_at__lt=timezone.now() - KEPT_WHEN_REMOVED).exclude(text="")
            count += old.update(text="")
    return count
