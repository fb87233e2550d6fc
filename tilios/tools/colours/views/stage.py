"""The screen of the meeting room, and what whoever animates does with it."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from tilios.core.access import sharing
from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.tools.colours import actions, drawing, figures, rules, tallies
from tilios.tools.colours.models import Session
from tilios.tools.colours.views.arriving import kept, number_in, shown_to
from tilios.tools.colours.views.shown import Shown


@tool_view("colours.edit", "GET")
def stage(request: Any, pk: int) -> HttpResponse:
    session = kept(request, pk)
    shown = shown_to(request, session)
    context = {
        "back_url": link("colours:detail", pk),
        "panel_url": link("colours:stage_panel", pk),
        "step_url": link("colours:stage_step", pk),
        "reveal_url": link("colours:stage_reveal", pk),
        "timer_url": link("colours:stage_timer", pk),
        "share_url": _share_url(session),
        "palette_class": shown.css,
    }
    return render(request, "colours/stage.html", context | panel_of(shown))


@tool_view("colours.edit", "GET")
def panel(request: Any, pk: int) -> HttpResponse:
    return render(request, "colours/_stage_panel.html", panel_of(shown_to(request, kept(request, pk))))


@tool_view("colours.edit", "POST")
def step(request: Any, pk: int) -> HttpResponse:
    by = -1 if request.POST.get("step") == "-1" else 1
    session = kept(request, pk)
    actions.show_statement(by=request.person, session=session, step=by, statement=number_in(request.POST, "statement"))
    return _back(request, pk)


@tool_view("colours.edit", "POST")
def reveal(request: Any, pk: int) -> HttpResponse:
    actions.reveal(by=request.person, session=kept(request, pk), shown=request.POST.get("shown") == "1")
    return _back(request, pk)


@tool_view("colours.edit", "POST")
def timer(request: Any, pk: int) -> HttpResponse:
    running = request.POST.get("running", "1") == "1"
    session = kept(request, pk)
    stopped = session.timer_left_s is not None and "seconds" not in request.POST
    seconds = None if not running or stopped else number_in(request.POST, "seconds")
    actions.set_timer(by=request.person, session=session, seconds=seconds, running=running)
    return _back(request, pk)


def _back(request: Any, pk: int) -> HttpResponse:
    """The panel for a script, the whole page without one."""
    if request.headers.get("HX-Request"):
        return render(request, "colours/_stage_panel.html", panel_of(shown_to(request, kept(request, pk))))
    return redirect(link("colours:stage", pk))


def panel_of(shown: Shown) -> dict[str, Any]:
    """What changes on the stage. Figures are there only when they are revealed and may be."""
    session = shown.session
    order = [one.pk for one in shown.statements]
    statement = next((one for one in shown.statements if one.pk == session.current_id), None)
    context: dict[str, Any] = {
        "session": session,
        "statement": statement,
        "count": len(order),
        "voices": shown.voices(),
        "can_reveal": rules.can_reveal(session),
        "timer_ends_at": session.timer_ends_at,
        "timer_left_s": session.timer_left_s,
    }
    if statement is None:
        return context
    sums = tallies.sums_of(session, shown.round).get(statement.pk)
    # SECURITY: the room sees a statement when it is revealed, where it may be, and in a secret session from five on.
    enough = not session.is_secret or shown.voices() >= rules.LEAST_SHOWN
    seen = statement.revealed and context["can_reveal"] and enough
    rows = drawing.rows_of(
        [figures.Statement(statement.pk, statement.text)], {statement.pk: sums} if sums else {}, shown.look.scale
    )
    context |= {
        "number": order.index(statement.pk) + 1,
        "answered": tallies.voices_on(session, shown.round, statement),
        "shown": seen,
        "picture": drawing.distribution(rows[0], shown.look) if seen else None,
        "explanation": statement.explanation,
        "image_url": link("colours:image", session.pk, statement.pk) if statement.image_id else "",
    }
    return context


def _share_url(session: Session) -> str:
    """The full address of a link by which guests answer, "" when there is none."""
    door = sharing.links_to(session).filter(mode="answer", revoked_at=None, password="", expires_at=None).first()
    return f"{settings.TILIOS_URL}{reverse('share', args=[door.token])}" if door else ""
