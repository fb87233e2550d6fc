"""Ask by name people without an account."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tilios.core.access import sharing
from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Conflict, Invalid
from tilios.tools.colours import actions
from tilios.tools.colours.actions.invitations import MODE
from tilios.tools.colours.forms import InviteForm
from tilios.tools.colours.models import Invited
from tilios.tools.colours.views.arriving import kept, shown_to, status_of


@tool_view("colours.share", "GET", "POST")
def invitations(request: Any, pk: int) -> HttpResponse:
    session = kept(request, pk)
    form = InviteForm(request.POST if request.method == "POST" else None, session=session)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                number = actions.invite_people(
                    by=request.person, session=session, people=form.pairs(), college=form.cleaned_data["college"]
                )
            except (Invalid, Conflict) as error:
                form.add_error("people", str(error.message))
                status = status_of(error)
            else:
                told = ngettext("%d person is invited.", "%d people are invited.", number) % number
                messages.success(request, told)
                return redirect(link("colours:invitations", pk))
    door = sharing.links_to(session).filter(mode=MODE, revoked_at=None).first()
    rows = [
        (one, actions.address_of(one, door) if door else "") for one in session.invited.select_related("college")[:2000]
    ]
    context = {"session": session, "form": form, "rows": rows, "shown": shown_to(request, session)}
    return render(request, "colours/invitations.html", context, status=status)


@tool_view("colours.share", "POST")
def send_again(request: Any, pk: int, invited_pk: int) -> HttpResponse:
    session = kept(request, pk)
    invited: Invited = get_object_or_404(session.invited, pk=invited_pk)
    try:
        actions.send_again(by=request.person, session=session, invited=invited)
    except Conflict as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("The letter is sent again."))
    return redirect(link("colours:invitations", pk))


@tool_view("colours.share", "POST")
def uninvite(request: Any, pk: int, invited_pk: int) -> HttpResponse:
    session = kept(request, pk)
    invited: Invited = get_object_or_404(session.invited, pk=invited_pk)
    actions.withdraw_invitation(by=request.person, session=session, invited=invited)
    messages.success(request, _("Their invitation is withdrawn; what they have answered stays."))
    return redirect(link("colours:invitations", pk))
