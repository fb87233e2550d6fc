"""Enter members in the register, change their records, mark them as gone or back."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tilios.core.access.roles import may
from tilios.core.errors import Conflict, Invalid, require
from tilios.core.journal.actions import publish
from tilios.core.people import actions as people
from tilios.core.people.actions.persons import FIELDS as PERSON_FIELDS
from tilios.core.people.actions.persons import new_person
from tilios.core.people.models import Person
from tilios.core.people.roles import Role
from tilios.tools.members import queries, rules
from tilios.tools.members.actions.answers import write_answers
from tilios.tools.members.models import Record, RegisterSettings

#: What the register says of somebody beside their person, and may be changed as it stands.
FIELDS = (
    "kind", "number", "chosen_name", "title", "profession", "language", "website", "other_emails", "birth_place",
    "siret", "head_count", "public_note", "photo", "status", "family", "payer", "is_exempt", "in_directory",
    "in_public_list", "photos_allowed", "newsletter", "joined_on",
)  # fmt: skip
#: What members change of their own record where the structure lets them: the rest is the register's.
OWN_FIELDS = frozenset(
    {
        "given_name", "family_name", "email", "phone", "mobile", "street", "postcode", "town", "country", "birth_date",
        "chosen_name", "title", "profession", "language", "website", "other_emails", "photo",
        "in_directory", "in_public_list", "photos_allowed", "newsletter",
    }
)  # fmt: skip


@transaction.atomic
def add_record(
    *, by: Person | None, person: Person | None = None, answers: dict[str, Any] | None = None, **fields: Any
) -> Record:
    """Enter somebody in the register: `person` of the structure, or a new one made of `fields`.

    `fields` are those of a person and of a record; without a number the next one is given. `answers` are those of
    `write_answers`. Publishes "members.added". Raises NotAllowed, Conflict for somebody who is in it, Invalid(field)
    for a number taken or a name missing.
    """
    require(by is None or rules.keeps_register(by))
    own = {name: fields.pop(name) for name in list(fields) if name in PERSON_FIELDS}
    _check_names(fields)
    if person is None:
        person = new_person(role=fields.pop("role", Role.MEMBER), **own)
    elif Record.objects.filter(person=person).exists():
        raise Conflict(_("This person is in the register."))
    elif own:
        people.change_person(by=by, person=person, **own)
    fields["number"] = _number(fields.get("number", ""))
    fields.setdefault("joined_on", timezone.localdate())
    record = Record(person=person, **fields)
    _check_links(record)
    record.save()
    write_answers(by=by, record=record, answers=answers or {})
    publish("members.added", by=by, target=record, subject=person)
    return record


@transaction.atomic
def change_record(*, by: Person | None, record: Record, answers: dict[str, Any] | None = None, **fields: Any) -> Record:
    """Change what the register and the person say of `record`. Publishes "members.changed" with the fields.

    A member changes `OWN_FIELDS` of their own, and the fields of the structure that let them. `answers` are those of
    `write_answers`. Raises NotAllowed, Invalid(field).
    """
    record = lock(record)
    require(by is None or rules.changes(by, record, members_change_own=queries.settings().members_change_own))
    if by is not None and not rules.keeps_register(by):
        require(not set(fields) - OWN_FIELDS, _("Only those who keep the register change this."))
    own = {name: fields.pop(name) for name in list(fields) if name in PERSON_FIELDS}
    _check_names(fields)
    _check_email(by, record.person, own)
    if "number" in fields and fields["number"] != record.number:
        fields["number"] = _number(fields["number"], record=record)
    changed = sorted(name for name, value in fields.items() if getattr(record, name) != value)
    for name in changed:
        setattr(record, name, fields[name])
    _check_links(record)
    if changed:
        record.changed_at = timezone.now()
        record.save(update_fields=[*changed, "changed_at"])
    if own:
        # Guarded above: those who keep the register change a record whatever the role of its person.
        before = {name: getattr(record.person, name) for name in own}
        record.person = people.change_person(by=None if by is None else record.person, person=record.person, **own)
        changed += sorted(name for name in own if getattr(record.person, name) != before[name])
    changed += write_answers(by=by, record=record, answers=answers or {})
    if changed:
        publish("members.changed", by=by, target=record, subject=record.person, fields=changed)
    return record


@transaction.atomic
def leave(*, by: Person | None, record: Record, on: date, reason: str = "") -> Record:
    """Mark a member as gone from `on`. Publishes "members.left"; raises NotAllowed, Conflict, Invalid("on")."""
    record = lock(record)
    require(by is None or rules.keeps_register(by) or (rules.is_own(by, record) and may(by, "members.own")))
    if record.left_on:
        raise Conflict(_("This member has left."))
    if record.joined_on and on < record.joined_on:
        raise Invalid("on", _("This day is before the one they joined on."))
    record.left_on, record.leaving_reason = on, reason.strip()[:200]
    record.save(update_fields=["left_on", "leaving_reason"])
    publish("members.left", by=by, target=record, subject=record.person)
    return record


@transaction.atomic
def come_back(*, by: Person | None, record: Record) -> Record:
    """Mark a member as back. Publishes "members.returned"; raises NotAllowed, Conflict for one who has not left."""
    record = lock(record)
    require(by is None or rules.keeps_register(by))
    if not record.left_on:
        raise Conflict(_("This member has not left."))
    record.left_on, record.leaving_reason = None, ""
    record.save(update_fields=["left_on", "leaving_reason"])
    publish("members.returned", by=by, target=record, subject=record.person)
    return record


def lock(record: Record) -> Record:
    """The record as it stands, locked until the end of the transaction."""
    return Record.objects.select_for_update(of=("self",)).select_related("person", "payer__person").get(pk=record.pk)


def lock_settings() -> RegisterSettings:
    """The settings of the register, locked; made where there are none."""
    RegisterSettings.objects.get_or_create()
    return RegisterSettings.objects.select_for_update().get()


def _check_names(fields: dict[str, Any]) -> None:
    if unknown := set(fields) - set(FIELDS) - {"role"}:
        raise TypeError(f"not fields of a record: {sorted(unknown)}")


def _check_email(by: Person | None, person: Person, fields: dict[str, Any]) -> None:
    # SECURITY: whoever shows that an address is theirs enters as the person without login who has it, with their role.
    entrance = person.account_id is None and fields.get("email", person.email) != person.email
    if by is not None and by.pk != person.pk and entrance:
        require(person.role <= max(by.role, Role.MEMBER), _("This person has a higher role."))


def _number(wanted: str, *, record: Record | None = None) -> str:
    """The number wanted if nobody has it, or the next one. Locks the settings: two who are added have two numbers."""
    wanted = wanted.strip()[:20]
    settings = lock_settings()
    if not wanted:
        number = settings.last_number
        while Record.objects.filter(number=str(number := number + 1)).exists():
            continue
        settings.last_number = number
        settings.save(update_fields=["last_number"])
        return str(number)
    if Record.objects.filter(number=wanted).exclude(pk=record.pk if record else None).exists():
        raise Invalid("number", _("Another member has this number."))
    return wanted


def _check_links(record: Record) -> None:
    """Whoever pays for somebody else pays for themselves: no chain, no ring."""
    if record.payer is None:
        return
    if record.payer_id == record.pk and record.pk:
        raise Invalid("payer", _("Leave it empty for somebody who pays for themselves."))
    if record.payer.payer_id:
        raise Invalid("payer", _("This person does not pay for themselves: choose whoever pays for them."))
    if record.pk and Record.objects.filter(payer=record).exists():
        raise Invalid("payer", _("This member pays for others."))
