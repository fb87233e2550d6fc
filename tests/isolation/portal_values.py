"""Things of the portal for the isolation matrix."""

import io
from typing import Any

from tests.isolation import archive_values, surroundings_values
from tilios.core.access.models import ActionGrant
from tilios.core.blobs import actions as blobs
from tilios.core.people import actions as people
from tilios.core.people.actions.invitations import create_link
from tilios.core.people.imports.actions import read_file
from tilios.core.people.models import Mandate, Person


def objects(by: Person) -> dict[str, Any]:
    person = people.create_person(by=by, given_name="Zoé", family_name="Matrice", email="zoe@example.org")
    group = people.create_group(by=by, name="Matrice")
    batch = read_file(by=by, stream=io.BytesIO(b"nom;prenom\nMatrice;Anne\n"), name="matrice.csv")
    scan = blobs.store(io.BytesIO(b"%PDF-1.4\n%%EOF\n"), name="mandat.pdf")
    mandate = Mandate.objects.create(person=person, delegate=by, on_paper=True, scan=scan)
    return {
        "pk": person.pk,
        "person_pk": person.pk,
        "group_pk": group.pk,
        "invitation_pk": create_link(by=by).pk,
        "batch_pk": batch.pk,
        "mandate_pk": mandate.pk,
        "grant_pk": ActionGrant.objects.create(person=person, action="members.money", given_by=by).pk,
        **surroundings_values.objects(by),
        **archive_values.objects(by),
    }
