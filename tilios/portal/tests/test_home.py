"""Home, help, installation on a phone, the list of structures."""

import pytest

from tests.things import KIND, circle, talkative  # noqa: F401
from tilios.core.notify.models import Notification
from tilios.core.structures.scope import scope
from tilios.portal.models import HomeLayout

HOME = "/s/la-fabrique/"


def told(cast, who, **fields):
    with scope(cast.fabrique):
        values = {"notice": "portal.replied", "text": "Bonjour", "url": HOME} | fields
        return Notification.objects.create(person=getattr(cast, who), **values)


def test_each_arranges_their_own_home(cast):
    told(cast, "bob")
    told(cast, "gus")
    client = cast.client("bob")
    assert "card-2" in client.get(HOME).content.decode()
    client.post(f"{HOME}accueil/", {"move": "hide:portal.news", "from_home": "1"})
    assert "Bonjour</a>" not in client.get(HOME).content.decode()
    assert "Bonjour</a>" in cast.client("gus").get(HOME).content.decode()
    token = client.session["undo"]["token"]
    assert client.post(f"{HOME}annuler/", {"token": token})["Location"] == HOME
    assert "Bonjour</a>" in client.get(HOME).content.decode()
    client.post(f"{HOME}accueil/", {"move": "up:portal.tools"})
    with scope(cast.fabrique):
        order = HomeLayout.objects.get().order
    assert order.index("portal.tools") == len(order) - 2
    client.post(f"{HOME}accueil/", {"again": "1"})
    with scope(cast.fabrique):
        assert not HomeLayout.objects.exists()


@pytest.mark.parametrize("move", ["", "up", "up:nothing", "fly:portal.news", ":"])
def test_a_move_that_makes_no_sense_is_refused(cast, move):
    assert cast.client("bob").post(f"{HOME}accueil/", {"move": move}).status_code == 422


def test_first_steps_are_for_who_may_take_them(cast):
    assert "portal-first_steps" in (page := cast.client("alice").get(HOME).content.decode()) or "steps-list" in page
    assert "steps-list" not in cast.client("bob").get(HOME).content.decode()


def test_help_has_a_page_for_the_house_and_one_for_each_tool(cast):
    client = cast.client("gus")
    assert client.get(f"{HOME}aide/").status_code == 200
    assert client.get(f"{HOME}aide/portal/").status_code == 200
    assert client.get(f"{HOME}aide/polls/").status_code == 200
    assert client.get(f"{HOME}aide/nothing/").status_code == 404
    page = client.get(f"{HOME}sondages/").content.decode()
    assert f'href="{HOME}aide/polls/"' in page


def test_the_application_installs_as_the_structure_for_those_inside(cast):
    data = cast.client("bob").get(f"{HOME}manifest.webmanifest").json()
    assert (data["name"], data["start_url"]) == ("La Fabrique", HOME)
    assert all(shortcut["url"].startswith(HOME) for shortcut in data["shortcuts"])
    assert cast.client("charlie").get(f"{HOME}manifest.webmanifest").status_code == 404
    assert cast.client("nobody").get("/manifest.webmanifest").json()["name"] == "Tilios"


def test_the_offline_page_names_nobody_and_the_worker_keeps_it_alone(cast):
    page = cast.client("alice").get("/hors-ligne/").content.decode()
    assert "Alice" not in page
    assert "La Fabrique" not in page
    worker = cast.client("nobody").get("/sw.js")
    assert worker["Content-Type"].startswith("text/javascript")
    assert worker["Cache-Control"] == "no-cache"
    assert "/hors\\u002Dligne/" in worker.content.decode()


def test_structures_are_listed_for_who_has_several_or_none(cast):
    assert cast.client("bob").get("/structures/")["Location"] == HOME
    from tests.cast import make_person

    make_person(cast.fabrique, "Rosa Silva", 20, login=False)
    from tilios.core.people.models import Account, Person

    with scope(cast.atelier):
        Person.objects.create(display_name="Bob", account=cast.bob.account)
    page = cast.client("bob").get("/structures/").content.decode()
    assert HOME in page
    assert "/s/l-atelier/" in page
    lone = Account.objects.create_user("seul@example.org", "un mot de passe de test")
    from django.test import Client

    client = Client()
    client.force_login(lone)
    assert client.get("/structures/").status_code == 200
