"""The queue of what visitors propose, for those who answer for the calendar."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Conflict, Refused
from tilios.tools.agenda.actions.proposals import accept, may_decide, refuse
from tilios.tools.agenda.actions.spaces import open_spaces
from tilios.tools.agenda.forms.proposals import ProposedEventForm
from tilios.tools.agenda.models import Nature, Proposal, ProposalState
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.views.opening import opened_collection
from tilios.tools.agenda.zones import zone_of

MOST_LISTED = 200


@tool_view("agenda.write", "GET")
def listed(request: Any, pk: int) -> HttpResponse:
    """What waits for one calendar, the oldest first."""
    rights, calendar = opened_collection(request, pk, Nature.CALENDAR)
    if not may_decide(rights, calendar):
        raise Http404
    rows = Proposal.objects.filter(calendar=calendar, state=ProposalState.WAITING)
    return render(request, "agenda/proposals.html", {"item": calendar, "proposals": rows[:MOST_LISTED]})


@tool_view("agenda.write", "GET", "POST")
def one(request: Any, proposal_pk: int) -> HttpResponse:
    """A proposal as a form: put right, then accepted."""
    rights, proposal = _opened(request, proposal_pk)
    zone = zone_of(proposal.calendar)
    form = ProposedEventForm(request.POST or None, initial=ProposedEventForm.initial_of(proposal, zone))
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                entry = accept(by=request.person, rights=rights, proposal=proposal, draft=form.draft())
            except Refused as error:
                form.add_error(None, str(error.message) or _("You may not do this here."))
                status = error.status
            else:
                messages.success(request, _("It is in the calendar, and who proposed it is told."))
                return redirect(link("agenda:entry", entry.pk))
        else:
            status = 422
    context = {"proposal": proposal, "item": proposal.calendar, "form": form, "is_waiting": _waits(proposal)}
    return render(request, "agenda/proposal.html", context, status=status)


@tool_view("agenda.write", "POST")
def turn_down(request: Any, proposal_pk: int) -> HttpResponse:
    rights, proposal = _opened(request, proposal_pk)
    try:
        refuse(by=request.person, rights=rights, proposal=proposal, reason=request.POST.get("raison", ""))
    except Conflict as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("It is refused, and who proposed it is told."))
    return redirect(link("agenda:proposals", proposal.calendar_id))


def _waits(proposal: Proposal) -> bool:
    return proposal.state == ProposalState.WAITING


def _opened(request: Any, pk: int) -> tuple[Rights, Proposal]:
    """A proposal whose address was confirmed, for who answers for its calendar; Http404 for anything else."""
    rights = open_spaces(request.person)
    rows = Proposal.objects.select_related("calendar", "decided_by", "entry").exclude(state=ProposalState.SENT)
    proposal = get_object_or_404(rows, pk=pk, calendar__in_trash=False)
    if not may_decide(rights, proposal.calendar):
        raise Http404
    return rights, proposal
