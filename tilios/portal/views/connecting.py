"""Programs that ask for their password themselves: DAVx5 and those of Nextcloud (its login flow, versions 1 and 2)."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from tilios.core.access import app_passwords, attempts, connecting, networks
from tilios.core.access.guards import account_view, public_view
from tilios.core.errors import Invalid

CHOICES = ("phone", "calendar", "contacts", "files")


def _label(request: HttpRequest) -> str:
    """What the program calls itself: "DAVx5/4.4 (…)" is "DAVx5"."""
    return request.headers.get("User-Agent", "").partition("(")[0].partition("/")[0].strip()


# SECURITY: no cookie is looked at; what comes of it is granted by somebody signed in, on a page that says to whom.
@csrf_exempt
@public_view("POST", reason="a program asks for a password that its owner has still to grant")
def begin(request: HttpRequest) -> HttpResponse:
    if attempts.begin(device=networks.network(request)):
        return HttpResponse(status=429)
    begun = connecting.begin(label=_label(request))
    return JsonResponse(
        {
            "poll": {"token": begun.poll_key, "endpoint": request.build_absolute_uri(reverse("device_poll"))},
            "login": request.build_absolute_uri(reverse("device_grant", args=[begun.key])),
        }
    )


@csrf_exempt
@public_view("POST", reason="the key that the program kept is the way in")
def poll(request: HttpRequest) -> HttpResponse:
    given = connecting.collect(request.POST.get("token", ""))
    if given is None:
        return JsonResponse([], safe=False, status=404)
    account, clear = given
    answer = {"server": _server(request), "loginName": account.email, "appPassword": clear}
    return JsonResponse(answer, headers={"Cache-Control": "no-store"})


@account_view("GET", "POST")
@reauthentication_required  # SECURITY: a session left open must not become a key that stays.
def grant(request: Any, key: str) -> HttpResponseBase:
    """The page on which one agrees: which program asks, and what it may open."""
    asked = connecting.waiting(key)
    if asked is None:
        raise Http404
    if request.method == "POST" and connecting.grant(
        account=request.user, key=key, scope=request.POST.get("scope", "")
    ):
        return render(request, "portal/connecting/granted.html", {"label": asked.label})
    return _page(request, asked.label)


@account_view("GET", "POST")
@reauthentication_required
def direct(request: Any) -> HttpResponseBase:
    """Version 1: the page is opened inside the program, which waits to be led to an address of its own."""
    label = _label(request) or "Nextcloud"
    if request.method == "POST":
        try:
            _row, clear = app_passwords.create(account=request.user, scope=request.POST.get("scope", ""), label=label)
        except Invalid:
            return _page(request, label, status=422)
        address = f"nc://login/server:{_server(request)}&user:{request.user.email}&password:{clear}"
        answer = render(request, "portal/connecting/granted.html", {"label": label, "address": address})
        answer["Cache-Control"] = "no-store"
        return answer
    return _page(request, label)


def _page(request: Any, label: str, *, status: int = 200) -> HttpResponse:
    scopes = [(name, app_passwords.SCOPES[name]) for name in CHOICES]
    return render(request, "portal/connecting/grant.html", {"label": label, "scopes": scopes}, status=status)


def _server(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"
