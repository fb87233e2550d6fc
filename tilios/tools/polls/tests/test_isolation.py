"""Doors the resolver does not see: ids of another structure in the fields of forms, tokens, options, people."""

import pytest

from tests.cast import Cast
from tilios.core.people import actions as people
from tilios.core.structures.scope import scope
from tilios.tools.polls import actions, pictures
from tilios.tools.polls.models import Ballot, Entitled, Poll
from tilios.tools.polls.tests.contract import marks, objects, open_choice, open_dates, picture
from tilios.tools.polls.tests.test_pages import rows, settings

BASE = "/s/la-fabrique/sondages/"


@pytest.fixture
def theirs(cast: Cast) -> dict:
    with scope(cast.atelier):
        values = objects(cast.charlie)
        group = people.create_group(by=cast.charlie, name="Bureau de L'Atelier")
        held = pictures.Held(picture("#00ff00"), "secret.png").token()
        return values | {"group": group.pk, "token": held, "person": cast.charlie.pk}


def test_an_option_of_another_structure_is_no_answer(cast: Cast, theirs: dict) -> None:
    with scope(cast.fabrique):
        choice, dates = open_choice(cast.alice), open_dates(cast.alice)
    bob = cast.client("bob")
    assert bob.post(f"{BASE}{choice.pk}/voter/", {"choice": theirs["option_pk"]}).status_code == 422
    assert bob.post(f"{BASE}{dates.pk}/voter/", {f"mark-{theirs['option_pk']}": "2"}).status_code == 422
    with scope(cast.fabrique):
        assert not Ballot.objects.exists()


def test_people_and_groups_of_another_structure_are_not_taken(cast: Cast, theirs: dict) -> None:
    alice = cast.client("alice")
    for wrong in (
        {"electorate": "group", "group": theirs["group"]},
        {"electorate": "list", "listed": [theirs["person"]]},
    ):
        response = alice.post(BASE + "nouveau/choix/", settings(**wrong) | rows({"label": "A"}))
        assert response.status_code == 422
        assert b"Bureau de L" not in response.content
    with scope(cast.fabrique):
        assert not Poll.objects.exists()
        assert not Entitled.objects.exists()
        poll = open_choice(cast.alice)
        option = poll.options.all()[0].pk
    response = alice.post(f"{BASE}{poll.pk}/saisir/", {"person": theirs["person"], "choice": option})
    assert response.status_code == 422


def test_a_picture_held_for_another_structure_is_not_shown_here(cast: Cast, theirs: dict) -> None:
    sent = settings() | rows({"label": "Volée", "image_held": theirs["token"]}, {"label": "B", "image_held": "x:y"})
    assert cast.client("alice").post(BASE + "nouveau/choix/", sent).status_code == 302
    with scope(cast.fabrique):
        assert not Poll.objects.get().options.filter(image__isnull=False).exists()


def test_the_chosen_option_of_another_structure_is_refused(cast: Cast, theirs: dict) -> None:
    with scope(cast.fabrique):
        poll = open_choice(cast.alice)
    response = cast.client("alice").post(f"{BASE}{poll.pk}/clore/", {"chosen": theirs["option_pk"]})
    assert response.status_code == 422


def test_options_and_ballots_of_another_poll_are_not_found_under_this_one(cast: Cast) -> None:
    with scope(cast.fabrique):
        values = objects(cast.alice)
        other = open_choice(cast.alice)
        ballot = actions.cast_ballot(by=cast.bob, poll=other, marks=marks(other, 1))
    alice = cast.client("alice")
    assert alice.get(f"{BASE}{other.pk}/image/{values['option_pk']}/").status_code == 404
    assert alice.get(f"{BASE}{values['pk']}/saisir/{ballot.pk}/").status_code == 404
    assert alice.post(f"{BASE}{values['pk']}/bulletins/{ballot.pk}/supprimer/").status_code == 404
    with scope(cast.fabrique):
        assert other.ballots.exists()


def test_an_unknown_group_in_the_address_filters_nothing_out_of_place(cast: Cast, theirs: dict) -> None:
    page = cast.client("alice").get(f"{BASE}?groupe={theirs['group']}").content.decode()
    assert "Quel nom" not in page
    assert cast.client("alice").get(f"{BASE}?groupe=%F0%9F&page=x").status_code == 200
