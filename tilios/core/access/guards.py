"""The guards of the web: each view carries one, and a system check refuses a view without.

The order of a refusal is always the same: 405 for a method that is not there, the login page for somebody signed
out, 404 for a stranger to the structure (who must not learn that it exists), 403 for a member without the right.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.utils import timezone

from tilios.core.access import answers, roles
from tilios.core.access.entrance import enter
from tilios.core.structures.scope import scope

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Guard:
    """What a view asks of whoever comes: read by checks, tests, menus."""

    kind: str  # tool, account, host, public, share
    action: str
    methods: tuple[str, ...]
    reason: str = ""


def guard_of(view: Any) -> Guard | None:
    return getattr(view, "guard", None)


def tool_view(action: str, *methods: str) -> Callable[[View], View]:
    """Guard a page of a structure, below /s/<structure>/: sets `request.structure`, `request.person`, scope, time zone.

    `action` is the name of a declared action. Methods default to GET; HEAD goes with GET.
    """
    allowed = methods or ("GET",)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, structure: str, **kwargs: Any) -> HttpResponseBase:
            if refusal := _refuse_method(request, allowed):
                return refusal
            if not request.user.is_authenticated:
                return _login(request)
            found, person = enter(request, structure)
            if found.suspended_at:
                return answers.suspended(request, found)
            request.structure, request.person = found, person  # type: ignore[attr-defined]
            with scope(found), timezone.override(found.timezone):
                if not roles.may(person, action):
                    return answers.forbidden(request)
                return answers.finish(request, lambda: view(request, *args, **kwargs))

        guarded.guard = Guard("tool", action, allowed)  # type: ignore[attr-defined]
        return guarded

    return decorate


def account_view(*methods: str) -> Callable[[View], View]:
    """Guard a page of somebody's own account, outside any structure."""
    allowed = methods or ("GET",)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if refusal := _refuse_method(request, allowed):
                return refusal
            if not request.user.is_authenticated:
                return _login(request)
            return answers.finish(request, lambda: view(request, *args, **kwargs))

        guarded.guard = Guard("account", "", allowed)  # type: ignore[attr-defined]
        return guarded

    return decorate


def host_view(*methods: str) -> Callable[[View], View]:
    """Guard a page of the instance's administrator; to anybody else it does not exist."""
    allowed = methods or ("GET",)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if refusal := _refuse_method(request, allowed):
                return refusal
            if not request.user.is_authenticated:
                return _login(request)
            if not request.user.is_host:
                raise Http404
            return answers.finish(request, lambda: view(request, *args, **kwargs))

        guarded.guard = Guard("host", "", allowed)  # type: ignore[attr-defined]
        return guarded

    return decorate


def public_view(*methods: str, reason: str) -> Callable[[View], View]:
    """Mark a page open to anybody; `reason` says why that is right."""
    allowed = methods or ("GET",)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if refusal := _refuse_method(request, allowed):
                return refusal
            return answers.finish(request, lambda: view(request, *args, **kwargs))

        guarded.guard = Guard("public", "", allowed, reason)  # type: ignore[attr-defined]
        return guarded

    return decorate


def share_view(*methods: str) -> Callable[[View], View]:
    """Mark a view reached through a share link: `view(request, target, step)`; the door has checked the link,
    set `request.structure`, `request.share`, `request.visitor` (None until they have given a name) and the scope.
    """
    allowed = methods or ("GET",)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if refusal := _refuse_method(request, allowed):
                return refusal
            if getattr(request, "share", None) is None:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.guard = Guard("share", "", allowed)  # type: ignore[attr-defined]
        return guarded

    return decorate


def _refuse_method(request: HttpRequest, allowed: tuple[str, ...]) -> HttpResponse | None:
    method = "GET" if request.method == "HEAD" else request.method
    return None if method in allowed else HttpResponseNotAllowed(allowed)


def _login(request: HttpRequest) -> HttpResponseBase:
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=401)
        response["HX-Redirect"] = redirect_to_login(request.headers.get("HX-Current-URL", "/")).url
        return response
    # SECURITY: the same answer whether or not the structure exists.
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
