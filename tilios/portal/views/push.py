"""The devices on which one is told: a browser subscribes by itself, its human removes it or tries it."""

import json
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from tilios.core.access.guards import account_view, tool_view
from tilios.core.access.links import link
from tilios.core.errors import Refused
from tilios.core.notify import devices, pushes, readers, webpush


@account_view("GET", "POST")
def subscription(request: Any) -> HttpResponse:
    """GET: what a browser needs to subscribe, {"key", "token"}, also from the service worker, which has no page to read
    it in. POST: the subscription as the browser writes it (Push API, PushSubscription.toJSON); 201, or {"message"}.
    """
    if request.method == "GET":
        return JsonResponse({"key": webpush.public_key(), "token": get_token(request)})
    try:
        devices.register(session=_session(request), **_sent(request.body))
    except Refused as error:
        return JsonResponse({"message": str(error.message)}, status=error.status)
    return JsonResponse({}, status=201)


def _session(request: Any) -> UserSession:
    return get_object_or_404(UserSession, session_key=request.session.session_key, user=request.user)


def _sent(body: bytes) -> dict[str, Any]:
    """What a browser sent, each part None where it is not there: `register` judges it."""
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    sent = found if isinstance(found, dict) else {}
    keys = sent.get("keys")
    keys = keys if isinstance(keys, dict) else {}
    return {"endpoint": sent.get("endpoint"), "p256dh": keys.get("p256dh"), "auth": keys.get("auth")}


@tool_view("portal.home", "POST")
def forget(request: Any, pk: int) -> HttpResponse:
    """Tell nothing more on one of one's devices."""
    if not devices.forget(account=request.user, pk=pk):
        raise Http404
    messages.success(request, _("This device is told nothing more."))
    return redirect(link("portal:notice_choices"))


@tool_view("portal.home", "POST")
def trial(request: Any, pk: int) -> HttpResponse:
    """Send a trial message to one of one's devices."""
    device = get_object_or_404(devices.of_account(request.user), pk=pk)
    pushes.send_trial(device, language=readers.language_of(request.person))
    messages.success(request, _("A trial message is on its way: it shows up within a minute."))
    return redirect(link("portal:notice_choices"))
