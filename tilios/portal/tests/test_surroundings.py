"""The pages that surround the tools: search, notifications, conversations, share links, home, help, undo, install."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.things import KIND, circle, talkative  # noqa: F401
from tilios.core.access import sharing
from tilios.core.access.models import ShareLink
from tilios.core.conversations import actions
from tilios.core.conversations.models import Comment, Reaction
from tilios.core.notify.models import Choice, Notification
from tilios.core.people.models import Membership
from tilios.core.search import index
from tilios.core.structures.scope import scope
from tilios.portal.models import HomeLayout

HOME = "/s/la-fabrique/"


@pytest.fixture
def talk(cast, circle):  # noqa: F811
    """The circle, with a comment of Bob."""
    with scope(cast.fabrique):
        circle.said = actions.comment(target=circle, by=cast.bob, text="Qui a les clés ?")
        index.update(circle)
    return circle


def address(group, end=""):
    return f"{HOME}commentaires/{KIND.name}/{group.pk}/{end}"


def told(cast, who, **fields):
    with scope(cast.fabrique):
        values = {"notice": "portal.replied", "text": "Bonjour", "url": HOME} | fields
        return Notification.objects.create(person=getattr(cast, who), **values)


# Search --------------------------------------------------------------------------------------------------------------


def test_the_search_page_groups_what_it_finds_and_marks_the_words(cast, talk):
    page = cast.client("bob").get(f"{HOME}recherche/?q=ateliers").content.decode()
    assert "<mark>Atelier</mark> bois" in page
    assert "Group" in page


def test_what_one_does_not_see_is_neither_shown_nor_counted(cast, talk):
    assert "Atelier" not in cast.client("manon").get(f"{HOME}recherche/?q=ateliers").content.decode()
    assert cast.client("charlie").get(f"{HOME}recherche/?q=ateliers").status_code == 404


def test_a_kind_can_be_kept_and_an_unknown_one_is_ignored(cast, talk):
    client = cast.client("bob")
    assert "Atelier" in client.get(f"{HOME}recherche/?q=atelier&sorte={KIND.name}").content.decode()
    assert "Atelier" not in client.get(f"{HOME}recherche/?q=atelier&sorte=people.person").content.decode()
    assert "Atelier" in client.get(f"{HOME}recherche/?q=atelier&sorte=nothing.there&page=99").content.decode()


@pytest.mark.parametrize("asked", ["", "   ", "%00", "<script>alert(1)</script>", "a" * 5000, "\"'*()&|"])
def test_the_search_page_takes_anything(cast, asked):
    answer = cast.client("bob").get(f"{HOME}recherche/", {"q": asked})
    assert answer.status_code == 200
    assert b"<script>alert" not in answer.content
    assert cast.client("bob").get(f"{HOME}recherche/vite/", {"q": asked}).status_code == 200


def test_quick_results_are_a_piece_of_page(cast, talk):
    page = cast.client("bob").get(f"{HOME}recherche/vite/?q=atel").content.decode()
    assert "<html" not in page
    assert "Atelier" in page


# Notifications -------------------------------------------------------------------------------------------------------


def test_opening_a_notification_marks_it_read_and_leads_there(cast):
    row = told(cast, "bob", url=f"{HOME}aide/")
    client = cast.client("bob")
    assert client.head(f"{HOME}notifications/{row.pk}/").status_code == 302
    row.refresh_from_db = None
    with scope(cast.fabrique):
        assert Notification.objects.get(pk=row.pk).read_at is None  # asking for the head opens nothing
    answer = client.get(f"{HOME}notifications/{row.pk}/")
    assert answer["Location"] == f"{HOME}aide/"
    with scope(cast.fabrique):
        assert Notification.objects.get(pk=row.pk).read_at


@pytest.mark.parametrize("url", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_a_notification_never_leads_elsewhere(cast, url):
    row = told(cast, "bob", url=url)
    answer = cast.client("bob").get(f"{HOME}notifications/{row.pk}/")
    assert answer["Location"] == f"{HOME}notifications/"


def test_somebody_elses_notification_does_not_exist(cast):
    row = told(cast, "bob")
    for who in ("alice", "gus"):
        assert cast.client(who).get(f"{HOME}notifications/{row.pk}/").status_code == 404
        assert cast.client(who).post(f"{HOME}notifications/{row.pk}/lue/").status_code == 404
    with scope(cast.fabrique):
        assert Notification.objects.get().read_at is None


def test_what_one_may_no_longer_see_is_not_told(cast, circle):  # noqa: F811
    told(cast, "bob", text="Le secret du cercle", kind=KIND.name, target=circle.pk)
    client = cast.client("bob")
    assert "Le secret du cercle" in client.get(f"{HOME}notifications/").content.decode()
    assert "Le secret du cercle" in client.get(HOME).content.decode()
    with scope(cast.fabrique):
        Membership.objects.all().delete()
        row = Notification.objects.get()
    assert "Le secret du cercle" not in client.get(f"{HOME}notifications/").content.decode()
    assert "Le secret du cercle" not in client.get(HOME).content.decode()
    assert client.get(f"{HOME}notifications/{row.pk}/")["Location"] == f"{HOME}notifications/"


def test_marking_goes_both_ways_and_comes_back_to_the_same_list(cast):
    row = told(cast, "bob")
    client = cast.client("bob")
    back = f"{HOME}notifications/?montrer=non-lues&page=2"
    assert client.post(f"{HOME}notifications/{row.pk}/lue/", {"back": back})["Location"] == back
    elsewhere = client.post(f"{HOME}notifications/{row.pk}/lue/", {"unread": "1", "back": "//elsewhere.example"})
    assert elsewhere["Location"] == f"{HOME}notifications/"
    assert "Bonjour" in client.get(f"{HOME}notifications/?montrer=non-lues").content.decode()
    client.post(f"{HOME}notifications/lire/")
    assert "Bonjour" not in client.get(f"{HOME}notifications/?montrer=non-lues").content.decode()


def test_the_matrix_keeps_what_is_chosen(cast):
    client = cast.client("bob")
    page = client.get(f"{HOME}notifications/reglages/").content.decode()
    assert 'name="portal.mentioned:mail" checked' in page
    assert cast.bob.account.email in page
    client.post(f"{HOME}notifications/reglages/", {"portal.mentioned:digest": "on", "portal.nothing:mail": "on"})
    with scope(cast.fabrique):
        chosen = dict(Choice.objects.filter(person=cast.bob).values_list("notice", "channels"))
    assert chosen["portal.mentioned"] == ["digest"]
    assert "portal.nothing" not in chosen


@pytest.mark.parametrize("path", ["", "notifications/"])
def test_pages_cost_the_same_with_ten_or_a_thousand_notifications(cast, circle, path):  # noqa: F811
    client = cast.client("bob")
    client.get(HOME)
    counts = []
    for size in (10, 1000):
        with scope(cast.fabrique):
            Notification.objects.bulk_create(
                Notification(
                    person=cast.bob,
                    notice="portal.replied",
                    text=f"n {n}",
                    url=HOME,
                    kind=KIND.name,
                    target=circle.pk,
                    actor=cast.alice,
                )
                for n in range(size)
            )
        with CaptureQueriesContext(connection) as captured:
            assert client.get(HOME + path).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_shell_asks_at_most_three_questions(cast, django_assert_max_num_queries):
    client = cast.client("bob")
    client.get(f"{HOME}aide/")
    # session, account, structure, person; then the shell: rights, structures, unread
    with django_assert_max_num_queries(7):
        client.get(f"{HOME}aide/")


def test_a_page_does_not_write_that_one_was_seen_each_time(cast):
    client = cast.client("bob")
    client.get(f"{HOME}aide/")
    with CaptureQueriesContext(connection) as captured:
        client.get(f"{HOME}aide/")
    assert not [query for query in captured.captured_queries if not query["sql"].startswith("SELECT")]
    session = client.session
    session["seen"] = [session.session_key, 0]
    session.save()
    with CaptureQueriesContext(connection) as captured:
        client.get(f"{HOME}aide/")
    assert [query for query in captured.captured_queries if query["sql"].startswith("UPDATE")]


# Conversations -------------------------------------------------------------------------------------------------------


def test_without_a_script_one_speaks_and_comes_back_to_the_thing(cast, talk):
    answer = cast.client("gus").post(address(talk), {"text": "C'est moi"})
    with scope(cast.fabrique):
        row = Comment.objects.get(author=cast.gus)
    assert answer["Location"].endswith(f"#comment-{row.pk}")
    page = cast.client("gus").get(address(talk)).content.decode()
    assert "C&#x27;est moi" in page or "C'est moi" in page


def test_with_htmx_the_conversation_alone_comes_back(cast, talk):
    answer = cast.client("gus").post(address(talk), {"text": "C'est moi"}, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in page
    assert 'id="comments"' in page
    assert "show:#comment-" in answer["HX-Reswap"]


def test_a_refused_comment_keeps_what_was_typed(cast, talk):
    answer = cast.client("gus").post(address(talk), {"text": "x" * 5001})
    assert answer.status_code == 422
    assert "x" * 5001 in answer.content.decode()


def test_a_conversation_one_does_not_see_does_not_exist(cast, talk):
    for who in ("manon", "charlie"):
        client = cast.client(who)
        assert client.get(address(talk)).status_code == 404
        assert client.post(address(talk), {"text": "Bonjour"}).status_code == 404
        assert client.get(address(talk, "noms/")).status_code == 404
        for path in ("modifier/", "retirer/", "signe/"):
            assert (
                client.post(f"{HOME}commentaire/{talk.said.pk}/{path}", {"text": "x", "sign": "yes"}).status_code == 404
            )
    with scope(cast.fabrique):
        assert Comment.objects.count() == 1
        assert not Reaction.objects.exists()


def test_a_foreign_parent_in_a_form_is_refused(cast, talk):
    from tilios.core.people.actions import add_to_group, create_group

    with scope(cast.fabrique):
        other = create_group(by=None, name="Autre")
        add_to_group(by=None, person=cast.manon, group=other)
        hidden = actions.comment(target=other, by=cast.manon, text="Caché")
    client = cast.client("bob")
    for number in (hidden.pk, "99999", "abc", "9" * 30):
        assert client.post(address(talk), {"text": "x", "parent": number}).status_code == 404
    with scope(cast.fabrique):
        assert Comment.objects.filter(target=talk.pk).count() == 1


def test_somebody_elses_words_are_neither_changed_nor_removed(cast, talk):
    client = cast.client("gus")
    assert client.get(f"{HOME}commentaire/{talk.said.pk}/modifier/").status_code == 403
    assert client.post(f"{HOME}commentaire/{talk.said.pk}/modifier/", {"text": "x"}).status_code == 403
    assert client.post(f"{HOME}commentaire/{talk.said.pk}/retirer/").status_code == 403


def test_a_removal_is_undone_by_its_button_once_and_by_nobody_else(cast, talk):
    client = cast.client("bob")
    client.post(f"{HOME}commentaire/{talk.said.pk}/retirer/")
    token = client.session["undo"]["token"]
    page = client.get(f"{HOME}aide/").content.decode()
    assert f'value="{token}"' in page
    assert cast.client("gus").post(f"{HOME}annuler/", {"token": token}).status_code == 409
    assert client.post(f"{HOME}annuler/", {"token": "invented"}).status_code == 409
    answer = client.post(f"{HOME}annuler/", {"token": token})
    assert answer["Location"].endswith(f"#comment-{talk.said.pk}")
    with scope(cast.fabrique):
        assert Comment.objects.get().removed_at is None
    assert client.post(f"{HOME}annuler/", {"token": token}).status_code == 409


def test_an_undo_expires_and_calls_nothing_but_what_is_marked(cast, talk):
    client = cast.client("bob")
    client.post(f"{HOME}commentaire/{talk.said.pk}/retirer/")
    for change in ({"until": 0}, {"function": "os.system"}, {"structure": cast.atelier.pk}, {"person": cast.gus.pk}):
        session = client.session
        held = session["undo"]
        session["undo"] = held | change
        session.save()
        assert client.post(f"{HOME}annuler/", {"token": held["token"]}).status_code == 409
        session = client.session
        session["undo"] = held
        session.save()


def test_names_are_proposed_to_who_may_see_people(cast, talk):
    page = cast.client("bob").get(address(talk, "noms/"), {"q": "man\0"}).content.decode()
    assert 'data-name="Manon Le Goff"' in page
    assert cast.client("gus").get(address(talk, "noms/"), {"q": "man"}).content.decode().strip() == ""


def test_a_sign_comes_back_alone_with_htmx(cast, talk):
    url = f"{HOME}commentaire/{talk.said.pk}/signe/"
    page = cast.client("gus").post(url, {"sign": "thanks"}, headers={"HX-Request": "true"}).content.decode()
    assert 'aria-pressed="true"' in page
    assert "<section" not in page
    refused = cast.client("gus").post(url, {"sign": "nothing"}, headers={"HX-Request": "true"})
    assert refused.status_code == 422
    assert refused["HX-Reswap"] == "none"
    assert json.loads(refused["HX-Trigger"])["toast"]["text"]


# Share links ---------------------------------------------------------------------------------------------------------


def share(group, end=""):
    return f"{HOME}partage/{KIND.name}/{group.pk}/{end}"


def test_a_link_is_made_shown_with_its_use_changed_printed_and_closed(cast, circle):  # noqa: F811
    client = cast.client("alice")
    form = {"mode": "read", "label": "Affiche", "password": "les clés", "expires_on": "2099-01-31", "max_visitors": "3"}
    assert client.post(share(circle), form).status_code == 302
    with scope(cast.fabrique):
        row = ShareLink.objects.get()
    page = client.get(share(circle)).content.decode()
    assert f"/l/{row.token}/" in page
    assert "les clés" not in page
    assert row.expires_at.isoformat() == "2099-01-31T23:00:00+00:00"  # the end of that day in Paris
    poster = client.get(share(circle, f"{row.pk}/affiche/")).content.decode()
    assert f"/l/{row.token}/" in poster
    assert 'class="qr"' in poster
    changed = {"label": "Vitrine", "max_visitors": "", "expires_on": "", "take_off": "on"}
    assert client.post(share(circle, f"{row.pk}/"), changed).status_code == 302
    with scope(cast.fabrique):
        row = ShareLink.objects.get()
    assert (row.label, row.password, row.expires_at, row.max_visitors) == ("Vitrine", "", None, None)
    assert client.post(share(circle, f"{row.pk}/revoquer/")).status_code == 302
    assert client.get(share(circle, f"{row.pk}/affiche/")).status_code == 404


@pytest.mark.parametrize(
    "form",
    [
        {"mode": "nothing"},
        {"mode": "read", "expires_on": "2001-01-01"},
        {"mode": "read", "max_visitors": "0"},
        {"mode": "read", "password": "abc"},
        {"mode": "read", "label": "x\0"},
    ],
)
def test_a_wrong_form_makes_no_link_and_says_why(cast, circle, form):  # noqa: F811
    answer = cast.client("alice").post(share(circle), form)
    assert answer.status_code == 422
    assert b"error-summary" in answer.content
    with scope(cast.fabrique):
        assert not ShareLink.objects.exists()


def test_who_may_give_one_use_is_not_offered_the_other(cast, circle):  # noqa: F811
    assert 'value="write"' in cast.client("alice").get(share(circle)).content.decode()
    assert 'value="write"' not in cast.client("bob").get(share(circle)).content.decode()
    assert cast.client("bob").post(share(circle), {"mode": "write"}).status_code in {302, 422}
    with scope(cast.fabrique):
        assert not ShareLink.objects.filter(mode="write").exists()


def test_links_of_what_one_does_not_see_do_not_exist(cast, circle):  # noqa: F811
    with scope(cast.fabrique):
        row = sharing.create_link(by=cast.alice, target=circle, mode="write")
    for who in ("manon", "charlie"):
        assert cast.client(who).get(share(circle)).status_code == 404
        assert cast.client(who).post(share(circle, f"{row.pk}/revoquer/")).status_code == 404
    assert cast.client("bob").post(share(circle, f"{row.pk}/revoquer/")).status_code == 403


def test_the_link_of_another_thing_is_not_reached_through_this_one(cast, circle):  # noqa: F811
    from tilios.core.people.actions import add_to_group, create_group

    with scope(cast.fabrique):
        other = create_group(by=None, name="Autre")
        add_to_group(by=None, person=cast.alice, group=other)
        row = sharing.create_link(by=cast.alice, target=other, mode="read")
    client = cast.client("bob")
    for end in (f"{row.pk}/", f"{row.pk}/affiche/"):
        assert client.get(share(circle, end)).status_code == 404
    assert client.post(share(circle, f"{row.pk}/revoquer/")).status_code == 404


# Home, help, installation ---------------------------------------------------------------------------------------------


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
