"""A file on its way, for the isolation matrix."""

import secrets
from datetime import timedelta
from typing import Any

from django.utils import timezone

from tilios.core.people.models import Person
from tilios.core.uploads.models import Upload


def objects(by: Person) -> dict[str, Any]:
    upload = Upload.objects.create(
        token=secrets.token_urlsafe(24),
        person=by,
        tool="polls",
        target=None,
        name="plan.txt",
        length=7,
        expires_at=timezone.now() + timedelta(days=1),
    )
    upload.partial.make()
    return {"token": upload.token}
