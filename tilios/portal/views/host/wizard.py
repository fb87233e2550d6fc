"""A new structure in three plain pages. What is typed waits in the session: nothing is lost on the way."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from tilios.core.access.guards import host_view
from tilios.core.blobs.models import Blob
from tilios.core.errors import Invalid
from tilios.core.structures.models import Structure
from tilios.core.toolbox import registry
from tilios.portal import appearance, hosting
from tilios.portal.forms.host import AdministratorForm
from tilios.portal.forms.settings import IdentityForm, LookForm, ToolsForm

DRAFT = "new_structure"  # session key: {step: {field: value}}, the logo as the number of its blob
STEPS = ("identite", "apparence", "outils")


@host_view("GET", "POST")
def wizard(request: Any, slug: str) -> HttpResponse:
    """One step; `slug` is one of STEPS. A step is open once those before it are filled."""
    if slug not in STEPS:
        raise Http404
    draft = request.session.get(DRAFT, {})
    missing = next((step for step in STEPS[: STEPS.index(slug)] if step not in draft), None)
    if missing:
        return redirect("host_new_structure", missing)
    if "abandon" in request.POST:
        request.session.pop(DRAFT, None)
        return redirect("host")
    return {"identite": _identity, "apparence": _look, "outils": _tools}[slug](request, draft)


def _identity(request: Any, draft: dict[str, Any]) -> HttpResponse:
    form = IdentityForm(request.POST if request.method == "POST" else None, initial=draft.get("identite", {}))
    if request.method == "POST" and form.is_valid():
        return _keep(request, draft, "identite", form.cleaned_data)
    return _render(request, "identite", form)


def _look(request: Any, draft: dict[str, Any]) -> HttpResponse:
    known = draft.get("apparence", {})
    present = Blob.objects.filter(pk=known.get("logo")).first()
    posted = request.method == "POST"
    form = LookForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        initial={"colour": known.get("colour", "#b4532a")},
        has_logo=present is not None,
    )
    if posted and form.is_valid():
        try:
            logo = appearance.logo_chosen(form, present)
        except Invalid as error:
            form.add_error(error.field, error.message)
        else:
            chosen = {"colour": form.cleaned_data["colour"], "logo": logo.pk if logo else None}
            return _keep(request, draft, "apparence", chosen)
    return _render(
        request,
        "apparence",
        form,
        preview=appearance.preview(form["colour"].value()),
        preview_url=reverse("host_colour_preview"),
        logo=present,
    )


def _tools(request: Any, draft: dict[str, Any]) -> HttpResponse:
    initial = {
        "enabled_tools": [tool.slug for tool in registry.tools() if tool.default_on],
        "language": request.user.language or "fr",
        "timezone": "Europe/Paris",
    }
    posted = request.POST if request.method == "POST" else None
    form, administrator = ToolsForm(posted, initial=initial), AdministratorForm(posted)
    if posted is not None and form.is_valid() and administrator.is_valid():
        made = _create(request, draft, form, administrator)
        if made is not None:
            request.session.pop(DRAFT, None)
            messages.success(request, _("%(name)s is created.") % {"name": made})
            return redirect("host_structure", made.slug)
    return _render(request, "outils", form, administrator=administrator, declared=registry.tools())


def _create(request: Any, draft: dict[str, Any], form: ToolsForm, administrator: AdministratorForm) -> Structure | None:
    """The structure, or None when a form says what is wrong with it."""
    look = draft["apparence"]
    try:
        return hosting.create(
            account=request.user,
            administrator=administrator.address(),
            **draft["identite"],
            **form.cleaned_data,
            colour=look["colour"],
            logo=Blob.objects.filter(pk=look["logo"]).first(),
        )
    except Invalid as error:
        place = administrator if error.field in administrator.fields else form
        place.add_error(error.field if error.field in place.fields else None, str(error.message))
        return None


def _keep(request: Any, draft: dict[str, Any], step: str, values: dict[str, Any]) -> HttpResponse:
    request.session[DRAFT] = draft | {step: values}
    return redirect("host_new_structure", STEPS[STEPS.index(step) + 1])


def _render(request: Any, step: str, form: Any, **context: Any) -> HttpResponse:
    names = {"identite": _("Identity"), "apparence": _("Look"), "outils": _("Tools and people")}
    place = STEPS.index(step)
    context |= {
        "form": form,
        "step": step,
        "steps": [
            {"name": names[name], "slug": name, "done": number < place, "current": number == place}
            for number, name in enumerate(STEPS)
        ],
        "before": STEPS[place - 1] if place else "",
        "last": step == STEPS[-1],
        "tab": "structures",
    }
    refused = form.errors or ("administrator" in context and context["administrator"].errors)
    return render(request, f"portal/host/new_{step}.html", context, status=422 if refused else 200)


@host_view("GET")
def colour_preview(request: Any) -> HttpResponse:
    """What a colour would give, as a piece of page."""
    return render(
        request, "portal/settings/_preview.html", {"preview": appearance.preview(request.GET.get("colour", ""))}
    )
