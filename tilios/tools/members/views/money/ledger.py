"""The accounts: entries, periods closed, files for others; and the settings of papers."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.billing import actions as billing
from tilios.core.billing import queries as money
from tilios.core.billing.actions.moving import PLACES
from tilios.core.billing.ledger.accounts import MONEY
from tilios.core.billing.ledger.books import closed_until, fiscal_bounds, fiscal_year
from tilios.core.billing.models import ClosedPeriod, Means
from tilios.core.blobs.errors import BlobError
from tilios.core.blobs.images import store_image
from tilios.core.errors import Conflict, Invalid
from tilios.tools.members.forms.money.debits import ClosingForm
from tilios.tools.members.forms.money.moving import MovingForm
from tilios.tools.members.forms.money.payments import EntryFilters
from tilios.tools.members.forms.money.profile import ProfileForm
from tilios.tools.members.queries import money as queries
from tilios.tools.members.views.money import pages

SIGNATURE_SIDE = 800  # pixels
YEARS = 6  # fiscal years proposed for a file


@tool_view("billing.view", "GET")
def entries(request: Any) -> HttpResponse:
    """The entries by journal and period, the newest first; the files to take out."""
    form, profile = EntryFilters(request.GET), money.profile()
    year = fiscal_year(timezone.localdate(), profile.fiscal_month)
    return pages.show(
        request, "entries.html", "ledger", form=form, page=pages.paged(request, queries.entries(**form.chosen())),
        filtered=bool(form.chosen()), closed=closed_until(),
        years=[(one, fiscal_bounds(one, profile.fiscal_month)) for one in range(year, year - YEARS, -1)],
    )  # fmt: skip


@tool_view("billing.record", "GET", "POST")
def move(request: Any) -> HttpResponse:
    """Money of one's own that goes from one place to another; `?paiement=` fills it from a payment in a wrong place."""
    form = MovingForm(pages.posted(request), initial=_moved_payment(request), profile=money.profile())
    if request.method == "POST" and form.is_valid():
        try:
            entry = billing.move_money(by=request.person, **form.cleaned_data)
        except Invalid as error:
            pages.put(form, error)
        else:
            said = _("The move is written in the accounts: entry %(number)s.")
            messages.success(request, said % {"number": f"{entry.journal} {entry.number}"})
            return redirect(link("members:money_entries"))
    return pages.show(request, "move.html", "ledger", form=form)


def _moved_payment(request: Any) -> dict[str, Any]:
    """What the form begins with: the payment named in the address, taken from where its means put it."""
    found = money.payments().filter(pk__in=pages.numbers([request.GET.get("paiement", "")])).first()
    if found is None or MONEY[Means(found.means)] not in PLACES:
        return {}
    label = _("Correction of the payment of %(name)s") % {"name": found.payer_name or _("Somebody")}
    return {"source": MONEY[Means(found.means)], "amount_cents": abs(found.amount_cents), "label": label}


@tool_view("billing.close", "GET", "POST")
def close(request: Any) -> HttpResponse:
    """Close the accounts to a day, once it is understood that there is no way back."""
    form = ClosingForm(pages.posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            billing.close_period(by=request.person, last_day=form.cleaned_data["last_day"])
        except Invalid as error:
            pages.put(form, error)
        else:
            messages.success(request, _("The accounts are closed to that day."))
            return redirect(link("members:money_entries"))
    periods = ClosedPeriod.objects.select_related("closed_by")
    return pages.show(request, "close.html", "ledger", form=form, periods=pages.paged(request, periods))


@tool_view("billing.settings", "GET", "POST")
def profile(request: Any) -> HttpResponse:
    """What papers bear, and the numbers of the accounts. What is refused is said at its field; the rest stays typed."""
    form = ProfileForm(
        pages.posted(request), request.FILES if request.method == "POST" else None, instance=money.profile()
    )
    if request.method == "POST" and form.is_valid():
        try:
            billing.save_profile(by=request.person, **form.values(), **_signature(form))
        except Invalid as error:
            pages.put(form, error)
        except Conflict as error:
            form.add_error("fiscal_month", str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect(link("members:money_profile"))
    return pages.show(request, "profile.html", "settings", form=form)


def _signature(form: ProfileForm) -> dict[str, Any]:
    """The signature to write, if it changes. Raises Invalid for what is no picture."""
    if sent := form.cleaned_data["signature_picture"]:
        try:
            return {"signature": store_image(sent, max_side=SIGNATURE_SIDE)}
        except BlobError as error:
            raise Invalid(
                "signature_picture", _("This is not a picture that can be read: give a PNG or a JPEG.")
            ) from error
    return {"signature": None} if form.cleaned_data.get("without_signature") else {}
