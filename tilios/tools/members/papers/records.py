"""Records on paper: that of a member, to be checked and signed; a blank form, to join."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tilios.core.people.models import Person
from tilios.kit.money import format_cents
from tilios.tools.members import rules
from tilios.tools.members.models import Access, Answer, DuesKind, Field, FieldKind, Pricing, Record, RecordKind
from tilios.tools.members.queries import answers_of, fields, label_of, rows_of, shown, standing_of
from tilios.tools.members.queries.answers import Trouble
from tilios.tools.members.queries.columns import FOREVER, STANDING_WORDS

WHO = ("title", "given_name", "family_name", "chosen_name", "organisation", "birth_date", "birth_place", "profession")
OF_ORGANISATION = ("organisation", "siret", "head_count", "website")
REACHED = ("street", "postcode", "town", "country", "email", "phone", "mobile")
AGREED = ("in_directory", "in_public_list", "photos_allowed", "newsletter")
#: What somebody agrees to, in the first person: the form is theirs.
AGREEMENTS = {
    "in_directory": gettext_lazy("I wish the other members to see me in the directory."),
    "in_public_list": gettext_lazy("I wish to be in the public list of members."),
    "photos_allowed": gettext_lazy("I agree to be seen on photographs."),
    "newsletter": gettext_lazy("I wish to receive the newsletter."),
}


def forms_of(reader: Person, records: Iterable[Record]) -> list[dict[str, Any]]:
    """What the form of each record says, as far as `reader` sees it; the private note is in none. Five queries."""
    records = list(records)
    asked = [field for field in fields() if field.kind != FieldKind.FILE]
    answers = answers_of(records, asked)
    groups = {row.record.pk: row.groups for row in rows_of(records, ())}
    return [_form(reader, record, asked, answers[record.pk], groups[record.pk]) for record in records]


def _form(
    reader: Person, record: Record, asked: list[Field], answers: dict[str, Any], groups: list[str]
) -> dict[str, Any]:
    names = WHO if record.kind == RecordKind.HUMAN else OF_ORGANISATION
    seen = [field for field in asked if rules.sees_field(reader, record, field)]
    return {
        "record": record,
        "sections": [
            (_("Who it is"), [_line(record, name) for name in names]),
            (_("To reach them"), [_line(record, name) for name in REACHED]),
            (_("More"), [(field.name, _answer(answers.get(field.key))) for field in seen]),
        ],
        "standing": _standing(record),
        "agreed": [(AGREEMENTS[name], getattr(record, name)) for name in AGREED],
    }


def _line(record: Record, name: str) -> tuple[str, str]:
    value = getattr(record, name) if hasattr(record, name) else getattr(record.person, name)
    return label_of(name), shown(value)


def _answer(value: Any) -> str:
    return "" if isinstance(value, (Trouble, Answer)) else shown(value)


def _standing(record: Record) -> str:
    words = str(STANDING_WORDS[standing_of(record, timezone.localdate())])
    if record.due_on and record.due_on != FOREVER:
        return _("%(standing)s, dues paid until %(day)s") % {
            "standing": words, "day": date_format(record.due_on, "DATE_FORMAT"),
        }  # fmt: skip
    return words


def blank_form(*, with_dues: bool, language: str) -> dict[str, Any]:
    """The form of whoever wishes to join: what is asked, what people pay, what they agree to. Three queries."""
    asked = [field for field in fields() if _is_asked(field)]
    return {
        "who": [label_of(name) for name in WHO if name != "title"],
        "reached": [label_of(name) for name in REACHED],
        "asked": [{"field": field, "choices": _choices(field)} for field in asked],
        "dues": _dues(language) if with_dues else [],
        "agreements": list(AGREEMENTS.values()),
    }


def _is_asked(field: Field) -> bool:
    """What members are told of, and may write themselves."""
    return field.kind not in (FieldKind.FILE, FieldKind.FORMULA) and field.seen_by != Access.KEEPERS


def _choices(field: Field) -> list[str]:
    if field.kind == FieldKind.YES_NO:
        return [_("Yes"), _("No")]
    return [str(text) for text in field.choices]


def _dues(language: str) -> list[dict[str, Any]]:
    found = []
    for kind in DuesKind.objects.filter(is_archived=False).prefetch_related("rates"):
        rates = [
            {"name": rate.name, "price": _price(rate.pricing, rate.amount_cents, language)}
            for rate in kind.rates.all()
            if not rate.is_archived
        ]
        if rates:
            found.append({"name": kind.name, "rates": rates})
    return found


def _price(pricing: str, cents: int, language: str) -> str:
    """What is to pay; nothing for a price that is reckoned."""
    if pricing == Pricing.FIXED:
        return format_cents(cents, language)
    return _("amount of my choice: …………… €") if pricing == Pricing.FREE else ""
