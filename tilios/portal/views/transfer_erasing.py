"""Erase a person: what will happen, shown; then done; then proved."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Refused
from tilios.core.journal import queries
from tilios.core.people.models import Person
from tilios.core.portability import erasing, personal
from tilios.kit.text import fold
from tilios.portal.queries import visible_people
from tilios.portal.views.journal_lines import lines


@tool_view("portal.erase", "GET", "POST")
def erase(request: Any, pk: int) -> HttpResponse:
    """Show what erasing does; with the person's name written out, do it."""
    person = get_object_or_404(visible_people(request.person), pk=pk)
    problem = ""
    if request.method == "POST":
        if fold(request.POST.get("name", "").strip()) == fold(person.display_name.strip()):
            entry = erasing.erase(by=request.person, person=person)
            return redirect(link("portal:erasure", entry.pk))
        problem = _("This is not the name of the person. Write it as it stands above.")
    context = {"person": person, "problem": problem, "refusal": _refusal(request, person), **_foreseen(person)}
    return render(request, "portal/transfer/erase.html", context, status=422 if problem else 200)


def _refusal(request: Any, person: Person) -> str:
    """Why this person cannot be erased by this one, or an empty text."""
    try:
        erasing.refuse(by=request.person, person=person)
    except Refused as error:
        return error.message
    return ""


def _foreseen(person: Person) -> dict[str, Any]:
    outcome = erasing.foresee(person)
    return {
        "outcome": outcome,
        "deleted": _named(outcome.deleted, quiet=False),
        "anonymous": _named(outcome.anonymous),
        "kept": [(label, count, outcome.why.get(name, "")) for name, label, count in _counted(outcome.kept)],
    }


@tool_view("portal.journal", "GET")
def proof(request: Any, erasure_pk: int) -> HttpResponse:
    """The statement in the journal that a person was erased: numbers, and the seal of this server."""
    entry = queries.entries(verb=erasing.VERB).filter(pk=erasure_pk).first()
    if entry is None:
        raise Http404
    context = {
        "entry": entry,
        "line": lines([entry], request.person)[0],
        "genuine": erasing.is_genuine(entry),
        "deleted": _named(entry.data.get("deleted", {}), quiet=False),
        "anonymous": _named(entry.data.get("anonymous", {})),
        "kept": _named(entry.data.get("kept", {})),
    }
    return render(request, "portal/transfer/proof.html", context)


def _named(counts: Mapping[str, int], *, quiet: bool = True) -> list[tuple[str, int]]:
    return [(label, count) for name, label, count in _counted(counts) if quiet or name not in personal.QUIET]


def _counted(counts: Mapping[str, int]) -> list[tuple[str, str, int]]:
    """(table, what people call it, how many), by name."""
    found = [(name, _label(name), count) for name, count in counts.items() if count]
    return sorted(found, key=lambda row: fold(row[1]))


def _label(name: str) -> str:
    try:
        return personal.label(name)
    except LookupError:  # a table that is gone since
        return name
