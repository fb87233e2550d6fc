"""Two records of one member made one, or said to be of two."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Conflict, require
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.core.portability import merging
from tilios.core.search import index
from tilios.tools.members import rules
from tilios.tools.members.actions import openings
from tilios.tools.members.actions.records import change_record, lock
from tilios.tools.members.models import Answer, ContributionState, NotSame, Record
from tilios.tools.members.queries import merging as queries

LONGEST_NOTE = 4000
CHANGED = _("One of the two was changed or removed meanwhile: look at them again.")


@dataclass(frozen=True)
class Merged:
    """The record kept, and how many rows of each table were given up, since it has one like them."""

    record: Record
    given_up: Counter[str]


@transaction.atomic
def merge_records(
    *, by: Person | None, first: Record, second: Record, from_second: Collection[str] = (), seal: str = ""
) -> Merged:
    """Make one record, and one person, of two; all that points at the one that goes follows. It cannot be undone.

    Where both speak, `from_second` names what the second says best (queries/merging.facts); the rest is the word of the
    first. Notes are joined, the address not chosen stays as another one. The number that stays is that of the person
    who has a login, so that they go on entering.

    Publishes "people.merged" and "members.merged". Raises NotAllowed; Conflict when one changed since `seal` was read,
    when both have a login, a mandate or dues of one period; Invalid(field).
    """
    require(by is None or rules.keeps_register(by))
    first, second = _locked(first, second)
    if seal and seal != queries.seal(first, second):
        raise Conflict(CHANGED)
    values = queries.chosen(first, second, from_second)
    if any(len(values[note]) > LONGEST_NOTE for note in ("note", "public_note")):
        raise Conflict(_("Their notes are too long to be joined: shorten one of them first."))
    kept, lost = (second, first) if second.person.account_id and not first.person.account_id else (first, second)
    merging.refuse(by=by, kept=kept.person, lost=lost.person)
    _refuse_same_period(kept, lost)
    for name in queries.answers(first).keys() & queries.answers(second).keys():
        less = first if name in from_second else second
        Answer.objects.filter(record=less, field__key=name.removeprefix(queries.FIELD)).delete()
    _prepare_links(kept, lost, values)
    outcome = merging.point_at(kept, lost, apart=frozenset({"members.NotSame"}))
    number = lost.pk
    lost.delete()
    index.remove_many("members.record", [number])
    outcome.given_up += merging.merge_people(by=by, kept=kept.person, lost=lost.person).given_up
    record = change_record(by=by, record=kept, **values)
    openings.follow(lock(record))
    index.update(record)
    publish("members.merged", by=by, target=record, subject=record.person, merged=number)
    return Merged(record, outcome.given_up)


def _locked(first: Record, second: Record) -> tuple[Record, Record]:
    if first.pk == second.pk:
        raise Conflict(_("Choose two members."))
    rows = Record.objects.select_for_update(of=("self",)).select_related("person", "payer__person", "status", "family")
    found = {record.pk: record for record in rows.filter(pk__in=[first.pk, second.pk]).order_by("pk")}
    if len(found) < 2:
        raise Conflict(CHANGED)
    return found[first.pk], found[second.pk]


def _refuse_same_period(kept: Record, lost: Record) -> None:
    """Dues hang on what was paid for them: none of the two is given up without a word."""
    periods = [
        set(record.contributions.exclude(state=ContributionState.CANCELLED).values_list("kind", "first"))
        for record in (kept, lost)
    ]
    if periods[0] & periods[1]:
        raise Conflict(_("Both have dues for the same period: cancel those that should not be, then come back."))


def _prepare_links(kept: Record, lost: Record, values: dict[str, Any]) -> None:
    """What between the two would point at itself once they are one, and what only one of them may say."""
    if values["payer"] is not None and values["payer"].pk in {kept.pk, lost.pk}:
        values["payer"] = None
    if kept.payer_id == lost.pk:
        kept.payer = None
    if kept.left_on and lost.left_on:
        kept.left_on = max(kept.left_on, lost.left_on)
    else:
        kept.left_on, kept.leaving_reason = None, ""
    kept.created_at = min(kept.created_at, lost.created_at)
    kept.save(update_fields=["payer", "left_on", "leaving_reason", "created_at"])
    for said in NotSame.objects.filter(Q(first=lost) | Q(second=lost)).select_related("first", "second"):
        other = said.second if said.first_id == lost.pk else said.first
        low, high = sorted((kept.pk, other.pk))
        if low != high:
            NotSame.objects.get_or_create(first_id=low, second_id=high)


@transaction.atomic
def say_different(*, by: Person | None, first: Record, second: Record) -> None:
    """Remember that two records are of two members: never proposed again. Raises NotAllowed."""
    require(by is None or rules.keeps_register(by))
    low, high = sorted((first, second), key=lambda one: one.pk)
    if low.pk != high.pk:
        NotSame.objects.get_or_create(first=low, second=high)
