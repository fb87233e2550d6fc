"""Notifications: the page, opening one, the matrix; and what the shell of every page costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.things import KIND, circle, talkative  # noqa: F401
from tilios.core.notify.models import Choice, Notification
from tilios.core.people.models import Membership
from tilios.core.structures.scope import scope

HOME = "/s/la-fabrique/"


def told(cast, who, **fields):
    with scope(cast.fabrique):
        values = {"notice": "portal.replied", "text": "Bonjour", "url": HOME} | fields
        return Notification.objects.create(person=getattr(cast, who), **values)


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


def test_the_shell_asks_at_most_four_questions(cast, django_assert_max_num_queries):
    client = cast.client("bob")
    client.get(f"{HOME}aide/")
    # session, account, structure, person; then the shell: rights of roles and by name, structures, unread
    with django_assert_max_num_queries(8):
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
