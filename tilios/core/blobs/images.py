"""Images that people send: decoded within bounds and written again, so that nothing but the picture is kept.

SECURITY: a photograph says where it was taken and by what; a picture may unfold to gigabytes, or be a program (SVG).
SVG is refused: nothing here can draw it without running what it says, and browsers obey the scripts in it.
"""

import io
import logging
import struct
import tempfile
import threading
from typing import IO, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps

from tilios.core.blobs import sniffing
from tilios.core.blobs.actions import store
from tilios.core.blobs.errors import Damaged, NotAnImage, TooLarge
from tilios.core.blobs.models import Blob, State, Thumbnail
from tilios.core.blobs.storage import MIB

FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF", "image/avif": "AVIF"}
MAX_SIZE = 30 * MIB
# A JPEG is reduced while it is decoded; anything else is first held whole, twice four bytes a pixel.
MAX_PIXELS = 25_000_000
MAX_PIXELS_JPEG = 80_000_000
SIDES = (48, 96, 192, 384, 768, 1536)
# What Pillow answers to broken files.
BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    ArithmeticError,
    RuntimeError,
    struct.error,
)

# Each picture may take 250 MB for a second: not more than two at once in a process.
_decoding = threading.BoundedSemaphore(2)

log = logging.getLogger(__name__)


def store_image(stream: Any, *, max_side: int = 2048, max_size: int = MAX_SIZE) -> Blob:
    """The blob of the image in `stream`, written again upright, in sRGB, without EXIF, at most `max_side` pixels wide
    and high.

    A JPEG gives a JPEG, a PNG or the first picture of a GIF a PNG, a WebP or an AVIF a WebP. Raises TooLarge above
    `max_size` bytes, NotAnImage for what is not one of these, is cut short, or has too many pixels; DiskFull.
    """
    with tempfile.SpooledTemporaryFile(max_size=MIB) as file:
        size = 0
        while chunk := stream.read(MIB):
            size += len(chunk)
            if size > max_size:
                raise TooLarge(max_size)
            file.write(chunk)
        written, media_type = _written_again(file, max_side)
    return store(written, media_type=media_type)


def thumbnail(blob: Blob, side: int) -> Blob:
    """`blob` as a WebP that fits in a square of `side` pixels, or of the next of SIDES; made once.

    Raises NotAnImage if `blob` is not an image, Damaged if its bytes are not there.
    """
    side = next((known for known in SIDES if known >= side), SIDES[-1])
    made = Thumbnail.objects.select_related("image").filter(blob=blob, side=side).first()
    if made is not None and made.image.state == State.WHOLE:
        return made.image
    with blob.open() as file:
        written, media_type = _written_again(file, side, as_format="WEBP")
    try:
        with transaction.atomic():
            image = store(written, media_type=media_type)
            Thumbnail.objects.update_or_create(blob=blob, side=side, defaults={"image": image})
            return image
    except IntegrityError as error:  # the blob was collected meanwhile
        raise Damaged from error


def dimensions(blob: Blob) -> tuple[int, int]:
    """Width and height in pixels, read from the first bytes. Raises NotAnImage."""
    with blob.open() as file:
        return _opened(file).size


def _written_again(file: IO[bytes], max_side: int, as_format: str | None = None) -> tuple[io.BytesIO, str]:
    """The image in `file`, encoded anew, and its media type."""
    with _decoding:
        try:
            image = _opened(file)
            source = image.format
            image = _plain(image, max_side)
        except NotAnImage:
            raise
        except BROKEN as error:
            raise _cut_short() from error
        except (MemoryError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise _too_many_pixels() from error
        return _encoded(image, as_format or {"JPEG": "JPEG", "PNG": "PNG", "GIF": "PNG"}.get(source or "", "WEBP"))


def _opened(file: IO[bytes]) -> Image.Image:
    """The image, its pixels not read yet. Only the decoder that its first bytes call for is tried."""
    media_type = sniffing.media_type_of(file)
    if media_type == "image/svg+xml":
        raise NotAnImage(_("An SVG drawing may hold a program, so it is not accepted. Export it as PNG."))
    if media_type == "image/heic":
        raise NotAnImage(_("HEIC photographs cannot be read here. Export it as JPEG."))
    if media_type not in FORMATS:
        raise NotAnImage
    file.seek(0)
    try:
        image = Image.open(file, formats=[FORMATS[media_type]])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except BROKEN as error:
        raise _cut_short() from error
    if image.width * image.height > (MAX_PIXELS_JPEG if image.format == "JPEG" else MAX_PIXELS):
        raise _too_many_pixels()
    return image


def _plain(image: Image.Image, max_side: int) -> Image.Image:
    """Upright, small enough, in sRGB, and with nothing attached."""
    profile = image.info.get("icc_profile")
    if image.format == "JPEG":
        image.draft(image.mode, (max_side, max_side))
    image.load()
    if image.mode.startswith("I"):  # sixteen bits of grey, of which Pillow would keep the lowest eight
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    elif image.mode not in ("RGB", "RGBA", "CMYK", "L") or (image.has_transparency_data and image.mode != "RGBA"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    # Made small first: each step that follows holds the picture twice.
    image.thumbnail((max_side, max_side), Image.Resampling.LANCZOS, reducing_gap=3.0)
    ImageOps.exif_transpose(image, in_place=True)
    image = _in_srgb(image, profile)
    image.info = {}
    return image


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile and image.mode in ("RGB", "RGBA", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
        except (ImageCms.PyCMSError, OSError, ValueError):
            log.info("an image has a colour profile that cannot be used; it is left out")
        else:
            return converted or image
    return image.convert(mode)


def _encoded(image: Image.Image, target: str) -> tuple[io.BytesIO, str]:
    out = io.BytesIO()
    if target == "JPEG" and image.mode == "RGB":
        image.save(out, "JPEG", quality=85, optimize=True, progressive=True)
    elif target == "WEBP":
        image.save(out, "WEBP", quality=82, method=4)
    else:
        target = "PNG"
        image.save(out, "PNG", compress_level=7)
    out.seek(0)
    return out, f"image/{target.lower()}"


def _cut_short() -> NotAnImage:
    return NotAnImage(_("This image is damaged or cut short: it cannot be read to its end."))


def _too_many_pixels() -> NotAnImage:
    return NotAnImage(_("This image has too many pixels. Make it smaller first."))
