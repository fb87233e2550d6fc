"""What records say in the fields of the structure, computed fields included."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from tilios.core.people.models import Person
from tilios.kit.expressions import evaluate
from tilios.kit.refusals import Refusal
from tilios.tools.members import rules
from tilios.tools.members.models import Answer, Field, FieldKind, Record
from tilios.tools.members.queries.words import words_of_all


@dataclass(frozen=True)
class Trouble:
    """What is wrong with the formula of a computed field, for one record: a sentence."""

    sentence: str

    def __str__(self) -> str:
        return self.sentence


def fields() -> list[Field]:
    """The fields of the structure, in their order. One query."""
    return list(Field.objects.all())


def fields_seen(person: Person, record: Record) -> list[Field]:
    return [field for field in fields() if rules.sees_field(person, record, field)]


def answers_of(records: Iterable[Record], fields: Iterable[Field]) -> dict[int, dict[str, Any]]:
    """For each record, by its number, the value of each of `fields` that it answers, by its key.

    A text, a Decimal, a date, True or False, a list of texts, the Answer of a file; what a formula gives, or the
    Trouble with it. One query, three more where a field is computed.
    """
    records, by_pk = list(records), {field.pk: field for field in fields}
    found: dict[int, dict[str, Any]] = {record.pk: {} for record in records}
    answers = Answer.objects.filter(record__in=list(found), field__in=list(by_pk)).select_related("blob")
    for answer in answers.order_by("pk"):
        field = by_pk[answer.field_id]
        if field.kind == FieldKind.CHOICES:
            found[answer.record_id].setdefault(field.key, []).append(answer.text)
        else:
            found[answer.record_id][field.key] = _value(field, answer)
    if computed := [field for field in by_pk.values() if field.kind == FieldKind.FORMULA]:
        words = words_of_all(records, on=timezone.localdate())
        for record in records:
            found[record.pk] |= {field.key: compute(field.formula, words[record.pk]) for field in computed}
    return found


def _value(field: Field, answer: Answer) -> Any:
    match field.kind:
        case FieldKind.NUMBER:
            return answer.number
        case FieldKind.YES_NO:
            return bool(answer.number)
        case FieldKind.DATE:
            return answer.day
        case FieldKind.FILE:
            return answer
        case _:
            return answer.text


def compute(formula: str, words: dict[str, Any]) -> Any:
    """What the formula gives, or its Trouble: a formula never breaks a page."""
    try:
        return evaluate(formula, words)
    except Refusal as refusal:
        return Trouble(_(refusal.message) % refusal.params)


def shown(value: Any) -> str:
    """A value of `answers_of` in words; "" where there is none."""
    match value:
        case None:
            return ""
        case bool():
            return _("Yes") if value else _("No")
        case int() | float() | Decimal():
            return _number(Decimal(str(value)))
        case date():
            return date_format(value, "SHORT_DATE_FORMAT")
        case list() | tuple():
            return ", ".join(map(str, value))
        case Answer():
            return value.text
        case _:
            return str(value)


def _number(value: Decimal) -> str:
    """As people write it: two decimals at most, and none that say nothing."""
    if not value.is_finite():
        return str(value)
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return number_format(Decimal(text or "0"), use_l10n=True, force_grouping=True)


def file_of(record: Record, field: Field) -> Answer | None:
    return Answer.objects.filter(record=record, field=field).exclude(blob=None).select_related("blob").first()


def answer_counts() -> dict[int, int]:
    """How many records answer each field, by its number: a file and several choices count once. One query."""
    pairs = Answer.objects.order_by().values_list("field", "record").distinct()
    counts: dict[int, int] = {}
    for field, _record in pairs:
        counts[field] = counts.get(field, 0) + 1
    return counts
