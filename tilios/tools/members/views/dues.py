"""Pages of dues: the treasurer's list, dues taken for somebody, one's own."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.access.roles import may
from tilios.core.billing import queries as money
from tilios.core.errors import Conflict, Invalid, require
from tilios.tools.members import actions, queries, rules
from tilios.tools.members.actions.dues import charges_of, next_period
from tilios.tools.members.actions.taking import take_dues
from tilios.tools.members.forms.dues import FiltersForm, TakingForm
from tilios.tools.members.models import Record
from tilios.tools.members.queries.late import late_letters_to_print
from tilios.tools.members.queries.paying import owed_transfer, transfer_for_dues

PAGE = 50


@tool_view("members.money", "GET")
def dues(request: Any) -> HttpResponse:
    """Expected, received and late at a glance; the dues of everybody, fifty a page."""
    form = FiltersForm(request.GET)
    context = {
        "form": form,
        "page": Paginator(queries.listed_contributions(**form.chosen()), PAGE).get_page(request.GET.get("page")),
        "totals": queries.totals(),
        "to_print": queries.letters_to_print().count() + late_letters_to_print().count(),
        "kinds": queries.kinds(),
        "filtered": any(form.chosen().values()),
    }
    return render(request, "members/dues/list.html", context)


@tool_view("members.own", "GET")
def contribution(request: Any, pk: int) -> HttpResponse:
    """One contribution: its days, what was asked and paid, the reminders sent."""
    found = get_object_or_404(queries.visible_contributions(request.person), pk=pk)
    context = {
        "contribution": found,
        "charges": charges_of(found),
        "reminders": queries.reminders().filter(contribution=found),
        "keeper": rules.keeps_money(request.person),
        "transfer": transfer_for_dues(found) if found.payer_id == request.person.pk else None,
        "today": timezone.localdate(),
    }
    return render(request, "members/dues/contribution.html", context)


@tool_view("members.money", "POST")
def cancel(request: Any, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.visible_contributions(request.person), pk=pk)
    actions.cancel_contribution(by=request.person, contribution=found)
    messages.success(request, _("These dues are cancelled. What was paid is kept as credit."))
    return redirect(link("members:contribution", pk))


@tool_view("members.own", "GET")
def choose(request: Any, pk: int) -> HttpResponse:
    """Which dues to take for a record: each kind with the days it would cover now, or why it cannot be taken."""
    record = _record(request, pk)
    lines: list[Any] = []
    for kind in _offered(request):
        try:
            lines.append((kind, next_period(record, kind, timezone.localdate()), ""))
        except Conflict as refused:
            lines.append((kind, None, str(refused)))
    return render(request, "members/dues/choose.html", {"record": record, "lines": lines})


@tool_view("members.own", "GET", "POST")
def take(request: Any, pk: int, kind_pk: int) -> HttpResponse:
    """Take dues of a kind for a record; for the treasurer, the payment in the same press."""
    record = _record(request, pk)
    kind = get_object_or_404(_offered(request), pk=kind_pk)
    period = next_period(record, kind, timezone.localdate())
    cashier = rules.keeps_money(request.person) and may(request.person, "billing.record")
    form = TakingForm(
        request.POST if request.method == "POST" else None,
        record=record,
        kind=kind,
        keeper=rules.keeps_money(request.person),
        cashier=cashier,
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = take_dues(by=request.person, record=record, kind=kind, rate=form.chosen_rate(), **form.taken())
        except Invalid as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("The dues are taken."))
            return redirect(link("members:contribution", made.pk))
    context = {"form": form, "record": record, "kind": kind, "period": period, "cashier": cashier}
    return render(request, "members/dues/take.html", context, status=422 if form.errors else 200)


@tool_view("members.own", "GET")
def own_dues(request: Any) -> HttpResponse:
    """What somebody holds and owes, for themselves and those they pay for; what they can renew; their papers."""
    person = request.person
    records = list(queries.visible_records(person).filter(person=person)) + list(
        queries.records().filter(payer__person=person)
    )
    context = {
        "records": records,
        "contributions": queries.listed_contributions().filter(record__in=records)[:PAGE],
        "due": money.due_charges(person),
        "owed": money.owed_by(person),
        "credit": money.credit_of(person),
        "transfer": owed_transfer(person),
        "papers": money.papers_of(person)[:PAGE],
        "today": timezone.localdate(),
    }
    return render(request, "members/dues/own.html", context)


def _record(request: Any, pk: int) -> Record:
    """A record for which the person may take dues; 404 for one they do not see."""
    record = get_object_or_404(queries.visible_records(request.person), pk=pk)
    require(rules.keeps_money(request.person) or rules.is_own(request.person, record))
    return record


def _offered(request: Any) -> Any:
    """The kinds of dues that the person may take: all for the treasurer, those online for others."""
    kinds = queries.kinds()
    return kinds if rules.keeps_money(request.person) else kinds.filter(is_public=True)
