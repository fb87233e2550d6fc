"""What papers and accounts call somebody."""

from tilios.core.people.models import Person


def name_of(person: Person | None) -> str:
    """The whole name; that of the organisation for a record without one. Nobody has none."""
    if person is None:
        return ""
    whole = f"{person.given_name} {person.family_name}".strip()
    return (whole or person.organisation or person.display_name)[:160]
