"""What texts answer for the other tools."""

from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from tilios.core.access.links import link
from tilios.core.errors import NotAllowed
from tilios.core.people.models import Person
from tilios.tools.pads.actions import bringing
from tilios.tools.pads.actions.spaces import open_spaces
from tilios.tools.pads.queries.texts import places_to_write


def import_document(*, by: Person, name: str, file: BinaryIO | Any) -> str:
    """Answers "document.import": a text of a file, in the first space where `by` may write. The address of the text.

    Raises NotAllowed where they may write nowhere, Invalid("file") for what cannot be read.
    """
    rights = open_spaces(by)
    place = next(iter(places_to_write(rights)), None)
    if place is None or not rights.may("write"):
        raise NotAllowed(_("You may not begin a text here."))
    return link("pads:item", bringing.bring(by=by, rights=rights, folder=place, name=name, file=file).item.pk)
