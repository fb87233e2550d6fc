"""Tilios as an application on a phone: manifest, service worker, the page shown without a connection."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tilios.core.access import roles
from tilios.core.access.guards import public_view, tool_view
from tilios.core.access.links import link
from tilios.core.toolbox import registry
from tilios.ui import installable

TYPE = "application/manifest+json; charset=utf-8"
PROPOSED = 4  # shortcuts a phone shows at most


@public_view("GET", reason="a browser reads it before anybody has signed in; it names the program alone")
def manifest(request: HttpRequest) -> HttpResponse:
    data = installable.manifest(name="Tilios", start_url="/", language=settings.LANGUAGE_CODE)
    response = JsonResponse(data, content_type=TYPE)
    response["Cache-Control"] = "public, max-age=3600"
    return response


@tool_view("portal.home", "GET")
def structure_manifest(request: HttpRequest) -> HttpResponse:
    """The structure as an application of its own: its name, its home, and what one creates there most."""
    structure, person = request.structure, request.person  # type: ignore[attr-defined]
    creates = [create for tool in registry.enabled(structure) for create in tool.creates]
    shortcuts = [
        {"name": str(create.label), "url": link(create.url)} for create in creates if roles.may(person, create.action)
    ]
    data = installable.manifest(
        name=structure.name,
        start_url=link("portal:home"),
        scope="/",  # signing in happens outside the structure's own addresses
        language=structure.language,
        shortcuts=[*shortcuts[: PROPOSED - 1], {"name": _("Search"), "url": link("portal:search")}],
    )
    response = JsonResponse(data, content_type=TYPE)
    response["Cache-Control"] = "private, max-age=3600"
    return response


@public_view("GET", reason="the program that shows a page when there is no connection; the same for everybody")
def service_worker(request: HttpRequest) -> HttpResponse:
    """Served from the root, so that it covers every page; asked again each time, so that a mended one takes over."""
    script = installable.service_worker(offline_url=reverse("offline"), subscription_url=reverse("push_subscription"))
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@public_view("GET", reason="shown without a connection: it holds nothing of anybody")
def offline(request: HttpRequest) -> HttpResponse:
    """The page a device keeps. SECURITY: rendered as for somebody signed out, so that a shared device keeps no name."""
    from django.contrib.auth.models import AnonymousUser

    request.user = AnonymousUser()
    response = render(request, "offline.html")
    response["Cache-Control"] = "public, max-age=3600"
    return response
