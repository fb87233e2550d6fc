"""Visitors propose an event for a public calendar, and confirm it from their mail."""

from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tilios.core.access import attempts, networks
from tilios.core.access.links import link
from tilios.core.errors import Conflict
from tilios.tools.agenda.actions.proposals import confirm, proposal_of, propose
from tilios.tools.agenda.forms.proposals import ProposalForm
from tilios.tools.agenda.models import ProposalState, Publication
from tilios.tools.agenda.views.public import published_view


@published_view("GET", "POST")
def new(request: Any, publication: Publication) -> HttpResponse:
    """The form; what is sent is shown to nobody before its address is confirmed."""
    if not publication.takes_proposals:
        raise Http404
    form = ProposalForm(request.POST or None)
    status, problem = 200, ""
    if request.method == "POST":
        if form.is_valid():
            problem = _sent(request, publication, form)
            if not problem:
                return redirect(link("agenda:proposal_sent", publication.slug))
        status = 422
    context = _context(request, publication) | {"form": form, "problem": problem}
    return _unlisted(render(request, "agenda/public/propose.html", context, status=status))


def _sent(request: Any, publication: Publication, form: ProposalForm) -> str:
    """Keep what is proposed; what is in the way, in words."""
    if form.is_trapped:
        return ""  # SECURITY: a program is told that all went well
    email = form.cleaned_data["email"].lower()
    if wait := attempts.begin(proposed=email, proposal=networks.network(request)):
        return attempts.too_many(wait)
    try:
        propose(publication=publication, fields=form.fields_to_keep(ZoneInfo(request.structure.timezone)))
    except Conflict as error:
        return str(error.message)
    return ""


@published_view("GET")
def sent(request: Any, publication: Publication) -> HttpResponse:
    context = _context(request, publication) | {
        "title": _("Look in your mail"),
        "text": _("We have written to you: open the link of the letter to confirm your proposal."),
    }
    return _unlisted(render(request, "agenda/public/told.html", context))


@published_view("GET", "POST")
def confirmed(request: Any, publication: Publication, token: str) -> HttpResponse:
    """What the link of the letter opens. Programs that look at links in mails confirm nothing: a button does."""
    proposal = proposal_of(publication, token)
    if proposal is None:
        raise Http404
    if request.method == "POST":
        confirm(proposal=proposal)
        return redirect(request.path)
    if proposal.state == ProposalState.SENT:
        context = _context(request, publication) | {"proposal": proposal}
        return _unlisted(render(request, "agenda/public/confirm.html", context))
    context = _context(request, publication) | {
        "title": _("Thank you"),
        "text": _("Your proposal is with those who look after this calendar: they answer you by mail."),
    }
    return _unlisted(render(request, "agenda/public/told.html", context))


def _context(request: Any, publication: Publication) -> dict[str, Any]:
    return {
        "structure": request.structure,
        "publication": publication,
        "calendar": publication.calendar,
        "page_url": link("agenda:public", publication.slug),
    }


def _unlisted(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    return response
