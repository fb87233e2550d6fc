"""Results: votes one by one, who has voted, exports, pictures and files of options."""

import io
from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _

from tilios.core.access.guards import tool_view
from tilios.core.blobs.images import thumbnail
from tilios.core.blobs.serving import blob_response
from tilios.core.errors import NotAllowed, require
from tilios.kit.sheets import write_csv, write_ods
from tilios.kit.text import slugify
from tilios.tools.polls import drawing, queries, results
from tilios.tools.polls.models import Option, Poll
from tilios.tools.polls.views.shown import Shown
from tilios.tools.polls.views.voting import kept, visible

A_PAGE = 50
PICTURE_SIDE = 384  # pixels
HIDDEN = _("The results of this poll are hidden for now.")


@tool_view("polls.view", "GET")
def votes(request: Any, pk: int) -> HttpResponse:
    """Every vote by name, page by page."""
    poll = visible(request, pk)
    shown = Shown(poll, person=request.person)
    require(shown.sees_results, HIDDEN)
    require(shown.sees_names, _("Votes are not shown by name in this poll."))
    page = Paginator(queries.ballots_of(poll), A_PAGE).get_page(request.GET.get("page"))
    context = {"poll": poll, "shown": shown, "page": page, "votes": list(results.votes(poll, shown.options, page))}
    return render(request, "polls/votes.html", context)


@tool_view("polls.edit", "GET")
def participation(request: Any, pk: int) -> HttpResponse:
    """Who is still awaited: for whoever runs the poll. It says who has voted, never what."""
    poll = kept(request, pk)
    page = Paginator(queries.silent_people(poll), A_PAGE).get_page(request.GET.get("page"))
    reminded = set(poll.reminders.filter(person__in=[person.pk for person in page]).values_list("person", flat=True))
    context = {"poll": poll, "shown": Shown(poll, person=request.person), "page": page, "reminded": reminded}
    return render(request, "polls/participation.html", context)


@tool_view("polls.view", "GET")
def export(request: Any, pk: int, form: str) -> HttpResponseBase:
    if form not in WRITERS:
        raise Http404
    return exported(Shown(visible(request, pk), person=request.person), form)


def exported(shown: Shown, form: str) -> HttpResponseBase:
    """The results as a file, of what the reader may see and nothing more. Raises NotAllowed while they are hidden."""
    if not shown.sees_results:
        raise NotAllowed(HIDDEN)
    response = WRITERS[form](shown)
    name = f"{slugify(shown.poll.title)[:60] or 'sondage'}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _rows(shown: Shown) -> Any:
    seen = shown.sees_names
    rows = results.votes(shown.poll, shown.options, queries.ballots_of(shown.poll).iterator(500)) if seen else None
    return results.sheet(shown.result, rows)


def _csv(shown: Shown) -> HttpResponseBase:
    return StreamingHttpResponse(write_csv(_rows(shown)), content_type="text/csv; charset=utf-8")


def _ods(shown: Shown) -> HttpResponseBase:
    out = io.BytesIO()
    write_ods(_rows(shown), out, title=shown.poll.title)
    return HttpResponse(out.getvalue(), content_type="application/vnd.oasis.opendocument.spreadsheet")


def _svg(shown: Shown) -> HttpResponseBase:
    return HttpResponse(drawing.svg_file(shown.result), content_type="image/svg+xml; charset=utf-8")


def _png(shown: Shown) -> HttpResponseBase:
    return HttpResponse(drawing.png_file(shown.result), content_type="image/png")


WRITERS: dict[str, Callable[[Shown], HttpResponseBase]] = {"csv": _csv, "ods": _ods, "svg": _svg, "png": _png}


@tool_view("polls.view", "GET")
def image(request: Any, pk: int, option_pk: int) -> HttpResponseBase:
    return picture_of(request, visible(request, pk), option_pk)


@tool_view("polls.view", "GET")
def attachment(request: Any, pk: int, option_pk: int) -> HttpResponseBase:
    return file_of(request, visible(request, pk), option_pk)


def picture_of(request: Any, poll: Poll, option_pk: int) -> HttpResponseBase:
    """The picture of an option, small, or as it was sent with ?entier."""
    option = get_object_or_404(Option.objects.select_related("image"), pk=option_pk, poll=poll, image__isnull=False)
    picture = option.image if "entier" in request.GET else thumbnail(option.image, PICTURE_SIDE)
    return blob_response(picture, name=option.label or "image", inline=True, request=request)


def file_of(request: Any, poll: Poll, option_pk: int) -> HttpResponseBase:
    option = get_object_or_404(Option.objects.select_related("file"), pk=option_pk, poll=poll, file__isnull=False)
    return blob_response(option.file, name=option.file_name or option.label or "fichier", inline=False, request=request)
