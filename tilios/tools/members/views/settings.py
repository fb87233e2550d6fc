"""What the structure decides of its register: its fields, the public list."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tilios.core.access.guards import tool_view
from tilios.core.access.links import absolute, link
from tilios.core.errors import Conflict, Invalid
from tilios.tools.members import actions, queries
from tilios.tools.members.forms.settings import FieldForm, RegisterForm
from tilios.tools.members.models import Field
from tilios.tools.members.queries.words import trial_words


@tool_view("members.settings", "GET", "POST")
def settings(request: Any) -> HttpResponse:
    """The fields of the structure, and what is decided of the register as a whole."""
    current = queries.settings()
    form = RegisterForm(request.POST if request.method == "POST" else None, instance=current)
    if request.method == "POST" and form.is_valid():
        actions.change_settings(by=request.person, **form.cleaned_data)
        messages.success(request, _("The settings are saved."))
        return redirect(link("members:settings"))
    context = {"form": form, "public_url": absolute(link("members:public_list")) if current.has_public_list else ""}
    return render(request, "members/settings.html", context, status=422 if form.errors else 200)


@tool_view("members.settings", "GET")
def fields(request: Any) -> HttpResponse:
    """The fields in their order, each with how many records answer it."""
    counts = queries.answer_counts()
    rows = [{"field": field, "answers": counts.get(field.pk, 0)} for field in queries.fields()]
    return render(request, "members/fields.html", {"rows": rows})


@tool_view("members.settings", "GET", "POST")
def field_add(request: Any) -> HttpResponse:
    return _field(request, Field())


@tool_view("members.settings", "GET", "POST")
def field_change(request: Any, pk: int) -> HttpResponse:
    return _field(request, get_object_or_404(Field, pk=pk))


@tool_view("members.settings", "POST")
def field_move(request: Any, pk: int) -> HttpResponse:
    field = get_object_or_404(Field, pk=pk)
    actions.move_field(by=request.person, field=field, steps=-1 if request.POST.get("way") == "up" else 1)
    return redirect(f"{link('members:fields')}#champ-{pk}")


@tool_view("members.settings", "GET", "POST")
def field_remove(request: Any, pk: int) -> HttpResponse:
    """Asked once more, with how many answers go."""
    field = get_object_or_404(Field, pk=pk)
    if request.method == "POST":
        lost = actions.remove_field(by=request.person, field=field)
        said = ngettext(
            "The field is removed, with %(count)s answer.", "The field is removed, with %(count)s answers.", lost
        )
        messages.success(request, said % {"count": lost})
        return redirect(link("members:fields"))
    context = {
        "field": field,
        "answers": queries.answer_counts().get(field.pk, 0),
        "readers": actions.readers_of(field),
    }
    return render(request, "members/field_remove.html", context)


def _field(request: Any, field: Field) -> HttpResponse:
    """The form of a field, new or not."""
    form = FieldForm(request.POST if request.method == "POST" else None, instance=field)
    if request.method == "POST" and form.is_valid():
        try:
            if field.pk:
                actions.change_field(by=request.person, field=field, **form.cleaned_data)
            else:
                actions.add_field(by=request.person, **form.cleaned_data)
        except Invalid as error:
            form.add_error(error.field if error.field in form.fields else None, str(error.message))
        except Conflict as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("The field is saved."))
            return redirect(link("members:fields"))
    words = [word for word in sorted(trial_words()) if word != field.key]
    context = {"form": form, "field": field, "words": words}
    return render(request, "members/field_form.html", context, status=422 if form.errors else 200)
