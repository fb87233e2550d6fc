"""What is broken on purpose is caught: an unguarded route, an unknown action, a query out of scope, a wrong name."""

from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import clear_url_caches, path, set_urlconf

from tests.cast import Cast
from tilios.core.access.guards import account_view, guard_of, tool_view
from tilios.core.people.models import Person
from tilios.core.structures.scope import OutOfScope
from tilios.core.toolbox import registry
from tilios.portal import checks


def unguarded(request: HttpRequest) -> HttpResponse:
    return HttpResponse("anybody reads this")


@tool_view("nothing.declared", "GET")
def undeclared(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@account_view("GET")
def forgets_the_scope(request: HttpRequest) -> HttpResponse:
    return HttpResponse(Person.objects.count())


@pytest.fixture
def routes_of(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Serve other routes than ours for one test."""

    def use(*patterns: Any) -> None:
        module = ModuleType("tests.broken_urls")
        module.urlpatterns = list(patterns)  # type: ignore[attr-defined]
        settings.ROOT_URLCONF = module
        clear_url_caches()

    yield use
    set_urlconf(None)
    clear_url_caches()


def test_an_unguarded_route_does_not_start(routes_of: Any) -> None:
    routes_of(path("ouvert/", unguarded))
    assert [error.id for error in checks.check_routes()] == ["tilios.E001"]


def test_a_guard_that_names_an_unknown_action_does_not_start(routes_of: Any) -> None:
    routes_of(path("s/<slug:structure>/x/", undeclared))
    assert [error.id for error in checks.check_routes()] == ["tilios.E002"]


def test_every_route_of_ours_is_guarded() -> None:
    assert checks.check_routes() == []
    assert all(guard_of(view) for _path, _name, view in checks.routes() if not checks.is_foreign(view))


def test_a_view_that_forgets_the_scope_shows_nothing(cast: Cast, rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = cast.alice.account  # type: ignore[assignment]
    with pytest.raises(OutOfScope):
        forgets_the_scope(request)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"icon": "no-such-icon"}, "tilios.E003"),
        ({"section": "nowhere"}, "tilios.E004"),
        ({"verbs": {"other.done": "did"}}, "tilios.E005"),
        ({"demo": "tilios.nothing.here"}, "tilios.E006"),
    ],
)
def test_a_bad_declaration_does_not_start(change: dict[str, Any], error: str, monkeypatch: pytest.MonkeyPatch) -> None:
    portal = registry.tool("portal")
    assert portal
    monkeypatch.setitem(registry._tools, "portal", replace(portal, **change))
    assert error in [found.id for found in checks.check_declarations()]


def test_our_declarations_are_right() -> None:
    assert checks.check_declarations() == []
    assert checks.check_portability() == []
