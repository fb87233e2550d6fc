"""The words that the formulas of a structure know of a record: its age, its seniority, what its own fields say."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from tilios.kit.expressions import years_between
from tilios.tools.members.models import Answer, Field, FieldKind, Record, RecordKind

#: Those every register has, with a value to try a formula on.
TRIAL: dict[str, Any] = {
    "age": 40,
    "seniority": 3,
    "head_count": 12,
    "family_size": 3,
    "quotient": 900,
    "organisation": False,
    "status": "",
    "town": "",
    "postcode": "",
    "today": date(2026, 1, 1),
    "year": 2026,
}
#: What a field says while nobody has answered; files and computed fields give no word.
UNANSWERED: dict[str, Any] = {
    FieldKind.TEXT: "",
    FieldKind.LONG_TEXT: "",
    FieldKind.CHOICE: "",
    FieldKind.NUMBER: 0.0,
    FieldKind.DATE: 0,
    FieldKind.YES_NO: False,
    FieldKind.CHOICES: (),
}


def words_of(record: Record, *, on: date, quotient_cents: int | None = None) -> dict[str, Any]:
    """The words and their values on the day `on`. Ages and seniority in whole years, 0 where the day is not known.

    `quotient` is the monthly income of the household for each of its parts, in euros, as told when paying: it is kept
    nowhere. The fields of the structure that are numbers, dates (as years since), yes or no, choices and texts come
    under their key, answered or not. Three queries.
    """
    return words_of_all([record], on=on)[record.pk] | {"quotient": (quotient_cents or 0) / 100}


def words_of_all(records: Iterable[Record], *, on: date) -> dict[int, dict[str, Any]]:
    """The words of each record, by its number. Three queries, however many records there are."""
    records = list(records)
    families = {record.family_id for record in records if record.family_id}
    sizes = Counter(Record.objects.filter(family__in=families, left_on=None).values_list("family", flat=True))
    unanswered = {field.key: UNANSWERED[field.kind] for field in Field.objects.all() if field.kind in UNANSWERED}
    found = {record.pk: _own_words(record, on, sizes) | unanswered for record in records}
    answers = Answer.objects.filter(record__in=[record.pk for record in records], field__kind__in=list(UNANSWERED))
    for answer in answers.select_related("field"):
        words, key = found[answer.record_id], answer.field.key
        match answer.field.kind:
            case FieldKind.NUMBER:
                words[key] = float(answer.number or 0)
            case FieldKind.YES_NO:
                words[key] = bool(answer.number)
            case FieldKind.DATE:
                words[key] = years_between(answer.day, on) if answer.day else 0
            case FieldKind.CHOICES:
                words[key] = (*words[key], answer.text)
            case _:
                words[key] = answer.text
    return found


def trial_words() -> dict[str, Any]:
    """Words to try a formula on before it is kept: no number is 0, so that it may divide by it. One query."""
    tried = UNANSWERED | {FieldKind.NUMBER: 1.0, FieldKind.DATE: 1}
    return TRIAL | {field.key: tried[field.kind] for field in Field.objects.all() if field.kind in tried}


def _own_words(record: Record, on: date, sizes: Counter[int | None]) -> dict[str, Any]:
    person = record.person
    return {
        "age": years_between(person.birth_date, on) if person.birth_date else 0,
        "seniority": max(0, years_between(record.joined_on, on)) if record.joined_on else 0,
        "head_count": record.head_count or 0,
        "family_size": sizes[record.family_id] if record.family_id else 1,
        "quotient": 0,
        "organisation": record.kind == RecordKind.ORGANISATION,
        "status": record.status.name if record.status else "",
        "town": person.town,
        "postcode": person.postcode,
        "today": on,
        "year": on.year,
    }
