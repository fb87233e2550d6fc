"""Make a calendar public: the page of who looks after it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _

from tilios.core.access.guards import tool_view
from tilios.core.access.links import absolute, link
from tilios.core.errors import Invalid
from tilios.tools.agenda.actions.publications import make_private, make_public, may_publish
from tilios.tools.agenda.forms.publications import PublicationForm
from tilios.tools.agenda.models import Item, Nature, Publication
from tilios.tools.agenda.queries.rights import Rights
from tilios.tools.agenda.views.opening import opened_collection


@tool_view("agenda.view", "GET", "POST")
def publication(request: Any, pk: int) -> HttpResponse:
    """Whether a calendar is public, at which address, and what to copy into another website."""
    rights, calendar = _opened(request, pk)
    found = Publication.objects.filter(calendar=calendar).first()
    form = PublicationForm(found, request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            given = form.cleaned_data
            try:
                make_public(
                    by=request.person,
                    rights=rights,
                    calendar=calendar,
                    slug=given["slug"],
                    busy_only=given["contents"] == "busy",
                    takes_proposals=given["takes_proposals"],
                )
            except Invalid as error:
                form.add_error(error.field, str(error.message))
            else:
                messages.success(request, _("Everybody can see this calendar."))
                return redirect(link("agenda:publication", calendar.pk))
        status = 422
    context = {"item": calendar, "form": form, "publication": found, **_addresses(found)}
    return render(request, "agenda/publication.html", context, status=status)


@tool_view("agenda.view", "POST")
def unpublish(request: Any, pk: int) -> HttpResponse:
    rights, calendar = _opened(request, pk)
    make_private(by=request.person, rights=rights, calendar=calendar)
    messages.success(request, _("The public pages are closed."))
    return redirect(link("agenda:publication", calendar.pk))


def _opened(request: Any, pk: int) -> tuple[Rights, Item]:
    rights, calendar = opened_collection(request, pk, Nature.CALENDAR)
    if not may_publish(rights, calendar):
        raise Http404
    return rights, calendar


def _addresses(found: Publication | None) -> dict[str, Any]:
    if found is None:
        return {}
    page = absolute(link("agenda:public", found.slug))
    embed = absolute(link("agenda:public_embed", found.slug))
    title = found.calendar.name
    return {
        "page": page,
        "file": absolute(link("agenda:public_file", found.slug)),
        "rss": "" if found.busy_only else absolute(link("agenda:public_rss", found.slug)),
        "snippets": [
            (name, _snippet(f"{embed}{query}", title, high))
            for name, query, high in (
                (_("As a list"), "", 480),
                (_("As a month"), "?vue=mois", 640),
                (_("As a list, on a dark page"), "?theme=sombre", 480),
            )
        ],
    }


def _snippet(address: str, title: str, height_px: int) -> str:
    """What to paste in another page, as text to show and to copy."""
    code = format_html('<iframe src="{}" title="{}" width="100%" height="{}"></iframe>', address, title, height_px)
    return str.__str__(code)
