"""What an action may refuse, and why. `core/access/answers.py` turns each into an answer."""

from typing import Any


class Refused(Exception):
    """Base of the named errors: `message` is a sentence for the person, translated or lazy; `status` is HTTP's."""

    status = 400

    def __init__(self, message: Any = "") -> None:
        super().__init__(str(message))
        self.message = message


class NotAllowed(Refused):
    """The person may not do this (403)."""

    status = 403


class Invalid(Refused):
    """A value cannot be taken (422): `field` names it, as in the form or the import."""

    status = 422

    def __init__(self, field: str, message: Any) -> None:
        super().__init__(message)
        self.field = field


class TooMuch(Refused):
    """Asked too often: `message` says how long to wait."""

    status = 429


class Conflict(Refused):
    """The thing changed meanwhile, or is taken (409): looking again helps."""

    status = 409


def require(condition: bool, message: Any = "") -> None:
    """Raise NotAllowed unless `condition` holds."""
    if not condition:
        raise NotAllowed(message)
