"""Pictures and files of options: stored before the form is right, so that nobody sends them twice."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext as _

from tilios.core.blobs import actions as blobs
from tilios.core.blobs import images
from tilios.core.blobs.errors import NotAnImage, TooLarge
from tilios.core.structures.scope import current_structure_id

MOST_BYTES = 15 * 2**20
WIDEST = 1600  # pixels: a logo to compare, not a poster to print
SALT = "polls.held"


@dataclass(frozen=True)
class Held:
    """A blob that a form of this structure holds, and the name it came with."""

    blob: int
    name: str

    def token(self) -> str:
        # SECURITY: signed with the structure, so that no form can point at bytes of somebody else.
        return signing.dumps([current_structure_id(), self.blob, self.name], salt=SALT, compress=True)


def release(token: str) -> Held | None:
    """What a token of `Held.token` holds; None for one that is not ours."""
    try:
        structure, blob, name = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    return Held(blob, name) if structure == current_structure_id() else None


def hold(sent: Any, *, as_picture: bool) -> str:
    """Store an uploaded file and give its token. Raises ValidationError for what is too heavy or no picture."""
    try:
        if as_picture:
            blob = images.store_image(sent, max_side=WIDEST, max_size=MOST_BYTES)
        else:
            blob = blobs.store(sent, media_type=sent.content_type, name=sent.name, max_size=MOST_BYTES)
    except TooLarge as error:
        raise forms.ValidationError(_("This file is too heavy: %d MB at most.") % (MOST_BYTES // 2**20)) from error
    except NotAnImage as error:
        raise forms.ValidationError(str(error.message) or _("This picture cannot be read.")) from error
    return Held(blob.pk, sent.name[-200:]).token()
