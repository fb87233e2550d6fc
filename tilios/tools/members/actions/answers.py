"""What a record says in the fields of the structure."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from tilios.core.blobs.models import Blob
from tilios.core.errors import Invalid, require
from tilios.core.people.models import Person
from tilios.tools.members import rules
from tilios.tools.members.models import Answer, Field, FieldKind, Record

LONGEST = 4000
MOST = Decimal(10) ** 13
FILE_NAME = 200


def write_answers(*, by: Person | None, record: Record, answers: dict[str, Any]) -> list[str]:
    """Write what `record` answers to the fields of these keys; those that changed. Publishes nothing.

    Values are those of queries/answers: a text, a Decimal, a date, True or False, a list of texts; for a file, its name
    and its Blob; None or "" to empty. Raises Invalid(key), NotAllowed.
    """
    known = {field.key: field for field in Field.objects.filter(key__in=list(answers))}
    changed = []
    for key, value in answers.items():
        field = known.get(key)
        if field is None or field.kind == FieldKind.FORMULA:
            raise Invalid(key, _("No field of the register has this name."))
        require(by is None or rules.changes_field(by, record, field))
        if _replace(record, field, _rows(record, field, value)):
            changed.append(key)
    return sorted(changed)


def _replace(record: Record, field: Field, rows: list[Answer]) -> bool:
    """Whether the rows say something else than what was there."""
    before = list(Answer.objects.filter(record=record, field=field))
    if sorted(map(_said, before), key=str) == sorted(map(_said, rows), key=str):
        return False
    Answer.objects.filter(pk__in=[answer.pk for answer in before]).delete()
    for row in rows:
        row.save()
    return True


def _said(answer: Answer) -> tuple[Any, ...]:
    return answer.text, answer.number, answer.day, answer.blob_id


def _rows(record: Record, field: Field, value: Any) -> list[Answer]:
    """The answers that say `value`: none for nothing, one for each thing chosen in a list of several."""
    if value is None or value == "" or value == []:
        # A box that must be ticked is for forms to ask: a register brought in from elsewhere may lack anything.
        return []
    match field.kind:
        case FieldKind.NUMBER:
            said: list[dict[str, Any]] = [{"number": _checked_number(field, value)}]
        case FieldKind.YES_NO:
            said = [{"number": Decimal(1 if value else 0)}]
        case FieldKind.DATE:
            if not isinstance(value, date):
                raise Invalid(field.key, _("This is not a day."))
            said = [{"day": value}]
        case FieldKind.FILE:
            name, blob = value
            if not isinstance(blob, Blob):
                raise Invalid(field.key, _("This is not a file."))
            said = [{"text": str(name)[:FILE_NAME], "blob": blob}]
        case FieldKind.CHOICES:
            said = [{"text": _checked_choice(field, text)} for text in dict.fromkeys(value)]
        case FieldKind.CHOICE:
            said = [{"text": _checked_choice(field, value)}]
        case _:
            text = str(value).strip()
            if len(text) > LONGEST:
                raise Invalid(field.key, _("This text is too long."))
            said = [{"text": text}] if text else []
    return [Answer(record=record, field=field, **one) for one in said]


def _checked_number(field: Field, value: Any) -> Decimal:
    number = Decimal(str(value)).quantize(Decimal("0.0001"))
    if abs(number) >= MOST:
        raise Invalid(field.key, _("This number is too large."))
    return number


def _checked_choice(field: Field, value: Any) -> str:
    if value not in field.choices:
        raise Invalid(field.key, _("“%(value)s” is not in the list.") % {"value": str(value)[:60]})
    return str(value)
