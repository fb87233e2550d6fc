"""Programs that ask for their password themselves: DAVx5 and those of Nextcloud (its login flow, versions 1 and 2)."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from tilios.core.access import app_passwords, attempts, connecting, networks
from tilios.core.access.guards import account_view, public_view
from tilios.portal.forms.account import ScopeForm

TAB = "app_passwords"  # of the account's pages


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
    form = _form(request)
    if form.is_valid() and connecting.grant(account=request.user, key=key, **form.cleaned_data):
        return render(request, "portal/connecting/granted.html", {"label": asked.label, "tab": TAB})
    return _page(request, asked.label, form)


@account_view("GET", "POST")
@reauthentication_required
def direct(request: Any) -> HttpResponseBase:
    """Version 1: the page is opened inside the program, which waits to be led to an address of its own."""
    label, form = _label(request) or "Nextcloud", _form(request)
    if not form.is_valid():
        return _page(request, label, form)
    _row, clear = app_passwords.create(account=request.user, label=label, **form.cleaned_data)
    address = f"nc://login/server:{_server(request)}&user:{request.user.email}&password:{clear}"
    answer = render(request, "portal/connecting/granted.html", {"label": label, "address": address, "tab": TAB})
    answer["Cache-Control"] = "no-store"
    return answer


def _form(request: Any) -> ScopeForm:
    return ScopeForm(request.POST if request.method == "POST" else None, initial={"scope": "phone"})


def _page(request: Any, label: str, form: ScopeForm) -> HttpResponse:
    context = {"label": label, "form": form, "tab": TAB}
    return render(request, "portal/connecting/grant.html", context, status=422 if form.errors else 200)


def _server(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"
