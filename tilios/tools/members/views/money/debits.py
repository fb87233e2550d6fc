"""Direct debits: mandates, batches, their file, what the bank answers."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.billing import actions as billing
from tilios.core.billing import queries as money
from tilios.core.billing.models import Charge, Debit, DebitBatch, DebitState, Mandate
from tilios.core.billing.sepa.pain import pain_of
from tilios.core.blobs import actions as blobs
from tilios.core.blobs.models import Blob
from tilios.core.blobs.serving import blob_response
from tilios.core.errors import Conflict, Invalid
from tilios.tools.members.forms.money.debits import SCAN_LIMIT, BatchForm, ConfirmForm, MandateForm, RejectForm
from tilios.tools.members.queries import money as queries
from tilios.tools.members.queries.announcing import announced
from tilios.tools.members.views.money import pages

SCAN_KINDS = ("application/pdf", "image/jpeg", "image/png", "image/webp")


@tool_view("billing.record", "GET", "POST")
def debits(request: Any) -> HttpResponse:
    """What is due and may be debited, all ticked; POST makes the batch. Batches and mandates below."""
    profile = money.profile()
    form = BatchForm(pages.posted(request), notice_days=profile.notice_days)
    if request.method == "POST" and form.is_valid():
        try:
            chosen = pages.ticked(request, "charge", Charge.objects.all())
            made = billing.make_batch(by=request.person, charges=chosen, **form.cleaned_data)
        except Invalid as error:
            pages.put(form, error)
        except Conflict as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The debits are ready: give their file to the bank."))
            return redirect(link("members:money_batch", made.pk))
    wanted = set(request.POST.getlist("charge")) if request.method == "POST" else None
    rows = [
        (charge, mandate, wanted is None or str(charge.pk) in wanted)
        for charge, mandate in queries.debitable(timezone.localdate())
    ]
    return pages.show(
        request, "debits.html", "debits", form=form, rows=rows, profile=profile,
        page=pages.paged(request, DebitBatch.objects.all()),
    )  # fmt: skip


@tool_view("billing.record", "GET")
def mandates(request: Any) -> HttpResponse:
    """The mandates there are; somebody searched by name to record another."""
    text = request.GET.get("q", "")[:80]
    page = pages.paged(request, Mandate.objects.select_related("payer"))
    today = timezone.localdate()
    return pages.show(
        request, "mandates.html", "debits", page=page, text=text, people=queries.people_named(text),
        rows=[(mandate, mandate.is_usable(today)) for mandate in page],
    )  # fmt: skip


@tool_view("billing.record", "GET", "POST")
def add_mandate(request: Any, person_pk: int) -> HttpResponse:
    """Record a mandate signed on paper."""
    payer = pages.somebody(person_pk)
    form = MandateForm(pages.posted(request), request.FILES if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            scan = _stored(form.cleaned_data["scan"])
            billing.record_mandate(by=request.person, payer=payer, **(form.cleaned_data | {"scan": scan}))
        except Invalid as error:
            pages.put(form, error)
        else:
            messages.success(request, _("The mandate is recorded."))
            return redirect(link("members:money_mandates"))
    return pages.show(request, "mandate.html", "debits", form=form, payer=payer)


@tool_view("billing.record", "POST")
def revoke(request: Any, mandate_pk: int) -> HttpResponse:
    billing.revoke_mandate(by=request.person, mandate=get_object_or_404(Mandate, pk=mandate_pk))
    messages.success(request, _("No debit is made by this mandate any more."))
    return redirect(link("members:money_mandates"))


@tool_view("billing.view", "GET")
def scan(request: Any, mandate_pk: int) -> HttpResponseBase:
    """The signed paper of a mandate."""
    mandate = get_object_or_404(Mandate.objects.select_related("scan"), pk=mandate_pk)
    if mandate.scan is None:
        raise Http404
    return blob_response(mandate.scan, name=mandate.reference, inline=True, request=request)


@tool_view("billing.record", "GET")
def batch(request: Any, batch_pk: int) -> HttpResponse:
    """One batch: its file, and the answer of the bank for each debit."""
    return _batch_page(request, get_object_or_404(DebitBatch, pk=batch_pk), None, None)


def _batch_page(request: Any, found: DebitBatch, form: Any, refused: RejectForm | None) -> HttpResponse:
    rows = list(found.debits.select_related("charge", "mandate", "payment"))
    form = form or ConfirmForm(initial={"received_on": max(found.collect_on, timezone.localdate())})
    return pages.show(
        request, "batch.html", "debits", form=form, batch=found, rows=rows, reject=refused or RejectForm(),
        waiting=any(row.state == DebitState.WAITING for row in rows), announced=announced(found),
    )  # fmt: skip


@tool_view("billing.record", "GET")
def batch_file(request: Any, batch_pk: int) -> HttpResponse:
    """The file for the bank, made when it is asked for."""
    found = get_object_or_404(DebitBatch, pk=batch_pk)
    return pages.file(f"{found.reference}.xml", "application/xml", pain_of(found))


@tool_view("billing.record", "POST")
def confirm(request: Any, batch_pk: int) -> HttpResponse:
    """The bank has paid the debits ticked."""
    found, form = get_object_or_404(DebitBatch, pk=batch_pk), ConfirmForm(request.POST)
    chosen = pages.ticked(request, "debit", Debit.objects.filter(batch=found))
    if form.is_valid():
        if not chosen:
            form.add_error(None, _("Tick the debits that the bank has paid."))
        else:
            try:
                billing.confirm_debits(by=request.person, debits=chosen, **form.cleaned_data)
            except Invalid as error:
                pages.put(form, error)
            else:
                messages.success(request, _("The debits are recorded as paid."))
                return redirect(link("members:money_batch", batch_pk))
    return _batch_page(request, found, form, None)


@tool_view("billing.record", "POST")
def reject(request: Any, debit_pk: int) -> HttpResponse:
    """The bank rejects a debit, with its reason."""
    found, form = get_object_or_404(Debit.objects.select_related("batch"), pk=debit_pk), RejectForm(request.POST)
    if form.is_valid():
        billing.reject_debit(by=request.person, debit=found, reason=form.cleaned_data["reason"])
        messages.success(request, _("The debit is rejected: its amount is owed again."))
    else:
        messages.error(request, _("Please say why the bank rejects it."))
    return redirect(link("members:money_batch", found.batch_id))


def _stored(sent: Any) -> Blob | None:
    if not sent:
        return None
    blob = blobs.store(sent, name=sent.name, max_size=SCAN_LIMIT)
    if blob.media_type not in SCAN_KINDS:
        raise Invalid("scan", _("Give a PDF or an image."))
    return blob
