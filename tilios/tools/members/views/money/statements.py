"""Statements: a file read, its columns said once and remembered."""

from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.billing.models import StatementFile
from tilios.core.billing.reconciling.columns import FIELDS, guessed, is_whole
from tilios.core.billing.reconciling.reading import LIMITS, PREAMBLE, Read, read_statement
from tilios.core.blobs import actions as blobs
from tilios.core.blobs.errors import TooLarge
from tilios.core.blobs.models import Blob
from tilios.core.errors import Conflict, Invalid
from tilios.kit.refusals import Refusal
from tilios.kit.sheets import open_sheet
from tilios.tools.members.forms.money.statements import ColumnsForm, StatementForm
from tilios.tools.members.views.money import pages

SALT = "members.statement"
AN_HOUR = 3600
EXAMPLES = 3


@tool_view("billing.record", "GET", "POST")
def statements(request: Any) -> HttpResponse:
    """The files that were read; POST reads one, and asks what its columns hold when its headers do not say it."""
    form = StatementForm(pages.posted(request), request.FILES if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        sent, origin = form.cleaned_data["file"], form.cleaned_data["origin"]
        try:
            blob = blobs.store(sent, name=sent.name, max_size=LIMITS.size)
            header, _examples = _head(blob, origin)
            columns = None if is_whole(guessed(header, origin)) else _remembered(origin, len(header))
            if columns is None and not is_whole(guessed(header, origin)):
                return redirect(f"{link('members:money_columns')}?file={_token(request, blob, sent.name, origin)}")
            with blob.open() as stream:
                found = read_statement(by=request.person, stream=stream, name=sent.name, origin=origin, columns=columns)
        except TooLarge:
            form.add_error("file", _("This file is too large."))
        except Refusal as refusal:
            form.add_error("file", _(refusal.message) % refusal.params)
        except Invalid as error:
            pages.put(form, error)
        else:
            return _read(request, found)
    files = pages.paged(request, StatementFile.objects.select_related("read_by"))
    return pages.show(request, "statements.html", "match", form=form, page=files)


@tool_view("billing.record", "GET", "POST")
def columns(request: Any) -> HttpResponse:
    """What each column of a file that was sent holds; the file is kept meanwhile, and need not be sent again."""
    token = request.POST.get("file") or request.GET.get("file") or ""
    try:
        held = signing.loads(token, salt=SALT, max_age=AN_HOUR)
        blob = Blob.objects.get(pk=held["blob"])
        if held["person"] != request.person.pk:
            raise signing.BadSignature
    except (signing.BadSignature, Blob.DoesNotExist):
        messages.error(request, _("Send the file again: it was kept for an hour."))
        return redirect(link("members:money_statements"))
    header, examples = _head(blob, held["origin"])
    form = ColumnsForm(pages.posted(request), header=header, examples=examples, guessed=guessed(header, held["origin"]))
    if request.method == "POST" and form.is_valid():
        try:
            with blob.open() as stream:
                found = read_statement(
                    by=request.person, stream=stream, name=held["name"], origin=held["origin"], columns=form.columns()
                )
        except Invalid as error:
            pages.put(form, error)
        else:
            return _read(request, found)
    return pages.show(request, "columns.html", "match", form=form, token=token, name=held["name"])


def _read(request: Any, found: Read) -> HttpResponse:
    """Say what was read; the rows that could not be are shown with the reason, else the queue is."""
    text = ngettext("%(count)s line is new.", "%(count)s lines are new.", found.new) % {"count": found.new}
    if found.known:
        text += " " + ngettext(
            "%(count)s was known already.", "%(count)s were known already.", found.known
        ) % {"count": found.known}  # fmt: skip
    messages.success(request, text)
    if not found.refused:
        return redirect(link("members:money_match"))
    return pages.show(request, "refused.html", "match", found=found)


def _head(blob: Blob, origin: str) -> tuple[list[str], list[list[str]]]:
    """The headers, found below what a bank writes above them, and the first rows after. Raises Refusal, Invalid."""
    with blob.open() as stream, open_sheet(stream, limits=LIMITS) as sheet:
        rows = [row.cells for _rank, row in zip(range(PREAMBLE + EXAMPLES), sheet, strict=False)]
    if not rows:
        raise Invalid("file", _("This file is empty."))
    for rank, cells in enumerate(rows[:PREAMBLE]):
        if is_whole(guessed(cells, origin)):
            return cells, rows[rank + 1 : rank + 1 + EXAMPLES]
    return rows[0], rows[1 : 1 + EXAMPLES]


def _remembered(origin: str, width: int) -> list[str] | None:
    """What the columns of the last file of this shape held, when its headers did not say it either."""
    for file in StatementFile.objects.filter(origin=origin)[:20]:
        if len(file.columns) == width:
            return list(file.columns)
    return None


def _token(request: Any, blob: Blob, name: str, origin: str) -> str:
    # SECURITY: signed for who sent it, so that no page reads the bytes of another by their number.
    if origin not in FIELDS:
        raise Conflict
    return signing.dumps({"blob": blob.pk, "name": name, "origin": origin, "person": request.person.pk}, salt=SALT)
