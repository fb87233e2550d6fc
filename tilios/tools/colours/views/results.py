"""Results: one page a view, remarks in the order of colours, files to take out."""

import io
from collections.abc import Callable, Iterator
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.errors import NotAllowed
from tilios.kit.sheets import Cell, write_csv, write_ods
from tilios.kit.text import slugify
from tilios.tools.colours import actions, figures, palettes, report, rules, tallies
from tilios.tools.colours.drawing import views
from tilios.tools.colours.drawing.looks import Picture
from tilios.tools.colours.drawing.views import Material
from tilios.tools.colours.figures.definitions import DEFINITIONS
from tilios.tools.colours.models import Remark, Round
from tilios.tools.colours.views.arriving import kept, number_in, shown_to, visible
from tilios.tools.colours.views.material import material_of, report_of
from tilios.tools.colours.views.shown import Shown
from tilios.ui import charts, pdf

FIRST = "spectre"
HIDDEN = gettext_lazy("The colours of this session are hidden for now.")


@tool_view("colours.view", "GET")
def results(request: Any, pk: int, view: str = FIRST) -> HttpResponse:
    shown = shown_to(request, visible(request, pk))
    context = context_of(request, shown, view, lambda slug: link("colours:results_view", pk, slug))
    context |= {
        "palette_url": link("colours:palette"),
        "exports": files_of(request, lambda form: link("colours:export", pk, form), view, shown),
    }
    return render(request, "colours/results.html", context)


def context_of(request: Any, shown: Shown, view: str, url_of: Callable[[str], str]) -> dict[str, Any]:
    """What a page of results shows, for people and behind a link. Raises Http404 for a view that is not offered."""
    round_ = round_of(request, shown)
    material = material_of(shown, round_)
    offered = views.offered(material)
    chosen = next((one for one in offered if one.slug == view), None)
    if chosen is None:
        raise Http404
    seen, one = bool(material.statements), number_in(request.GET, "enonce")
    tour = f"?tour={round_.number}" if round_ != shown.round else ""
    choosing = seen and (chosen.of_one or chosen.slug == "tours")
    return {
        "session": shown.session,
        "shown": shown,
        "view": chosen,
        "view_tabs": [{"view": each, "url": url_of(each.slug) + tour, "current": each is chosen} for each in offered],
        "round": round_,
        "rounds_offered": _rounds_offered(shown, round_),
        "statements_offered": _statements_offered(material, one) if choosing else (),
        "whole_label": "" if chosen.of_one else _("All statements"),
        "chooser_url": url_of(chosen.slug),
        "palettes": [{"palette": each, "current": each == shown.palette} for each in palettes.PALETTES.values()],
        "pictures": pictures_of(shown, round_, chosen.slug, one) if seen else (),
        "seen": seen,
        "remarks": shown.remarks(round_) if seen else (),
        "definitions": DEFINITIONS.values(),
        "voices": shown.voices(round_),
        "least": rules.LEAST_SHOWN,
    }


def pictures_of(shown: Shown, round_: Round, view: str, statement: int | None) -> list[Picture]:
    """The drawings of a view, kept until the session changes: a page of results then costs the same for ten answers
    and for a hundred thousand.
    """
    seen = ",".join(str(one.pk) for one in shown.statements_shown(round_))
    what = f"{view}:{round_.number}:{statement}:{shown.palette.slug}:{get_language()}:{hash(seen)}"
    return tallies.kept(
        shown.session, what, lambda: views.draw(view, material_of(shown, round_), shown.look, statement=statement)
    )


def _rounds_offered(shown: Shown, round_: Round) -> list[dict[str, Any]]:
    if len(shown.rounds) < 2:
        return []
    return [{"number": one.number, "current": one == round_} for one in shown.rounds]


def _statements_offered(material: Material, chosen: int | None) -> list[dict[str, Any]]:
    return [{"pk": one.pk, "label": one.label, "current": one.pk == chosen} for one in material.statements]


def files_of(request: Any, url_of: Callable[[str], str], view: str, shown: Shown) -> list[dict[str, str]]:
    """The files one may take out: drawings of this view, the answers, the report where it can be laid out."""
    round_, asked = round_of(request, shown), request.GET.urlencode()
    if not shown.statements_shown(round_):
        return []
    forms = [form for form in WRITERS if form != "pdf" or pdf.is_available()]
    found = []
    for form in forms:
        parts = [f"vue={view}" if form in DRAWN else "", asked]
        query = "&".join(part for part in parts if part)
        found.append({"label": form.upper(), "url": url_of(form) + (f"?{query}" if query else "")})
    return found


def round_of(request: Any, shown: Shown) -> Round:
    """The round the address asks for (?tour=2), else the last one."""
    number = number_in(request.GET, "tour")
    return next((one for one in shown.rounds if one.number == number), shown.round)


@tool_view("colours.edit", "POST")
def discuss(request: Any, pk: int, remark_pk: int) -> HttpResponse:
    """Mark a remark as discussed, or not."""
    session = kept(request, pk)
    remark: Remark = get_object_or_404(Remark.objects.select_related("round"), pk=remark_pk, round__session=session)
    actions.mark_discussed(
        by=request.person, session=session, remark=remark, discussed=request.POST.get("discussed") == "1"
    )
    tour = f"?tour={remark.round.number}"
    return redirect(link("colours:results", pk) + f"{tour}#remarque-{remark.pk}")


# Files --------------------------------------------------------------------------------------------------------------


@tool_view("colours.view", "GET")
def export(request: Any, pk: int, form: str) -> HttpResponseBase:
    return exported(request, shown_to(request, visible(request, pk)), form)


def exported(request: Any, shown: Shown, form: str) -> HttpResponseBase:
    """A file of what the reader may see and nothing more. Raises NotAllowed while it is hidden, Http404 for a form or
    a view that is not there.
    """
    if form not in WRITERS or (form == "pdf" and not pdf.is_available()):
        raise Http404
    round_ = round_of(request, shown)
    if not shown.statements_shown(round_):
        raise NotAllowed(HIDDEN)
    response = WRITERS[form](request, shown, round_)
    name = f"{slugify(shown.session.title)[:60] or 'vote-colore'}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def sheet(shown: Shown, round_: Round) -> Iterator[list[Cell]]:
    """One row a voice, one column a statement, in words; then how many gave each colour.

    Names and groups stand there where the session shows them. In a secret one the rows are in a random order already.
    """
    grid, scale = shown.grid(round_), shown.look.scale
    named = rules.sees_names(shown.session)
    heads = [_("Name"), _("Group")] if named else []
    yield [*heads, *(one.label for one in grid.statements)]
    for voice in grid.people:
        cells: list[Cell] = [voice.name, voice.group] if named else []
        for one in grid.statements:
            value = grid.answers.get((one.pk, voice.pk))
            cells.append("" if value is None else scale.label_of(value))
        yield cells
    rows = shown.rows(round_)
    yield []
    for place, value in enumerate(scale.answers):
        counts = [_count(row.sums, place, len(scale)) for row in rows]
        yield [*([scale.label_of(value), ""] if named else []), *counts]


def _count(sums: figures.Sums, place: int, size: int) -> int:
    return sums.counts[place] if place < size else (sums.white, sums.black)[place - size]


def _csv(_request: Any, shown: Shown, round_: Round) -> HttpResponseBase:
    return StreamingHttpResponse(write_csv(sheet(shown, round_)), content_type="text/csv; charset=utf-8")


def _ods(_request: Any, shown: Shown, round_: Round) -> HttpResponseBase:
    out = io.BytesIO()
    write_ods(sheet(shown, round_), out)
    return HttpResponse(out.getvalue(), content_type="application/vnd.oasis.opendocument.spreadsheet")


def _svg(request: Any, shown: Shown, round_: Round) -> HttpResponseBase:
    drawing = charts.standalone(_first_picture(request, shown, round_).svg)
    return HttpResponse(drawing, content_type="image/svg+xml; charset=utf-8")


def _png(request: Any, shown: Shown, round_: Round) -> HttpResponseBase:
    return HttpResponse(charts.png(_first_picture(request, shown, round_).svg), content_type="image/png")


def _pdf(request: Any, shown: Shown, round_: Round) -> HttpResponseBase:
    body = report.pdf_file(report_of(shown, round_, request.structure), shown.look)
    return HttpResponse(body, content_type="application/pdf")


def _first_picture(request: Any, shown: Shown, round_: Round) -> Picture:
    try:
        found = pictures_of(shown, round_, request.GET.get("vue", FIRST), number_in(request.GET, "enonce"))
    except LookupError as error:
        raise Http404 from error
    if not found:
        raise Http404
    return found[0]


WRITERS: dict[str, Callable[[Any, Shown, Round], HttpResponseBase]] = {
    "svg": _svg,
    "png": _png,
    "csv": _csv,
    "ods": _ods,
    "pdf": _pdf,
}
DRAWN = {"svg", "png"}
