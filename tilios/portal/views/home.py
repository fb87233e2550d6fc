"""The dashboard of a structure, its help, logo and colour; and the first page of the instance."""

import re

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from tilios.core.access import roles
from tilios.core.access.guards import account_view, public_view, tool_view
from tilios.core.access.links import link
from tilios.core.people.models import Account
from tilios.core.people.queries import structures_of
from tilios.core.toolbox import registry
from tilios.ui.colour import stylesheet


@public_view("GET", reason="sends the signed in to their structure, others to the login page")
def front_door(request: HttpRequest) -> HttpResponse:
    if not Account.objects.exists():
        return redirect("first_run")
    if not request.user.is_authenticated:
        return redirect("account_login")
    return redirect("my_structures")


@account_view("GET")
def my_structures(request: HttpRequest) -> HttpResponse:
    """The account's structures; straight in when there is one."""
    structures = structures_of(request.user)
    if len(structures) == 1 and not request.user.is_host:
        return redirect(link("portal:home", structure=structures[0]))
    return render(request, "portal/my_structures.html", {"structures": structures})


@tool_view("portal.home", "GET")
def dashboard(request: HttpRequest) -> HttpResponse:
    """Each tool's widgets, in the order of the menu."""
    cards = []
    for tool in registry.enabled(request.structure):
        for widget in tool.widgets:
            if roles.may(request.person, widget.action):
                context = widget.context(request.person)
                if context is not None:
                    cards.append({"widget": widget, "tool": tool, "context": context})
    return render(request, "portal/home.html", {"cards": cards})


@tool_view("portal.home", "GET")
def help_index(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/help.html", {"tools": registry.enabled(request.structure)})


@tool_view("portal.home", "GET")
def logo(request: HttpRequest) -> HttpResponseBase:
    if request.structure.logo is None:
        raise Http404
    from tilios.core.blobs.serving import blob_response

    return blob_response(request.structure.logo, name="logo", inline=True)


@tool_view("portal.home", "GET")
def colour(request: HttpRequest, colour: str) -> HttpResponse:
    """The structure's colour as CSS; its address names the colour, so it is kept for good."""
    if not re.fullmatch(r"[0-9a-fA-F]{6}", colour):
        raise Http404
    response = HttpResponse(stylesheet(f"#{colour}"), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
