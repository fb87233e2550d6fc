"""Papers: their list, one of them, its PDF, invoices made and corrected."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.access.roles import may
from tilios.core.billing import actions as billing
from tilios.core.billing import queries as money
from tilios.core.billing.models import Charge, Paper, PaperKind
from tilios.core.billing.papers.printing import printed
from tilios.core.blobs.serving import blob_response
from tilios.core.errors import Invalid
from tilios.tools.members.actions.money import mail_again
from tilios.tools.members.forms.money.papers import CreditNoteForm, InvoiceForm
from tilios.tools.members.forms.money.payments import PaperFilters
from tilios.tools.members.queries import money as queries
from tilios.tools.members.views.money import pages


@tool_view("billing.view", "GET")
def papers(request: Any) -> HttpResponse:
    form = PaperFilters(request.GET)
    rows = queries.listed_papers(**form.chosen())
    return pages.show(
        request, "papers.html", "papers", form=form, page=pages.paged(request, rows), filtered=bool(form.chosen())
    )


@tool_view("members.own", "GET")
def pdf(request: Any, paper_pk: int) -> HttpResponseBase:
    """The PDF of a paper, for who sees the money and for the one it was given to."""
    paper = get_object_or_404(queries.visible_papers(request.person), pk=paper_pk)
    return blob_response(printed(paper), name=f"{paper.reference}.pdf", inline=True, request=request)


@tool_view("billing.view", "GET")
def paper(request: Any, paper_pk: int) -> HttpResponse:
    """One paper: what it says, what corrects it, and what can be done with it."""
    return _paper_page(request, _paper(paper_pk), None)


def _paper_page(request: Any, found: Paper, form: Any) -> HttpResponse:
    on_it = list(Charge.objects.filter(invoice=found)) if found.kind == PaperKind.INVOICE else []
    return pages.show(
        request, "paper.html", "papers", form=form or CreditNoteForm(), paper=found, on_it=on_it,
        notes=found.credit_notes.all(), is_gift=found.kind == PaperKind.TAX_RECEIPT,
        cashier=may(request.person, "billing.record"),
    )  # fmt: skip


@tool_view("billing.record", "POST")
def mail(request: Any, paper_pk: int) -> HttpResponse:
    """Send a paper to its payer again."""
    if mail_again(paper=_paper(paper_pk)):
        messages.success(request, _("The paper is on its way."))
    else:
        messages.error(request, _("This person has no mail address: print the paper."))
    return redirect(link("members:money_paper", paper_pk))


@tool_view("billing.record", "GET", "POST")
def invoice(request: Any, person_pk: int) -> HttpResponse:
    """An invoice of what is ticked among what somebody was asked."""
    payer = pages.somebody(person_pk)
    form, charges = InvoiceForm(pages.posted(request)), list(queries.to_invoice(payer))
    if request.method == "POST" and form.is_valid():
        try:
            chosen = pages.ticked(request, "charge", queries.to_invoice(payer))
            made = billing.issue_invoice(by=request.person, charges=chosen, **form.cleaned_data)
        except Invalid as error:
            pages.put(form, error)
        else:
            messages.success(request, _("The invoice %(number)s is made.") % {"number": made.reference})
            return redirect(link("members:money_paper", made.pk))
    wanted = request.POST.getlist("charge") if request.method == "POST" else request.GET.getlist("charge")
    rows = [(charge, str(charge.pk) in wanted or not wanted) for charge in charges]
    return pages.show(request, "invoice.html", "papers", form=form, payer=payer, rows=rows, profile=money.profile())


@tool_view("billing.record", "POST")
def credit_note(request: Any, paper_pk: int) -> HttpResponse:
    """Correct an invoice, wholly or for what is ticked."""
    found = get_object_or_404(Paper.objects.filter(kind=PaperKind.INVOICE), pk=paper_pk)
    form = CreditNoteForm(request.POST)
    if form.is_valid():
        try:
            made = billing.issue_credit_note(
                by=request.person,
                invoice=found,
                reason=form.cleaned_data["reason"],
                charges=pages.ticked(request, "charge", Charge.objects.filter(invoice=found)),
                cancels=not form.cleaned_data["again"],
            )
        except Invalid as error:
            pages.put(form, error)
        else:
            messages.success(request, _("The credit note %(number)s is made.") % {"number": made.reference})
            return redirect(link("members:money_paper", made.pk))
    return _paper_page(request, found, form)


@tool_view("billing.record", "GET")
def choose_payer(request: Any) -> HttpResponse:
    """To whom the invoice is made: somebody searched by name."""
    text = request.GET.get("q", "")[:80]
    return pages.show(
        request, "choose_payer.html", "papers", text=text, people=queries.people_named(text), for_invoice=True
    )


def _paper(pk: int) -> Paper:
    return get_object_or_404(Paper.objects.select_related("payer", "corrects"), pk=pk)
