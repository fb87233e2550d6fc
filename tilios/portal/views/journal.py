"""The journal of a structure: what happened, who did it, who read what."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import pgettext

from tilios.core.access.guards import tool_view
from tilios.core.journal import queries
from tilios.core.journal.actions import publish
from tilios.core.people.models import Person
from tilios.kit.sheets import Cell, write_csv
from tilios.portal.forms.transfer_journal import JournalFilters
from tilios.portal.views.journal_lines import lines

PAGE = 50
CHUNK = 500


@tool_view("portal.journal", "GET")
def index(request: Any) -> HttpResponse:
    """A page of entries, newest first, by day."""
    form = JournalFilters(request.GET)
    page = Paginator(queries.entries(**form.asked()), PAGE).get_page(request.GET.get("page"))
    shown = lines(page.object_list, request.person)
    days = [(day, list(found)) for day, found in groupby(shown, key=lambda line: timezone.localtime(line.at).date())]
    query = request.GET.copy()
    query.pop("page", None)
    context = {"form": form, "page": page, "days": days, "seal": queries.newest_seal(), "query": query.urlencode()}
    return render(request, "portal/journal/index.html", context)


@tool_view("portal.journal", "GET")
def download(request: Any) -> HttpResponseBase:
    """The same entries as a sheet, all of them. Publishes "portal.journal_exported"."""
    found = queries.entries(**JournalFilters(request.GET).asked())
    newest = found.values_list("pk", flat=True).first() or 0
    publish("portal.journal_exported", by=request.person)
    rows = _rows(found.filter(pk__lte=newest), request.person)
    response = StreamingHttpResponse(write_csv(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="journal-{request.structure.slug}.csv"'
    return response


def _rows(found: Any, reader: Person) -> Iterator[list[Cell]]:
    """Header, then one row an entry; names are looked up by the chunk. No cursor stays open between two chunks."""
    yield [
        pgettext("journal", "Date"), pgettext("journal", "Time"), pgettext("journal", "Who"),
        pgettext("journal", "For"), pgettext("journal", "What was done"), pgettext("journal", "To what"),
        pgettext("journal", "To whom"), pgettext("journal", "How"), pgettext("journal", "Verb"),
        pgettext("journal", "Number"), pgettext("journal", "Details"),
    ]  # fmt: skip
    below = None
    while True:
        entries = list((found.filter(pk__lt=below) if below else found)[:CHUNK])
        if not entries:
            return
        below = entries[-1].pk
        for line in lines(entries, reader):
            at = timezone.localtime(line.at)
            yield [
                at.date(), at.time().replace(microsecond=0), _name(line.who), _name(line.on_behalf), line.done,
                _name(line.thing), _name(line.subject), line.door, line.entry.verb, line.entry.pk,
                ", ".join(f"{key}={value}" for key, value in sorted(line.entry.data.items())),
            ]  # fmt: skip


def _name(named: Any) -> str:
    return named.name if named else ""
