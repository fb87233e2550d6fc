"""Payments: at a glance, listed, taken out, recorded, one of them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.billing import actions as billing
from tilios.core.billing import exports
from tilios.core.billing import queries as money
from tilios.core.billing.ledger.books import fiscal_year
from tilios.core.billing.models import Charge, Paper, PaperKind, Payment
from tilios.core.errors import Invalid
from tilios.core.people.models import Person
from tilios.tools.members.actions.money import take_payment
from tilios.tools.members.actions.receipts import send_receipt
from tilios.tools.members.forms.money.payments import PaymentFilters, PaymentForm, ReasonForm
from tilios.tools.members.queries import money as queries
from tilios.tools.members.queries.late import late_letters
from tilios.tools.members.views.money import pages


@tool_view("billing.view", "GET")
def home(request: Any) -> HttpResponse:
    """What came in, what is late, what waits for the treasurer; the last payments."""
    return pages.show(
        request, "home.html", "home", glance=queries.glance(), payments=money.payments()[:10], profile=money.profile()
    )


@tool_view("billing.view", "GET")
def payments(request: Any) -> HttpResponse:
    form = PaymentFilters(request.GET)
    rows = queries.listed_payments(**form.chosen())
    year = fiscal_year(timezone.localdate(), money.profile().fiscal_month)
    return pages.show(
        request, "payments.html", "payments", form=form, page=pages.paged(request, rows),
        filtered=bool(form.chosen()), year=year, years=range(year, year - 5, -1),
    )  # fmt: skip


@tool_view("billing.view", "GET")
def export(request: Any) -> HttpResponse:
    """A file of the accounts: which one, which fiscal year and which form are in the address."""
    year = request.GET.get("year", "")
    try:
        found = exports.take_out(
            by=request.person,
            what=request.GET.get("what", "payments"),
            year=int(year) if year.isdecimal() and len(year) == 4 else timezone.localdate().year,
            form=request.GET.get("form", "csv"),
        )
    except Invalid as error:
        messages.error(request, str(error))
        return redirect(link("members:money"))
    return pages.file(found.name, found.media_type, found.content)


@tool_view("billing.record", "GET")
def choose_payer(request: Any) -> HttpResponse:
    """Who pays: somebody searched by name."""
    text = request.GET.get("q", "")[:80]
    return pages.show(request, "choose_payer.html", "payments", text=text, people=queries.people_named(text))


@tool_view("billing.record", "GET", "POST")
def record(request: Any, person_pk: int) -> HttpResponse:
    """A payment of somebody, for what they and their family owe; charges named in the address are ticked."""
    payer = pages.somebody(person_pk)
    form = PaymentForm(
        pages.posted(request),
        charges=queries.family_charges(payer),
        ticked=pages.numbers(request.GET.getlist("charge")),
    )
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        given["gift_cents"] = given["gift_cents"] or 0
        try:
            made = take_payment(by=request.person, payer=payer, charges=form.ticked(), **given)
        except Invalid as error:
            pages.put(form, error)
        else:
            messages.success(request, _("The payment is recorded."))
            return redirect(link("members:money_payment", made.pk))
    return pages.show(
        request, "record.html", "payments", form=form, payer=payer, credit=money.credit_of(payer),
        today=timezone.localdate(),
    )  # fmt: skip


@tool_view("billing.view", "GET")
def payment(request: Any, payment_pk: int) -> HttpResponse:
    """One payment: what it pays, its papers, and what can be done with it."""
    return _payment_page(request, _payment(payment_pk), ReasonForm())


def _payment_page(request: Any, found: Payment, form: ReasonForm) -> HttpResponse:
    paid = queries.paid_by(found)
    papers = list(Paper.objects.filter(payment=found)) + list(
        Paper.objects.filter(kind=PaperKind.TAX_RECEIPT, gifts__payment=found).distinct()
    )
    gives = money.gifts_to_receipt().filter(payment=found).exists()
    due = list(queries.family_charges(found.payer)) if found.credit_cents and found.payer else []
    return pages.show(
        request, "payment.html", "payments", form=form, payment=found, paid=paid, papers=papers, gives=gives, due=due,
        stands=found.reverses_id is None and not hasattr(found, "reversal"), profile=money.profile(),
    )  # fmt: skip


@tool_view("billing.record", "POST")
def cancel(request: Any, payment_pk: int) -> HttpResponse:
    """Answer a payment by its contrary, with the reason."""
    found, form = _payment(payment_pk), ReasonForm(request.POST)
    if not form.is_valid():
        return _payment_page(request, found, form)
    billing.cancel_payment(by=request.person, payment=found, reason=form.cleaned_data["reason"])
    messages.success(request, _("The payment is cancelled: what it paid is owed again."))
    return redirect(link("members:money_payment", payment_pk))


@tool_view("billing.record", "POST")
def allot(request: Any, payment_pk: int) -> HttpResponse:
    """Have the credit of a payment pay what is ticked, the oldest first."""
    found = _payment(payment_pk)
    due = queries.family_charges(found.payer) if found.payer else Charge.objects.none()
    parts, left = {}, found.credit_cents
    for charge in pages.ticked(request, "charge", due):
        if left > 0:
            parts[charge] = min(left, charge.left_cents)
            left -= parts[charge]
    if parts:
        billing.allot_credit(by=request.person, payment=found, allocations=parts)
        messages.success(request, _("The credit pays what you ticked."))
    else:
        messages.error(request, _("Tick what the credit pays."))
    return redirect(link("members:money_payment", payment_pk))


@tool_view("billing.record", "POST")
def release(request: Any, payment_pk: int) -> HttpResponse:
    """Take back what a payment pays of one charge: it becomes credit."""
    found = _payment(payment_pk)
    for charge in pages.ticked(request, "charge", Charge.objects.filter(allocations__payment=found).distinct()):
        billing.release(by=request.person, payment=found, charge=charge)
        messages.success(request, _("It is credit again."))
    return redirect(link("members:money_payment", payment_pk))


@tool_view("billing.record", "POST")
def receipt(request: Any, payment_pk: int) -> HttpResponse:
    """Give the receipt of a payment, by mail where there is an address; again, the same paper."""
    paper = send_receipt(by=request.person, payment=_payment(payment_pk))
    messages.success(request, _("The receipt %(number)s is given.") % {"number": paper.reference})
    return redirect(link("members:money_payment", payment_pk))


@tool_view("billing.view", "GET")
def payer(request: Any, person_pk: int) -> HttpResponse:
    """Everything of one payer: what they owe, their credit, their payments and papers."""
    person: Person = pages.somebody(person_pk)
    return pages.show(
        request, "payer.html", "payments", person=person, due=queries.family_charges(person),
        credit=money.credit_of(person), payments=money.payments().filter(payer=person)[: pages.PAGE],
        papers=money.papers_of(person)[: pages.PAGE], today=timezone.localdate(),
        letters=late_letters().filter(payer=person)[: pages.PAGE],
    )  # fmt: skip


def _payment(pk: int) -> Payment:
    return get_object_or_404(money.payments(), pk=pk)
