"""The queue of payments that are nobody's yet: each line with who may have paid it, one press, one press to undo."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.billing import queries as money
from tilios.core.billing.models import LineState, StatementLine
from tilios.core.billing.reconciling import attaching
from tilios.core.errors import Invalid
from tilios.core.people.models import Person
from tilios.tools.members.actions.money import attach_to
from tilios.tools.members.forms.money.statements import SplitForm
from tilios.tools.members.queries import money as queries
from tilios.tools.members.views.money import pages

LINES = 20


@tool_view("billing.record", "GET")
def queue(request: Any) -> HttpResponse:
    """The lines that wait, twenty a page, each with its suggestions; above, those of which it is certain."""
    waiting = money.lines_to_match()
    judged = queries.suggested(waiting[: queries.JUDGED])
    page = pages.paged(request, waiting, LINES)
    by_line = {line.pk: found for line, found in judged}
    unknown = [line for line in page if line.pk not in by_line]
    by_line |= {line.pk: found for line, found in queries.suggested(unknown)} if unknown else {}
    done = request.GET.get("done", "")
    return pages.show(
        request,
        "queue.html",
        "match",
        page=page,
        lines=[(line, by_line[line.pk]) for line in page],
        certain=[(line, found[0]) for line, found in judged if found and found[0].is_certain],
        done=queries.handled_lines().filter(pk=done).first() if done.isdecimal() and len(done) < 18 else None,
        ever=StatementLine.objects.exists(),
    )


@tool_view("billing.record", "POST")
def attach(request: Any, line_pk: int) -> HttpResponse:
    """Attach a line to the person pressed, as it was suggested."""
    line = _line(line_pk)
    chosen = pages.ticked(request, "person", Person.objects.filter(visit_ends_at=None))
    if len(chosen) != 1:
        raise Invalid("person", _("Choose who paid."))
    attach_to(by=request.person, line=line, payer=chosen[0])
    return _next(line)


@tool_view("billing.record", "POST")
def attach_certain(request: Any) -> HttpResponse:
    """Attach the lines shown as certain, each judged again."""
    paid = attaching.attach_certain(by=request.person, lines=pages.ticked(request, "line", StatementLine.objects.all()))
    count = len(paid)
    messages.success(
        request, ngettext("%(count)s line is attached.", "%(count)s lines are attached.", count) % {"count": count}
    )
    return redirect(link("members:money_match"))


@tool_view("billing.record", "GET", "POST")
def line(request: Any, line_pk: int) -> HttpResponse:
    """One line, by hand: another person, money shared among what they and others owe, the rest kept as credit."""
    found = _line(line_pk)
    if request.method == "POST" and found.state != LineState.WAITING:
        return redirect(link("members:money_handled"))
    text = request.GET.get("q", "")[:80]
    payer, others = _chosen(request)
    charges = _charges(payer, others)
    suggestion = next((one for one in queries.suggested([found])[0][1] if payer and one.person.pk == payer.pk), None)
    parts = {charge.pk: cents for charge, cents in suggestion.parts.items()} if suggestion else {}
    form = SplitForm(pages.posted(request), charges=charges, parts=parts, most=found.amount_cents)
    if request.method == "POST" and form.is_valid():
        if payer is None:
            form.add_error(None, _("Choose who paid."))
        else:
            try:
                given = {} if "credit" in request.POST else form.parts()
                attaching.attach(by=request.person, line=found, payer=payer, allocations=given)
            except Invalid as error:
                pages.put(form, error)
            else:
                return _next(found)
    return pages.show(
        request, "line.html", "match", form=form, line=found, payer=payer, others=others, text=text,
        people=queries.people_named(text),
    )  # fmt: skip


@tool_view("billing.record", "POST")
def ignore(request: Any, line_pk: int) -> HttpResponse:
    """Set a line aside, with the reason."""
    found = _line(line_pk)
    try:
        attaching.ignore(by=request.person, line=found, why=request.POST.get("why", ""))
    except Invalid as error:
        messages.error(request, str(error))
        return redirect(link("members:money_line", line_pk))
    return _next(found)


@tool_view("billing.record", "POST")
def undo(request: Any, line_pk: int) -> HttpResponse:
    """Put a line in the queue again, whatever was done with it."""
    found = _line(line_pk)
    act = attaching.take_back if found.state == LineState.IGNORED else attaching.detach
    act(by=request.person, line=found)
    messages.success(request, _("The line is in the queue again."))
    return redirect(f"{link('members:money_match')}#line-{line_pk}")


@tool_view("billing.record", "GET")
def handled(request: Any) -> HttpResponse:
    """The lines attached or set aside, each with its undo."""
    return pages.show(request, "handled.html", "match", page=pages.paged(request, queries.handled_lines()))


def _next(found: StatementLine) -> HttpResponse:
    """Back to the queue, which says what was just done and puts the cursor on the next line."""
    return redirect(f"{link('members:money_match')}?done={found.pk}")


def _line(pk: int) -> StatementLine:
    return get_object_or_404(StatementLine.objects.select_related("payment__payer"), pk=pk)


def _chosen(request: Any) -> tuple[Person | None, list[Person]]:
    """Who paid, and for which others, named by number in the address or in what was sent."""
    given = request.POST if request.method == "POST" else request.GET
    people = Person.objects.filter(visit_ends_at=None)
    payer = people.filter(pk__in=pages.numbers(given.getlist("person")[:1])).first()
    return payer, list(people.filter(pk__in=pages.numbers(given.getlist("for"))[:20]))


def _charges(payer: Person | None, others: list[Person]) -> list[Any]:
    """What the payer, their family and the others chosen have to pay, each once."""
    found = {}
    for person in [payer, *others]:
        for charge in queries.family_charges(person) if person else ():
            found[charge.pk] = charge
    return list(found.values())
