"""Invitations for people with a login: answering, and taking the time that a guest proposes."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Conflict, Invalid
from tilios.tools.agenda.actions import answering
from tilios.tools.agenda.models import Attendee
from tilios.tools.agenda.queries import guests
from tilios.tools.agenda.views.opening import opened_whole_entry

WORDS = {"oui": "ACCEPTED", "peut-etre": "TENTATIVE", "non": "DECLINED"}


@tool_view("agenda.view", "POST")
def answer(request: Any, event_pk: int) -> HttpResponse:
    """What somebody invited answers, on the page of the event or of their copy of it."""
    _rights, entry = opened_whole_entry(request, event_pk)
    back = link("agenda:entry", entry.pk) + (f"?le={_occurrence(request)}" if _occurrence(request) else "")
    guest = guests.own_row(entry, request.person)
    if guest is None:
        messages.error(request, _("You are not invited to this event."))
        return redirect(back)
    try:
        answering.answer(
            guest=guest,
            status=WORDS.get(request.POST.get("reponse", ""), ""),
            comment=request.POST.get("commentaire"),
            by=request.person,
        )
    except (Invalid, Conflict) as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Your answer is recorded."))
    return redirect(back)


@tool_view("agenda.write", "POST")
def proposed(request: Any, event_pk: int, guest_pk: int) -> HttpResponse:
    """Take the time that a guest proposes, or leave the event where it is."""
    rights, entry = opened_whole_entry(request, event_pk)
    guest = get_object_or_404(Attendee.objects.select_related("entry__calendar"), pk=guest_pk, entry=entry)
    match request.POST.get("decision", ""):
        case "prendre":
            changed = answering.accept_time(by=request.person, rights=rights, guest=guest)
            messages.success(request, _("The event is moved, and everybody invited is told."))
            return redirect(link("agenda:entry", changed.pk))
        case "laisser":
            answering.dismiss_time(by=request.person, rights=rights, guest=guest)
            messages.success(request, _("The event stays where it is."))
        case _:
            messages.error(request, _("Choose what becomes of this proposal."))
    return redirect(link("agenda:entry", entry.pk))


def _occurrence(request: Any) -> str:
    said = request.GET.get("le", "")[:20]
    if said and not said.isalnum():
        raise Http404
    return said
