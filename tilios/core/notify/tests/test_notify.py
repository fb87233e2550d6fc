"""People are told what they want to know, once, by channels they chose, in their language; nothing they may not see."""

import email
from datetime import UTC, datetime, timedelta
from email import policy

import pytest
from django.core import mail
from django.utils import timezone
from django.utils.translation import gettext

from tests.cast import make_person
from tests.things import circle, talkative  # noqa: F401
from tilios.core.errors import Invalid
from tilios.core.jobs.worker import run_all
from tilios.core.notify import actions, channels, digests, letters, queries
from tilios.core.notify.actions import mark_read, notify
from tilios.core.notify.models import Choice, DigestDay, Notification
from tilios.core.people.models import Account, Membership, Person
from tilios.core.people.roles import Role
from tilios.core.structures.scope import scope


def tell(cast, *names, notice="portal.mentioned", **options):
    with scope(cast.fabrique):
        people = [getattr(cast, name) for name in names]
        return notify(notice, to=people, text=options.pop("text", lambda: "Bonjour"), **options)


def rows(cast, name):
    with scope(cast.fabrique):
        return list(Notification.objects.filter(person=getattr(cast, name)))


def letters_of(cast, name):
    run_all()
    address = getattr(cast, name).account.email
    found = [letter.message().as_bytes() for letter in mail.outbox if letter.to == [address]]
    return [email.message_from_bytes(one, policy=policy.default) for one in found]


def choose(cast, name, notice, *wanted):
    with scope(cast.fabrique):
        channels.choose(person=getattr(cast, name), channels={notice: wanted})


def test_by_default_the_tool_proposes(cast):
    tell(cast, "bob")
    assert [row.text for row in rows(cast, "bob")] == ["Bonjour"]
    assert len(letters_of(cast, "bob")) == 1
    tell(cast, "gus", notice="portal.replied")
    assert len(rows(cast, "gus")) == 1
    assert letters_of(cast, "gus") == []


@pytest.mark.parametrize(
    ("chosen", "on_page", "in_digest", "mails"),
    [
        ((), 0, 0, 0),
        (("page",), 1, 0, 0),
        (("mail",), 0, 0, 1),
        (("digest",), 0, 1, 0),
        (("page", "mail", "digest"), 1, 1, 1),
    ],
)
def test_each_channel_is_chosen_apart(cast, chosen, on_page, in_digest, mails):
    choose(cast, "bob", "portal.mentioned", *chosen)
    tell(cast, "bob")
    found = rows(cast, "bob")
    assert sum(row.on_page for row in found) == on_page
    assert sum(row.digest_due for row in found) == in_digest
    assert len(letters_of(cast, "bob")) == mails


def test_whoever_did_it_is_not_told(cast):
    tell(cast, "bob", "gus", by=cast.bob)
    assert rows(cast, "bob") == []
    assert len(rows(cast, "gus")) == 1


def test_the_human_acting_for_somebody_is_not_told_either(cast):
    cast.gus.acted_by = cast.bob
    tell(cast, "bob", "gus", "manon", by=cast.gus)
    assert rows(cast, "bob") == rows(cast, "gus") == []
    assert len(rows(cast, "manon")) == 1


def test_each_is_told_once_and_those_without_a_login_not_at_all(cast):
    paper = make_person(cast.fabrique, "Rosa Silva", Role.MEMBER, login=False)
    with scope(cast.fabrique):
        assert notify("portal.mentioned", to=[cast.bob, cast.bob, paper], text=lambda: "x") == 1


def test_those_who_have_left_are_not_told(cast):
    with scope(cast.fabrique):
        Person.objects.filter(pk=cast.bob.pk).update(status="left")
    assert tell(cast, "bob") == 0


def test_each_reads_it_in_their_language(cast):
    Account.objects.filter(pk=cast.bob.account_id).update(language="en")
    tell(cast, "bob", "gus", text=lambda: gettext("Search"))
    assert rows(cast, "bob")[0].text == "Search"
    assert rows(cast, "gus")[0].text != ""
    assert "You receive this message" in letters_of(cast, "bob")[0].get_body(("plain",)).get_content()


def test_an_unknown_notice_is_a_mistake_of_the_program(cast):
    with pytest.raises(LookupError):
        tell(cast, "bob", notice="portal.nothing")


def test_the_mail_has_two_forms_leads_there_and_stops_in_one_click(cast, client):
    tell(cast, "bob", text=lambda: "Alice & <Bob>", url="/s/la-fabrique/")
    message = letters_of(cast, "bob")[0]
    assert message["Subject"] == "[La Fabrique] Alice & <Bob>"
    plain, html = (message.get_body((form,)).get_content() for form in ("plain", "html"))
    assert "Alice & <Bob>" in plain
    assert "Alice &amp; &lt;Bob&gt;" in html
    assert "/s/la-fabrique/" in plain
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = message["List-Unsubscribe"].strip("<>").split("/", 3)[3]
    assert client.get(f"/{path}").status_code == 200  # a scanner that follows links stops nothing
    tell(cast, "bob")
    assert len(letters_of(cast, "bob")) == 2
    answer = client.post(f"/{path}", {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    tell(cast, "bob")
    assert len(letters_of(cast, "bob")) == 2
    assert len(rows(cast, "bob")) == 3


def test_an_invented_or_foreign_stop_link_does_nothing(cast, client):
    assert client.post("/desabonnement/invented/").status_code == 404
    with scope(cast.fabrique):
        token = letters.stop_token(cast.bob, "portal")
    other = token[:-1] + ("A" if token[-1] != "A" else "B")
    assert client.post(f"/desabonnement/{other}/").status_code == 404


def test_choices_of_the_tools_default_keep_no_row_and_unknown_ones_are_refused(cast):
    choose(cast, "bob", "portal.mentioned", "page")
    with scope(cast.fabrique):
        assert Choice.objects.count() == 1
    choose(cast, "bob", "portal.mentioned", "page", "mail", "push")
    with scope(cast.fabrique):
        assert not Choice.objects.exists()
    with pytest.raises(Invalid):
        choose(cast, "bob", "portal.mentioned", "pigeon")
    with pytest.raises(Invalid):
        choose(cast, "bob", "portal.nothing", "page")


def test_what_one_may_no_longer_see_is_not_told(cast, circle):  # noqa: F811
    tell(cast, "bob", target=circle, url="/x/")
    with scope(cast.fabrique):
        shown = queries.with_access(cast.bob, queries.of(cast.bob))
        assert shown[0].accessible
        Membership.objects.filter(person=cast.bob).delete()
        shown = queries.with_access(cast.bob, queries.of(cast.bob))
        assert not shown[0].accessible


def test_marking_read_touches_ones_own_alone(cast):
    tell(cast, "bob", "gus")
    with scope(cast.fabrique):
        gus = Notification.objects.get(person=cast.gus)
        assert mark_read(person=cast.bob, pk=gus.pk) == 0
        assert mark_read(person=cast.bob) == 1
        assert queries.unread_count(cast.gus) == 1


def test_old_notifications_are_forgotten_sooner_when_read(cast):
    for days, read in ((400, None), (200, 190), (200, None), (5, 5)):
        tell(cast, "bob", text=lambda days=days, read=read: f"{days} {read}")
        with scope(cast.fabrique):
            now = timezone.now()
            Notification.objects.filter(text=f"{days} {read}").update(
                created_at=now - timedelta(days=days), read_at=now - timedelta(days=read) if read else None
            )
    assert actions.forget_old() == 2
    assert sorted(row.text for row in rows(cast, "bob")) == ["200 None", "5 5"]


MORNING = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)  # half past seven in Paris
NIGHT = datetime(2026, 3, 2, 5, 30, tzinfo=UTC)  # half past six


def test_the_digest_leaves_after_seven_where_the_structure_is_and_once(cast):
    choose(cast, "bob", "portal.mentioned", "digest")
    tell(cast, "bob", text=lambda: "Premier")
    tell(cast, "bob", text=lambda: "Second")
    assert digests.start_due(NIGHT) == 0
    assert digests.start_due(MORNING) == 2  # both structures
    assert digests.start_due(MORNING) == 0
    found = letters_of(cast, "bob")
    assert len(found) == 1
    plain = found[0].get_body(("plain",)).get_content()
    assert plain.index("Premier") < plain.index("Second")
    tell(cast, "bob", text=lambda: "Demain")
    assert digests.start_due(MORNING) == 0
    assert len(letters_of(cast, "bob")) == 1
    assert digests.start_due(MORNING.replace(day=3)) == 2
    assert "Premier" not in letters_of(cast, "bob")[1].get_body(("plain",)).get_content()


def test_far_away_seven_comes_at_another_hour(cast):
    cast.fabrique.timezone = "Indian/Reunion"
    cast.fabrique.save()
    with scope(cast.fabrique):
        digests.start_due(datetime(2026, 3, 2, 3, 5, tzinfo=UTC))
        assert DigestDay.objects.count() == 1


def test_a_digest_taken_again_after_a_crash_writes_to_nobody_twice(cast, monkeypatch):
    for name in ("bob", "gus"):
        choose(cast, name, "portal.mentioned", "digest")
    tell(cast, "bob", "gus")
    digests.send_digests.call(cast.fabrique.pk)
    digests.send_digests.call(cast.fabrique.pk)
    assert len(letters_of(cast, "bob")) == len(letters_of(cast, "gus")) == 1


def test_the_digest_leaves_out_what_is_read_or_no_longer_seen(cast, circle):  # noqa: F811
    choose(cast, "bob", "portal.mentioned", "page", "digest")
    tell(cast, "bob", text=lambda: "Lu")
    with scope(cast.fabrique):
        mark_read(person=cast.bob)
    tell(cast, "bob", text=lambda: "Caché", target=circle, url="/x/")
    with scope(cast.fabrique):
        Membership.objects.filter(person=cast.bob).delete()
    digests.send_digests.call(cast.fabrique.pk)
    assert letters_of(cast, "bob") == []
    with scope(cast.fabrique):
        assert not Notification.objects.filter(digest_due=True).exists()


def test_the_digest_stops_in_one_click_too(cast, client):
    choose(cast, "bob", "portal.mentioned", "page", "digest")
    tell(cast, "bob")
    digests.send_digests.call(cast.fabrique.pk)
    path = letters_of(cast, "bob")[0]["List-Unsubscribe"].strip("<>").split("/", 3)[3]
    assert client.post(f"/{path}").status_code == 200
    with scope(cast.fabrique):
        assert channels.of_person(cast.bob)["portal.mentioned"] == {"page"}


@pytest.mark.parametrize("size", [10, 1000])
def test_queries_do_not_grow_with_the_people_told(cast, size, django_assert_max_num_queries):
    with scope(cast.fabrique):
        accounts = Account.objects.bulk_create(
            Account(email=f"p{number}@example.org", password="!") for number in range(size)
        )
        people = Person.objects.bulk_create(
            Person(display_name=f"P {number}", account=account) for number, account in enumerate(accounts)
        )
        # people, choices, a job for every 500; the rows go in as many inserts as SQLite's limit of values asks for
        with django_assert_max_num_queries(20):
            assert notify("portal.mentioned", to=people, text=lambda: "Bonjour") == size
