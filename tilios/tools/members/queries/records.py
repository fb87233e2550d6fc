"""Reads of the register."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from tilios.core.access.links import link
from tilios.core.access.roles import may
from tilios.core.people.models import Membership, Person, Status
from tilios.kit.text import fold
from tilios.tools.members import rules
from tilios.tools.members.models import PUBLIC_FIELDS, Record, RegisterSettings
from tilios.tools.members.queries.past import label_of


def records() -> QuerySet[Record]:
    """Every record, with its person and status, in order of the names."""
    return Record.objects.select_related("person", "status", "payer__person")


def visible_records(person: Person) -> QuerySet[Record]:
    """The records of which `person` sees something, in order of the names."""
    rows = records()
    if rules.keeps_register(person) or rules.keeps_money(person):
        return rows
    seen = Q(person=person) | Q(payer__person=person)
    if not may(person, "members.own"):
        return rows.none()
    # SECURITY: managing a group is a power, and a mandate lends none.
    if person.is_active and not person.acted_by:
        seen |= Q(Exists(in_managed_groups(person)))
    if may(person, "members.directory"):
        seen |= Q(in_directory=True, left_on=None, person__status=Status.ACTIVE)
    return rows.filter(seen)


def directory(text: str = "") -> QuerySet[Record]:
    """Those who wish the members to see them, and whose names hold every word of `text`."""
    rows = records().select_related("photo").filter(in_directory=True, left_on=None, person__status=Status.ACTIVE)
    for word in fold(text).split()[:8]:
        rows = rows.filter(person__search_text__contains=word)
    return rows


def public_records() -> QuerySet[Record]:
    """Those who wish everybody to see them, where the structure shows its list; otherwise none."""
    rows = records().select_related("photo").filter(in_public_list=True, left_on=None, person__status=Status.ACTIVE)
    return rows if settings().has_public_list else rows.none()


def in_managed_groups(person: Person) -> QuerySet[Membership]:
    """For a query on records: the places of each in the groups that `person` manages."""
    managed = Membership.objects.filter(person=person, is_manager=True).values("group")
    return Membership.objects.filter(person=OuterRef("person"), group__in=managed)


def manages_groups(person: Person) -> bool:
    """Whether `person` manages a group, by themselves: a mandate lends no power. One query."""
    return (
        person.is_active and not person.acted_by and Membership.objects.filter(person=person, is_manager=True).exists()
    )


def reach(person: Person, record: Record) -> rules.Reach:
    """How much of `record` `person` sees. At most one query."""
    if rules.keeps_register(person):
        return rules.Reach.REGISTER
    if rules.keeps_money(person):
        return rules.Reach.MONEY
    if rules.is_own(person, record) and may(person, "members.own"):
        return rules.Reach.OWN
    found = visible_records(person).filter(pk=record.pk)
    if found.filter(Exists(in_managed_groups(person))).exists() and not person.acted_by:
        return rules.Reach.GROUP
    return rules.Reach.DIRECTORY if found.exists() else rules.Reach.NOTHING


def record_of(person: Person) -> Record | None:
    """The record of `person`, if they have one."""
    return records().filter(person=person).first()


def elsewhere(reader: Person, person: Person) -> list[dict[str, Any]]:
    """The link from the page of `person` to their record, for whoever sees something of it (capability)."""
    found = visible_records(reader).filter(person=person).values_list("pk", flat=True).first()
    return [{"label": _("Member record"), "url": link("members:record", found), "icon": "id-card"}] if found else []


def public_words(chosen: RegisterSettings) -> list[str]:
    """The words of what the public list shows beside the name."""
    return [label_of(name).lower() for name in PUBLIC_FIELDS if name in chosen.public_fields]


def settings() -> RegisterSettings:
    """What the structure decided of its register: as by default until it decides."""
    return RegisterSettings.objects.first() or RegisterSettings()
