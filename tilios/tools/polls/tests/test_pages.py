"""Pages for people of the structure, in each role; forms that keep what was typed."""

import io
from datetime import time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tests.cast import Cast
from tilios.core.people import actions as people
from tilios.core.people.models import Role
from tilios.core.structures.scope import scope
from tilios.tools.polls import actions
from tilios.tools.polls.models import Ballot, Poll
from tilios.tools.polls.tests.contract import day, marks, objects, open_choice, open_dates

BASE = "/s/la-fabrique/sondages/"


def body(client: Client, path: str = "", status: int = 200) -> str:
    response = client.get(BASE + path)
    assert response.status_code == status, response.content
    return response.content.decode()


def settings(**more: Any) -> dict[str, Any]:
    """The form of a poll as a browser sends it, with nothing unfolded."""
    return {
        "title": "Où se voir ?", "description": "", "ballot": "single", "maybe": "on", "least": "1", "most": "",
        "electorate": "members", "least_role": "20", "group": "", "guests": "on", "guests_comment": "on",
        "results": "open", "names": "shown", "timezone": "Europe/Paris", "tell": "on", "deadline_day": "",
        "deadline_hour": "", "reminder_h": "", "places": "",
    } | more  # fmt: skip


def rows(*values: dict[str, Any], initial: int = 0) -> dict[str, Any]:
    sent: dict[str, Any] = {"options-TOTAL_FORMS": len(values), "options-INITIAL_FORMS": initial}
    for number, value in enumerate(values):
        sent |= {f"options-{number}-{name}": one for name, one in value.items()}
    return sent


def png() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (20, 20), "#123456").save(out, "PNG")
    return SimpleUploadedFile("logo.png", out.getvalue(), content_type="image/png")


@pytest.mark.parametrize("who", ["gus", "bob", "manon", "alice"])
def test_every_role_sees_the_list_and_the_polls_that_ask_it(cast: Cast, who: str) -> None:
    with scope(cast.fabrique):
        everybody = open_choice(cast.alice, title="Pour tous", least_role=Role.GUEST)
        managers = open_choice(cast.alice, title="Pour responsables", least_role=Role.MANAGER)
    page = body(cast.client(who))
    assert "Pour tous" in page
    body(cast.client(who), f"{everybody.pk}/")
    is_manager = who in {"manon", "alice"}
    assert ("Pour responsables" in page) is is_manager
    body(cast.client(who), f"{managers.pk}/", 200 if is_manager else 404)
    assert (f"{BASE}nouveau/" in page) is (who != "gus")


def test_the_empty_list_teaches_how_to_begin(cast: Cast) -> None:
    assert f"{BASE}nouveau/dates/" in body(cast.client("bob"))
    assert f"{BASE}nouveau/dates/" not in body(cast.client("gus"))
    for tab in ("attente", "clos", "archives"):
        assert "empty" in body(cast.client("bob"), f"?onglet={tab}")


def test_tabs_search_and_group_filter_the_list(cast: Cast) -> None:
    with scope(cast.fabrique):
        group = people.create_group(by=cast.alice, name="Bureau")
        people.add_to_group(by=cast.alice, person=cast.bob, group=group)
        answered = open_choice(cast.alice, title="Déjà répondu")
        actions.cast_ballot(by=cast.bob, poll=answered, marks=marks(answered, 1))
        open_choice(cast.alice, title="Pour le bureau", electorate="group", group=group)
        closed = open_choice(cast.alice, title="Terminé")
        actions.close_poll(by=cast.alice, poll=closed)
    bob = cast.client("bob")
    assert "Déjà répondu" in body(bob)
    assert "Terminé" not in body(bob)
    waiting = body(bob, "?onglet=attente")
    assert "Pour le bureau" in waiting
    assert "Déjà répondu" not in waiting
    assert "Terminé" in body(bob, "?onglet=clos")
    assert "Pour le bureau" in body(bob, f"?groupe={group.pk}")
    assert "Déjà répondu" not in body(bob, f"?groupe={group.pk}")
    assert "Déjà répondu" in body(bob, "?q=r%C3%A9pondu")
    assert "Pour le bureau" not in body(bob, "?q=r%C3%A9pondu")
    assert "Pour le bureau" not in body(cast.client("gus"))


def test_buttons_are_there_for_whoever_may_press_them(cast: Cast) -> None:
    with scope(cast.fabrique):
        poll = open_choice(cast.alice, least_role=Role.GUEST)
    for who, keeps in (("gus", False), ("bob", False), ("manon", True), ("alice", True)):
        page = body(cast.client(who), f"{poll.pk}/")
        for path in ("clore", "modifier", "saisir", "supprimer"):
            assert (f"{BASE}{poll.pk}/{path}/" in page) is keeps, (who, path)
            if not keeps:
                assert cast.client(who).post(f"{BASE}{poll.pk}/{path}/").status_code == 403, (who, path)


# Making


def test_a_poll_is_made_in_one_form(cast: Cast) -> None:
    sent = settings() | rows({"label": "Ici"}, {"label": "Là-bas", "link": "exemple.org"}, {"label": ""})
    response = cast.client("bob").post(BASE + "nouveau/choix/", sent)
    assert response.status_code == 302, response.content
    with scope(cast.fabrique):
        poll = Poll.objects.get()
        assert [(option.label, option.link) for option in poll.options.all()] == [
            ("Ici", ""), ("Là-bas", "https://exemple.org"),
        ]  # fmt: skip
        assert poll.author == cast.bob


def test_dates_with_hours_a_deadline_and_a_reminder(cast: Cast) -> None:
    sent = settings(ballot="yesno", deadline_day=day(-3).isoformat(), deadline_hour="18:00", reminder_h="48")
    sent |= rows({"day": day().isoformat(), "start": "18:30", "end": "20:00"}, {"day": day(1).isoformat()})
    assert cast.client("bob").post(BASE + "nouveau/dates/", sent).status_code == 302
    with scope(cast.fabrique):
        poll = Poll.objects.get()
        assert poll.deadline.astimezone(poll.tz).time() == time(18)
        assert poll.reminder_h == 48
        assert [option.starts_at is None for option in poll.options.all()] == [False, True]


def test_a_refused_form_says_where_and_keeps_what_was_typed(cast: Cast) -> None:
    sent = settings(title="", deadline_hour="18:00") | rows({"label": "Gardé"})
    response = cast.client("bob").post(BASE + "nouveau/choix/", sent)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Gardé" in page
    assert '<details class="settings card" open>' in page
    with scope(cast.fabrique):
        assert not Poll.objects.exists()


def test_rows_are_added_and_hours_copied_without_a_script(cast: Cast) -> None:
    client = cast.client("bob")
    sent = settings() | rows(
        {"day": day().isoformat(), "start": "18:30", "end": "20:00"}, {"day": day(1).isoformat()}, {"day": ""}
    )
    page = client.post(BASE + "nouveau/dates/", sent | {"copy_hours": "1"})
    assert page.status_code == 200
    assert page.content.decode().count('value="18:30"') == 2
    page = client.post(BASE + "nouveau/dates/", sent | {"add_rows": "1"}).content.decode()
    assert page.count('name="options-5-day"') == 1
    assert "Où se voir ?" in page


def test_a_picture_sent_once_survives_a_refused_form(cast: Cast) -> None:
    client = cast.client("bob")
    refused = client.post(
        BASE + "nouveau/choix/", settings(title="") | rows({"label": "Logo", "image": png()})
    ).content.decode()
    token = refused.split('name="options-0-image_held" value="')[1].split('"')[0]
    sent = settings() | rows({"label": "Logo", "image_held": token})
    assert client.post(BASE + "nouveau/choix/", sent).status_code == 302
    with scope(cast.fabrique):
        option = Poll.objects.get().options.get()
    response = client.get(f"{BASE}{option.poll_id}/image/{option.pk}/")
    assert response["Content-Type"] == "image/webp"


def test_what_is_no_picture_is_refused_with_its_reason(cast: Cast) -> None:
    sent = settings() | rows({"label": "Logo", "image": SimpleUploadedFile("x.svg", b"<svg/>", "image/svg+xml")})
    assert cast.client("bob").post(BASE + "nouveau/choix/", sent).status_code == 422


def test_editing_shows_the_options_and_removes_the_one_marked(cast: Cast) -> None:
    with scope(cast.fabrique):
        poll = open_choice(cast.bob)
        first, second, third = poll.options.all()
    page = body(cast.client("bob"), f"{poll.pk}/modifier/")
    assert page.count(f'name="options-0-pk" value="{first.pk}"') == 1
    sent = settings(title="Changé") | rows(
        {"pk": first.pk, "label": "Le Phare"}, {"pk": second.pk, "label": "La Ruche", "DELETE": "on"},
        {"pk": third.pk, "label": "Le Nid"}, initial=3,
    )  # fmt: skip
    assert cast.client("bob").post(f"{BASE}{poll.pk}/modifier/", sent).status_code == 302
    with scope(cast.fabrique):
        poll.refresh_from_db()
        assert (poll.title, list(poll.options.values_list("label", flat=True))) == ("Changé", ["Le Phare", "Le Nid"])


def test_duplicating_makes_nothing_before_it_is_sent(cast: Cast) -> None:
    with scope(cast.fabrique):
        values = objects(cast.alice)
    page = body(cast.client("bob"), f"{values['pk']}/dupliquer/")
    assert "Rouge" in page
    assert 'name="options-0-image_held" value="' in page
    with scope(cast.fabrique):
        count = Poll.objects.count()
    sent = settings() | rows({"label": "Rouge"}, {"label": "Bleu"})
    assert cast.client("bob").post(f"{BASE}{values['pk']}/dupliquer/", sent).status_code == 302
    with scope(cast.fabrique):
        assert Poll.objects.count() == count + 1


# Voting


def test_a_vote_from_the_page_and_a_refused_one_that_keeps_its_answers(cast: Cast) -> None:
    with scope(cast.fabrique):
        poll = open_dates(cast.alice)
        first, second, _third = poll.options.all()
    client = cast.client("bob")
    assert client.post(f"{BASE}{poll.pk}/voter/", {}).status_code == 422
    refused = client.post(f"{BASE}{poll.pk}/voter/", {f"mark-{first.pk}": "2", f"mark-{second.pk}": "7"})
    assert refused.status_code == 422
    assert f'name="mark-{first.pk}" value="2" checked' in refused.content.decode()
    done = client.post(f"{BASE}{poll.pk}/voter/", {f"mark-{first.pk}": "2", f"mark-{second.pk}": "1"}, follow=True)
    assert done.status_code == 200
    with scope(cast.fabrique):
        assert Ballot.objects.get().person == cast.bob
    assert client.post(f"{BASE}{poll.pk}/retirer/").status_code == 302
    with scope(cast.fabrique):
        assert not Ballot.objects.exists()


def test_a_vote_from_the_dashboard_leads_back_to_it(cast: Cast) -> None:
    with scope(cast.fabrique):
        poll = open_choice(cast.alice)
        option = poll.options.all()[1]
    home = cast.client("bob").get("/s/la-fabrique/").content.decode()
    assert f'name="choice" value="{option.pk}"' in home
    response = cast.client("bob").post(f"{BASE}{poll.pk}/voter/", {"choice": option.pk, "next": "home"})
    assert response["Location"] == "/s/la-fabrique/"


def test_the_dashboard_stays_quiet_when_no_poll_is_open(cast: Cast) -> None:
    assert BASE + "1/" not in cast.client("bob").get("/s/la-fabrique/").content.decode()


def test_a_full_option_is_said_and_the_answers_kept(cast: Cast) -> None:
    with scope(cast.fabrique):
        poll = open_choice(cast.alice, places=1)
        first, second, _third = poll.options.all()
        actions.cast_ballot(by=cast.manon, poll=poll, marks={first.pk: 1})
    response = cast.client("bob").post(f"{BASE}{poll.pk}/voter/", {"choice": first.pk})
    assert response.status_code == 409
    assert "Le Phare" in response.content.decode()
    assert cast.client("bob").post(f"{BASE}{poll.pk}/voter/", {"choice": second.pk}).status_code == 302


def test_keying_in_goes_on_to_the_next_and_names_who_keyed(cast: Cast) -> None:
    with scope(cast.fabrique):
        poll = open_choice(cast.alice)
        option = poll.options.all()[0]
    alice = cast.client("alice")
    url = f"{BASE}{poll.pk}/saisir/"
    sent = {"choice": option.pk, "person": cast.bob.pk, "again": "1"}
    assert alice.post(url, sent)["Location"] == url
    assert alice.post(url, {"choice": option.pk, "name": ""}).status_code == 422
    assert alice.post(url, {"choice": option.pk, "name": "Mamie"}).status_code == 302
    assert alice.post(url, {"choice": option.pk, "name": "mamie"}).status_code == 409
    page = body(cast.client("bob"), f"{poll.pk}/")
    assert "Mamie" in page
    assert "Alice Moreau" in page


def test_hours_are_told_in_another_zone_when_asked(cast: Cast) -> None:
    with scope(cast.fabrique):
        from tilios.tools.polls.drafts import Draft

        poll = open_dates(cast.alice, drafts=[Draft(day=day(), start=time(18), end=time(20))])
    page = body(cast.client("bob"), f"{poll.pk}/?fuseau=America/Toronto")
    assert "Toronto" in page
    assert "12:00" in page or "13:00" in page
    body(cast.client("bob"), f"{poll.pk}/?fuseau=Mars/Olympus")


def test_life_of_a_poll_from_its_pages(cast: Cast) -> None:
    with scope(cast.fabrique):
        poll = open_choice(cast.bob)
        option = poll.options.all()[0]
    bob, base = cast.client("bob"), f"{BASE}{poll.pk}/"
    assert bob.post(base + "relancer/").status_code == 302
    body(bob, f"{poll.pk}/participation/")
    assert bob.post(base + "rouvrir/", {}).status_code == 409
    assert bob.post(base + "clore/", {"chosen": "999"}).status_code == 422
    assert bob.post(base + "clore/", {"chosen": option.pk, "outcome": "Ce sera Le Phare"}).status_code == 302
    assert "Ce sera Le Phare" in body(cast.client("manon"), f"{poll.pk}/")
    assert bob.get(base + "modifier/").status_code == 409
    assert bob.post(base + "archiver/").status_code == 302
    assert bob.post(base + "desarchiver/").status_code == 302
    assert bob.post(base + "rouvrir/", {}).status_code == 302
    assert bob.post(base + "supprimer/").status_code == 302
    body(bob, f"{poll.pk}/", 404)
    assert "Quel nom ?" in body(bob, "?onglet=archives")
    assert bob.post(base + "restaurer/").status_code == 302
    body(bob, f"{poll.pk}/")


def test_a_deletion_is_undone_by_the_button_of_its_message(cast: Cast) -> None:
    with scope(cast.fabrique):
        poll = open_choice(cast.bob)
    bob = cast.client("bob")
    page = bob.post(f"{BASE}{poll.pk}/supprimer/", follow=True).content.decode()
    token = page.split('name="token" value="')[1].split('"')[0]
    action = page.split('name="token"')[0].rsplit('action="', 1)[1].split('"')[0]
    assert bob.post(action, {"token": token}).status_code == 302
    body(bob, f"{poll.pk}/")


def test_the_description_keeps_light_marks_and_no_html(cast: Cast) -> None:
    with scope(cast.fabrique):
        poll = open_choice(
            cast.alice, description="**gras** <script>alert(1)</script> [ici](javascript:alert(1)) [là](https://a.org)"
        )
    page = body(cast.client("bob"), f"{poll.pk}/")
    assert "<strong>gras</strong>" in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert 'href="https://a.org" rel="nofollow noopener"' in page
