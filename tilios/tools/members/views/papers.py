"""What is printed of members: of whom, what will come out, the PDF at once or in the background."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from tilios.core.access.guards import tool_view
from tilios.core.access.links import link
from tilios.core.blobs.serving import blob_response
from tilios.core.errors import Conflict, Invalid
from tilios.core.people.models import Person
from tilios.tools.members.forms.papers import BlankForm
from tilios.tools.members.models import MadePaper
from tilios.tools.members.papers import jobs, making
from tilios.tools.members.papers.kinds import KINDS, Figures, Kind
from tilios.tools.members.queries.choosing import Choice, chosen, named, offered

MOST_TICKS = 300


@tool_view("members.register", "GET")
def papers(request: Any) -> HttpResponse:
    """Of whom, then which paper."""
    choice, total, count = _choice(request)
    ticks = list(named(choice, request.person)) if total <= MOST_TICKS else []
    context = {
        "choice": choice, "offered": offered(request.person), "count": count, "total": total, "ticks": ticks,
        "kinds": KINDS.values(), "most": MOST_TICKS, "made": _made_of(request.person),
    }  # fmt: skip
    return render(request, "members/papers/papers.html", context)


@tool_view("members.register", "GET", "POST")
def paper(request: Any, paper: str) -> HttpResponseBase:
    """One paper: what is chosen of it, what will come out; POST makes it, unless it only asks how many."""
    kind = _kind(paper)
    choice, total, count = _choice(request)
    posted = request.method == "POST"
    asked = posted or "compter" in request.GET
    data = request.POST if posted else request.GET
    form = kind.form(data if asked else None, by=request.person)
    judged = form if asked else form.with_defaults()
    people, figures = list(chosen(choice, request.person)), Figures(nothing=True)
    if judged.is_valid():
        figures = kind.figures(people, judged.cleaned_data)
        if posted and request.POST.get("do") != "compter":
            try:
                return _make(request, kind, choice, form, people)
            except (Invalid, Conflict) as error:
                form.add_error(None, str(error))
    context = {
        "kind": kind, "form": form, "choice": choice, "total": total, "count": count, "figures": figures,
        "later": len(people) > making.AT_ONCE, "judged": judged,
    }  # fmt: skip
    status = 422 if posted and form.errors else 200
    return render(request, "members/papers/paper.html", context, status=status)


def _kind(key: str) -> Kind:
    """The paper of the address, or 404."""
    if key not in KINDS:
        raise Http404
    return KINDS[key]


def _make(request: Any, kind: Any, choice: Choice, form: Any, people: list[Any]) -> HttpResponseBase:
    making.refuse(kind, people, form.cleaned_data)
    if len(people) > making.AT_ONCE:
        made = jobs.ask(by=request.person, kind=kind, choice=choice, form=form, people=len(people))
        return redirect(link("members:made_paper", made.pk))
    body = making.laid_out(by=request.person, kind=kind, people=people, said=form.cleaned_data)
    return as_file(body, making.file_name(kind))


def as_file(body: bytes, name: str) -> HttpResponse:
    """A PDF to be saved or shown, that no cache keeps."""
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(body, content_type="application/pdf", headers=headers)


def _choice(request: Any) -> tuple[Choice, int, int]:
    """Of whom, how many the set has, and how many of them are chosen. Ticks of another set are let go."""
    choice = Choice.read(request.POST if request.method == "POST" else request.GET)
    found = named(choice, request.person)
    total = found.count()
    if not choice.ticked:
        return choice, total, total
    kept = tuple(found.filter(pk__in=choice.ticked).order_by("pk").values_list("pk", flat=True))
    return Choice(choice.whom, kept), total, len(kept) or total


def _made_of(person: Person) -> list[dict[str, Any]]:
    """The papers that the person had made, and that are still there."""
    rows = MadePaper.objects.filter(made_by=person, created_at__gt=timezone.now() - jobs.KEPT).select_related("blob")
    return [{"made": made, "name": KINDS[made.kind].name} for made in rows]


def _own(request: Any, made_pk: int) -> MadePaper:
    # SECURITY: a paper holds what whoever asked for it may read: it is theirs alone.
    return get_object_or_404(MadePaper.objects.select_related("blob"), pk=made_pk, made_by=request.person)


@tool_view("members.register", "GET")
def made(request: Any, made_pk: int) -> HttpResponse:
    """A paper made in the background: how far it is, then where to take it."""
    return render(request, "members/papers/made.html", _progress_context(_own(request, made_pk)))


@tool_view("members.register", "GET")
def progress(request: Any, made_pk: int) -> HttpResponse:
    """The bar, asked again every two seconds; once the paper is made, its page."""
    found = _own(request, made_pk)
    if not request.htmx:
        return redirect(link("members:made_paper", found.pk))
    context = _progress_context(found)
    if context["working"]:
        return render(request, "members/papers/_progress.html", context)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = link("members:made_paper", found.pk)
    return response


def _progress_context(found: MadePaper) -> dict[str, Any]:
    row = jobs.progress_of(found)
    return {
        "made": found, "name": KINDS[found.kind].name, "progress": row,
        "working": found.blob_id is None and row is not None and row.state in ("waiting", "running"),
        "again": f"{link('members:paper', found.kind)}?{Choice.kept(found.whom).query}",
    }  # fmt: skip


@tool_view("members.register", "GET")
def made_pdf(request: Any, made_pk: int) -> HttpResponseBase:
    found = _own(request, made_pk)
    if found.blob is None:
        return redirect(link("members:made_paper", found.pk))
    return blob_response(found.blob, name=making.file_name(KINDS[found.kind]), inline=True, request=request)


@tool_view("members.register", "GET", "POST")
def blank(request: Any) -> HttpResponse:
    """The blank form to join."""
    form = BlankForm(request.POST if request.method == "POST" else None, by=request.person)
    if request.method == "POST" and form.is_valid():
        return as_file(making.blank_form(form.cleaned_data), "bulletin.pdf")
    return render(request, "members/papers/blank.html", {"form": form}, status=422 if form.errors else 200)
