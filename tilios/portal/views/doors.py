"""Doors that are not pages of a structure: health for supervisors, share links."""

from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tilios.core.access import answers, sharing
from tilios.core.access.guards import public_view
from tilios.core.access.models import ShareLink
from tilios.core.errors import Invalid, NotAllowed
from tilios.core.journal.actions import through
from tilios.core.structures.scope import scope


@public_view("GET", reason="a supervisor asks whether this process answers; it tells nothing else")
def health(request: HttpRequest) -> HttpResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    return JsonResponse({"status": "ok"})


@public_view(
    # Files are sent by the last three; the view of the tool allows what it takes.
    *("GET", "POST", "PATCH", "DELETE", "OPTIONS"),
    reason="the token of the link is the key; unknown, revoked and expired ones do not exist",
)
def share(request: HttpRequest, token: str, step: str = "") -> HttpResponseBase:
    """Open what a share link opens: find it, ask for its password, hand over to the tool's view in its scope."""
    link = sharing.find(token)
    if link is None:
        raise Http404
    with scope(link.structure), timezone.override(link.structure.timezone), through("link"):
        found, target = sharing.mode_of(link), sharing.target_of(link)
        if found is None or target is None:
            raise Http404
        request.structure = link.structure  # type: ignore[attr-defined]
        request.share = link  # type: ignore[attr-defined]
        if not sharing.is_open(request, link):
            return _ask_password(request, link)
        request.visitor = sharing.visitor(request, link)  # type: ignore[attr-defined]
        view = found[1].load()
        response = answers.finish(request, lambda: view(request, target, step))
        sharing.remember_device(request, response)
        # "no-referrer" would keep the origin from our own forms too; to other hosts, "same-origin" says nothing either.
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response


def _ask_password(request: HttpRequest, link: ShareLink) -> HttpResponse:
    problem = ""
    if request.method not in {"GET", "HEAD", "POST"}:
        return answers.refused(request, NotAllowed(_("This link asks for a password.")))
    if request.method == "POST" and "link_password" in request.POST:
        try:
            sharing.open_with_password(request, link, request.POST["link_password"])
        except Invalid as error:
            problem = error.message
        else:
            return redirect(request.path)
    context = {"problem": problem, "structure": link.structure}
    return render(request, "portal/link_password.html", context, status=422 if problem else 200)
