"""Make a session and change it: one page, that works without a script."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Conflict, Invalid
from tilios.kit.refusals import Refusal
from tilios.tools.colours import actions, library
from tilios.tools.colours.drafts import Draft, from_lines, from_sheet
from tilios.tools.colours.forms import CollegeRows, ScaleForm, SessionForm, StatementRows
from tilios.tools.colours.forms.rows import colleges_rows, rows_of
from tilios.tools.colours.forms.scales import initial_of as scale_initial
from tilios.tools.colours.forms.sessions import initial_of
from tilios.tools.colours.models import Session
from tilios.tools.colours.scales import PRESETS, Scale
from tilios.tools.colours.views.arriving import kept, status_of, visible


@tool_view("colours.create", "GET")
def choose(request: Any) -> HttpResponse:
    """A blank session, or one that begins with statements others have tried."""
    sets = library.sets(get_language() or "fr")
    return render(request, "colours/choose.html", {"sets": sets})


@tool_view("colours.create", "GET", "POST")
def new(request: Any) -> HttpResponse:
    found = library.find(request.GET.get("modele", ""), get_language() or "fr")
    initial = initial_of(None, timezone=request.structure.timezone)
    scale, drafts = PRESETS["agreement5"].scale, []
    if found:
        initial |= {"title": found.title, "introduction": found.introduction}
        scale, drafts = PRESETS[found.scale].scale, [Draft(text, why) for text, why in found.statements]
    return _edit(request, initial, drafts, scale, [])


@tool_view("colours.create", "GET", "POST")
def duplicate(request: Any, pk: int) -> HttpResponse:
    """The form of a new session, filled with another's statements and scale; nothing is made before it is sent."""
    model = visible(request, pk)
    initial = initial_of(model, timezone=model.timezone)
    initial |= {"deadline_day": None, "deadline_hour": None, "reminder_h": None}
    drafts = [Draft.of(one, keep_pk=False) for one in model.statements.all()]
    return _edit(request, initial, drafts, model.levels, colleges_rows(list(model.colleges.all())))


@tool_view("colours.edit", "GET", "POST")
def edit(request: Any, pk: int) -> HttpResponse:
    session = kept(request, pk)
    if session.closed_at:
        raise Conflict(_("This session is closed: open it again to change it."))
    initial = initial_of(session, timezone=session.timezone)
    drafts = [Draft.of(one) for one in session.statements.all()]
    return _edit(request, initial, drafts, session.levels, colleges_rows(list(session.colleges.all())), session)


def _edit(
    request: Any,
    initial: dict[str, Any],
    drafts: list[Draft],
    scale: Scale,
    colleges: list[dict[str, Any]],
    session: Session | None = None,
) -> HttpResponse:
    if request.method != "POST":
        form = SessionForm(session=session, initial=initial)
        rows = StatementRows(initial=rows_of(drafts), prefix="s", extra_rows=1 if drafts else 3)
        parts = (form, rows, ScaleForm(initial=scale_initial(scale)), CollegeRows(initial=colleges, prefix="c"))
        return _show(request, parts, session)
    form = SessionForm(request.POST, session=session)
    rows = StatementRows(request.POST, request.FILES, prefix="s")
    words, groups = ScaleForm(request.POST), CollegeRows(request.POST, prefix="c")
    if "add_rows" in request.POST or "paste" in request.POST:
        try:
            given = _given_at_once(request) if "paste" in request.POST else None
        except Invalid as error:
            parts = (form, rows.again(None), words, groups)
            return _show(request, parts, session, unfinished=True, sheet_problem=error.message, status=422)
        return _show(request, (form, rows.again(given), words, groups), session, unfinished=True)
    valid = all([form.is_valid(), rows.is_valid(), words.is_valid(), groups.is_valid()])
    status = 422
    if valid:
        try:
            saved = _save(request, form, rows, words, groups, session)
        except (Invalid, Conflict) as error:
            field = getattr(error, "field", None)
            form.add_error(field if field in form.fields else None, str(error.message))
            status = status_of(error)
        else:
            return redirect(link("colours:detail", saved.pk))
    return _show(request, (form, rows, words, groups), session, status=status)


def _given_at_once(request: Any) -> list[Draft]:
    """The statements pasted as lines, and those of a sheet that came along. Raises Invalid("sheet")."""
    drafts = from_lines(request.POST.get("lines", "")[:60_000])
    sheet = request.FILES.get("sheet")
    if sheet is None:
        return drafts
    try:
        return drafts + from_sheet(sheet)
    except Refusal as refusal:
        raise Invalid("sheet", _(refusal.message) % refusal.params) from refusal


def _save(
    request: Any, form: SessionForm, rows: Any, words: ScaleForm, groups: Any, session: Session | None
) -> Session:
    given = {
        "drafts": rows.drafts() + _given_at_once(request),
        "scale": words.cleaned_data["scale"],
        "colleges": groups.drafts(),
        **form.values(),
    }
    if session is not None:
        changed = actions.change_session(by=request.person, session=session, **given)
        messages.success(request, _("Your changes are recorded."))
        return changed
    opened = actions.open_session(by=request.person, **given)
    messages.success(request, _("The session is open."))
    return opened


def _show(
    request: Any,
    parts: tuple[Any, Any, Any, Any],
    session: Session | None,
    *,
    status: int = 200,
    unfinished: bool = False,
    sheet_problem: Any = "",
) -> HttpResponse:
    form, rows, words, groups = parts
    if unfinished:  # a button that adds lines says nothing of what is not filled in yet
        form._errors = words._errors = {}
    context = {
        "form": form,
        "rows": rows,
        "scale_form": words,
        "groups": groups,
        "session": session,
        "lines": "" if unfinished and not sheet_problem else request.POST.get("lines", ""),
        "sheet_problem": sheet_problem,
        "has_answers": session is not None and session.voices.exists(),
        "settings_open": (form.is_bound and not unfinished and form.settings_have_errors) or session is not None,
    }
    return render(request, "colours/edit.html", context, status=status)
