"""What is found of the house itself: its people."""

from tilios.core.access.models import ActionRule
from tilios.core.people.models import Person
from tilios.core.people.roles import Role
from tilios.core.search.entries import Entry
from tilios.core.structures.scope import current_structure
from tilios.core.toolbox import registry


def person_entry(person: Person) -> Entry | None:
    """A person by their names, organisation and town: never by what a record keeps private (note, address, birth date).

    Found by whoever may see people, and by themselves. The host's visits are not in the list of people.
    """
    if person.visit_ends_at is not None:
        return None
    least = _least()
    names = f"{person.given_name} {person.family_name}".strip()
    parts = ("" if names == person.display_name else names, person.organisation, person.town)
    text = ", ".join(part for part in parts if part)
    return Entry(person.display_name, text, {f"role:{least}", f"person:{person.pk}"})


def _least() -> int:
    """The least role that sees people, read once for each piece of work."""
    held = current_structure().__dict__
    if "_least_role_for_people" not in held:
        action = registry.action("portal.people")
        rule = ActionRule.objects.filter(action=action.name).values_list("least", flat=True).first()
        held["_least_role_for_people"] = max(rule or action.least, action.floor, Role.GUEST)
    return held["_least_role_for_people"]
