"""Zips that come in several goes (core/uploads), to be read rather than kept among the files."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from tilios.core.access.links import link
from tilios.core.blobs.models import Blob
from tilios.core.errors import Conflict, Invalid
from tilios.core.people.models import Person
from tilios.core.uploads.models import Upload
from tilios.tools.files.actions.bringing import add_part
from tilios.tools.files.models import Bringing
from tilios.tools.files.queries.bringing import bringing_of

NO_ZIP = _("This is not a zip file: its name does not end with .zip.")
GONE = _("What you had prepared is not there any more: begin again.")


def is_zip_to_bring(target: Any) -> bool:
    """Whether the place of an upload is a bringing-in rather than a folder."""
    return isinstance(target, dict) and "bringing" in target


def check(person: Person, target: Any, name: str) -> None:
    """Refuse what is no zip by its name, before its bytes come. Raises Invalid, Conflict."""
    _bringing(person, target)
    if not name.lower().endswith(".zip"):
        raise Invalid("file", NO_ZIP)


def finish(person: Person, upload: Upload, blob: Blob) -> dict[str, Any]:
    """Add the zip to those to be read."""
    bringing = _bringing(person, upload.target)
    add_part(by=person, bringing=bringing, blob=blob, name=upload.name)
    return {"url": link("files:bringing", bringing.pk), "kind": "files.item", "pk": bringing.folder_id}


def _bringing(person: Person, target: Any) -> Bringing:
    found = bringing_of(person).filter(pk=target["bringing"]).first() if isinstance(target["bringing"], int) else None
    if found is None:
        raise Conflict(GONE)
    return found
