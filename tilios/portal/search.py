"""What is found of the house itself: its people."""

from tilios.core.access.models import ActionRule
from tilios.core.people.models import Person
from tilios.core.people.roles import Role
from tilios.core.search.entries import Entry
from tilios.core.toolbox import registry


def person_entry(person: Person) -> Entry | None:
    """A person by their names, organisation and town: never by what a record keeps private (note, address, birth date).

    Found by whoever may see people, and by themselves. The host's visits are not in the list of people.
    """
    if person.visit_ends_at is not None:
        return None
    action = registry.action("portal.people")
    rule = ActionRule.objects.filter(action=action.name).values_list("least", flat=True).first()
    least = max(rule or action.least, action.floor, Role.GUEST)
    names = f"{person.given_name} {person.family_name}".strip()
    parts = ("" if names == person.display_name else names, person.organisation, person.town)
    text = ", ".join(part for part in parts if part)
    return Entry(person.display_name, text, {f"role:{least}", f"person:{person.pk}"})
