"""Where files go, as a page says it to the server: sealed, so that only a page of ours can have said it."""

import json
from typing import Any

from django.core import signing

from tilios.core.people.models import Person
from tilios.core.uploads.errors import Malformed

SALT = "tilios.uploads"


def seal(person: Person, tool: str, target: Any) -> str:
    """`target` (JSON) for the files that `person` sends to `tool`. The same again for the same things: a browser finds
    what it had begun.
    """
    return signing.Signer(salt=SALT).sign_object([person.structure_id, person.pk, tool, target], serializer=_Sorted)


def unseal(person: Person, tool: str, sealed: str) -> Any:
    """What `seal` was given. Raises Malformed for anything else, and for what was sealed for another."""
    try:
        structure_id, person_id, slug, target = signing.Signer(salt=SALT).unsign_object(sealed, serializer=_Sorted)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise Malformed from error
    # SECURITY: a page made for one person, structure or tool opens no place of another.
    if (structure_id, person_id, slug) != (person.structure_id, person.pk, tool):
        raise Malformed
    return target


class _Sorted(signing.JSONSerializer):
    def dumps(self, obj: Any) -> bytes:
        return json.dumps(obj, separators=(",", ":"), sort_keys=True).encode("latin-1")
