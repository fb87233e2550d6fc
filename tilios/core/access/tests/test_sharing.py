"""Share links: what a link opens, to whom, until when; and what it never opens."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.things import circle, talkative  # noqa: F401
from tilios.core.access import sharing
from tilios.core.access.models import ShareLink, Visitor
from tilios.core.errors import Conflict, Invalid, NotAllowed
from tilios.core.journal.models import Entry
from tilios.core.people.models import Membership
from tilios.core.structures.scope import scope


@pytest.fixture
def make(cast, circle):  # noqa: F811
    """`make(password="…")`: a link of Alice to her circle."""

    def link(**options):
        with scope(cast.fabrique):
            return sharing.create_link(by=options.pop("by", cast.alice), target=circle, mode="read", **options)

    return link


def opened(link, client=None):
    return (client or Client()).get(f"/l/{link.token}/")


def test_whoever_holds_the_link_sees_the_thing_and_its_address_stays_secret(make):
    answer = opened(make())
    assert answer.status_code == 200
    assert b"Atelier bois" in answer.content
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    # "no-referrer" would make browsers send "Origin: null" with every form, which the CSRF guard refuses
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("token", ["unknown", "x" * 400, "%00", "'"])
def test_an_unknown_token_finds_nothing(cast, token):
    assert Client().get(f"/l/{token}/").status_code == 404


def test_making_a_link_asks_for_the_right_and_for_seeing(cast, circle, make):  # noqa: F811
    with scope(cast.fabrique):
        with pytest.raises(NotAllowed):
            sharing.create_link(by=cast.bob, target=circle, mode="write")
        with pytest.raises(NotAllowed):
            sharing.create_link(by=cast.manon, target=circle, mode="read")
        with pytest.raises(Invalid):
            sharing.create_link(by=cast.alice, target=circle, mode="unknown")
        with pytest.raises(Invalid):
            sharing.create_link(by=cast.alice, target=cast.bob, mode="read")


@pytest.mark.parametrize(
    "options",
    [
        {"max_visitors": 0},
        {"max_visitors": -3},
        {"password": "abc"},
        {"password": "x" * 129},
        {"expires_at": timezone.now() - timedelta(minutes=1)},
    ],
)
def test_limits_that_make_no_sense_are_refused(make, options):
    with pytest.raises(Invalid):
        make(**options)


def test_a_revoked_link_an_expired_one_and_one_of_a_suspended_structure_are_not_there(cast, make):
    link = make()
    with scope(cast.fabrique):
        sharing.revoke_link(by=cast.alice, link=link)
        sharing.revoke_link(by=cast.alice, link=link)
    assert opened(link).status_code == 404
    assert Entry.objects.filter(verb="portal.link_revoked").count() == 1
    soon = make(expires_at=timezone.now() + timedelta(minutes=1))
    assert opened(soon).status_code == 200
    with scope(cast.fabrique):
        ShareLink.objects.filter(pk=soon.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert opened(soon).status_code == 404
    other = make()
    cast.fabrique.suspended_at = timezone.now()
    cast.fabrique.save()
    assert opened(other).status_code == 404


def test_a_link_whose_tool_is_off_is_not_there(cast, make):
    link = make()
    cast.fabrique.enabled_tools = []
    cast.fabrique.save()
    assert opened(link).status_code == 404


def test_only_who_sees_the_thing_and_may_share_changes_or_revokes(cast, make):
    link = make()
    with scope(cast.fabrique):
        with pytest.raises(NotAllowed):
            sharing.revoke_link(by=cast.manon, link=link)  # manages, but is not in the circle
        Membership.objects.filter(person=cast.alice).delete()
        with pytest.raises(NotAllowed):
            sharing.revoke_link(by=cast.alice, link=link)
        sharing.revoke_link(by=cast.bob, link=link)


def test_the_password_is_asked_before_anything_is_told(make):
    link = make(password="les clés du placard")
    client = Client()
    assert b"Atelier bois" not in opened(link, client).content
    assert b"Atelier bois" not in client.get(f"/l/{link.token}/commenter/").content
    wrong = client.post(f"/l/{link.token}/", {"link_password": "raté"})
    assert wrong.status_code == 422
    assert client.post(f"/l/{link.token}/", {"name": "Lise"}).status_code == 200  # asks again
    right = client.post(f"/l/{link.token}/", {"link_password": "les clés du placard"})
    assert right.status_code == 302
    assert b"Atelier bois" in opened(link, client).content
    assert b"Atelier bois" not in opened(link).content  # another device


def test_the_password_of_one_link_opens_no_other(make):
    first, second = make(password="commun à tous"), make(password="commun à tous")
    client = Client()
    client.post(f"/l/{first.token}/", {"link_password": "commun à tous"})
    assert b"Atelier bois" in opened(first, client).content
    assert b"Atelier bois" not in opened(second, client).content


def test_a_new_password_closes_what_the_old_one_opened(cast, make):
    link = make(password="le premier")
    client = Client()
    client.post(f"/l/{link.token}/", {"link_password": "le premier"})
    with scope(cast.fabrique):
        sharing.change_link(
            by=cast.alice, link=link, label="", expires_at=None, max_visitors=None, password="le second"
        )
    assert b"Atelier bois" not in opened(link, client).content


def test_changing_limits_keeps_the_password(cast, make):
    link = make(password="le premier")
    with scope(cast.fabrique):
        sharing.change_link(by=cast.alice, link=link, label="Affiche", expires_at=None, max_visitors=3)
        link.refresh_from_db()
        assert (link.label, link.max_visitors, bool(link.password)) == ("Affiche", 3, True)
        sharing.revoke_link(by=cast.alice, link=link)
        with pytest.raises(Conflict):
            sharing.change_link(by=cast.alice, link=link, label="", expires_at=None, max_visitors=None)


def test_guessing_a_password_is_slowed_and_the_right_one_waits_too(make):
    link = make(password="les clés du placard")
    client = Client()
    for _try in range(30):
        client.post(f"/l/{link.token}/", {"link_password": "raté"})
    late = client.post(f"/l/{link.token}/", {"link_password": "les clés du placard"})
    assert late.status_code == 422


def test_a_visitor_gives_a_name_and_is_known_again_on_that_device(cast, make):
    link = make()
    client = Client()
    client.post(f"/l/{link.token}/", {"name": "  Lise \n Martin\0 "})
    assert b"Lise Martin" in opened(link, client).content
    assert b"Lise Martin" not in opened(link).content
    with scope(cast.fabrique):
        row = Visitor.objects.get()
        assert client.cookies["tilios_device"].value not in row.key
        assert ShareLink.objects.get(pk=link.pk).visits == 1
    cookie = client.cookies["tilios_device"]
    assert cookie["httponly"]
    assert cookie["path"] == "/l/"
    client.post(f"/l/{link.token}/", {"name": "Lise M."})
    with scope(cast.fabrique):
        assert Visitor.objects.get().name == "Lise M."
        assert ShareLink.objects.get(pk=link.pk).visits == 1


def test_a_forged_device_is_nobody(make):
    link = make()
    client = Client()
    client.post(f"/l/{link.token}/", {"name": "Lise"})
    client.cookies["tilios_device"] = "forged:1abc:xyz"
    assert b"Lise" not in opened(link, client).content


def test_a_link_serves_so_many_people_and_goes_on_serving_them(cast, make):
    link = make(max_visitors=1)
    first = Client()
    first.post(f"/l/{link.token}/", {"name": "Lise"})
    assert Client().post(f"/l/{link.token}/", {"name": "Marc"}).status_code == 409
    assert b"Lise" in opened(link, first).content
    with scope(cast.fabrique):
        assert ShareLink.objects.get(pk=link.pk).visits == 1


def test_an_empty_name_is_refused(make):
    assert Client().post(f"/l/{make().token}/", {"name": " \n "}).status_code == 422


def test_a_visitor_comments_and_removes_their_own_words_only(cast, make):
    from tilios.core.conversations.models import Comment

    link = make()
    lise, marc = Client(), Client()
    answer = lise.post(f"/l/{link.token}/commenter/", {"name": "Lise", "text": "Bonjour <b>vous</b>"})
    assert answer.status_code == 302
    page = opened(link, lise).content.decode()
    assert "Bonjour &lt;b&gt;vous" in page
    with scope(cast.fabrique):
        row = Comment.objects.get()
    assert f'value="{row.pk}"' in page
    marc.post(f"/l/{link.token}/commenter/", {"name": "Marc", "text": "Moi aussi", "parent": row.pk})
    assert marc.post(f"/l/{link.token}/commenter/", {"remove": row.pk}).status_code == 403
    assert marc.post(f"/l/{link.token}/commenter/", {"remove": "999999999999999999999"}).status_code == 404
    assert lise.post(f"/l/{link.token}/commenter/", {"remove": row.pk}).status_code == 302
    with scope(cast.fabrique):
        row.refresh_from_db()
        assert row.removed_at


def test_a_share_view_is_reached_through_its_door_alone(rf, cast, circle):  # noqa: F811
    from django.core.exceptions import PermissionDenied

    from tests.things import shared_group

    with pytest.raises(PermissionDenied):
        shared_group(rf.get("/"), circle, "")


def test_a_use_may_ask_something_of_the_very_thing_to_make_a_link_as_to_close_it(cast, circle):  # noqa: F811
    with scope(cast.fabrique):
        link = sharing.create_link(by=cast.alice, target=circle, mode="hang")
        assert "hang" in sharing.modes_for(cast.bob, circle)
        assert "write" not in sharing.modes_for(cast.bob, circle)
        circle.description = "locked"
        circle.save()
        assert "hang" not in sharing.modes_for(cast.alice, circle)
        with pytest.raises(NotAllowed):
            sharing.create_link(by=cast.alice, target=circle, mode="hang")
        assert not sharing.may_change(cast.alice, link)
        with pytest.raises(NotAllowed):
            sharing.revoke_link(by=cast.alice, link=link)


def test_a_link_counts_its_openings_and_its_downloads_without_names(cast, make):
    link = make(max_visitors=1)
    with scope(cast.fabrique):
        for what in ("openings", "openings", "downloads"):
            sharing.count(link, what)
        link.refresh_from_db()
    assert (link.openings, link.downloads, link.visits) == (2, 1, 0)
    assert not sharing.is_full(link)
    link.visits = 1
    assert sharing.is_full(link)
