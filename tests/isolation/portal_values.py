"""Things of the portal for the isolation matrix."""

from typing import Any

from tilios.core.people import actions as people
from tilios.core.people.models import Person


def objects(by: Person) -> dict[str, Any]:
    person = people.create_person(by=by, given_name="Zoé", family_name="Matrice", email="zoe@example.org")
    group = people.create_group(by=by, name="Matrice")
    return {"pk": person.pk, "person_pk": person.pk, "group_pk": group.pk, "colour": "b4532a"}
