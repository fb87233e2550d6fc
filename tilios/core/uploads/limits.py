"""How much may be sent: settings of the instance (TILIOS_UPLOADS in config/settings.py)."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

GIB = 2**30


@dataclass(frozen=True)
class Limits:
    """Bytes of one upload; of all that a sender has not finished, and how many; new ones a minute; those that may be
    arriving at once in this process; days an unfinished one is kept after its last byte.
    """

    most_bytes: int = 50 * GIB
    most_waiting_bytes: int = 200 * GIB
    most_waiting: int = 2000
    per_minute: int = 600
    at_once: int = 8
    days: int = 7

    @property
    def lifetime(self) -> timedelta:
        return timedelta(days=self.days)


def limits() -> Limits:
    return Limits(**getattr(settings, "TILIOS_UPLOADS", {}))
