"""What a column may hold, and how its cells are read."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from tilios.core.people.models import Group, Person
from tilios.kit import ids
from tilios.kit.dates import parse_date
from tilios.kit.refusals import Refusal

Reader = Callable[[str], str]


def _text(cell: str) -> str:
    return " ".join(cell.split())


def _lines(cell: str) -> str:
    return "\n".join(" ".join(line.split()) for line in cell.splitlines() if line.strip())


def _email(cell: str) -> str:
    address = re.sub(r"^mailto:", "", cell.strip(), flags=re.IGNORECASE).strip("<> ;,").lower()
    try:
        validate_email(address)
    except ValidationError:
        raise Refusal("email", gettext_noop("“%(text)s” is not an email address."), text=cell.strip()[:60]) from None
    return address


def _birth_date(cell: str) -> str:
    today = datetime.now(UTC).date()
    day = parse_date(cell.strip().removesuffix(" 00:00:00"), latest=today)
    if not date(today.year - 125, 1, 1) <= day <= today:
        raise Refusal("birth_date", gettext_noop("Nobody alive was born on %(day)s."), day=day.isoformat())
    return day.isoformat()


def _postcode(cell: str) -> str:
    """A French postcode in its form; that of another country as it stands."""
    try:
        return ids.check_postcode(cell)
    except Refusal:
        return _text(cell)


@dataclass(frozen=True)
class Field:
    """One field that a column may be given to."""

    name: str
    label: Any
    read: Reader = _text

    def value(self, cell: str) -> str:
        """The value of a cell that is not empty, as the import keeps it. Raises Refusal."""
        value = self.read(cell)
        longest = 0 if self.name in UNLIMITED else getattr(Person._meta.get_field(self.name), "max_length", 0) or 0
        if longest and len(value) > longest:
            raise Refusal("too_long", gettext_noop("More than %(limit)s characters."), limit=longest)
        return value


#: Columns that are no field of the record: a second line of the address, names of groups.
UNLIMITED = {"street_2", "groups"}

FIELDS = {
    field.name: field
    for field in (
        Field("given_name", _("First name")),
        Field("family_name", _("Last name")),
        Field("display_name", _("Whole name")),
        Field("organisation", _("Organisation")),
        Field("email", _("Email"), _email),
        Field("phone", _("Phone")),
        Field("mobile", _("Mobile")),
        Field("street", _("Address"), _lines),
        Field("street_2", _("Address, second line"), _lines),
        Field("postcode", _("Postcode"), _postcode),
        Field("town", _("Town")),
        Field("country", _("Country")),
        Field("birth_date", _("Birth date"), _birth_date),
        Field("note", _("Private note"), str.strip),
        Field("groups", _("Groups, separated by commas")),
    )
}


def group_names(cell: str) -> list[str]:
    """The names of groups written in one cell."""
    longest = Group._meta.get_field("name").max_length or 80
    return list(dict.fromkeys(_text(name)[:longest] for name in re.split(r"[,;|\n]", cell) if name.strip()))


def comparable(field: str, value: Any) -> str:
    """Two values with the same comparable form say the same: case and the spaces of a number aside."""
    text = value.isoformat() if isinstance(value, date) else str(value or "")
    if field in {"phone", "mobile"}:
        return re.sub(r"[\s.\-()]", "", text)
    return " ".join(text.split()).casefold()


def stored(field: str, value: Any) -> Any:
    """The form that a row keeps: JSON has no dates."""
    return value.isoformat() if isinstance(value, date) else value


def restored(field: str, value: Any) -> Any:
    """The value of the record for what a row keeps."""
    if field == "birth_date":
        return date.fromisoformat(value) if value else None
    return value
