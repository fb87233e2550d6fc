"""One column of a table, as an archive writes it and reads it back.

| column | in the archive |
|---|---|
| number, text, true or false | itself |
| decimal | text, "12.50" |
| moment | text, ISO 8601 in UTC, "2026-05-04T18:30:00.000000+00:00" |
| date, time | text, ISO 8601 |
| duration | whole microseconds |
| JSON | itself |
| bytes | text, base64 |
| row of another table | its number in the archive |
| account | its mail address |
| blob | its SHA-256 |
| secret | true or false: whether there was one |

What is read is hostile until it has passed here: every value has the type, the length and the range of its column.
"""

import base64
import binascii
import re
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.operations import BaseDatabaseOperations
from django.utils.dateparse import parse_date, parse_datetime, parse_time
from django.utils.translation import gettext as _

from tilios.core.blobs.models import Blob
from tilios.core.errors import Invalid
from tilios.core.people.models import Account
from tilios.core.structures.models import Owned

SHA256 = re.compile(r"[0-9a-f]{64}")
LONGEST_MAIL = 254


class Damaged(Invalid):
    """The archive cannot be taken; the message says why."""

    def __init__(self, message: Any) -> None:
        super().__init__("archive", message)


class Column:
    """One column of a model. `source` is what a query asks for; `write` and `read` go to the archive and back."""

    def __init__(self, field: models.Field) -> None:
        self.field = field
        self.name = field.name
        self.to: type[models.Model] | None = field.related_model if field.is_relation else None
        self.source = field.attname
        if self.to is Account:
            self.source = f"{field.name}__email"
        elif self.to is Blob:
            self.source = f"{field.name}__sha256"
        elif self.to is not None and not issubclass(self.to, Owned):
            raise NotImplementedError(f"{field}: an archive does not know how to name a {self.to._meta.label}")

    @property
    def is_reference(self) -> bool:
        """Whether it names a row of another exported table."""
        return self.to is not None and issubclass(self.to, Owned)

    def write(self, value: Any) -> Any:
        match value:
            case datetime():
                return value.astimezone(UTC).isoformat(timespec="microseconds")
            case date() | time():
                return value.isoformat()
            case timedelta():
                return value // timedelta(microseconds=1)
            case Decimal() | uuid.UUID():
                return str(value)
            case bytes() | memoryview():
                return base64.b64encode(value).decode("ascii")
        return value

    def read(self, value: Any) -> Any:
        """The value for the database; a reference stays the number it has in the archive. Raises Damaged."""
        if value is None:
            if not self.field.null:
                raise self.wrong()
            return None
        found = self._typed(value)
        if self.field.choices and self.to is None and not self._is_choice(found):
            raise self.wrong()
        return found

    def default(self) -> Any:
        """What a row takes when an older archive does not know the column. Raises Damaged when nothing is right."""
        if self.field.has_default() and self.to is None:
            return self.field.get_default()
        if self.field.null:
            return None
        if self.field.blank and self.field.empty_strings_allowed and self.to is None:
            return ""
        raise Damaged(_("it lacks the column “%(column)s”.") % {"column": self.field})

    def wrong(self) -> Damaged:
        return Damaged(_("the column “%(column)s” holds a value it cannot take.") % {"column": self.field})

    def _is_choice(self, value: Any) -> bool:
        return value in dict(self.field.flatchoices) or (value == "" and self.field.blank)

    def _typed(self, value: Any) -> Any:
        if self.to is not None:
            return self._reference(value)
        for kind, reader in READERS:
            if isinstance(self.field, kind):
                try:
                    found = reader(self, value)
                except (ValueError, TypeError, ArithmeticError, InvalidOperation, ValidationError) as error:
                    raise self.wrong() from error
                return found
        raise NotImplementedError(f"{self.field}: an archive does not know columns of this type")

    def _reference(self, value: Any) -> Any:
        if self.to is Blob:
            if isinstance(value, str) and SHA256.fullmatch(value):
                return value
        elif self.to is Account:
            if isinstance(value, str) and 3 <= len(value) <= LONGEST_MAIL and "@" in value and is_plain(value):
                return value.strip().lower()
        elif is_number(value):
            return value
        raise self.wrong()


def is_number(value: Any) -> bool:
    """Whether `value` may be the number of a row."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63


def is_plain(text: str) -> bool:
    """Whether every database can hold `text`: no NUL, no half of a pair of surrogates."""
    if "\0" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_plain_json(value: Any) -> bool:
    """The same for everything in a JSON value."""
    match value:
        case str():
            return is_plain(value)
        case list():
            return all(map(is_plain_json, value))
        case dict():
            return all(is_plain(key) and is_plain_json(inside) for key, inside in value.items())
    return True


def _boolean(_column: Column, value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _integer(column: Column, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    low, high = BaseDatabaseOperations.integer_field_ranges[column.field.get_internal_type()]
    if not low <= value <= high:
        raise ValueError
    return value


def _float(_column: Column, value: Any) -> float:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise TypeError
    return float(value)


def _text(column: Column, value: Any) -> str:
    if not isinstance(value, str) or not is_plain(value):
        raise TypeError
    # Texts of any length are only bounded by their forms; a column of a given length is bounded by the database.
    if isinstance(column.field, models.CharField) and column.field.max_length and len(value) > column.field.max_length:
        raise ValueError
    return value


def _decimal(column: Column, value: Any) -> Decimal:
    if not isinstance(value, str) or len(value) > 200:
        raise TypeError
    found = Decimal(value)
    column.field.run_validators(found)  # its digits, and that it is a number
    return found


def _json(_column: Column, value: Any) -> Any:
    if not is_plain_json(value):
        raise ValueError
    return value


def _bytes(_column: Column, value: Any) -> bytes:
    if not isinstance(value, str):
        raise TypeError
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise ValueError from error


def _duration(_column: Column, value: Any) -> timedelta:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    return timedelta(microseconds=value)


def _parsed(parse: Callable[[str], Any]) -> Callable[[Column, Any], Any]:
    def read(_column: Column, value: Any) -> Any:
        if not isinstance(value, str) or len(value) > 40 or (found := parse(value)) is None:
            raise TypeError
        if isinstance(found, datetime):
            if found.tzinfo is None:
                raise ValueError
            return found.astimezone(UTC)
        return found

    return read


def _uuid(_column: Column, value: Any) -> uuid.UUID:
    if not isinstance(value, str):
        raise TypeError
    return uuid.UUID(value)


#: From the particular to the general: the first that fits reads the column.
READERS: tuple[tuple[type[models.Field], Callable[[Column, Any], Any]], ...] = (
    (models.BooleanField, _boolean),
    (models.IntegerField, _integer),
    (models.FloatField, _float),
    (models.DecimalField, _decimal),
    (models.DateTimeField, _parsed(parse_datetime)),
    (models.DateField, _parsed(parse_date)),
    (models.TimeField, _parsed(parse_time)),
    (models.DurationField, _duration),
    (models.JSONField, _json),
    (models.BinaryField, _bytes),
    (models.UUIDField, _uuid),
    (models.CharField, _text),
    (models.TextField, _text),
)
