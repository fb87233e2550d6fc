"""Make a poll and change it: one page, that works without a script."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Conflict, Invalid
from tilios.tools.polls import actions
from tilios.tools.polls.drafts import Draft
from tilios.tools.polls.forms import PollForm, rows_class
from tilios.tools.polls.forms.polls import initial_of
from tilios.tools.polls.forms.rows import ROWS_AT_FIRST, ROWS_MORE, rows_of
from tilios.tools.polls.models import Poll, PollKind
from tilios.tools.polls.views.voting import kept, status_of, visible


@tool_view("polls.create", "GET")
def choose(request: Any) -> HttpResponse:
    return render(request, "polls/choose.html")


@tool_view("polls.create", "GET", "POST")
def new_dates(request: Any) -> HttpResponse:
    return _new(request, PollKind.DATES)


@tool_view("polls.create", "GET", "POST")
def new_choice(request: Any) -> HttpResponse:
    return _new(request, PollKind.CHOICE)


@tool_view("polls.create", "GET", "POST")
def duplicate(request: Any, pk: int) -> HttpResponse:
    """The form of a new poll, filled with another's questions and options; nothing is made before it is sent."""
    model = visible(request, pk)
    return new_from(request, model.kind, model)


@tool_view("polls.edit", "GET", "POST")
def edit(request: Any, pk: int) -> HttpResponse:
    poll = kept(request, pk)
    if poll.closed_at:
        raise Conflict(_("This poll is closed: reopen it to change it."))
    initial = initial_of(poll, kind=poll.kind, timezone=poll.timezone)
    drafts = [Draft.of(option, poll.tz) for option in poll.options.all()]
    return _edit(request, poll.kind, initial, drafts, poll=poll)


def _new(request: Any, kind: str) -> HttpResponse:
    return new_from(request, kind, None)


def new_from(request: Any, kind: str, model: Poll | None, *, follows: Poll | None = None) -> HttpResponse:
    """The form of a new poll, filled with those of `model`; it is the next round of `follows` where there is one."""
    initial = initial_of(model, kind=kind, timezone=request.structure.timezone)
    drafts = [Draft.of(option, model.tz, keep_pk=False) for option in model.options.all()] if model else []
    if model:
        initial |= {"deadline_day": None, "deadline_hour": None, "reminder_h": None}
    return _edit(request, kind, initial, drafts, model=model, follows=follows)


def _edit(
    request: Any,
    kind: str,
    initial: dict[str, Any],
    drafts: list[Draft],
    *,
    poll: Poll | None = None,
    model: Any = None,
    follows: Poll | None = None,
) -> HttpResponse:
    rows = rows_class(kind)
    if request.method != "POST":
        first = rows_of(drafts, kind)
        fresh = rows(initial=first, prefix="options", extra_rows=max(1, ROWS_AT_FIRST - len(first)))
        return _show(request, PollForm(kind=kind, poll=poll, initial=initial), fresh, poll, model)
    form = PollForm(request.POST, kind=kind, poll=poll)
    given = rows(request.POST, request.FILES, prefix="options")
    if "add_rows" in request.POST or "copy_hours" in request.POST:
        again = given.again(
            more=ROWS_MORE if "add_rows" in request.POST else 0, copy_hours="copy_hours" in request.POST
        )
        return _show(request, _unchecked(form), again, poll, model)
    valid = form.is_valid()
    status = 422
    if given.is_valid() and valid:
        try:
            saved = _save(request, form, given, poll, follows)
        except (Invalid, Conflict) as error:
            field = getattr(error, "field", None)
            form.add_error(field if field in form.fields else None, str(error.message))
            status = status_of(error)
        else:
            return redirect(link("polls:detail", saved.pk))
    return _show(request, form, given, poll, model, status=status)


def _save(request: Any, form: PollForm, given: Any, poll: Poll | None, follows: Poll | None) -> Poll:
    values, drafts = form.poll_values(), given.drafts()
    if poll is not None:
        changed = actions.change_poll(by=request.person, poll=poll, drafts=drafts, **values)
        messages.success(request, _("Your changes are recorded."))
        return changed
    if follows is not None:
        opened = actions.open_round(by=request.person, follows=follows, drafts=drafts, **values)
        messages.success(request, _("The next round is open."))
        return opened
    opened = actions.open_poll(by=request.person, drafts=drafts, **values)
    messages.success(request, _("The poll is open."))
    return opened


def _unchecked(form: PollForm) -> PollForm:
    """The form as it was typed, without the errors of what is not finished yet."""
    typed = {
        name: field.widget.value_from_datadict(form.data, {}, form.add_prefix(name))
        for name, field in form.fields.items()
    }
    return PollForm(kind=form.kind, poll=form.poll, initial=typed)


def _show(request: Any, form: PollForm, rows: Any, poll: Poll | None, model: Any, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "rows": rows,
        "poll": poll,
        "model": model,
        "is_dates": form.is_dates,
        "has_votes": poll is not None and poll.ballots.exists(),
        "settings_open": form.settings_have_errors if form.is_bound else poll is not None,
    }
    return render(request, "polls/edit.html", context, status=status)
