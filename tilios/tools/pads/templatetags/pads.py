"""What lists of texts ask of their rows."""

from datetime import UTC, datetime
from typing import Any

from django import template

register = template.Library()


@register.filter
def of(found: dict[int, Any], number: int) -> Any:
    """What is known under `number`, or nothing: `{{ beginnings|of:item.pk }}`."""
    return found.get(number, "")


@register.filter
def moment(ms: int) -> datetime:
    """`{{ reading.last_ms|moment|date:"DATETIME_FORMAT" }}`."""
    return datetime.fromtimestamp(ms / 1000, UTC)
