"""The mail box that is read for the structure, with a try that says in words what goes wrong."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Invalid
from tilios.core.mailroom import boxes
from tilios.core.mailroom.models import Box
from tilios.core.outside import OutsideError
from tilios.portal.forms.box import BoxForm

MOST_TRIED = 20  # letters: the page does not wait for a full box


@tool_view("portal.settings", "GET", "POST")
def mail(request: Any) -> HttpResponse:
    """Name the box, try it now, or have none read."""
    known = boxes.box()
    wanted = request.POST.get("action", "")
    if request.method == "POST" and wanted == "forget":
        boxes.forget_box(by=request.person)
        messages.success(request, _("No box is read any more, and its password is forgotten."))
        return redirect(link("portal:settings_mail"))
    if request.method == "POST" and wanted == "try" and known is not None:
        _try(request, known)
        return redirect(link("portal:settings_mail"))
    form = BoxForm(request.POST if request.method == "POST" else None, known=known)
    if request.method == "POST" and form.is_valid():
        try:
            row = boxes.name_box(by=request.person, **form.cleaned_data)
        except Invalid as error:
            form.add_error(error.field if error.field in form.fields else None, str(error.message))
        else:
            messages.success(request, _("The settings have been saved."))
            if row.is_on:
                _try(request, row)
            return redirect(link("portal:settings_mail"))
    context = {"form": form, "tab": "mail", "box": known, "domain": settings.TILIOS_MAIL_DOMAIN}
    return render(request, "portal/settings/mail.html", context, status=422 if form.errors else 200)


def _try(request: Any, box: Box) -> None:
    try:
        looked = boxes.look(box, most=MOST_TRIED)
    except OutsideError as error:
        messages.error(request, error.message)
        return
    words = ngettext(
        "The box opens. %(count)s letter was read, of which %(taken)s was an answer.",
        "The box opens. %(count)s letters were read, of which %(taken)s were answers.",
        looked.seen,
    )
    messages.success(request, words % {"count": looked.seen, "taken": looked.taken})
