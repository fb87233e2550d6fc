"""Reads of people: who is in the structure, which structures an account belongs to."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from tilios.core.journal.models import Entry
from tilios.core.journal.queries import numbers_of
from tilios.core.people.models import Account, Group, Invitation, Membership, Person, Status
from tilios.core.structures.composed import composed
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import current_structure, unscoped

#: Verbs of the journal that say somebody read a record.
READINGS = ("people.read", "people.exported")


def structures_of(account: Account) -> list[Structure]:
    """The structures in which `account` is an active person, by name. One query."""
    with unscoped("somebody's own structures, for the switcher"):
        persons = Person.objects.filter(account=account, status=Status.ACTIVE).filter(
            Q(visit_ends_at=None) | Q(visit_ends_at__gt=timezone.now())
        )
        return list(Structure.objects.filter(pk__in=persons.values("structure")).order_by("name"))


def active_people() -> QuerySet[Person]:
    """Everybody in the structure in scope who has not left, in order of their names; the host's visits left out."""
    return Person.objects.filter(status=Status.ACTIVE, visit_ends_at=None)


def groups_of(person: Person) -> set[int]:
    """Numbers of the groups `person` is in, read once for each `person` object."""
    if "_group_ids" not in person.__dict__:
        person.__dict__["_group_ids"] = set(_groups_of(person.pk))
    return person.__dict__["_group_ids"]


@composed
def _groups_of(person: int) -> QuerySet[Membership, int]:
    return Membership.objects.filter(person=person).values_list("group_id", flat=True)


@composed
def _of_account(account: int) -> QuerySet[Person]:
    return Person.objects.filter(account=account)[:1]


def person_of(account: int) -> Person | None:
    """Who the account of this number is in the structure in scope."""
    return next(iter(_of_account(account)), None)


def groups() -> QuerySet[Group]:
    return Group.objects.order_by("name")


def by_email(email: str) -> QuerySet[Person]:
    return Person.objects.filter(email__iexact=email.strip())


def find_invitation(token: str) -> Invitation | None:
    """The invitation of `token` with its structure, whatever its state; None if unknown or the structure suspended."""
    with unscoped("an invitation names its structure"):
        return (
            Invitation.objects.select_related("structure", "structure__logo", "group", "person", "created_by")
            .filter(token=token, structure__suspended_at=None)
            .first()
        )


def account_of(email: str) -> Account | None:
    """The account that signs in with `email`, or has shown it to be theirs."""
    return Account.objects.filter(
        Q(email=email.strip().lower()) | Q(emailaddress__email__iexact=email.strip(), emailaddress__verified=True)
    ).first()


def records_awaiting_login(addresses: list[str]) -> dict[str, Person]:
    """Active people without a login whose address is one of `addresses` and nobody else's, by address."""
    found: dict[str, list[Person]] = {}
    lowered = Person.objects.filter(visit_ends_at=None).annotate(lower_email=Lower("email"))
    for person in lowered.filter(lower_email__in=addresses):
        found.setdefault(person.lower_email, []).append(person)
    return {
        address: people[0]
        for address, people in found.items()
        if len(people) == 1 and people[0].account_id is None and people[0].is_active
    }


def invitations() -> QuerySet[Invitation]:
    """All invitations, newest first, with what their list shows."""
    return Invitation.objects.select_related("group", "person", "created_by")


def readings_of(person: Person) -> QuerySet[Entry]:
    """Each time somebody else read the record of `person`, newest first."""
    entries = Entry.objects.filter(structure=current_structure(), subject__in=numbers_of(person.pk))
    return entries.filter(verb__in=READINGS).order_by("-id")


def history_of(person: Person) -> QuerySet[Entry]:
    """What happened to the record of `person`, readings left out, newest first."""
    entries = Entry.objects.filter(structure=current_structure(), subject__in=numbers_of(person.pk))
    return entries.exclude(verb__in=READINGS).order_by("-id")


def names_of(numbers: Iterable[int | None]) -> dict[int, str]:
    """The names shown of people by their numbers; those erased since are not in it. One query."""
    wanted = {number for number in numbers if number is not None}
    return dict(Person.objects.filter(pk__in=wanted).values_list("pk", "display_name")) if wanted else {}
