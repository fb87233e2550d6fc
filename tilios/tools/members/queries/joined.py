"""Answers of those who ask to join, written as JSON and read again."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from tilios.tools.members.models import Field, FieldKind


def fields_of(answers: Iterable[str]) -> list[Field]:
    """The fields of these keys that there are still. One query, none for no key."""
    keys = list(answers)
    return list(Field.objects.filter(key__in=keys)) if keys else []


def answers_written(answers: dict[str, Any]) -> dict[str, Any]:
    """Values of a form (forms/answers.py) as JSON keeps them; what is empty is left out."""
    return {key: _written(value) for key, value in answers.items() if value not in (None, "", [])}


def _written(value: Any) -> Any:
    return str(value) if isinstance(value, (Decimal, date)) else value


def answers_read(answers: dict[str, Any], fields: Iterable[Field]) -> dict[str, Any]:
    """The values of `answers_written` for these fields, as actions/answers.py takes them.

    A field changed since asks for nothing that was not said: what it cannot take any more is left out.
    """
    found = {}
    for field in fields:
        value = _read(field, answers.get(field.key))
        if value is not None:
            found[field.key] = value
    return found


def _read(field: Field, value: Any) -> Any:
    try:
        match field.kind:
            case FieldKind.NUMBER:
                return Decimal(str(value))
            case FieldKind.DATE:
                return date.fromisoformat(str(value))
            case FieldKind.YES_NO:
                return value if isinstance(value, bool) else None
            case FieldKind.CHOICE:
                return value if value in field.choices else None
            case FieldKind.CHOICES:
                return [text for text in value if text in field.choices] if isinstance(value, list) else None
            case FieldKind.FILE | FieldKind.FORMULA:
                return None
            case _:
                return str(value) if value is not None else None
    except (InvalidOperation, ValueError):
        return None
