"""`{% load reading %}{% preview preview %}`: a document in a page; `reading.preview(…)` makes what it takes."""

from email.utils import parsedate_to_datetime
from typing import Any

from django import template
from django.template.context import Context
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import pgettext_lazy

from tilios.core.reading.jobs import LIVE
from tilios.core.reading.previews import Preview

register = template.Library()

HEADER_NAMES = {
    "From": pgettext_lazy("of a message", "From"),
    "To": pgettext_lazy("of a message", "To"),
    "Cc": pgettext_lazy("of a message", "Copy to"),
    "Date": pgettext_lazy("of a message", "Date"),
    "Subject": pgettext_lazy("of a message", "Subject"),
}


@register.inclusion_tag("reading/preview.html", takes_context=True)
def preview(context: Context, preview: Preview) -> dict[str, Any]:
    """The preview, which renews itself when what it waits for is there; once in a page (it has an id)."""
    request = context.get("request")
    return {
        "preview": preview,
        "template": f"reading/kinds/{preview.kind}.html",
        "again": request.get_full_path() if request is not None else "",
        "live_kind": LIVE,
    }


@register.filter
def header_name(name: str) -> str:
    """What the header of a message is called: {{ "From"|header_name }}."""
    return str(HEADER_NAMES.get(name, name))


@register.filter
def header_value(value: str, name: str) -> str:
    """What the header says: a date in words and in our time, anything else as it is."""
    if name != "Date":
        return value
    try:
        found = parsedate_to_datetime(value)
    except ValueError:
        return value
    return date_format(timezone.localtime(found) if timezone.is_aware(found) else found, "DATETIME_FORMAT")
