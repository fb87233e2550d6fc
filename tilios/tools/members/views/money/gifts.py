"""Tax receipts: the declaration first, one gift, all those of a year, and those that no longer hold."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.billing import actions as billing
from tilios.core.billing import queries as money
from tilios.core.billing.models import Paper, PaperKind
from tilios.core.errors import Conflict, Invalid
from tilios.core.people.models import Person
from tilios.tools.members.actions.money import give_yearly_receipts
from tilios.tools.members.forms.money.papers import DeclarationForm, TaxReceiptForm
from tilios.tools.members.forms.money.payments import ReasonForm
from tilios.tools.members.queries import money as queries
from tilios.tools.members.views.money import pages


@tool_view("billing.view", "GET")
def gifts(request: Any) -> HttpResponse:
    """Who gave in a year and has no tax receipt, what is missing; the receipts of that year."""
    this = timezone.localdate().year
    asked = request.GET.get("year", "")
    year = (
        int(asked) if asked.isdecimal() and 2000 <= int(asked[:4]) <= this else this - (timezone.localdate().month < 6)
    )
    donors = queries.donors(year)
    return pages.show(
        request, "gifts.html", "gifts", year=year, years=range(this, this - 5, -1), donors=donors,
        ready=sum(1 for donor in donors if not donor["missing"]), profile=money.profile(),
        page=pages.paged(request, queries.tax_receipts(year)), declared=money.tax_receipts_of(year),
    )  # fmt: skip


@tool_view("billing.settings", "GET", "POST")
def declare(request: Any) -> HttpResponse:
    """What the law asks, in plain words; POST declares that the structure meets it, or takes the declaration back."""
    form = DeclarationForm(pages.posted(request))
    if request.method == "POST" and "withdraw" in request.POST:
        billing.withdraw_general_interest(by=request.person)
        messages.success(request, _("No tax receipt is given any more; those there are stay."))
        return redirect(link("members:money_gifts"))
    if request.method == "POST" and form.is_valid():
        try:
            billing.declare_general_interest(by=request.person)
        except Conflict as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Your declaration is kept with your name and today's date."))
            return redirect(link("members:money_gifts"))
    return pages.show(request, "declare.html", "gifts", form=form, profile=money.profile())


@tool_view("billing.record", "POST")
def yearly(request: Any) -> HttpResponse:
    """The receipts of all who gave in a year, or of those ticked; mailed where there is an address when asked."""
    text = request.POST.get("year", "")
    if not (text.isdecimal() and len(text) == 4):
        raise Invalid("year", _("Say of which year."))
    chosen = pages.ticked(request, "person", Person.objects.filter(visit_ends_at=None).order_by("sort_name", "pk"))
    if not chosen:
        messages.error(request, _("Tick at least one donor."))
    else:
        made, without = give_yearly_receipts(
            by=request.person, payers=chosen, year=int(text), mail="mail" in request.POST
        )
        count = len(made)
        messages.success(
            request,
            ngettext("%(count)s tax receipt is made.", "%(count)s tax receipts are made.", count) % {"count": count},
        )
        if without:
            messages.warning(request, _("Without a whole address, no receipt: %(count)s.") % {"count": without})
    return redirect(f"{link('members:money_gifts')}?year={text}")


@tool_view("billing.record", "GET", "POST")
def give(request: Any, payment_pk: int) -> HttpResponse:
    """The tax receipt of one gift."""
    payment = get_object_or_404(money.payments(), pk=payment_pk)
    form = TaxReceiptForm(pages.posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = billing.issue_tax_receipt(by=request.person, payment=payment, **form.cleaned_data)
        except Invalid as error:
            pages.put(form, error)
        except Conflict as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The tax receipt %(number)s is made.") % {"number": made.reference})
            return redirect(link("members:money_paper", made.pk))
    return pages.show(request, "give.html", "gifts", form=form, payment=payment, profile=money.profile())


@tool_view("billing.record", "GET", "POST")
def void(request: Any, paper_pk: int) -> HttpResponse:
    """Declare that a tax receipt no longer holds, with the reason."""
    paper = get_object_or_404(Paper.objects.filter(kind=PaperKind.TAX_RECEIPT), pk=paper_pk)
    form = ReasonForm(pages.posted(request))
    if request.method == "POST" and form.is_valid():
        billing.void_tax_receipt(by=request.person, paper=paper, reason=form.cleaned_data["reason"])
        messages.success(request, _("This receipt is void: its gifts may be given another."))
        return redirect(link("members:money_paper", paper_pk))
    return pages.show(request, "void.html", "gifts", form=form, paper=paper)
