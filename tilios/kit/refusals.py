"""How kit says no: a reason code for programs, a sentence for people.

kit knows no language: the sentence is an English msgid and its values. Whoever shows it to a person
writes `gettext(refusal.message) % refusal.params`.
"""

from typing import Any


def _(message: str) -> str:
    """Mark `message` for translation; it is translated by the layer that shows it."""
    return message


class Refusal(ValueError):
    """What was given cannot be taken.

    `code` is stable, for programs and tests; `message` is a msgid with named placeholders; `params` fills it.
    """

    def __init__(self, code: str, message: str, **params: Any) -> None:
        self.code = code
        self.message = message
        self.params = params
        super().__init__(message % params if params else message)
