"""Where the structure decides how one joins online: its forms, their address and code, a look before they open."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import absolute, link
from tilios.core.blobs.actions import store
from tilios.core.errors import Conflict, Invalid
from tilios.tools.members.actions.join_forms import remove_join_form, save_join_form
from tilios.tools.members.forms.answers import LARGEST_FILE
from tilios.tools.members.forms.join_forms import JoinFormForm
from tilios.tools.members.forms.joining import Joining
from tilios.tools.members.models import JoinForm
from tilios.tools.members.queries import joining as queries
from tilios.tools.members.views.joining import page_context


@tool_view("members.settings", "GET")
def join_forms(request: Any) -> HttpResponse:
    return render(request, "members/joining/join_forms.html", {"forms": queries.listed_forms()})


@tool_view("members.settings", "GET")
def join_form(request: Any, form_pk: int) -> HttpResponse:
    """The address of a form and its code, and what it asks."""
    form = get_object_or_404(queries.listed_forms(), pk=form_pk)
    context = {
        "form": form,
        "url": absolute(link("members:join", form.slug)),
        "kinds": queries.rates_offered(form),
        "fields": queries.fields_asked(form),
    }
    return render(request, "members/joining/join_form.html", context)


@tool_view("members.settings", "GET")
def preview(request: Any, form_pk: int) -> HttpResponse:
    """The page as visitors see it, closed or not; it sends nothing."""
    form = get_object_or_404(JoinForm.objects.select_related("status"), pk=form_pk)
    context = page_context(request, Joining(form)) | {"is_preview": True}
    return render(request, "members/joining/join.html", context)


@tool_view("members.settings", "GET", "POST")
def add_join_form(request: Any) -> HttpResponse:
    return _form(request, None)


@tool_view("members.settings", "GET", "POST")
def change_join_form(request: Any, form_pk: int) -> HttpResponse:
    return _form(request, get_object_or_404(JoinForm, pk=form_pk))


@tool_view("members.settings", "POST")
def remove_form(request: Any, form_pk: int) -> HttpResponse:
    form = get_object_or_404(JoinForm, pk=form_pk)
    try:
        remove_join_form(by=request.person, form=form)
    except Conflict as error:
        messages.error(request, str(error.message))
        return redirect(link("members:join_form", form_pk))
    messages.success(request, _("The form is removed."))
    return redirect(link("members:join_forms"))


def _form(request: Any, row: JoinForm | None) -> HttpResponse:
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = JoinFormForm(*posted, instance=row)
    if request.method == "POST" and form.is_valid():
        said = form.said()
        file, without = said.pop("statutes_sent", None), said.pop("statutes_removed", False)
        kept = (file.name, store(file, name=file.name, max_size=LARGEST_FILE)) if file else None
        said |= {"kinds": list(said["kinds"]), "fields": list(said.get("fields", ()))}
        try:
            made = save_join_form(by=request.person, form=row, statutes=kept, without_statutes=without, **said)
        except Invalid as error:
            form.add_error(error.field if error.field in form.fields else None, str(error.message))
        else:
            messages.success(request, _("The form is saved."))
            return redirect(link("members:join_form", made.pk))
    return render(request, "members/joining/join_form_form.html", {"form": form, "row": row},
                  status=422 if form.errors else 200)  # fmt: skip
