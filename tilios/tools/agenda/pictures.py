"""Pictures of contacts: made small before they are kept, and drawn again before they are shown."""

import io

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from tilios.core.errors import Invalid
from tilios.kit.vcard import Photo

FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
KEPT_SIDE = 512  # pixels, of what a card keeps: phones show no more
SHOWN_SIDE = 384
MOST_PIXELS = 50_000_000
LARGEST = 20 * 1024 * 1024  # bytes that may be sent
#: What Pillow raises of a picture that is none, is cut, or unfolds to gigabytes.
BROKEN = (OSError, ValueError, SyntaxError, TypeError, ArithmeticError, EOFError, Image.DecompressionBombError)


def kept(data: bytes) -> Photo:
    """The picture to put in a card: upright, square enough for phones, JPEG. Raises Invalid("photo")."""
    if len(data) > LARGEST:
        raise Invalid("photo", _("This picture is too heavy: 20 MB at most."))
    if data[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc"):
        raise Invalid("photo", _("This picture is in Apple's format (HEIC): send it as JPEG."))
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Invalid("photo", _("This picture has too many points: send a smaller one."))
            image.draft("RGB", (KEPT_SIDE * 2, KEPT_SIDE * 2))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((KEPT_SIDE, KEPT_SIDE))
            out = io.BytesIO()
            _on_white(upright).save(out, "JPEG", quality=85, optimize=True)  # without EXIF: places stay untold
    except BROKEN as error:
        raise Invalid("photo", _("This is not a picture: send a JPEG, PNG, GIF or WebP.")) from error
    return Photo("image/jpeg", out.getvalue())


def _on_white(image: Image.Image) -> Image.Image:
    whole = image.convert("RGBA")
    page = Image.new("RGBA", whole.size, "white")
    return Image.alpha_composite(page, whole).convert("RGB")


def drawn_again(data: bytes) -> bytes | None:
    """A PNG to show; None for what is no picture.

    SECURITY: cards come from outside; nothing of their bytes is sent on, and what unfolds to gigabytes is not opened.
    """
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                return None
            image.draft("RGB", (SHOWN_SIDE * 2, SHOWN_SIDE * 2))
            image.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
            out = io.BytesIO()
            image.convert("RGBA").save(out, "PNG")
    except BROKEN:
        return None
    return out.getvalue()
