"""The guards refuse in one order, act for somebody as a member at most, and keep the scope to the end of a stream."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from tests.cast import Cast
from tilios.core.access import entrance, roles
from tilios.core.access.guards import tool_view
from tilios.core.access.models import ActionRule
from tilios.core.errors import Conflict, Invalid
from tilios.core.journal.models import Entry
from tilios.core.people.models import Mandate, Person, Status
from tilios.core.people.roles import Role
from tilios.core.structures.models import Structure
from tilios.core.structures.scope import scope


@tool_view("portal.journal", "GET")
def names(request: HttpRequest) -> HttpResponse:
    return HttpResponse(",".join(Person.objects.values_list("given_name", flat=True)))


@tool_view("portal.home", "GET")
def stream(request: HttpRequest) -> StreamingHttpResponse:
    def chunks() -> Iterator[bytes]:
        for person in Person.objects.all():
            yield person.given_name.encode()

    return StreamingHttpResponse(chunks())


@tool_view("portal.home", "GET")
def hour(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{timezone.localtime(datetime(2026, 1, 1, 8, tzinfo=UTC)):%H:%M}")


@tool_view("portal.home", "POST")
def refuses(request: HttpRequest) -> HttpResponse:
    if "conflict" in request.GET:
        raise Conflict("Somebody else was faster.")
    raise Invalid("name", "Please give a name.")


def ask(cast: Cast, view: Any, who: str, method: str = "GET", query: str = "") -> HttpResponse:
    request = getattr(RequestFactory(), method.lower())(f"/s/la-fabrique/x/{query}")
    client: Client = cast.client(who)
    request.session = client.session
    from django.contrib.auth.models import AnonymousUser

    request.user = AnonymousUser() if who == "nobody" else getattr(cast, who).account
    return view(request, structure="la-fabrique")


def test_the_method_comes_before_everything(cast: Cast) -> None:
    assert ask(cast, names, "nobody", "POST").status_code == 405


def test_the_signed_out_are_asked_to_sign_in(cast: Cast) -> None:
    assert ask(cast, names, "nobody").status_code == 302


def test_a_stranger_learns_nothing(cast: Cast) -> None:
    from django.http import Http404

    with pytest.raises(Http404):
        ask(cast, names, "charlie")


def test_a_role_too_low_is_refused(cast: Cast) -> None:
    assert ask(cast, names, "bob").status_code == 403


def test_the_right_role_sees_its_structure_only(cast: Cast) -> None:
    response = ask(cast, names, "manon")
    assert b"Alice" in response.content
    assert b"Charlie" not in response.content


def test_who_has_left_is_a_stranger(cast: Cast) -> None:
    from django.http import Http404

    with scope(cast.fabrique):
        Person.objects.filter(pk=cast.alice.pk).update(status=Status.LEFT)
    with pytest.raises(Http404):
        ask(cast, names, "alice")


def test_a_suspended_structure_is_closed_even_to_its_admin(cast: Cast) -> None:
    from django.utils import timezone

    Structure.objects.filter(pk=cast.fabrique.pk).update(suspended_at=timezone.now())
    assert ask(cast, names, "alice").status_code == 503


def test_a_structure_may_lower_or_raise_the_least_role(cast: Cast) -> None:
    with scope(cast.fabrique):
        ActionRule.objects.create(action="portal.journal", least=Role.MEMBER)
    assert ask(cast, names, "bob").status_code == 200
    with scope(cast.fabrique):
        ActionRule.objects.update(least=Role.ADMIN)
    assert ask(cast, names, "manon").status_code == 403


def test_a_structure_may_not_go_below_the_floor(cast: Cast) -> None:
    with scope(cast.fabrique):
        ActionRule.objects.create(action="portal.export", least=Role.GUEST)
        assert not roles.may(cast.manon, "portal.export")
        assert roles.may(cast.alice, "portal.export")


def test_an_action_nobody_declares_is_an_error_not_a_no(fabrique: Cast) -> None:
    with pytest.raises(LookupError):
        roles.may(fabrique.alice, "polls.fly")


def test_a_stream_reads_in_the_scope_to_its_end(cast: Cast) -> None:
    response = ask(cast, stream, "bob")
    assert b"Alice" in b"".join(response.streaming_content)  # type: ignore[attr-defined]


def test_hours_are_those_of_the_structure(cast: Cast) -> None:
    Structure.objects.filter(pk=cast.fabrique.pk).update(timezone="Indian/Reunion")
    assert ask(cast, hour, "bob").content == b"12:00"


def test_named_errors_become_answers(cast: Cast) -> None:
    assert ask(cast, refuses, "bob", "POST").status_code == 422
    assert ask(cast, refuses, "bob", "POST", "?conflict").status_code == 409


def test_acting_for_somebody_has_their_rights_but_never_more_than_a_members(cast: Cast) -> None:
    with scope(cast.fabrique):
        mandate = Mandate.objects.create(person=cast.alice, delegate=cast.gus)
    client = cast.client("gus")
    session = client.session
    session[entrance.ACTING] = {str(cast.fabrique.pk): mandate.pk}
    session.save()
    request = RequestFactory().get("/")
    request.session, request.user = session, cast.gus.account
    _structure, person = entrance.enter(request, "la-fabrique")
    assert person == cast.alice
    assert person.acted_by == cast.gus
    with scope(cast.fabrique):
        assert roles.may(person, "portal.people")
        assert not roles.may(person, "portal.settings")


def test_a_mandate_of_somebody_else_lends_nothing(cast: Cast) -> None:
    with scope(cast.fabrique):
        mandate = Mandate.objects.create(person=cast.alice, delegate=cast.bob)
    request = RequestFactory().get("/")
    request.session, request.user = {entrance.ACTING: {str(cast.fabrique.pk): mandate.pk}}, cast.gus.account  # type: ignore[assignment]
    _structure, person = entrance.enter(request, "la-fabrique")
    assert person == cast.gus


def test_what_is_done_for_somebody_keeps_both_names(fabrique: Cast) -> None:
    from tilios.core.journal.actions import publish

    fabrique.alice.acted_by = fabrique.bob
    entry: Entry = publish("portal.commented", by=fabrique.alice)
    assert (entry.actor, entry.on_behalf) == (fabrique.bob.pk, fabrique.alice.pk)
