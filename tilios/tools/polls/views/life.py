"""From the close to the archives, and back."""

from typing import Any

from django.contrib import messages
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
from tilios.core.toolbox import registry
from tilios.tools.polls import actions, queries
from tilios.tools.polls.forms import CloseForm, ReopenForm
from tilios.tools.polls.models import Poll
from tilios.tools.polls.views.shown import Shown
from tilios.tools.polls.views.voting import kept


@tool_view("polls.edit", "GET", "POST")
def close(request: Any, pk: int) -> HttpResponse:
    """Close the poll, or write the outcome of one that its deadline closed."""
    poll = kept(request, pk)
    shown = Shown(poll, person=request.person)
    # SECURITY: while results are hidden, the form does not say who is in front.
    best = shown.result.count.best if shown.sees_results else ()
    first = str(best[0]) if len(best) == 1 and not poll.closed_at else ""
    initial = {"chosen": poll.chosen_id or first, "outcome": poll.outcome, "review_on": poll.review_on}
    form = CloseForm(request.POST or None, poll=poll, options=shown.options, best=best, initial=initial)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                actions.close_poll(by=request.person, poll=poll, **form.close_values())
            except Invalid as error:
                form.add_error(error.field, str(error.message))
            else:
                if not (poll.closed_at or poll.secret):
                    undo.offer(request, _("The poll is closed."), open_again, pk=pk)
                return redirect(link("polls:detail", pk))
        status = 422
    return render(request, "polls/close.html", {"poll": poll, "shown": shown, "form": form}, status=status)


@undo.undoable
def open_again(*, by: Person, pk: int) -> str:
    """Undo of a close: with the deadline it had, if it is still to come."""
    poll = get_object_or_404(queries.kept_polls(by), pk=pk)
    still = poll.deadline if poll.deadline and poll.deadline > timezone.now() else None
    actions.reopen_poll(by=by, poll=poll, deadline=still)
    return link("polls:detail", pk)


@tool_view("polls.edit", "GET", "POST")
def reopen(request: Any, pk: int) -> HttpResponse:
    poll = kept(request, pk)
    form = ReopenForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                actions.reopen_poll(by=request.person, poll=poll, deadline=form.deadline(poll.timezone))
            except Invalid as error:
                form.add_error("deadline_day", str(error.message))
            else:
                messages.success(request, _("The poll is open again."))
                return redirect(link("polls:detail", pk))
        status = 422
    return render(request, "polls/reopen.html", {"poll": poll, "form": form}, status=status)


@tool_view("polls.edit", "POST")
def archive(request: Any, pk: int) -> HttpResponse:
    actions.archive_poll(by=request.person, poll=kept(request, pk))
    undo.offer(request, _("The poll is archived."), bring_back, pk=pk)
    return redirect(link("polls:home"))


@tool_view("polls.edit", "POST")
def unarchive(request: Any, pk: int) -> HttpResponse:
    actions.unarchive_poll(by=request.person, poll=kept(request, pk))
    return redirect(link("polls:detail", pk))


@undo.undoable
def bring_back(*, by: Person, pk: int) -> str:
    actions.unarchive_poll(by=by, poll=get_object_or_404(queries.kept_polls(by), pk=pk))
    return link("polls:detail", pk)


@tool_view("polls.edit", "POST")
def delete(request: Any, pk: int) -> HttpResponse:
    actions.delete_poll(by=request.person, poll=kept(request, pk))
    undo.offer(request, _("The poll is deleted."), undelete, pk=pk)
    return redirect(link("polls:home"))


@undo.undoable
def undelete(*, by: Person, pk: int) -> str:
    actions.restore_poll(by=by, poll=get_object_or_404(queries.kept_polls(by), pk=pk))
    return link("polls:detail", pk)


@tool_view("polls.edit", "POST")
def restore(request: Any, pk: int) -> HttpResponse:
    """From the list of what was deleted lately."""
    poll: Poll = get_object_or_404(queries.deleted_polls(request.person), pk=pk)
    actions.restore_poll(by=request.person, poll=poll)
    messages.success(request, _("The poll is restored."))
    return redirect(link("polls:detail", pk))


@tool_view("polls.edit", "POST")
def remind(request: Any, pk: int) -> HttpResponse:
    number = actions.remind_people(by=request.person, poll=kept(request, pk))
    told = ngettext("%d person is reminded.", "%d people are reminded.", number) % number
    messages.success(request, told if number else _("Everybody has voted or been reminded already."))
    return redirect(link("polls:participation", pk))


@tool_view("polls.edit", "POST")
def event(request: Any, pk: int) -> HttpResponse:
    """Make the chosen date an event of the calendar that is asked for, or of the usual one."""
    poll = kept(request, pk)
    asked = request.POST.get("calendar", "")
    calendar = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 19 else None
    try:
        made = actions.make_event(by=request.person, poll=poll, calendar=calendar)
    except Conflict as error:
        messages.error(request, str(error.message))
        return redirect(link("polls:detail", pk))
    kind = registry.kind_of(made)
    return redirect(link(kind.url, made.pk) if kind else link("polls:detail", pk))
