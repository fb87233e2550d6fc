"""Archives and proofs of erasure for the isolation matrix."""

import io
from datetime import timedelta
from typing import Any

from django.utils import timezone

from tilios.core.blobs import actions as blobs
from tilios.core.people import actions as people
from tilios.core.people.models import Person
from tilios.core.portability.erasing import erase
from tilios.core.portability.models import Takeout


def objects(by: Person) -> dict[str, Any]:
    blob = blobs.store(io.BytesIO(b"PK\x05\x06" + bytes(18)), name="archive.zip")
    takeout = Takeout.objects.create(
        progress_key="matrice", made_by=by, blob=blob, expires_at=timezone.now() + timedelta(days=1)
    )
    gone = people.create_person(by=by, given_name="Qui", family_name="S'en va")
    return {"takeout_pk": takeout.pk, "erasure_pk": erase(by=by, person=gone).pk}
