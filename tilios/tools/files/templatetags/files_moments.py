"""Moments kept in milliseconds, and rooms in bytes, for templates."""

from datetime import UTC, datetime

from django import template
from django.utils import formats
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def moment(ms: int) -> datetime:
    """`{{ reading.last_ms|moment|date:"DATETIME_FORMAT" }}`."""
    return datetime.fromtimestamp(ms / 1000, UTC)


@register.filter
def room_size(size: int) -> str:
    """A room in the units in which the rules give it, a thousand apart: "4.9 GB"."""
    if size < 1_000_000:
        return _("%(size)s KB") % {"size": formats.number_format(size / 10**3, 0)}
    if size < 1_000_000_000:
        return _("%(size)s MB") % {"size": formats.number_format(size / 10**6, 0)}
    return _("%(size)s GB") % {"size": formats.number_format(size / 10**9, 1)}
