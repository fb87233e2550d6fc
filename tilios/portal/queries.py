"""Reads of the portal: people and groups as somebody may see them. Tools' declarations name some."""

from dataclasses import dataclass

from django.db.models import Count, F, Prefetch, Q, QuerySet

from tilios.core.access.roles import effective_role, may
from tilios.core.people.models import Group, Invitation, Membership, Person, Status
from tilios.core.people.queries import active_people
from tilios.core.people.roles import Role
from tilios.core.search.entries import Entry
from tilios.kit.text import fold

SORTS = {
    "nom": ("sort_name", "pk"),
    "-nom": ("-sort_name", "-pk"),
    "role": ("-role", "sort_name", "pk"),
    "recent": ("-created_at", "-pk"),
}
GONE = "left"
EVERYBODY = "all"


def visible_people(person: Person) -> QuerySet[Person]:
    """The people `person` may see: everybody with the right to see people, otherwise themselves."""
    if may(person, "portal.edit_people"):
        return Person.objects.filter(visit_ends_at=None)
    if may(person, "portal.people"):
        return active_people()
    return Person.objects.filter(pk=person.pk)


def visible_groups(person: Person) -> QuerySet[Group]:
    """The groups `person` may see: all with the right to see people, otherwise their own."""
    if may(person, "portal.people"):
        return Group.objects.order_by("name")
    return Group.objects.filter(memberships__person=person).order_by("name")


def may_see_details(reader: Person, person: Person) -> bool:
    """Whether `reader` sees addresses and numbers: their own, or everybody's for those who keep the records."""
    return reader.pk == person.pk or may(reader, "portal.edit_people")


def shared_with(reader: Person, person: Person) -> tuple[str, ...]:
    """The fields that `person` lets the members of the structure see, for `reader`, who sees that they exist."""
    if effective_role(reader) < Role.MEMBER or not person.is_active:
        return ()
    return (*(("email",) if person.shares_email else ()), *(("phone", "mobile") if person.shares_phones else ()))


def may_manage_group(person: Person, group: Group) -> bool:
    """Whether `person` says who is in `group`: those who keep the records, and its own managers."""
    from tilios.core.people.rules import manages_group

    return may(person, "portal.edit_people") or (may(person, "portal.people") and manages_group(person, group))


@dataclass(frozen=True)
class Filters:
    """What the list of people is narrowed to; empty means no matter."""

    text: str = ""
    role: int | None = None
    group: Group | None = None
    status: str = ""  # "", "left" or "all"
    login: str = ""  # "", "yes" or "no"
    sort: str = "nom"

    @property
    def are_set(self) -> bool:
        return bool(self.text or self.role or self.group or self.status or self.login)


def listed_people(reader: Person, filters: Filters) -> QuerySet[Person]:
    """The people `reader` may see that `filters` let through, in order, with their groups (one query more)."""
    people = visible_people(reader)
    keeper = may(reader, "portal.edit_people")
    if filters.status != EVERYBODY or not keeper:
        people = people.filter(status=Status.LEFT if filters.status == GONE and keeper else Status.ACTIVE)
    if filters.role:
        people = people.filter(role=filters.role)
    if filters.group:
        people = people.filter(memberships__group=filters.group)
    if filters.login and keeper:
        people = people.filter(account__isnull=filters.login == "no")
    people = people.filter(matching(filters.text, details=keeper))
    places = Membership.objects.select_related("group").order_by("group__name")
    return people.order_by(*SORTS.get(filters.sort, SORTS["nom"])).prefetch_related(
        Prefetch("memberships", queryset=places, to_attr="places")
    )


def matching(text: str, *, details: bool = False) -> Q:
    """People whose names hold every word of `text`, accents and case aside; with `details`, or their address does."""
    condition = Q()
    for word in fold(text).split()[:8]:
        one = Q(search_text__contains=word)
        if details:  # SECURITY: whoever does not see addresses must not find people by trying letters of them
            one |= Q(search_details__contains=word)
        condition &= one
    return condition


def groups_with_counts(person: Person) -> QuerySet[Group]:
    """The groups `person` may see, each with `people`, the number of those in it who have not left."""
    inside = Count("memberships", filter=Q(memberships__person__status=Status.ACTIVE), distinct=True)
    return visible_groups(person).annotate(people=inside)


def members_of(group: Group) -> QuerySet[Membership]:
    """Who is in `group`: its managers first, then by name; those who have left are not there."""
    places = Membership.objects.filter(group=group, person__status=Status.ACTIVE).select_related("person")
    return places.order_by("-is_manager", "person__sort_name", "pk")


def candidates(reader: Person, text: str, *, outside: Group | None = None, with_login: bool = False) -> list[Person]:
    """At most eight active people whom `text` names, for a choice; none for an empty text."""
    if not text.strip():
        return []
    if may(reader, "portal.people"):
        people = active_people().filter(matching(text) | Q(email__iexact=text.strip()))
    else:  # SECURITY: whoever does not see the people must know the whole address
        people = active_people().filter(email__iexact=text.strip())
    if outside is not None:
        people = people.exclude(memberships__group=outside)
    if with_login:
        people = people.filter(account__isnull=False)
    return list(people.order_by("sort_name")[:8])


def open_invitations() -> QuerySet[Invitation]:
    """Invitations that somebody may still use, whatever their date."""
    return Invitation.objects.filter(revoked_at=None).filter(Q(max_uses=None) | Q(uses__lt=F("max_uses")))


def group_entry(group: Group) -> Entry:
    """How the search finds a group."""
    return Entry(title=group.name, text=group.description, keys=[f"role:{int(Role.GUEST)}"])
