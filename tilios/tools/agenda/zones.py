"""Where the days of a calendar begin."""

from zoneinfo import ZoneInfo

from tilios.core.structures.scope import current_structure
from tilios.tools.agenda.models import Item


def zone_of(calendar: Item) -> ZoneInfo:
    """Where the whole days and the floating times of a calendar are."""
    return ZoneInfo(calendar.zone or current_structure().timezone)
