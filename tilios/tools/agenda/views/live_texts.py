"""The live text of an event: begun, and removed with what becomes of it. The description of the event leads to it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Refused
from tilios.core.toolbox import registry
from tilios.tools.agenda.actions import texts, writing
from tilios.tools.agenda.queries.attached import led_text
from tilios.tools.agenda.views.changing import opened_to_change


@tool_view("agenda.write", "POST")
def begin(request: Any, event_pk: int) -> HttpResponse:
    """A text for the event, or for one of its dates ("scope")."""
    rights, entry, one = opened_to_change(request, event_pk)
    if registry.capability("text.begin") is None:
        raise Http404
    scope: Any = "this" if request.POST.get("scope") == "this" and one.recurrence_id else "all"
    try:
        texts.begin_text(by=request.person, rights=rights, entry=entry, one=one, scope=scope)
    except Refused as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("The text is there: whoever sees the event reads it."))
    return redirect(_back(entry, one))


@tool_view("agenda.write", "GET", "POST")
def remove(request: Any, event_pk: int) -> HttpResponse:
    """The event leads to its text no more; the text stays in the texts, or goes to their trash."""
    rights, entry, one = opened_to_change(request, event_pk)
    led = led_text(request.person, texts.described_at(entry, one))
    if led is None:
        return redirect(_back(entry, one))
    context = {
        "entry": entry,
        "back_url": _back(entry, one),
        "etag": request.POST.get("etag", entry.etag),
        "may_discard": led.text is not None and led.text.may_discard,
    }
    if request.method == "GET":
        return render(request, "agenda/text_remove.html", context)
    try:
        texts.remove_text(
            by=request.person, rights=rights, entry=entry, one=one, address=led.address,
            discards=request.POST.get("sort") == "jeter", etag=context["etag"],
        )  # fmt: skip
    except writing.Changed as error:
        said = _("This event was changed meanwhile: look at it again before removing its text.")
        return render(
            request, "agenda/text_remove.html", context | {"problem": said, "etag": error.entry.etag}, status=409
        )
    messages.success(request, _("The event leads to the text no more."))
    return redirect(_back(entry, one))


def _back(entry: Any, one: Any) -> str:
    return link("agenda:entry", entry.pk) + (f"?le={one.recurrence_id}" if one.recurrence_id else "")
