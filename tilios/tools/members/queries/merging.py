"""What two records say and not alike: what is chosen before they are made one."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from tilios.core.blobs.models import Blob
from tilios.core.people.models import Person
from tilios.tools.members.models import Answer, Field, FieldKind, Record, RecordKind

#: What a record says of somebody and of a member, in the order of the page. An address is one thing.
PERSON_FIELDS = ("given_name", "family_name", "organisation", "email", "phone", "mobile", "birth_date")
ADDRESS = ("street", "postcode", "town", "country")
RECORD_FIELDS = (
    "number", "kind", "status", "chosen_name", "title", "profession", "language", "website", "birth_place", "siret",
    "head_count", "family", "payer", "joined_on", "photo", "is_exempt", "in_directory", "in_public_list",
    "photos_allowed", "newsletter",
)  # fmt: skip
#: Of two answers, the one that shows less stands first.
CONSENTS = frozenset({"in_directory", "in_public_list", "photos_allowed", "newsletter"})
LABELS = {
    "address": pgettext_lazy("of a member", "Address"),
    "kind": gettext_lazy("Kind"),
    "family": gettext_lazy("Family"),
    "payer": gettext_lazy("Dues paid by"),
    "photo": gettext_lazy("Photograph"),
}
FIELD = "champ-"


@dataclass(frozen=True)
class Difference:
    """Something that both say, and not alike, in words; `second_first`: the second word stands first."""

    name: str
    label: str
    first: str
    second: str
    second_first: bool = False


def differences(first: Record, second: Record) -> list[Difference]:
    """What has to be chosen, in the order of the page; what one alone says is kept anyway. Two queries."""
    one, other = facts(first) | answers(first), facts(second) | answers(second)
    labels = _labels()
    found = []
    for name, value in one.items():
        against = other.get(name)
        if value == against or is_nothing(value) or is_nothing(against):
            continue
        # The earlier day on which they joined is the true one; of two consents, the one that shows less.
        second_first = (name in CONSENTS and not against) or (name == "joined_on" and against < value)
        found.append(Difference(name, labels[name], in_words(value), in_words(against), second_first))
    return found


def facts(record: Record) -> dict[str, Any]:
    """What `record` says of the member, by name: texts, days, yes or no, rows; the address as a tuple of ADDRESS."""
    said: dict[str, Any] = {name: getattr(record.person, name) for name in PERSON_FIELDS}
    said["address"] = tuple(getattr(record.person, name) for name in ADDRESS)
    return said | {name: getattr(record, name) for name in RECORD_FIELDS}


def answers(record: Record) -> dict[str, tuple[Any, ...]]:
    """What `record` says in the fields of the structure, by FIELD and the key of each. One query."""
    said: dict[str, tuple[Any, ...]] = {}
    for answer in record.answers.select_related("field").order_by("field__order", "field", "pk"):
        name = f"{FIELD}{answer.field.key}"
        said[name] = (*said.get(name, ()), _said(answer))
    return said


def chosen(first: Record, second: Record, from_second: Collection[str]) -> dict[str, Any]:
    """The fields of the one record, as `actions.change_record` takes them: the word of `first`, unless it says nothing
    or `from_second` names the field. Notes are joined; the mail address not chosen goes with the others.
    """
    one, other = facts(first), facts(second)
    values = {
        name: other[name] if not is_nothing(other[name]) and (name in from_second or is_nothing(value)) else value
        for name, value in one.items()
    }
    values |= dict(zip(ADDRESS, values.pop("address"), strict=True))
    values["note"] = _joined(first.person.note, second.person.note)
    values["public_note"] = _joined(first.public_note, second.public_note)
    mails = [one["email"], other["email"], *first.other_emails, *second.other_emails]
    values["other_emails"] = [mail for mail in dict.fromkeys(mails) if mail and mail != values["email"]]
    return values


def _joined(note: str, other: str) -> str:
    return "\n\n".join(dict.fromkeys(text for text in (note.strip(), other.strip()) if text))


def seal(first: Record, second: Record) -> str:
    """A mark of what both say, to tell whether they changed since a page was drawn. Two queries."""
    both = [
        sorted((name, str(value)) for name, value in (facts(one) | answers(one)).items()) for one in (first, second)
    ]
    return hashlib.sha256(repr(both).encode()).hexdigest()


def _said(answer: Answer) -> Any:
    match answer.field.kind:
        case FieldKind.YES_NO:
            return bool(answer.number)
        case FieldKind.NUMBER:
            return answer.number
        case FieldKind.DATE:
            return answer.day
    return answer.text


def is_nothing(value: Any) -> bool:
    return value is None or value in ("", [], ()) or (isinstance(value, tuple) and not any(map(_is_said, value)))


def _is_said(value: Any) -> bool:
    return value is not None and value != ""


def _labels() -> dict[str, str]:
    labels = {name: str(Person._meta.get_field(name).verbose_name) for name in PERSON_FIELDS}  # type: ignore[union-attr]
    labels |= {name: str(Record._meta.get_field(name).verbose_name) for name in RECORD_FIELDS}  # type: ignore[union-attr]
    labels |= {f"{FIELD}{field.key}": field.name for field in Field.objects.all()}
    return labels | {name: str(label) for name, label in LABELS.items()}


def in_words(value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, Decimal):
        return number_format(value.normalize())
    if isinstance(value, tuple):
        return ", ".join(in_words(part) for part in value if _is_said(part))
    if isinstance(value, Blob):
        return ""
    if value in RecordKind.values:
        return str(RecordKind(value).label)
    return str(value)
