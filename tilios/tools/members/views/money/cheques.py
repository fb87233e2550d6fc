"""Cheques: those in the drawer, taken to the bank, the deposits made."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.billing import actions as billing
from tilios.core.billing import queries as money
from tilios.core.billing.models import Deposit
from tilios.core.errors import Invalid
from tilios.tools.members.forms.money.papers import DepositForm
from tilios.tools.members.views.money import pages


@tool_view("billing.record", "GET", "POST")
def drawer(request: Any) -> HttpResponse:
    """The cheques in the drawer, all ticked; POST makes the deposit of those ticked, with its slip."""
    form = DepositForm(pages.posted(request))
    cheques = list(money.cheques_to_deposit())
    if request.method == "POST" and form.is_valid():
        try:
            chosen = pages.ticked(request, "cheque", money.cheques_to_deposit())
            made = billing.deposit_cheques(by=request.person, cheques=chosen, **form.cleaned_data)
        except Invalid as error:
            pages.put(form, error)
        else:
            messages.success(request, _("The deposit is made: print its slip."))
            return redirect(link("members:money_paper", made.slip_id))
    wanted = set(request.POST.getlist("cheque")) if request.method == "POST" else None
    rows = [(cheque, wanted is None or str(cheque.pk) in wanted) for cheque in cheques]
    return pages.show(
        request, "drawer.html", "cheques", form=form, rows=rows, total=sum(one.amount_cents for one in cheques),
        deposits=pages.paged(request, Deposit.objects.select_related("slip")),
    )  # fmt: skip
