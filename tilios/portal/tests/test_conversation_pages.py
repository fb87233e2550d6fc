"""The forms of a conversation, and the undo button."""

import json

import pytest

from tests.things import KIND, circle, talkative  # noqa: F401
from tilios.core.conversations import actions
from tilios.core.conversations.models import Comment, Reaction
from tilios.core.search import index
from tilios.core.structures.scope import scope

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


def test_with_htmx_the_undo_button_comes_with_the_message(cast, talk):
    client = cast.client("bob")
    answer = client.post(f"{HOME}commentaire/{talk.said.pk}/retirer/", headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert 'hx-swap-oob="true"' in page
    assert f'value="{client.session["undo"]["token"]}"' in page
    assert f"comment-{talk.said.pk}" not in page


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
