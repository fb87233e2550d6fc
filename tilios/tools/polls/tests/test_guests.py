"""Behind a share link: guests vote and come back, readers read, and nobody goes further than the link."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from tests.cast import Cast
from tilios.core.access import sharing
from tilios.core.conversations.models import Comment
from tilios.core.journal.models import Entry
from tilios.core.structures.scope import scope
from tilios.tools.polls import actions
from tilios.tools.polls.models import Ballot, Poll
from tilios.tools.polls.tests.contract import marks, objects, open_choice, open_dates

VisitorOf = Callable[[str], SimpleNamespace]


def link_to(cast: Cast, poll: Poll, mode: str = "vote") -> str:
    with scope(cast.fabrique):
        return sharing.create_link(by=cast.alice, target=poll, mode=mode).token


def poll_in(cast: Cast, **fields: Any) -> Poll:
    with scope(cast.fabrique):
        return open_dates(cast.alice, **fields)


def answers(cast: Cast, poll: Poll, *values: int) -> dict[str, str]:
    with scope(cast.fabrique):
        return {f"mark-{option}": str(value) for option, value in marks(poll, *values).items()}


def sheet_of(guest: SimpleNamespace) -> str:
    page = guest.client.get(guest.url).content.decode()
    return page.split('name="sheet" value="')[1].split('"')[0]


def test_a_guest_votes_then_finds_their_vote_again_and_changes_it(cast: Cast, visitor_of: VisitorOf) -> None:
    poll = poll_in(cast)
    guest = visitor_of(link_to(cast, poll))
    sent = {"name": "Zoé", "sheet": sheet_of(guest)} | answers(cast, poll, 2, 0)
    assert guest.client.post(guest.url + "voter/", sent).status_code == 302
    page = guest.client.get(guest.url).content.decode()
    assert 'value="Zoé"' in page
    assert page.count(" checked") == 2
    sent = {"name": "Zoé B.", "sheet": sheet_of(guest)} | answers(cast, poll, 1, 1, 1)
    guest.client.post(guest.url + "voter/", sent)
    with scope(cast.fabrique):
        ballot = Ballot.objects.get()
        assert ballot.name == "Zoé B."
        assert ballot.marks.count() == 3
        entry = Entry.objects.order_by("-pk")[0]
        assert (entry.verb, entry.door, entry.visitor) == ("polls.vote_changed", "link", ballot.visitor_id)
    assert guest.client.post(guest.url + "retirer/").status_code == 302
    with scope(cast.fabrique):
        assert not Ballot.objects.exists()


def test_the_same_form_from_two_clicks_is_one_vote(cast: Cast, visitor_of: VisitorOf) -> None:
    poll = poll_in(cast)
    token = link_to(cast, poll)
    first, second = visitor_of(token), visitor_of(token)  # the second click leaves before the cookie has come
    sent = {"name": "Zoé", "sheet": sheet_of(first)} | answers(cast, poll, 2)
    assert first.client.post(first.url + "voter/", sent).status_code == 302
    assert second.client.post(second.url + "voter/", sent).status_code == 302
    with scope(cast.fabrique):
        assert Ballot.objects.count() == 1
    assert " checked" in second.client.get(second.url).content.decode()


def test_two_guests_of_the_same_name_are_two_voters(cast: Cast, visitor_of: VisitorOf) -> None:
    poll = poll_in(cast)
    token = link_to(cast, poll)
    for _device in range(2):
        guest = visitor_of(token)
        sent = {"name": "Marie", "sheet": sheet_of(guest)} | answers(cast, poll, 2)
        assert guest.client.post(guest.url + "voter/", sent).status_code == 302
    with scope(cast.fabrique):
        assert Ballot.objects.count() == 2


@pytest.mark.parametrize("missing", ["name", "marks"])
def test_a_refused_vote_says_why_keeps_the_rest_and_leaves_no_visitor(
    cast: Cast, visitor_of: VisitorOf, missing: str
) -> None:
    poll = poll_in(cast)
    guest = visitor_of(link_to(cast, poll))
    sent = {"name": "" if missing == "name" else "Zoé", "sheet": sheet_of(guest)}
    sent |= {} if missing == "marks" else answers(cast, poll, 2)
    response = guest.client.post(guest.url + "voter/", sent)
    page = response.content.decode()
    assert response.status_code == 422
    assert ('value="Zoé"' in page) if missing == "marks" else (" checked" in page)
    with scope(cast.fabrique):
        assert not Ballot.objects.exists()
        assert not sharing.Visitor.objects.exists()


def test_a_poll_without_guests_or_closed_takes_no_vote(cast: Cast, visitor_of: VisitorOf) -> None:
    for closed in (False, True):
        poll = poll_in(cast, guests=closed)
        guest = visitor_of(link_to(cast, poll))
        sent = {"name": "Zoé", "sheet": "s"} | answers(cast, poll, 2)
        if closed:
            with scope(cast.fabrique):
                actions.close_poll(by=cast.alice, poll=poll)
        assert guest.client.post(guest.url + "voter/", sent).status_code == (409 if closed else 403)
        assert 'action="' + guest.url + "voter/" not in guest.client.get(guest.url).content.decode()


def test_a_guest_speaks_where_it_is_allowed(cast: Cast, visitor_of: VisitorOf) -> None:
    for allowed in (True, False):
        poll = poll_in(cast, guests_comment=allowed)
        guest = visitor_of(link_to(cast, poll))
        response = guest.client.post(guest.url + "commenter/", {"name": "Zoé", "text": "Je viendrai tard"})
        assert response.status_code == (302 if allowed else 403)
        with scope(cast.fabrique):
            assert Comment.objects.filter(target=poll.pk).exists() is allowed
        assert ("Je viendrai tard" in guest.client.get(guest.url).content.decode()) is allowed


def test_a_guest_proposes_where_it_is_allowed(cast: Cast, visitor_of: VisitorOf) -> None:
    with scope(cast.fabrique):
        poll = open_choice(cast.alice, proposals=True)
        closed_door = open_choice(cast.alice)
    guest = visitor_of(link_to(cast, poll))
    sent = {"name": "Zoé", "proposal-label": "La Rade"}
    assert guest.client.post(guest.url + "proposer/", sent).status_code == 302
    page = guest.client.get(guest.url).content.decode()
    assert "La Rade" in page
    assert "Zoé" in page
    other = visitor_of(link_to(cast, closed_door))
    assert other.client.post(other.url + "proposer/", sent).status_code == 403


def test_a_reader_sees_results_and_never_votes(cast: Cast, visitor_of: VisitorOf) -> None:
    poll = poll_in(cast)
    with scope(cast.fabrique):
        actions.cast_ballot(by=cast.bob, poll=poll, marks=marks(poll, 2))
    reader = visitor_of(link_to(cast, poll, "read"))
    page = reader.client.get(reader.url).content.decode()
    assert "Bob Lambert" in page
    assert "<form" not in page.split("</main>")[0]
    assert reader.client.post(reader.url + "voter/", {}).status_code == 405
    for form in ("csv", "ods", "svg", "png"):
        assert reader.client.get(f"{reader.url}resultats-{form}/").status_code == 200
    assert reader.client.get(f"{reader.url}resultats-exe/").status_code == 404


def test_pictures_and_files_come_through_the_link_of_their_poll_alone(cast: Cast, visitor_of: VisitorOf) -> None:
    with scope(cast.fabrique):
        values = objects(cast.alice)
        poll, other = Poll.objects.get(pk=values["pk"]), open_choice(cast.alice)
    option = values["option_pk"]
    guest, stranger = visitor_of(link_to(cast, poll)), visitor_of(link_to(cast, other))
    assert guest.client.get(f"{guest.url}image-{option}/").status_code == 200
    assert guest.client.get(f"{guest.url}fichier-{option}/").status_code == 200
    assert f"{guest.url}image-{option}/" in guest.client.get(guest.url).content.decode()
    assert stranger.client.get(f"{stranger.url}image-{option}/").status_code == 404
    assert guest.client.get(f"{guest.url}autre/").status_code == 404


def test_a_deleted_poll_has_no_door(cast: Cast, visitor_of: VisitorOf) -> None:
    poll = poll_in(cast)
    guest, reader = visitor_of(link_to(cast, poll)), visitor_of(link_to(cast, poll, "read"))
    with scope(cast.fabrique):
        actions.delete_poll(by=cast.alice, poll=poll)
    assert guest.client.get(guest.url).status_code == 404
    assert reader.client.get(reader.url).status_code == 404


def test_somebody_signed_in_is_shown_the_way_to_vote_under_their_name(cast: Cast) -> None:
    poll = poll_in(cast)
    token = link_to(cast, poll)
    address = f"/s/la-fabrique/sondages/{poll.pk}/"
    assert address in cast.client("bob").get(f"/l/{token}/").content.decode()
    for who in ("gus", "charlie", "nobody"):
        assert address not in cast.client(who).get(f"/l/{token}/").content.decode()


def test_the_deadline_is_the_end_for_guests_even_before_the_clock_has_worked(cast: Cast, visitor_of: VisitorOf) -> None:
    poll = poll_in(cast)
    guest = visitor_of(link_to(cast, poll))
    with scope(cast.fabrique):
        Poll.objects.filter(pk=poll.pk).update(deadline=timezone.now() - timedelta(seconds=1))
    sent = {"name": "Zoé"} | answers(cast, poll, 2)
    assert guest.client.post(guest.url + "voter/", sent).status_code == 409
