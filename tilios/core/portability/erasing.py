"""Erase a person from a structure: shown before, done at once, proved after.

The record goes, and what went with it; what they made for all stays without a name; what a law asks to keep stays, and
is said. The journal holds numbers only: its entries stay, and from then on speak of an erased person.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Field, Model, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import override

from tilios.core.access import roles
from tilios.core.errors import Conflict, require
from tilios.core.jobs import job
from tilios.core.journal.actions import publish
from tilios.core.journal.models import Entry
from tilios.core.journal.queries import numbers_of
from tilios.core.journal.sealing import canonical
from tilios.core.notify.models import Mail, Push
from tilios.core.people import watchers
from tilios.core.people.models import Invitation, Person, Status
from tilios.core.people.roles import Role
from tilios.core.portability import personal, tables, traces
from tilios.core.search import index
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import current_structure, scope

VERB = "people.erased"


@dataclass
class Outcome:
    """Numbers of rows by table, and why some are kept."""

    deleted: Counter[str] = field(default_factory=Counter)
    anonymous: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    why: dict[str, Any] = field(default_factory=dict)
    cleaned: int = 0  # texts of others from which an address was taken out
    columns: int = 0  # columns searched afterwards
    mentions: int = 0  # texts of others that name the person, and stay as they were written
    journal: int = 0  # entries that speak of a number only


class _OnlyLooking(Exception):
    """Undoes what was done to see what it does."""


def foresee(person: Person) -> Outcome:
    """What erasing `person` would do: it is done, counted, and rolled back."""
    outcome = Outcome()
    number: Any = person.pk
    try:
        with transaction.atomic():
            _erase(Person.objects.select_related("account").get(pk=number), outcome)
            raise _OnlyLooking
    except _OnlyLooking:
        return outcome


@transaction.atomic
def erase(*, by: Person, person: Person) -> Entry:
    """Erase `person` from the structure in scope for good. Publishes "people.erased", which is the proof.

    Raises NotAllowed without the right or for oneself, Conflict for the last administrator.
    """
    Structure.objects.select_for_update().get(slug=current_structure().slug)
    person = Person.objects.select_for_update().get(pk=person.pk)
    refuse(by=by, person=person)
    outcome = Outcome()
    number = person.pk
    _erase(person, outcome)
    person.pk = number  # deleting forgot it; the journal needs it once more
    said = statement(number, outcome)
    entry = publish(VERB, by=by, subject=person, **said, proof=fingerprint(said), signature=_signature(said))
    reindex.enqueue(person.structure_id)
    return entry


def refuse(*, by: Person, person: Person) -> None:
    """Raise what `erase` would raise, before anything is done."""
    require(roles.may(by, "portal.erase"))
    require(person.pk not in {by.pk, getattr(by.acted_by, "pk", None)}, _("Somebody else must erase your own record."))
    others = Person.objects.filter(role=Role.ADMIN, status=Status.ACTIVE, visit_ends_at=None).exclude(pk=person.pk)
    if person.role == Role.ADMIN and person.is_active and not others.exclude(account=None).exists():
        raise Conflict(_("This is the structure's last administrator: name another one first."))


def _erase(person: Person, outcome: Outcome) -> None:
    words = traces.Words.of(person)
    watchers.removed([person.pk])  # while the record is there: what was made of it is found by it
    numbers = numbers_of(person.pk)
    about = Q(actor__in=numbers) | Q(on_behalf__in=numbers) | Q(subject__in=numbers)
    outcome.journal = Entry.objects.filter(about, structure=current_structure()).count()
    with override(current_structure().language):
        instead = _("[erased]")
    must_stay = False
    for model in tables.owned_models():
        for column in model._meta.concrete_fields:
            if column.related_model is Person:
                must_stay |= _one_column(person, model, column, words, instead, outcome)
    _delete_named_rows(person, outcome)
    _delete_invitations(words, outcome)
    _delete_messages(words, outcome)
    _delete_pushes(person, words, outcome)
    if must_stay:
        _empty_record(person)
        outcome.anonymous[Person._meta.label] += 1
    else:
        outcome.deleted.update(person.delete()[1])
    _clean_others(words, instead, outcome)


def _one_column(
    person: Person, model: type[Model], column: Field, words: traces.Words, instead: str, outcome: Outcome
) -> bool:
    """Treat the rows that point at the person by one column. Whether an emptied record must stay for them."""
    fate = personal.fate(model, column)
    rows: QuerySet[Any] = model.objects.filter(**{column.attname: person.pk})  # type: ignore[attr-defined]
    count = rows.count()
    if not count:
        return False
    label = model._meta.label
    if fate.then == "delete":
        outcome.deleted.update(rows.delete()[1])
        return False
    if fate.then == "keep":
        outcome.kept[label] += count
        outcome.why[label] = fate.why
    else:
        outcome.anonymous[label] += count
        if fate.then == "anonymous":
            traces.take_out(rows, words.everything, instead)
            if fate.empty:
                rows.update(**{name: _empty_value(model, name) for name in fate.empty})
    if column.null:
        rows.update(**{column.attname: None})
        return False
    return True


def _empty_value(model: type[Model], name: str) -> Any:
    column: Any = model._meta.get_field(name)
    return None if column.null else column.get_default()


def _delete_named_rows(person: Person, outcome: Outcome) -> None:
    """Rows that name the person by (kind, number)."""
    for model in tables.owned_models():
        if pair := tables.generic_reference(model):
            kind, target = pair
            named = Q(**{f"{kind}__iexact": Person._meta.label, target: person.pk})
            outcome.deleted.update(model.objects.filter(named).delete()[1])


def _delete_invitations(words: traces.Words, outcome: Outcome) -> None:
    """Invitations to the person's address, even those that name no record."""
    for address in words.addresses:
        outcome.deleted.update(Invitation.objects.filter(email__iexact=address).delete()[1])


def _delete_messages(words: traces.Words, outcome: Outcome) -> None:
    """Messages of the structure to the person, or whose subject names them, that the outbox keeps."""
    wanted = Q()
    for address in words.addresses:
        wanted |= Q(recipients_text__icontains=address)
    for word in words.everything:
        wanted |= Q(subject__icontains=word)
    if wanted:
        kept = Mail.objects.filter(structure=current_structure()).annotate(
            recipients_text=Cast("recipients", TextField())
        )
        outcome.deleted.update(kept.filter(wanted).delete()[1])


def _delete_pushes(person: Person, words: traces.Words, outcome: Outcome) -> None:
    """Messages of the structure on their way to the person's devices, or that name them on the way to others'."""
    wanted = Q(pk__in=[trace.pk for trace in traces.scan(words.everything, [Push])])
    if person.account_id is not None:
        wanted |= Q(device__session__user=person.account_id)
    outcome.deleted.update(Push.objects.filter(wanted, structure=current_structure()).delete()[1])


def _empty_record(person: Person) -> None:
    """Make the record nobody's, where rows that stay cannot do without one."""
    for column in Person._meta.concrete_fields:
        if not column.primary_key and column.name not in {"structure", "role", "created_at"}:
            setattr(person, column.attname, None if column.null else column.get_default())
    with override(current_structure().language):
        person.display_name = _("Erased person")
    person.status = Status.LEFT
    person.save()


def _clean_others(words: traces.Words, instead: str, outcome: Outcome) -> None:
    """Take the person's addresses out of every text that is left, then search all columns again."""
    for trace in list(traces.scan(words.addresses)):
        rows = trace.model.objects.filter(pk=trace.pk)  # type: ignore[attr-defined]
        outcome.cleaned += traces.take_out(rows, words.addresses, instead)
    left = list(traces.scan(words.addresses))
    if left:
        raise Conflict(_("A trace of the person would remain (%(place)s): nothing was erased.") % {"place": left[0]})
    models = tables.owned_models()
    outcome.columns = sum(len(traces.text_columns(model)) for model in models)
    visible = [model for model in models if model._meta.label not in personal.QUIET]
    outcome.mentions = sum(1 for _trace in traces.scan(words.names, visible))


# The proof ----------------------------------------------------------------------------------------------------------


def statement(number: int, outcome: Outcome) -> dict[str, Any]:
    """What was done, in numbers: nothing in it says who it was."""
    return {
        "number": number,
        "deleted": {name: count for name, count in sorted(outcome.deleted.items()) if count},
        "anonymous": {name: count for name, count in sorted(outcome.anonymous.items()) if count},
        "kept": {name: count for name, count in sorted(outcome.kept.items()) if count},
        "cleaned": outcome.cleaned,
        "columns": outcome.columns,
        "mentions": outcome.mentions,
    }


def fingerprint(said: dict[str, Any]) -> str:
    """SHA-256 of a statement."""
    return hashlib.sha256(canonical(said)).hexdigest()


def _signature(said: dict[str, Any]) -> str:
    return salted_hmac("tilios.erasure", fingerprint(said), algorithm="sha256").hexdigest()


def is_genuine(entry: Entry) -> bool:
    """Whether the statement in the journal is the one this server signed."""
    said = {name: value for name, value in entry.data.items() if name not in {"proof", "signature"}}
    right = constant_time_compare(entry.data.get("signature", ""), _signature(said))
    return right and entry.data.get("proof") == fingerprint(said)


@job
def reindex(structure_id: int) -> None:
    """Make the search index again: words of the person may stand in its vocabulary."""
    structure = Structure.objects.filter(pk=structure_id).first()
    if structure is not None:
        with scope(structure):
            index.rebuild()
