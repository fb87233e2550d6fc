"""The page of a session for people of the structure: read it, give one's colours, change them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Conflict, Invalid, Refused
from tilios.tools.colours import actions, devices
from tilios.tools.colours.models import Session
from tilios.tools.colours.queries import Whom
from tilios.tools.colours.views.arriving import given_in, keep_typed, shown_to, status_of, visible
from tilios.tools.colours.views.palettes import keep_palette
from tilios.tools.colours.views.shown import Shown, palette_for


@tool_view("colours.view", "GET")
def detail(request: Any, pk: int) -> HttpResponse:
    session = visible(request, pk)
    return page(request, shown_to(request, session))


def page(request: Any, shown: Shown, *, problem: Any = "", status: int = 200) -> HttpResponse:
    session = shown.session
    context = {
        "session": session,
        "shown": shown,
        "problem": problem,
        "answer_url": link("colours:answer", session.pk),
        "one_url": link("colours:answer_one", session.pk, 0),
        "image_base": link("colours:image", session.pk, 0),
        "palette_url": link("colours:palette"),
        "typed": request.POST,
    }
    return render(request, "colours/detail.html", context, status=status)


@tool_view("colours.answer", "POST")
def answer(request: Any, pk: int) -> HttpResponse:
    """The whole form: what a browser without a script sends."""
    session = visible(request, pk)
    given, whom = given_in(request.POST), _whom(request, session)
    try:
        actions.answer(whom=whom, session=session, given=given)
    except (Invalid, Conflict) as error:
        shown = Shown(visible(request, pk), palette_for(request, request.person), whom)
        keep_typed(shown, given)
        return page(request, shown, problem=error.message, status=status_of(error))
    messages.success(request, _("Your answers are recorded. You can change them until the close."))
    response = redirect(link("colours:detail", pk) + "#reponses")
    devices.remember(request, response)
    return response


@tool_view("colours.answer", "POST")
def answer_one(request: Any, pk: int, statement_pk: int) -> HttpResponse:
    """One tap: one statement, saved at once; gives back the line that says how far one is."""
    session = visible(request, pk)
    whom = _whom(request, session)
    response = saved(request, session, whom, statement_pk)
    devices.remember(request, response)
    return response


def saved(request: Any, session: Session, whom: Whom, statement_pk: int) -> HttpResponse:
    """Record one statement for `whom`, and answer with the progress, or with what went wrong (422, shown in place)."""
    given = given_in(request.POST, only=statement_pk)
    problem: Any = ""
    try:
        actions.answer(whom=whom, session=session, given=given)
    except Refused as error:
        problem = error.message
    session.refresh_from_db()
    shown = Shown(session, palette_for(request, whom.person), whom)
    context = {"shown": shown, "session": session, "problem": problem, "saved": not problem}
    return render(request, "colours/parts/progress.html", context, status=422 if problem else 200)


def _whom(request: Any, session: Session) -> Whom:
    return Whom(person=request.person, device=devices.secret_for(request) if session.is_secret else "")


@tool_view("colours.view", "POST")
def palette(request: Any) -> HttpResponse:
    """Change one's palette at one click, and come back where one was."""
    chosen = request.POST.get("palette", "")
    actions.choose_palette(by=request.person, palette=chosen)
    return keep_palette(request, chosen, otherwise=link("colours:home"))
