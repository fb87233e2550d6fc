"""What the protocol refuses, in sentences for the person. Answered as `status`, with `headers`."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tilios.core.errors import Refused


class UploadRefused(Refused):
    """Base of what uploads refuse."""

    def __init__(self, message: Any, *, status: int = 400, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.headers = status, headers or {}


class Malformed(UploadRefused):
    """A request that is not of the protocol (400, or what `status` says)."""

    def __init__(self, status: int = 400, headers: dict[str, str] | None = None) -> None:
        super().__init__(_("The browser and the server did not understand each other."), status=status, headers=headers)


class Elsewhere(UploadRefused):
    """The sender is not where the file ends (409): asking again tells where."""

    def __init__(self, size: int) -> None:
        super().__init__(
            _("The file continues elsewhere than was said: ask again where it stopped."),
            status=409,
            headers={"Upload-Offset": str(size)},
        )


class Corrupted(UploadRefused):
    """Bytes that are not those whose checksum was given (460 in the protocol); none of them was kept."""

    def __init__(self) -> None:
        super().__init__(_("These bytes were altered on their way: send them again."), status=460)


class NoRoom(UploadRefused):
    """The disk is full (507); what had come before is kept."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The server has no room left. What had already arrived is kept: tell the person who looks after the"
                " server, then try again."
            ),
            status=507,
        )


class Ended(UploadRefused):
    """The upload was given up, or its time is over (410)."""

    def __init__(self) -> None:
        super().__init__(_("This upload was given up or has expired: send the file again."), status=410)


class TooMany(UploadRefused):
    """The sender has begun too much (429)."""

    def __init__(self, wait_s: int) -> None:
        message = ngettext(
            "Too many files at once. Wait one second, then try again.",
            "Too many files at once. Wait %(count)s seconds, then try again.",
            wait_s,
        )
        super().__init__(message % {"count": wait_s}, status=429, headers={"Retry-After": str(wait_s)})


class TooMuchWaiting(UploadRefused):
    """The sender has too many unfinished uploads (429)."""

    def __init__(self) -> None:
        super().__init__(
            _("You have too many unfinished uploads. Let them end or cancel some, then try again."),
            status=429,
            headers={"Retry-After": "60"},
        )


class Busy(UploadRefused):
    """All places are taken (503): those who read pages keep theirs."""

    def __init__(self) -> None:
        super().__init__(
            _("The server is receiving many files. This one will go on in a moment."),
            status=503,
            headers={"Retry-After": "2"},
        )
