"""Paper ballots: announce a pile, key its sheets in twice, put them into the box."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import Conflict, Invalid
from tilios.tools.polls import actions, paper_codes
from tilios.tools.polls.actions.paper import differences, reading_of
from tilios.tools.polls.forms import BatchForm
from tilios.tools.polls.models import PaperBatch, Poll
from tilios.tools.polls.views.roll import formal
from tilios.tools.polls.views.voting import kept, status_of

SHEETS_A_PAGE = 25


@dataclass
class Sheet:
    """One line of the grid."""

    number: int
    cells: list[str]
    problem: str = ""

    @property
    def fields(self) -> list[tuple[str, str]]:
        return [(f"s{self.number}-{place}", cell) for place, cell in enumerate(self.cells)]


@tool_view("polls.edit", "GET", "POST")
def batches(request: Any, pk: int) -> HttpResponse:
    """The piles, and the form that announces another."""
    poll = formal(kept(request, pk))
    form = BatchForm(request.POST if request.method == "POST" else None, poll=poll)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                batch = actions.open_batch(by=request.person, poll=poll, **form.batch_values())
            except (Invalid, Conflict) as error:
                name = getattr(error, "field", None)
                form.add_error(name if name in form.fields else None, str(error.message))
                status = status_of(error)
            else:
                return redirect(link("polls:batch", pk, batch.pk))
    rows = poll.batches.select_related("college", "first_by", "second_by")
    ticked = poll.roll.filter(on_paper=True).count()
    context = {"poll": poll, "form": form, "batches": rows, "ticked": ticked}
    return render(request, "polls/paper.html", context, status=status)


@tool_view("polls.edit", "GET", "POST")
def batch(request: Any, pk: int, batch_pk: int) -> HttpResponse:
    """The grid of a pile: each of the two sees and corrects their own reading, never the other's."""
    poll = formal(kept(request, pk))
    found = _batch(poll, batch_pk)
    reading = reading_of(found, request.person.acted_by or request.person)
    page = Paginator(range(1, found.sheets + 1), SHEETS_A_PAGE).get_page(request.GET.get("page"))
    sheets, status = _sheets(poll, found, reading, page), 200
    if request.method == "POST":
        sheets, read = _typed(request, poll, page)
        status = 422
        if not any(sheet.problem for sheet in sheets):
            try:
                actions.key_sheets(by=request.person, batch=found, sheets=read)
            except Invalid as error:
                for sheet in sheets:
                    sheet.problem = str(error.message) if error.field == f"sheet-{sheet.number}" else ""
            except Conflict as error:
                messages.error(request, str(error.message))
                return redirect(link("polls:batch", pk, batch_pk))
            else:
                messages.success(request, _("These sheets are recorded."))
                number = page.next_page_number() if page.has_next() else page.number
                return redirect(f"{link('polls:batch', pk, batch_pk)}?page={number}")
    complete = found.second_by_id is not None
    context = {
        "poll": poll,
        "batch": found,
        "options": [option.name_in(poll.tz) for option in poll.options.all()],
        "one_cell": paper_codes.is_one_cell(poll),
        "page": page,
        "sheets": sheets,
        "reading": reading,
        "third": reading is None and found.second_by_id is not None,
        "differing": differences(found) if complete and not found.entered else [],
        "complete": complete,
    }
    return render(request, "polls/batch.html", context, status=status)


@tool_view("polls.edit", "POST")
def enter(request: Any, pk: int, batch_pk: int) -> HttpResponse:
    poll = formal(kept(request, pk))
    try:
        number = actions.enter_batch(by=request.person, batch=_batch(poll, batch_pk))
    except Conflict as error:
        messages.error(request, str(error.message))
        return redirect(link("polls:batch", pk, batch_pk))
    messages.success(request, ngettext("%d ballot is counted.", "%d ballots are counted.", number) % number)
    return redirect(link("polls:paper", pk))


@tool_view("polls.edit", "POST")
def drop(request: Any, pk: int, batch_pk: int) -> HttpResponse:
    poll = formal(kept(request, pk))
    actions.drop_batch(by=request.person, batch=_batch(poll, batch_pk))
    messages.success(request, _("This pile is forgotten."))
    return redirect(link("polls:paper", pk))


def _batch(poll: Poll, pk: int) -> PaperBatch:
    found: PaperBatch = get_object_or_404(poll.batches.select_related("college", "first_by", "second_by"), pk=pk)
    return found


def _width(poll: Poll) -> int:
    return 1 if paper_codes.is_one_cell(poll) else poll.options.count()


def _sheets(poll: Poll, batch: PaperBatch, reading: int | None, page: Any) -> list[Sheet]:
    """The page of the grid with what this reader has read; nothing of what the other has."""
    # SECURITY: the second person keys without seeing the first: only one's own reading is ever shown.
    mine = batch.readings.filter(reading=reading or 0, number__in=list(page))
    known = dict(mine.values_list("number", "marks"))
    empty = [""] * _width(poll)
    return [Sheet(number, paper_codes.write(poll, known[number]) if number in known else empty) for number in page]


def _typed(request: Any, poll: Poll, page: Any) -> tuple[list[Sheet], dict[int, dict[int, int]]]:
    """The grid as it was typed, its faults, and the marks it says."""
    options = list(poll.options.values_list("pk", flat=True))
    width, sheets, read = _width(poll), [], {}
    for number in page:
        sheet = Sheet(number, [request.POST.get(f"s{number}-{place}", "")[:200] for place in range(width)])
        sheets.append(sheet)
        try:
            marks = paper_codes.read(poll, sheet.cells, options)
        except paper_codes.Unreadable as error:
            sheet.problem = _("“%(typed)s” cannot be read.") % {"typed": str(error)[:20]}
            continue
        if marks is not None:
            read[number] = marks
    return sheets, read
