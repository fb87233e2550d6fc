"""What fetching from outside may run into, in sentences for the person who gave the address."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from tilios.core.errors import Refused


class OutsideError(Refused):
    """Base of them all (502: the fault is not on our side)."""

    status = 502


class Forbidden(OutsideError):
    """An address that Tilios does not knock at (422)."""

    status = 422

    def __init__(self, message: Any = "") -> None:
        super().__init__(message or _("This address leads into a private network: Tilios does not go there."))


class Unreachable(OutsideError):
    """Nobody answers, or not in a way that can be trusted."""


class CutShort(OutsideError):
    """The other server stopped before it had given all it announced."""

    def __init__(self) -> None:
        super().__init__(_("The other server stopped in the middle of a file."))


class TooMuch(OutsideError):
    """The answer is longer than it may be."""

    def __init__(self) -> None:
        super().__init__(_("The other server answers with more than can be read."))
