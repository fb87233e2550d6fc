"""Pictures of statements: stored before the form is right, so that nobody sends them twice."""

from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext as _

from tilios.core.blobs import images
from tilios.core.blobs.errors import NotAnImage, TooLarge
from tilios.core.structures.scope import current_structure_id

MOST_BYTES = 15 * 2**20
WIDEST = 1600  # pixels
SALT = "colours.held"


def token_of(blob: int) -> str:
    # SECURITY: signed with the structure, so that no form can point at bytes of somebody else.
    return signing.dumps([current_structure_id(), blob], salt=SALT, compress=True)


def release(token: str) -> int | None:
    """The blob a token holds; None for one that is not ours."""
    try:
        structure, blob = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return blob if structure == current_structure_id() else None


def hold(sent: Any) -> str:
    """Store an uploaded picture and give its token. Raises ValidationError for what is too heavy or no picture."""
    try:
        return token_of(images.store_image(sent, max_side=WIDEST, max_size=MOST_BYTES).pk)
    except TooLarge as error:
        raise forms.ValidationError(_("This file is too heavy: %d MB at most.") % (MOST_BYTES // 2**20)) from error
    except NotAnImage as error:
        raise forms.ValidationError(str(error.message) or _("This picture cannot be read.")) from error
