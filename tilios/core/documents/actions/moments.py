"""The past of a text: moments to come back to, what was, and the putting together of many small updates."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from tilios.core.documents import limits, queries, rights, rules, yjs
from tilios.core.documents.access import Access, Writer
from tilios.core.documents.actions import texts
from tilios.core.documents.models import Attachment, Document, Revision, Update
from tilios.core.documents.rooms import telling
from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person

LONGEST_NAME = 120
MOST_TOGETHER = 200  # updates made one: merging takes as the square of how many they are


def _locked(document: Document) -> Document:
    return Document.objects.select_for_update(of=("self",)).get(pk=document.pk)


@transaction.atomic
def name_revision(*, document: Document, by: Writer, name: str) -> Revision:
    """Name the present moment, to come back to it. Publishes "portal.moment_named".

    Raises NotAllowed below Access.WRITE, Invalid("name"), Conflict for a text in which nothing is written yet.
    """
    require(rights.access_of(by, document) >= Access.WRITE)
    name = " ".join(name.replace("\0", "").split())[:LONGEST_NAME]
    if not name:
        raise Invalid("name", _("Give this moment a name."))
    row = _locked(document)
    if not row.last_number:
        raise Conflict(_("There is nothing in this text yet."))
    words = yjs.count_words(yjs.new_doc(queries.state(row)))
    revision, _made = Revision.objects.update_or_create(
        document=row, number=row.last_number, defaults={"name": name, "words": words, **by.columns}
    )
    publish(
        "portal.moment_named", by=by.person, visitor=by.visitor, target=rights.owner_of(row), number=row.last_number
    )
    telling.tell(f"beside {row.pk} revisions")
    return revision


@transaction.atomic
def keep_revision(document: Document) -> Revision | None:
    """Keep the present moment by itself, without a name; None when nothing was written since the last one."""
    row = _locked(document)
    kept = Revision.objects.filter(document=row).aggregate(last=Max("number"))["last"] or 0
    if kept >= row.last_number:
        return None
    words = yjs.count_words(yjs.new_doc(queries.state(row)))
    return Revision.objects.create(document=row, number=row.last_number, words=words, made_at=row.written_at)


@transaction.atomic
def restore(*, document: Document, by: Writer, number: int) -> int:
    """Write the text again as it was after the update `number`; what was written since stays in its history.

    Gives the number of the update. Publishes "portal.text_restored". Raises NotAllowed below Access.WRITE,
    Invalid("number") for a moment that has not been.
    """
    require(rights.access_of(by, document) >= Access.WRITE)
    row = _locked(document)
    if not 0 < number <= row.last_number:
        raise Invalid("number", _("This moment is not in the history of the text."))
    keep_revision(row)
    data = yjs.written_again(queries.state(row), queries.state_at(row, number))
    written = texts.add(row, by, data)
    publish("portal.text_restored", by=by.person, visitor=by.visitor, target=rights.owner_of(row), number=number)
    return written


@transaction.atomic
def fork(*, document: Document, owner: Any, by: Person, number: int | None = None) -> Document:
    """A new text for `owner` that reads as `document` does, or did after its update `number`; its history begins there.

    Its pictures and files keep their numbers, and are the new text's own. The caller publishes what it makes. Raises
    NotAllowed for whoever may not read `document`, and what `create` raises.
    """
    require(rights.access_of(Writer(person=by), document) >= Access.READ)
    source = queries.state(document) if number is None else queries.state_at(document, number)
    copy = texts.create(owner=owner, by=by, language=document.language)
    for row in Attachment.objects.filter(document=document):
        Attachment.objects.create(document=copy, number=row.number, blob=row.blob, name=row.name, person=by)
    data = yjs.written_again(yjs.NOTHING, source)
    if data != yjs.NOTHING:
        texts.add(copy, Writer(person=by), data)
    return copy


@transaction.atomic
def compact(document: Document) -> bool:
    """Sum the text up to its last update, and put small updates together. Whether anything was to be done.

    Updates are put together when they are of one writer, within a minute, with no moment kept between them: nothing of
    the history is lost, what was deleted included.
    """
    row = _locked(document)
    if row.state_number == row.last_number:
        return False
    doc = yjs.new_doc(bytes(row.state), *queries.updates_after(row, row.state_number))
    _put_together(row)
    row.state, row.state_number = doc.get_update(), row.last_number
    row.save(update_fields=["state", "state_number"])
    return True


def _put_together(document: Document) -> None:
    kept = set(Revision.objects.filter(document=document).values_list("number", flat=True))
    rows = list(Update.objects.filter(document=document, number__gt=document.state_number).order_by("number"))
    for run in _runs(rows, kept):
        if len(run) == 1:
            continue
        last = run[-1]
        last.data = yjs.merged([bytes(update.data) for update in run])
        last.first_number = run[0].first_number
        Update.objects.filter(pk__in=[update.pk for update in run[:-1]]).delete()
        last.save(update_fields=["data", "first_number"])


def _runs(rows: list[Update], kept: set[int]) -> list[list[Update]]:
    runs: list[list[Update]] = []
    size = 0
    for row in rows:
        before = runs[-1] if runs else None
        size += len(row.data)
        if (
            before
            and len(before) < MOST_TOGETHER
            and size < limits.MESSAGE
            and rules.goes_with(
                before[0].made_at,
                row.made_at,
                same_writer=(before[0].person_id, before[0].visitor_id) == (row.person_id, row.visitor_id),
                kept_between=before[-1].number in kept,
            )
        ):
            before.append(row)
        else:
            runs.append([row])
            size = len(row.data)
    return runs
