"""Bring files in from elsewhere: choose a source, look at what would come, confirm, follow, undo."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.blobs import actions as blobs
from tilios.core.blobs.serving import content_disposition
from tilios.core.errors import Invalid, Refused
from tilios.core.shelves.pages import numbers_in
from tilios.core.shelves.reading import note_reading
from tilios.kit.names import safe_filename
from tilios.kit.sheets import write_csv
from tilios.tools.files.actions import bringing as actions
from tilios.tools.files.actions.spaces import open_spaces
from tilios.tools.files.bringing import reasons, sending
from tilios.tools.files.bringing.jobs import SILENT
from tilios.tools.files.forms.bringing import ServerForm
from tilios.tools.files.models import Bringing, Item
from tilios.tools.files.models.bringing import BringingState, Choice, Source
from tilios.tools.files.queries import bringing as queries
from tilios.tools.files.queries import listing, tree
from tilios.tools.files.views.opening import opened

A_PAGE = 50


@tool_view("files.write", "GET", "POST")
def begin(request: Any, pk: int) -> HttpResponse:
    """Where the files come from, with how to have one's data there."""
    rights, folder = opened(request, pk, folder=True)
    problem, status = "", 200
    if request.method == "POST":
        try:
            source = request.POST.get("source", "")
            made = actions.begin(by=request.person, rights=rights, folder=folder, source=source)
        except Refused as error:
            problem, status = str(error.message), error.status
        else:
            return redirect(link("files:bringing", made.pk))
    earlier = list(queries.bringing_of(request.person)[:10])
    context = {"folder": folder, "trail": tree.trail(folder), "problem": problem, "earlier": earlier, "Source": Source}
    return render(request, "files/bring.html", context, status=status)


@tool_view("files.write", "GET")
def home(request: Any, bringing: int) -> HttpResponse:
    """Where a bringing is, with what can be done about it."""
    return _page(request, _found(request, bringing))


def _found(request: Any, pk: int) -> Bringing:
    return get_object_or_404(queries.bringing_of(request.person), pk=pk)


def _page(
    request: Any, found: Bringing, *, problem: str = "", status: int = 200, form: ServerForm | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "bringing": found,
        "folder": found.folder,
        "trail": tree.trail(found.folder),
        "problem": problem or found.problem,
        "at": found.state,
        "is_silent": found.is_working and found.beat_at < timezone.now() - SILENT,
    }
    if found.state == BringingState.PREPARING:
        context |= _preparing(request, found, form)
    elif not found.is_working:
        context |= _lists(request, found)
    return render(request, "files/bringing.html", context, status=status)


def _preparing(request: Any, found: Bringing, form: ServerForm | None) -> dict[str, Any]:
    if found.is_from_server:
        typed = {"address": found.address, "login": found.login}
        return {"form": form or ServerForm(initial=typed)}
    parts = list(found.parts.select_related("blob"))
    return {
        "parts": parts,
        "zips": queries.zips_here(open_spaces(request.person)),
        "target": {"bringing": found.pk},
    }


def _lists(request: Any, found: Bringing) -> dict[str, Any]:
    tally = queries.tally(found)
    names = [
        ("a-venir", _("To come"), tally["a_venir"]),
        ("apportes", _("Brought in"), tally["apportes"]),
        ("renommes", _("Other names"), tally["renommes"]),
        ("deja-la", _("Already there"), tally["deja_la"]),
        ("refuses", _("Refused"), tally["refuses"]),
        ("echoues", pgettext("files brought in", "Failed"), tally["echoues"]),
        ("laisses", _("Left out"), tally["laisses"]),
        ("gardes", _("Kept"), tally["gardes"]),
    ]
    shown = [one for one in names if one[2]]
    asked = request.GET.get("voir", "")
    preferred = ("gardes", "echoues", "refuses", "renommes", "deja-la")
    there = [name for name, _label, _count in shown]
    if asked not in there:
        asked = next((name for name in (*preferred, *there) if name in there), "")
    page = Paginator(queries.lines_of(found, asked), A_PAGE).get_page(request.GET.get("page"))
    rows = [(line, reasons.words(line.reason)) for line in page]
    owner = found.folder.owner if found.folder.parent_id is None else _owner(found)
    used, allowed = tree.room(None)
    left = None if allowed is None else max(allowed - used, 0)
    if owner is not None:
        own_used, own_allowed = tree.room(owner)
        if own_allowed is not None:
            left = min(max(own_allowed - own_used, 0), left if left is not None else own_allowed)
    return {
        "tally": tally,
        "shown": shown,
        "asked": asked,
        "page": page,
        "rows": rows,
        "room": left,
        "is_too_much": left is not None and found.counts.get("size", 0) > left,
        "choices": Choice.choices,
        "can_undo": found.state in {BringingState.DONE, BringingState.STOPPED} and bool(tally["apportes"]),
    }


def _owner(found: Bringing) -> Any:
    root = Item.objects.select_related("owner").get(pk=found.folder.ancestors[0])
    return root.owner


def _step(request: Any, pk: int, act: Callable[[Bringing], object]) -> HttpResponse:
    """Do one step and show where things are; what is refused is said on the same page."""
    found = _found(request, pk)
    try:
        act(found)
    except Refused as error:
        return _page(request, _found(request, pk), problem=str(error.message), status=error.status)
    return redirect(link("files:bringing", pk))


@tool_view("files.write", "POST")
def send(request: Any, bringing: int) -> HttpResponse:
    """A zip by an ordinary form; the uploader of the page sends large ones in several goes."""

    def act(found: Bringing) -> None:
        given = request.FILES.getlist("files")
        if not given:
            raise Invalid("file", _("Choose at least one file."))
        for one in given:
            name = safe_filename(one.name.rpartition("/")[2])
            sending.check(request.person, {"bringing": found.pk}, name)
            blob = blobs.store(one, name=name)
            actions.add_part(by=request.person, bringing=found, blob=blob, name=name)

    return _step(request, bringing, act)


@tool_view("files.write", "POST")
def add(request: Any, bringing: int) -> HttpResponse:
    """A zip that is among the files already."""

    def act(found: Bringing) -> None:
        numbers = numbers_in(request.POST.getlist("fichier"))
        chosen = listing.chosen(open_spaces(request.person), numbers)
        if not chosen:
            raise Invalid("file", _("Choose at least one file."))
        for item in chosen:
            if item.blob is not None:
                note_reading(request.person, item)
                actions.add_part(by=request.person, bringing=found, blob=item.blob, name=item.name)

    return _step(request, bringing, act)


@tool_view("files.write", "POST")
def remove(request: Any, bringing: int) -> HttpResponse:
    number = next(iter(numbers_in([request.POST.get("partie", "")])), 0)
    return _step(request, bringing, lambda found: actions.remove_part(by=request.person, bringing=found, number=number))


@tool_view("files.write", "POST")
def look(request: Any, bringing: int) -> HttpResponse:
    found = _found(request, bringing)
    if not found.is_from_server:
        return _step(request, bringing, lambda one: actions.look(by=request.person, bringing=one))
    form = ServerForm(request.POST)
    if form.is_valid():
        try:
            actions.look(by=request.person, bringing=found, **form.cleaned_data)
        except Invalid as error:
            form.add_error(error.field, str(error.message))
        except Refused as error:
            return _page(request, _found(request, bringing), problem=str(error.message), status=error.status)
        else:
            return redirect(link("files:bringing", bringing))
    return _page(request, found, form=form, status=422)


@tool_view("files.write", "POST")
def start(request: Any, bringing: int) -> HttpResponse:
    rights, choice = open_spaces(request.person), request.POST.get("choice", Choice.BOTH)
    return _step(
        request, bringing, lambda one: actions.start(by=request.person, rights=rights, bringing=one, choice=choice)
    )


@tool_view("files.write", "POST")
def stop(request: Any, bringing: int) -> HttpResponse:
    return _step(request, bringing, lambda one: actions.stop(by=request.person, bringing=one))


@tool_view("files.write", "POST")
def go_on(request: Any, bringing: int) -> HttpResponse:
    password = request.POST.get("password", "")
    return _step(request, bringing, lambda one: actions.go_on(by=request.person, bringing=one, password=password))


@tool_view("files.write", "POST")
def undo(request: Any, bringing: int) -> HttpResponse:
    return _step(request, bringing, lambda one: actions.undo(by=request.person, bringing=one))


@tool_view("files.write", "POST")
def give_up(request: Any, bringing: int) -> HttpResponse:
    found = _found(request, bringing)
    folder = found.folder_id
    try:
        actions.give_up(by=request.person, bringing=found)
    except Refused as error:
        return _page(request, found, problem=str(error.message), status=error.status)
    return redirect(link("files:bring", folder))


@tool_view("files.write", "GET")
def report(request: Any, bringing: int) -> HttpResponseBase:
    """All lines, as a sheet."""
    found = _found(request, bringing)
    rows = list(queries.report(found))  # read here: what is sent later is out of the structure's scope
    name = f"{_('Brought in')} {found.created_at:%Y-%m-%d}.csv"
    headers = {"Content-Disposition": content_disposition(name), "X-Content-Type-Options": "nosniff"}
    return StreamingHttpResponse(write_csv(rows), content_type="text/csv; charset=utf-8", headers=headers)
