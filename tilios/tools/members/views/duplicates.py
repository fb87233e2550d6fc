"""Records that look alike: listed in pairs, shown side by side, made one, or said to be of two members."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Conflict, Invalid
from tilios.core.portability import personal
from tilios.tools.members.actions.merging import Merged, merge_records, say_different
from tilios.tools.members.forms.linking import PairForm
from tilios.tools.members.models import Record
from tilios.tools.members.queries import duplicates as alike
from tilios.tools.members.queries import merging

PAGE = 20
REASONS = {
    "mail": gettext_lazy("same mail address"),
    "birth": gettext_lazy("near names, same birth date"),
    "postcode": gettext_lazy("near names, same postcode"),
}


@tool_view("members.register", "GET")
def duplicates(request: Any) -> HttpResponse:
    """The pairs, the surest first; and any two members, by their numbers."""
    form = PairForm(request.GET if "first" in request.GET else None)
    if form.is_valid():
        return redirect(link("members:pair", form.cleaned_data["first"].pk, form.cleaned_data["second"].pk))
    page = Paginator(alike.pairs(), PAGE).get_page(request.GET.get("page"))
    found = _records().in_bulk({pk for pair in page for pk in (pair.first, pair.second)})
    rows = [(found[one.first], found[one.second], [REASONS[reason] for reason in one.reasons]) for one in page]
    context = {"page": page, "rows": rows, "form": form}
    return render(request, "members/duplicates/list.html", context, status=422 if form.errors else 200)


@tool_view("members.register", "GET", "POST")
def pair(request: Any, pk: int, other_pk: int) -> HttpResponse:
    """Two records side by side: what both say, and not alike, is chosen."""
    if pk == other_pk:
        raise Http404
    first, second = (get_object_or_404(_records(), pk=number) for number in (pk, other_pk))
    if request.method == "GET":
        return _page(request, first, second)
    if "different" in request.POST:
        say_different(by=request.person, first=first, second=second)
        messages.success(request, _("They will not be proposed again."))
        return redirect(link("members:duplicates"))
    asked = {one.name for one in merging.differences(first, second)}
    try:
        merged = merge_records(
            by=request.person,
            first=first,
            second=second,
            from_second={name for name in asked if request.POST.get(name) == "second"},
            seal=request.POST.get("seal", ""),
        )
    except (Conflict, Invalid) as error:
        return _page(request, first, second, error=str(error))
    messages.success(request, _said(merged))
    return redirect(link("members:record", merged.record.pk))


def _records() -> QuerySet[Record]:
    return Record.objects.select_related("person", "status", "family", "payer__person")


def _page(request: Any, first: Record, second: Record, *, error: str = "") -> HttpResponse:
    choices = [
        (one, request.POST.get(one.name) == "second" if request.POST else one.second_first)
        for one in merging.differences(first, second)
    ]
    context = {
        "first": first,
        "second": second,
        "choices": choices,
        "seal": merging.seal(first, second),
        "error": error,
    }
    return render(request, "members/duplicates/pair.html", context, status=409 if error else 200)


def _said(merged: Merged) -> str:
    """What was done, and what was given up since the one kept has the same."""
    text = _("%(name)s has one record now.") % {"name": merged.record.person.display_name}
    if not merged.given_up:
        return text
    rows = ", ".join(f"{personal.label(table).lower()} ({count})" for table, count in sorted(merged.given_up.items()))
    return " ".join([text, _("Held by both, and kept once: %(rows)s.") % {"rows": rows}])
