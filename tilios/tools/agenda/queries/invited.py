"""Who may be invited to an event by somebody, and the addresses of those who are chosen."""

from collections.abc import Sequence
from typing import Any

from tilios.core.access.roles import effective_role
from tilios.core.people.models import Person
from tilios.core.people.queries import active_people, groups
from tilios.core.people.roles import Role

MOST_LISTED = 300


def choices(person: Person) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """People with an address and groups, as choices of a form; none for a guest, who is not shown who is here."""
    if effective_role(person) < Role.MEMBER:
        return [], []
    rows = active_people().exclude(email="").exclude(pk=person.pk).values_list("pk", "display_name")[:MOST_LISTED]
    return [(str(pk), name) for pk, name in rows], [(str(one.pk), one.name) for one in groups()]


def guests_of(person: Person, form: Any) -> list[tuple[str, str]]:
    """Names and addresses of everybody the form invites, each once: people, members of groups, others."""
    data = form.cleaned_data
    chosen: Sequence[Any] = data.get("people") or ()
    wanted = active_people().exclude(email="").order_by("display_name", "pk")
    found = list(wanted.filter(pk__in=chosen).values_list("display_name", "email"))
    if data.get("groups"):
        members = wanted.filter(memberships__group__in=data["groups"]).exclude(pk=person.pk)
        found += list(members.distinct().values_list("display_name", "email"))
    found += data.get("addresses") or []
    by_email: dict[str, str] = {}
    for name, email in found:
        by_email.setdefault(email.strip().lower(), name)
    return [(name, email) for email, name in by_email.items()]
