"""Find what names somebody in the texts of a structure, and take it out."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Field, JSONField, Model, Q, QuerySet, TextField
from django.db.models.functions import Cast

from tilios.core.people.models import Person
from tilios.core.portability import tables

SHORTEST_NUMBER = 8  # digits of a telephone number that is one person's


@dataclass(frozen=True)
class Words:
    """What names one person in a text: `names` are whole names, `addresses` their mail and telephone numbers."""

    names: tuple[str, ...]
    addresses: tuple[str, ...]

    @classmethod
    def of(cls, person: Person) -> "Words":
        given, family = person.given_name.strip(), person.family_name.strip()
        names = {person.display_name.strip()}
        if given and family:
            names |= {f"{given} {family}", f"{family} {given}"}
        mails = {person.email.strip(), person.account.email if person.account else ""}
        numbers = {number.strip() for number in (person.phone, person.mobile)}
        long_numbers = {number for number in numbers if sum(map(str.isdigit, number)) >= SHORTEST_NUMBER}
        # "Zoé" alone may be anybody; a name of two words is somebody.
        return cls(tuple(sorted(name for name in names if " " in name)), tuple(sorted((mails | long_numbers) - {""})))

    @property
    def everything(self) -> tuple[str, ...]:
        return (*self.names, *self.addresses)


@dataclass(frozen=True)
class Trace:
    """A text that holds one of the words."""

    model: type[Model]
    column: str
    pk: int

    def __str__(self) -> str:
        return f"{self.model._meta.label} {self.pk}, {self.column}"


def text_columns(model: type[Model]) -> list[Field]:
    """The columns of a table that hold what somebody wrote."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, (CharField, TextField, JSONField)) and not field.choices and not field.is_relation
    ]


def scan(words: Iterable[str], models: Iterable[type[Model]] | None = None) -> Iterator[Trace]:
    """Every text of the structure in scope that holds one of `words`, whatever the case. One query per column."""
    words = list(words)
    for model in models or tables.owned_models():
        for field in text_columns(model) if words else ():
            rows = _holding(model.objects.order_by("pk"), field, words)  # type: ignore[attr-defined]
            for pk in rows.values_list("pk", flat=True):
                yield Trace(model, field.name, pk)


def _holding(rows: QuerySet[Any], field: Field, words: list[str]) -> QuerySet[Any]:
    """Rows whose column holds a word. SQLite compares only ASCII letters whatever the case: both cases are asked."""
    name = field.name
    if isinstance(field, JSONField):
        rows, name = rows.annotate(_as_text=Cast(field.name, TextField())), "_as_text"
        words = [form for word in words for form in {word, _escaped(word)}]
    wanted = Q()
    for word in words:
        for form in {word, word.lower(), word.upper(), word.title()}:
            wanted |= Q(**{f"{name}__icontains": form})
    return rows.filter(wanted)


def _escaped(word: str) -> str:
    """The word as it stands in JSON kept as ASCII text."""
    return word.encode("ascii", "backslashreplace").decode().replace("\\x", "\\u00")


def take_out(rows: QuerySet[Any], words: Iterable[str], instead: str) -> int:
    """Put `instead` in place of `words` in the texts of `rows`. How many rows changed."""
    pattern = re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)), re.IGNORECASE)
    if not pattern.pattern:
        return 0
    fields = text_columns(rows.model)
    count = 0
    for pk, *values in rows.values_list("pk", *(field.name for field in fields)):
        changed = {}
        for field, value in zip(fields, values, strict=True):
            clean = _without(value, pattern, instead)
            if clean != value:
                longest = getattr(field, "max_length", None)
                changed[field.name] = clean[:longest] if isinstance(clean, str) and longest else clean
        if changed:
            count += rows.model.objects.filter(pk=pk).update(**changed)
    return count


def _without(value: Any, pattern: re.Pattern[str], instead: str) -> Any:
    match value:
        case str():
            return pattern.sub(instead, value)
        case list():
            return [_without(one, pattern, instead) for one in value]
        case dict():
            return {key: _without(one, pattern, instead) for key, one in value.items()}
    return value
