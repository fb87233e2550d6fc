"""What can go wrong with bytes, in sentences for the person. Answered as `status` over HTTP."""

from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Refused


class BlobError(Refused):
    """Base of what blobs refuse."""

    status = 400


class TooLarge(BlobError):
    """More bytes than are allowed here; `limit` in bytes."""

    status = 413

    def __init__(self, limit: int) -> None:
        super().__init__(_("This file is too large: at most %(limit)s.") % {"limit": filesizeformat(limit)})
        self.limit = limit


class DiskFull(BlobError):
    """The disk has no room left; nothing was kept."""

    status = 507

    def __init__(self) -> None:
        super().__init__(_("The server has no room left: nothing was saved. Tell the person who looks after it."))


class NotAnImage(BlobError):
    """Bytes that are no image we can show, and why."""

    status = 422

    def __init__(self, message: Any = "") -> None:
        super().__init__(message or _("This file is not an image that can be read. Give a JPEG, PNG or WebP image."))


class Damaged(BlobError):
    """The bytes on the disk are gone or are not those that were stored."""

    status = 500

    def __init__(self) -> None:
        super().__init__(_("This file is damaged on the server. It must be put back from a backup."))
