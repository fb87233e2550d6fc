"""The dashboard of a structure, its help, logo and colour; and the first page of the instance."""

import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.translation import gettext as _

from tilios.core.access import undo
from tilios.core.access.guards import account_view, public_view, tool_view
from tilios.core.access.links import link
from tilios.core.people.models import Account, Person
from tilios.core.people.queries import structures_of
from tilios.core.toolbox import registry
from tilios.core.toolbox.declaration import Tool
from tilios.portal import dashboard as dashboard_cards
from tilios.ui.colour import stylesheet


@public_view("GET", reason="sends the signed in to their structure, others to the login page")
def front_door(request: HttpRequest) -> HttpResponse:
    if not Account.objects.exists():
        return redirect("first_run")
    if not request.user.is_authenticated:
        return redirect("account_login")
    return redirect("my_structures")


@account_view("GET")
def my_structures(request: Any) -> HttpResponse:
    """The account's structures; straight in when there is one."""
    structures = structures_of(request.user)
    if len(structures) == 1 and not request.user.is_host:
        return redirect(link("portal:home", structure=structures[0]))
    shown = [
        {"name": row.name, "purpose": row.purpose, "url": link("portal:home", structure=row)} for row in structures
    ]
    return render(request, "portal/my_structures.html", {"structures": shown})


@account_view("GET")
def new_text(request: Any) -> HttpResponse:
    """/new: where one begins a text, in the first of one's structures that has them."""
    for structure in structures_of(request.user):
        if "pads" in structure.enabled_tools:
            return redirect(link("pads:new", structure=structure))
    return redirect("my_structures")


@tool_view("portal.home", "GET")
def dashboard(request: HttpRequest) -> HttpResponse:
    """The cards of the house and of each tool, as the person has arranged them."""
    person = request.person  # type: ignore[attr-defined]
    return render(request, "portal/home/index.html", {"cards": dashboard_cards.cards(person)})


@tool_view("portal.home", "GET", "POST")
def arrange(request: HttpRequest) -> HttpResponse:
    """Which cards the home shows, and in which order."""
    person = request.person  # type: ignore[attr-defined]
    if request.method == "POST":
        if "again" in request.POST:
            dashboard_cards.start_again(person=person)
        else:
            move, _sign, name = request.POST.get("move", "").partition(":")
            dashboard_cards.arrange(person=person, name=name, move=move)
            if move == "hide" and "from_home" in request.POST:
                undo.offer(request, _("The card is put away."), show_card, name=name)
        return redirect(link("portal:home") if "from_home" in request.POST else link("portal:arrange"))
    away = dashboard_cards.hidden(person)
    pairs = dashboard_cards.offered(person)
    context = {
        "shown": [pair for pair in pairs if pair[1].name not in away],
        "hidden": [pair for pair in pairs if pair[1].name in away],
    }
    return render(request, "portal/home/arrange.html", context)


@undo.undoable
def show_card(*, by: Person, name: str) -> str:
    """Undo of putting a card away."""
    dashboard_cards.arrange(person=by, name=name, move="show")
    return link("portal:home")


@tool_view("portal.home", "GET")
def help_index(request: HttpRequest) -> HttpResponse:
    """Help: the house, and each tool that explains itself."""
    return render(request, "portal/help/index.html", {"tools": _explained(request)})


@tool_view("portal.home", "GET")
def help_page(request: HttpRequest, tool: str) -> HttpResponse:
    """The help of one tool."""
    tools = _explained(request)
    found = next((one for one in tools if one.slug == tool), None)
    if found is None:
        raise Http404
    return render(request, "portal/help/page.html", {"tool": found, "tools": tools})


def _explained(request: HttpRequest) -> list[Tool]:
    """What has a help page, among what surrounds the tools and the tools switched on."""
    tools = [*(one for one in registry.everything() if one.house), *registry.enabled(request.structure)]  # type: ignore[attr-defined]
    return [one for one in tools if one.help]


@tool_view("portal.home", "GET")
def logo(request: HttpRequest) -> HttpResponseBase:
    """The structure's own sign, or that of Tilios until it has one."""
    if request.structure.logo is None:  # type: ignore[attr-defined]
        return redirect(static("ui/brand/mark.svg"))
    from tilios.core.blobs.serving import blob_response

    return blob_response(request.structure.logo, name="logo", inline=True, request=request)  # type: ignore[attr-defined]


@public_view("GET", reason="turns a colour into a style sheet: the colour is in the address, nothing else is told")
def colour(request: HttpRequest, colour: str) -> HttpResponse:
    """The structure's colour as CSS; its address names the colour, so it is kept for good."""
    if not re.fullmatch(r"[0-9a-fA-F]{6}", colour):
        raise Http404
    response = HttpResponse(stylesheet(f"#{colour}"), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
