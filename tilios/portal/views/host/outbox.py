"""The outbox of the instance."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tilios.core.access.guards import host_view
from tilios.core.errors import Conflict
from tilios.core.notify.models import Mail
from tilios.portal import outbox as letters

ON_A_PAGE = 50


@host_view("GET")
def outbox(request: Any) -> HttpResponse:
    state = request.GET.get("etat", "")
    page = Paginator(letters.messages(state), ON_A_PAGE).get_page(request.GET.get("page"))
    rows = []
    for mail in page:
        words, tone = letters.STATES[letters.state_of(mail)]
        rows.append({"mail": mail, "state": words, "tone": tone, "subject": letters.subject_of(mail)})
    has_server = letters.has_server()
    states = ["waiting", "failed", "sent"] if has_server else ["kept", "sent"]
    context = {
        "rows": rows,
        "page": page,
        "state": state,
        "states": [(name, letters.STATES[name][0]) for name in states],
        "has_server": has_server,
        "tab": "outbox",
    }
    return render(request, "portal/host/outbox.html", context)


@host_view("GET")
def message(request: Any, pk: int) -> HttpResponse:
    mail = get_object_or_404(Mail.objects.select_related("structure"), pk=pk)
    words, tone = letters.STATES[letters.state_of(mail)]
    readable = letters.may_read(letters.content(mail))
    context = {
        "mail": mail,
        "subject": letters.subject_of(mail),
        "state": words,
        "tone": tone,
        "body": letters.read(by=request.user, mail=mail) if readable else "",
        "readable": readable,
        "has_server": letters.has_server(),
        "tab": "outbox",
    }
    return render(request, "portal/host/message.html", context)


@host_view("POST")
def retry(request: Any, pk: int) -> HttpResponse:
    try:
        letters.retry(get_object_or_404(Mail, pk=pk))
    except Conflict as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The message will leave in a moment."))
    return redirect("host_message", pk)
