"""The share links of a thing."""

import pytest

from tests.things import KIND, circle, talkative  # noqa: F401
from tilios.core.access import sharing
from tilios.core.access.models import ShareLink
from tilios.core.structures.scope import scope

HOME = "/s/la-fabrique/"


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


def test_a_use_says_what_it_means_and_is_not_offered_where_the_thing_does_not_allow_it(cast, circle):  # noqa: F811
    page = cast.client("alice").get(share(circle)).content.decode()
    assert "On a wall" in page
    with scope(cast.fabrique):
        circle.description = "locked"
        circle.save()
    assert 'value="hang"' not in cast.client("alice").get(share(circle)).content.decode()
    assert cast.client("alice").post(share(circle), {"mode": "hang"}).status_code == 422


def test_the_figures_of_a_link_are_said_in_words(cast, circle):  # noqa: F811
    with scope(cast.fabrique):
        link = sharing.create_link(by=cast.alice, target=circle, mode="read")
        for what in ("openings", "downloads", "downloads"):
            sharing.count(link, what)
    page = cast.client("alice").get(share(circle)).content.decode()
    assert "ouvert 1 fois" in page
    assert "2 téléchargements" in page
