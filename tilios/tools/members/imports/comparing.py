"""What a row would change in a record that is there: columns of the record, its status, family, answers."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from tilios.core.people.imports.fields import comparable
from tilios.tools.members.imports.columns import CHECKS, DAYS, RECORD
from tilios.tools.members.imports.rowreading import MemberReading
from tilios.tools.members.models import Answer, Record


def as_text(record: Record, name: str) -> str:
    """What the record says in a column, in the form that the import keeps."""
    if name == "status":
        return record.status.name if record.status else ""
    if name == "family":
        return record.family.name if record.family else ""
    value: Any = getattr(record, name)
    if name in CHECKS:
        return "1" if value else "0"
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def restored(name: str, value: str) -> Any:
    """The value of the record for what a row keeps."""
    if name in CHECKS:
        return value == "1"
    if name in DAYS:
        return date.fromisoformat(value) if value else None
    if name == "head_count":
        return int(value) if value else None
    return value


def changes(record: Record, reading: MemberReading, said: dict[str, str]) -> dict[str, tuple[str, str]]:
    """For each column that would change: what is there, what would be."""
    found: dict[str, tuple[str, str]] = {}
    for name, value in reading.register.items():
        if name not in RECORD and name not in {"status", "family"}:
            continue
        before = as_text(record, name)
        if comparable(name, before) != comparable(name, value):
            found[name] = before, value
    for name, value in reading.answers.items():
        if said.get(name, "") != value:
            found[name] = said.get(name, ""), value
    return found


def answers(records: Iterable[Record]) -> dict[int, dict[str, str]]:
    """What records say in the fields of the structure, by the names of columns. One query."""
    found: dict[int, dict[str, str]] = {}
    rows = Answer.objects.filter(record__in=list(records), blob=None).select_related("field").order_by("pk")
    for answer in rows:
        said = found.setdefault(answer.record_id, {})
        name, text = f"field:{answer.field.key}", answer_text(answer)
        said[name] = f"{said[name]}|{text}" if name in said else text
    return found


def answer_text(answer: Answer) -> str:
    if answer.day is not None:
        return answer.day.isoformat()
    if answer.number is not None:
        return answer.number.normalize().to_eng_string()
    return answer.text
