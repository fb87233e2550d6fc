"""What the page of a record says, by how much of it somebody sees."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tilios.core.people.models import Person
from tilios.tools.members import rules
from tilios.tools.members.models import Answer, FieldKind, Record, RecordKind
from tilios.tools.members.queries.answers import Trouble, answers_of, fields_seen, shown
from tilios.tools.members.queries.past import label_of
from tilios.tools.members.rules import Reach


@dataclass(frozen=True)
class Fact:
    """A line of the page; `form` says how it is drawn: "", "mail", "phone", "lines", "web", "file", "trouble"."""

    label: str
    value: Any
    form: str = ""
    key: str = ""


def sections(reader: Person, record: Record, reach: Reach) -> list[tuple[str, list[Fact]]]:
    """The facts of the record that `reader` sees, under their titles; what is empty is left out."""
    found = [
        (_("To reach them"), list(_contact(record, reach))),
        (_("Who it is"), list(_who(record, reach))),
        (_("More"), list(_answers(reader, record))),
    ]
    return [(title, facts) for title, facts in found if facts]


def links(record: Record) -> dict[str, Any]:
    """Family, who pays for whom, organisations and their people. Five queries at most."""
    family = Record.objects.filter(family=record.family_id).exclude(pk=record.pk) if record.family_id else None
    return {
        "family": [] if family is None else list(family.select_related("person")),
        "paid_for": list(record.pays_for.select_related("person")),
        "organisations": list(record.organisations.select_related("organisation__person")),
        "people": list(record.affiliations.select_related("record__person"))
        if record.kind == RecordKind.ORGANISATION
        else [],
        "terms": list(record.terms.select_related("office")),
    }


def _contact(record: Record, reach: Reach) -> Iterator[Fact]:
    person = record.person
    everything = reach >= Reach.GROUP
    if person.email and (everything or person.shares_email):
        yield Fact(label_of("email"), person.email, "mail")
    if everything and record.other_emails:
        yield Fact(_("Other email addresses"), ", ".join(record.other_emails))
    for name in ("phone", "mobile"):
        if getattr(person, name) and (everything or person.shares_phones):
            yield Fact(label_of(name), getattr(person, name), "phone")
    place = " ".join(part for part in (person.postcode, person.town) if part)
    lines = [line for line in (*person.street.splitlines(), place, person.country) if line]
    if everything and lines:
        yield Fact(_("Address"), lines, "lines")
    elif person.town:
        yield Fact(label_of("town"), person.town)
    if record.website:
        yield Fact(label_of("website"), record.website, "web")
    if reach >= Reach.OWN and record.language:
        yield Fact(label_of("language"), {"fr": _("French"), "en": _("English")}.get(record.language, record.language))


def _who(record: Record, reach: Reach) -> Iterator[Fact]:
    person = record.person
    if person.organisation and person.organisation != person.display_name:
        yield Fact(label_of("organisation"), person.organisation)
    if record.profession:
        yield Fact(label_of("profession"), record.profession)
    if reach < Reach.OWN:
        return
    if record.chosen_name:
        yield Fact(_("First and last name"), f"{person.given_name} {person.family_name}".strip())
    for name in ("title", "birth_place", "siret", "head_count"):
        if value := getattr(record, name):
            yield Fact(label_of(name), value)
    if person.birth_date:
        yield Fact(label_of("birth_date"), shown(person.birth_date))


def _answers(reader: Person, record: Record) -> Iterator[Fact]:
    seen = fields_seen(reader, record)
    answers = answers_of([record], seen)[record.pk]
    for field in seen:
        value = answers.get(field.key)
        if value is None or value == "":
            continue
        match value:
            case Answer():
                yield Fact(field.name, value.text or _("file"), "file", field.key)
            case Trouble():
                if rules.keeps_register(reader):
                    yield Fact(field.name, value.sentence, "trouble")
            case _:
                text = shown(value)
                yield Fact(
                    field.name,
                    text.splitlines() if field.kind == FieldKind.LONG_TEXT else text,
                    "lines" if field.kind == FieldKind.LONG_TEXT else "",
                )
