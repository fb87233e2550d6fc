"""From the close to the next round: what whoever runs a session does with it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tilios.core.access import undo
from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Conflict, Invalid
from tilios.core.people.models import Person
from tilios.tools.colours import actions, queries, tallies
from tilios.tools.colours.forms import ReopenForm
from tilios.tools.colours.models import Session, Voice
from tilios.tools.colours.views.arriving import kept, shown_to

A_PAGE = 50


@tool_view("colours.edit", "POST")
def close(request: Any, pk: int) -> HttpResponse:
    actions.close_session(by=request.person, session=kept(request, pk))
    undo.offer(request, _("The session is closed."), open_again, pk=pk)
    return redirect(link("colours:results", pk))


@undo.undoable
def open_again(*, by: Person, pk: int) -> str:
    """Undo of a close: with the deadline it had, if it is still to come."""
    session = get_object_or_404(queries.kept_sessions(by), pk=pk)
    still = session.deadline if session.deadline and session.deadline > timezone.now() else None
    actions.reopen_session(by=by, session=session, deadline=still)
    return link("colours:detail", pk)


@tool_view("colours.edit", "GET", "POST")
def reopen(request: Any, pk: int) -> HttpResponse:
    session = kept(request, pk)
    form = ReopenForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.reopen_session(by=request.person, session=session, deadline=form.deadline(session.timezone))
            except Invalid as error:
                form.add_error("deadline_day", str(error.message))
            else:
                messages.success(request, _("The session is open again."))
                return redirect(link("colours:detail", pk))
    return render(request, "colours/reopen.html", {"session": session, "form": form}, status=status)


@tool_view("colours.edit", "POST")
def next_round(request: Any, pk: int) -> HttpResponse:
    try:
        made = actions.open_round(by=request.person, session=kept(request, pk))
    except Conflict as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("Round %d is open: everybody may answer again.") % made.number)
    return redirect(link("colours:detail", pk))


@tool_view("colours.edit", "POST")
def delete(request: Any, pk: int) -> HttpResponse:
    actions.delete_session(by=request.person, session=kept(request, pk))
    undo.offer(request, _("The session is deleted."), undelete, pk=pk)
    return redirect(link("colours:home"))


@undo.undoable
def undelete(*, by: Person, pk: int) -> str:
    actions.restore_session(by=by, session=get_object_or_404(queries.kept_sessions(by), pk=pk))
    return link("colours:detail", pk)


@tool_view("colours.edit", "POST")
def restore(request: Any, pk: int) -> HttpResponse:
    """From the list of what was deleted lately."""
    session: Session = get_object_or_404(queries.deleted_sessions(request.person), pk=pk)
    actions.restore_session(by=request.person, session=session)
    messages.success(request, _("The session is restored."))
    return redirect(link("colours:detail", pk))


@tool_view("colours.edit", "GET")
def participation(request: Any, pk: int) -> HttpResponse:
    """Who is still awaited, and the voices to remove. It says who has answered, never what."""
    session = kept(request, pk)
    shown = shown_to(request, session)
    silent = Paginator(queries.silent_people(session).distinct(), A_PAGE).get_page(request.GET.get("page"))
    voices = [] if session.is_secret else list(_voices(session)[:A_PAGE])
    for voice in voices:
        voice.called = tallies.name_of(session, voice)
    context = {"session": session, "shown": shown, "page": silent, "voices": voices}
    return render(request, "colours/participation.html", context)


def _voices(session: Session) -> Any:
    return session.voices.select_related("person", "visitor", "invited", "college", "keyed_by").order_by("name", "pk")


@tool_view("colours.edit", "POST")
def remind(request: Any, pk: int) -> HttpResponse:
    number = actions.remind_people(by=request.person, session=kept(request, pk))
    told = ngettext("%d person is reminded.", "%d people are reminded.", number) % number
    messages.success(request, told if number else _("Everybody has answered or been reminded already."))
    return redirect(link("colours:participation", pk))


@tool_view("colours.edit", "POST")
def remove_voice(request: Any, pk: int, voice_pk: int) -> HttpResponse:
    session = kept(request, pk)
    voice: Voice = get_object_or_404(session.voices, pk=voice_pk)
    actions.remove_voice(by=request.person, session=session, voice=voice)
    messages.success(request, _("These answers are removed."))
    return redirect(link("colours:participation", pk))
