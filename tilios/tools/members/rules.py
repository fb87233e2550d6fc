"""Who sees and changes what of a record: pure predicates over a person and a record."""

from enum import IntEnum, nonmember

from tilios.core.access.roles import may
from tilios.core.people.models import Person
from tilios.tools.members.models import Access, Field, Record


class Reach(IntEnum):
    """How much of a record somebody sees: each level sees what the lower ones see."""

    # Without it templates call the class, as they do anything callable, and find no level in what comes back.
    do_not_call_in_templates = nonmember(True)

    NOTHING = 0
    DIRECTORY = 1  # the name, and what the member shows to all
    GROUP = 2  # what the manager of a group needs: addresses, phones, whether dues are paid
    OWN = 3  # everything but the private note; their own money
    MONEY = 4  # addresses, dues, money of everybody; no field kept for those who keep the register
    REGISTER = 5  # everything but the money


def keeps_register(person: Person) -> bool:
    return may(person, "members.register")


def keeps_money(person: Person) -> bool:
    return may(person, "members.money")


def sees_money_of(person: Person, record: Record) -> bool:
    """The treasurer sees everybody's; each sees their own, and what they pay for others."""
    # SECURITY: keeping the register gives no sight of the money, nor does managing a group.
    return keeps_money(person) or is_own(person, record)


def is_own(person: Person, record: Record) -> bool:
    """Whether it is the record of `person`, or of somebody they pay for."""
    return record.person_id == person.pk or (record.payer is not None and record.payer.person_id == person.pk)


def changes(person: Person, record: Record, *, members_change_own: bool) -> bool:
    """Whether `person` changes something of the record; which fields is for `changes_field`."""
    return keeps_register(person) or (members_change_own and is_own(person, record) and may(person, "members.own"))


def sees_field(person: Person, record: Record, field: Field) -> bool:
    if keeps_register(person):
        return True
    if field.seen_by == Access.MEMBERS:
        return is_own(person, record) or (record.in_directory and may(person, "members.directory"))
    return field.seen_by == Access.MEMBER and is_own(person, record)


def changes_field(person: Person, record: Record, field: Field) -> bool:
    """A field that is changed is seen: nobody overwrites what they cannot read."""
    return keeps_register(person) or (
        field.changed_by != Access.KEEPERS and is_own(person, record) and sees_field(person, record, field)
    )


def sees_directory(person: Person) -> bool:
    return may(person, "members.directory")
