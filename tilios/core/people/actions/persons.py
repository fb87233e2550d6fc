"""Add people and change their records."""

import re
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people import rules, watchers
from tilios.core.people.models import Account, Person
from tilios.core.people.roles import Role
from tilios.kit.names import join_name, sort_key
from tilios.kit.text import fold

#: What a record says of somebody, in the order of the record.
FIELDS = (
    "display_name", "given_name", "family_name", "organisation", "email", "phone", "mobile",
    "street", "postcode", "town", "country", "birth_date", "note",
)  # fmt: skip


def sort_name(person: Person) -> str:
    """How lists order the person: last name, first name, folded; the name shown when they have neither."""
    key = sort_key(person.given_name, person.family_name) if person.family_name else fold(person.display_name)
    return key[:160]


#: What `index_names` sets.
INDEXED = ("sort_name", "search_text", "search_details")


def index_names(person: Person) -> Person:
    """Bring what lists order and search by up to date with the record. Does not save."""
    person.sort_name = sort_name(person)
    numbers = (re.sub(r"\D", "", number) for number in (person.phone, person.mobile))
    person.search_details = " ".join(filter(None, (person.email.lower(), fold(person.town), *numbers)))[:400]
    names = (person.display_name, person.given_name, person.family_name, person.organisation)
    person.search_text = " ".join(dict.fromkeys(fold(" ".join(names)).split()))[:400]
    return person


def shown_name(display_name: str, given_name: str, family_name: str, organisation: str = "") -> str:
    """The name shown: the one chosen, else first and last name, else the organisation's."""
    return (display_name.strip() or join_name(given_name, family_name) or organisation.strip())[:120]


@transaction.atomic
def create_person(
    *,
    by: Person | None,
    display_name: str = "",
    given_name: str = "",
    family_name: str = "",
    role: int = Role.MEMBER,
    account: Account | None = None,
    **fields: Any,
) -> Person:
    """Add somebody to the structure in scope. Publishes "people.added".

    Raises Invalid("display_name") without any name, NotAllowed for a role above that of `by`.
    """
    require(rules.can_give(by, role), _("You can give a role up to your own."))
    person = new_person(
        display_name=display_name, given_name=given_name, family_name=family_name, role=role, account=account, **fields
    )
    publish("people.added", by=by, subject=person)
    return person


def new_person(*, display_name: str = "", given_name: str = "", family_name: str = "", **fields: Any) -> Person:
    """A new record, with nothing published: for actions that say more. Raises Invalid("display_name")."""
    name = shown_name(display_name, given_name, family_name, fields.get("organisation", ""))
    if not name:
        raise Invalid("display_name", _("Please give a name."))
    person = Person(display_name=name, given_name=given_name.strip(), family_name=family_name.strip(), **fields)
    index_names(person).save()
    watchers.changed([person])
    return person


@transaction.atomic
def change_person(*, by: Person | None, person: Person, **fields: Any) -> Person:
    """Change what the record of `person` says. Publishes "people.changed" with the names of the fields.

    The name shown follows first and last name, unless it was chosen. Raises NotAllowed for somebody of a higher role,
    Invalid("display_name") without any name.
    """
    require(by is None or by.pk == person.pk or rules.outranks(by, person), _("This person has a higher role."))
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"not fields of a record: {sorted(unknown)}")
    person = Person.objects.select_for_update().get(pk=person.pk)
    if "display_name" not in fields:
        fields["display_name"] = _following_name(person, fields)
    name = shown_name(
        fields["display_name"],
        fields.get("given_name", person.given_name),
        fields.get("family_name", person.family_name),
        fields.get("organisation", person.organisation),
    )
    if not name:
        raise Invalid("display_name", _("Please give a name."))
    fields["display_name"] = name
    changed = sorted(field for field, value in fields.items() if getattr(person, field) != value)
    if changed:
        for field in changed:
            setattr(person, field, fields[field])
        index_names(person).save(update_fields=[*changed, *INDEXED])
        watchers.changed([person])
        publish("people.changed", by=by, subject=person, fields=changed)
    return person


def _following_name(person: Person, fields: dict[str, Any]) -> str:
    """The name shown once first and last name are those of `fields`: one chosen by hand stays."""
    chosen = person.display_name != shown_name("", person.given_name, person.family_name, person.organisation)
    if chosen and not {"given_name", "family_name"} & set(fields):
        return person.display_name
    given, family = fields.get("given_name", person.given_name), fields.get("family_name", person.family_name)
    return person.display_name if chosen else shown_name("", given, family, person.organisation)
