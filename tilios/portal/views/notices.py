"""Notifications: the page, opening one, the matrix of choices, the end of mails; and the undo button."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt

from tilios.core.access import undo
from tilios.core.access.guards import public_view, tool_view
from tilios.core.access.links import link
from tilios.core.notify import actions, channels, devices, letters, queries, webpush
from tilios.core.people.models import Person
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope
from tilios.core.toolbox import registry
from tilios.core.toolbox.declaration import CHANNELS

A_PAGE = 30
LABELS = {
    "page": gettext_lazy("In Tilios"),
    "mail": gettext_lazy("A mail at once"),
    "digest": gettext_lazy("In the digest of the day"),
    "push": gettext_lazy("On my devices"),
}


@tool_view("portal.home", "GET")
def index(request: HttpRequest) -> HttpResponse:
    """Notifications, newest first; `?montrer=non-lues` leaves out those read."""
    person = request.person  # type: ignore[attr-defined]
    rows = queries.of(person)
    unread_only = request.GET.get("montrer") == "non-lues"
    if unread_only:
        rows = rows.filter(read_at=None)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    page.object_list = queries.with_access(person, page.object_list)
    context = {
        "page": page,
        "rows": page.object_list,
        "unread_only": unread_only,
        "unread": queries.unread_count(person),
    }
    return render(request, "portal/notices/index.html", context)


@tool_view("portal.home", "GET")
def open_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a notification read and go where it leads; to the list when the thing is no longer there to be seen."""
    person = request.person  # type: ignore[attr-defined]
    found = queries.with_access(person, queries.of(person).filter(pk=pk))
    if not found:
        raise Http404
    if request.method == "GET":
        actions.mark_read(person=person, pk=pk)
    row = found[0]
    # SECURITY: addresses are our own paths, made when the notification was; nothing else is followed.
    if row.accessible and url_has_allowed_host_and_scheme(row.url, None):
        return redirect(row.url)
    messages.info(request, _("What this was about is not there any more, or not for you."))
    return redirect("portal:notifications", request.structure.slug)  # type: ignore[attr-defined]


@tool_view("portal.home", "POST")
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one read, or unread again."""
    person = request.person  # type: ignore[attr-defined]
    if not queries.of(person).filter(pk=pk).exists():
        raise Http404
    if request.POST.get("unread"):
        actions.mark_unread(person=person, pk=pk)
    else:
        actions.mark_read(person=person, pk=pk)
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    """The list as it was shown: its filter and page."""
    asked = request.POST.get("back", "")
    home = link("portal:notifications")
    return asked if asked.startswith(f"{home}?") and "\n" not in asked else home


@tool_view("portal.home", "POST")
def read_all(request: HttpRequest) -> HttpResponse:
    count = actions.mark_read(person=request.person)  # type: ignore[attr-defined]
    if count:
        messages.success(request, _("Everything is marked as read."))
    return redirect(link("portal:notifications"))


@tool_view("portal.home", "GET", "POST")
def choices(request: HttpRequest) -> HttpResponse:
    """What the person is told, and how: a box for each notice and channel; and the devices of whoever is signed in."""
    person = request.person  # type: ignore[attr-defined]
    offered = channels.offered(person)
    if request.method == "POST":
        wanted = {
            notice.name: [channel for channel in CHANNELS if f"{notice.name}:{channel}" in request.POST]
            for _tool, notices in offered
            for notice in notices
        }
        channels.choose(person=person, channels=wanted)
        messages.success(request, _("Your choices are kept."))
        return redirect(link("portal:notice_choices"))
    now = channels.of_person(person)
    tools = [
        {
            "tool": tool,
            "notices": [
                {
                    "notice": notice,
                    "boxes": [(channel, LABELS[channel], channel in now[notice.name]) for channel in CHANNELS],
                }
                for notice in notices
            ],
        }
        for tool, notices in offered
    ]
    email = person.account.email if person.account else ""
    context = {"tools": tools, "email": email, "labels": [LABELS[channel] for channel in CHANNELS], **_devices(request)}
    return render(request, "portal/notices/choices.html", context)


def _devices(request: Any) -> dict[str, Any]:
    """The devices of the human who is signed in; none while they act for somebody else, whose choices these are."""
    if request.person.acted_by is not None:
        return {"acting": True}
    devices.forget_signed_out(request.user)
    found = list(devices.of_account(request.user))
    here = next((one for one in found if one.session.session_key == request.session.session_key), None)
    return {"devices": found, "here": here, "push_key": webpush.public_key()}


@csrf_exempt
@public_view("GET", "POST", reason="the key in the mail stops its kind of mail (RFC 8058), and nothing else")
def stop_mail(request: HttpRequest, token: str) -> HttpResponseBase:
    """No more mail about a tool. GET asks, POST does it: a mail scanner that follows links stops nothing."""
    read = letters.read_stop_token(token)
    structure = Structure.objects.filter(pk=read[0]).first() if read else None
    if read is None or structure is None:
        raise Http404
    with scope(structure):
        person = Person.objects.filter(pk=read[1]).first()
        tool = registry.tool(read[2])
        if person is None or (tool is None and read[2] != letters.DIGEST):
            raise Http404
        done = request.method == "POST"
        if done and tool is not None:
            channels.stop_mail(person=person, tool=tool)
        elif done:
            channels.stop_digest(person=person)
        context: dict[str, Any] = {"structure": structure, "tool": tool, "done": done}
        return render(request, "portal/notices/stop_mail.html", context)


@tool_view("portal.home", "POST")
def undo_last(request: HttpRequest) -> HttpResponse:
    """Undo what the last message offered to undo."""
    address = undo.perform(request, request.POST.get("token", ""))
    messages.success(request, _("It is undone."))
    return redirect(address or link("portal:home"))
