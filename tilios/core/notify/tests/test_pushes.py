"""People are told on their devices: encrypted for one browser, signed, tried again, and nobody who has gone is told."""

import time
from datetime import timedelta
from email.utils import format_datetime

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection, transaction
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import gettext

from tests.cast import make_person
from tests.harness.push import Browser, push_service  # noqa: F401
from tests.things import circle, talkative  # noqa: F401
from tilios.core.access import accounts
from tilios.core.jobs.worker import run_all
from tilios.core.notify import channels, devices, pushes, webpush
from tilios.core.notify.actions import notify
from tilios.core.notify.models import Device, Push
from tilios.core.people.models import Person, Status
from tilios.core.people.roles import Role
from tilios.core.portability.erasing import erase
from tilios.core.structures.scope import scope

HOME = "/s/la-fabrique/"


def session_of(client):
    client.get(f"{HOME}aide/")
    return UserSession.objects.get(session_key=client.session.session_key)


def subscribed(cast, who, browser):
    """`browser`, on which `who` is told."""
    devices.register(session=session_of(cast.client(who)), **browser.values)
    return browser


def tell(cast, *names, notice="portal.mentioned", **options):
    with scope(cast.fabrique):
        text = options.pop("text", lambda: "Bonjour")
        count = notify(notice, to=[getattr(cast, name) for name in names], text=text, **options)
    run_all()
    return count


def later(by):
    """Let time pass for what waits."""
    Push.objects.update(next_try_at=F("next_try_at") - by, expires_at=F("expires_at") - by)
    pushes.deliver_due()


def test_a_message_is_read_by_the_browser_alone_and_signed_by_the_server(cast, push_service, settings):  # noqa: F811
    settings.TILIOS_URL = "https://tilios.example.org"
    browser = subscribed(cast, "bob", push_service.browser("bob"))
    tell(cast, "bob", text=lambda: "Bonjour, dîner à l'été ✓", url=f"{HOME}aide/")
    [received] = push_service.received
    told = browser.read(received)
    assert told == {
        "title": "La Fabrique",
        "body": "Bonjour, dîner à l'été ✓",
        "url": f"{HOME}aide/",
        "tag": "",
        "lang": "fr",
    }
    claims = received.token()
    assert claims["aud"] == push_service.url
    assert claims["sub"] == "https://tilios.example.org"
    assert claims["key"] == webpush.public_key()
    assert time.time() < claims["exp"] < time.time() + 86_400
    assert 86_000 < int(received.headers["TTL"]) <= 86_400
    assert received.headers["Urgency"] == "normal"
    assert "Topic" not in received.headers
    assert b"Bonjour" not in received.body
    assert Push.objects.count() == 0
    assert Device.objects.get().last_success_at


def test_messages_of_nearby_lengths_look_alike_and_no_two_the_same(cast, push_service):  # noqa: F811
    subscribed(cast, "bob", push_service.browser("bob"))
    for text in ("Oui", "Oui", "Une phrase un peu plus longue"):
        tell(cast, "bob", text=lambda said=text: said)
    bodies = [one.body for one in push_service.received]
    assert len({len(body) for body in bodies}) == 1
    assert len(set(bodies)) == 3


def test_a_reminder_is_urgent_until_its_time_and_the_next_takes_its_place(cast, push_service, circle):  # noqa: F811
    browser = subscribed(cast, "bob", push_service.browser("bob"))
    until = timezone.now() + timedelta(minutes=30)
    for _turn in range(2):
        tell(cast, "bob", notice="agenda.reminder", target=circle, until=until)
    first, second = push_service.received
    assert int(first.headers["TTL"]) <= 1800
    assert first.headers["Urgency"] == "high"
    assert first.headers["Topic"] == second.headers["Topic"] == browser.read(first)["tag"]
    assert len(first.headers["Topic"]) == 32
    assert browser.read(first)["title"] == "La Fabrique · Agenda"


def test_each_is_told_in_their_language_on_each_of_their_devices(cast, push_service):  # noqa: F811
    cast.gus.account.language = "en"
    cast.gus.account.save()
    bob, gus = (
        subscribed(cast, "bob", push_service.browser("bob")),
        subscribed(cast, "gus", push_service.browser("gus")),
    )
    phone = push_service.browser("telephone")
    client = Client()
    client.force_login(cast.bob.account)
    devices.register(session=session_of(client), **phone.values)
    tell(cast, "bob", "gus", text=lambda: gettext("Sign out"))
    said = {
        (browser.endpoint, browser.read(one)["body"])
        for browser in (bob, gus, phone)
        for one in push_service.of(browser)
    }
    assert said == {
        (bob.endpoint, "Se déconnecter"),
        (phone.endpoint, "Se déconnecter"),
        (gus.endpoint, "Sign out"),
    }


def test_whoever_unticked_the_box_is_told_nothing(cast, push_service):  # noqa: F811
    subscribed(cast, "bob", push_service.browser("bob"))
    with scope(cast.fabrique):
        channels.choose(person=cast.bob, channels={"portal.mentioned": ["page"]})
    tell(cast, "bob")
    tell(cast, "bob", notice="portal.replied")  # the page alone by default
    assert push_service.received == []


def test_what_is_rolled_back_is_not_told(cast, push_service):  # noqa: F811
    subscribed(cast, "bob", push_service.browser("bob"))
    with transaction.atomic(), scope(cast.fabrique):
        notify("portal.mentioned", to=[cast.bob], text=lambda: "Bonjour")
        transaction.set_rollback(True)
    run_all()
    assert push_service.received == []


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_has_withdrawn_is_forgotten(cast, push_service, status):  # noqa: F811
    subscribed(cast, "bob", push_service.browser("bob"))
    push_service.status = status
    tell(cast, "bob")
    assert Device.objects.count() == Push.objects.count() == 0


def test_a_busy_service_is_asked_again_when_it_says(cast, push_service):  # noqa: F811
    subscribed(cast, "bob", push_service.browser("bob"))
    push_service.status, push_service.headers = 429, {"Retry-After": "1200"}
    tell(cast, "bob")
    assert timedelta(minutes=19) < Push.objects.get().next_try_at - timezone.now() <= timedelta(minutes=20)
    push_service.status, push_service.headers = 201, {}
    later(timedelta(minutes=15))
    assert len(push_service.received) == 1
    later(timedelta(minutes=6))
    assert len(push_service.received) == 2
    device = Device.objects.get()
    assert (Push.objects.count(), device.failures, device.failing_since) == (0, 0, None)


def test_a_moment_to_try_again_may_be_a_date(cast, push_service):  # noqa: F811
    subscribed(cast, "bob", push_service.browser("bob"))
    when = format_datetime(timezone.now() + timedelta(hours=2), usegmt=True)
    push_service.status, push_service.headers = 503, {"Retry-After": when}
    tell(cast, "bob")
    assert Push.objects.get().next_try_at - timezone.now() > timedelta(minutes=115)


def test_a_broken_service_is_asked_less_and_less_and_no_more_once_it_is_too_late(cast, push_service):  # noqa: F811
    subscribed(cast, "bob", push_service.browser("bob"))
    push_service.status, push_service.headers = 500, {"Retry-After": "bientôt".encode().decode("latin-1")}
    tell(cast, "bob")
    waits = []
    for _turn in range(3):
        waits.append(round((Push.objects.get().next_try_at - timezone.now()).total_seconds() / 60))
        later(timedelta(minutes=waits[-1] + 1))
    assert waits == [1, 2, 4]
    later(timedelta(days=1))
    assert (len(push_service.received), Push.objects.count(), Device.objects.count()) == (4, 0, 1)


def test_a_service_that_refuses_is_not_asked_again_and_a_week_of_failures_forgets(cast, push_service):  # noqa: F811
    subscribed(cast, "bob", push_service.browser("bob"))
    push_service.status = 403
    for _turn in range(6):
        tell(cast, "bob")
        later(timedelta(hours=7))  # a device that fails is tried less and less
    assert (Push.objects.count(), Device.objects.get().failures) == (0, 6)
    Device.objects.update(failing_since=timezone.now() - timedelta(days=8))
    tell(cast, "bob")
    assert len(push_service.received) == 6
    later(timedelta(hours=7))
    assert Device.objects.count() == 0


def test_a_service_that_is_silent_keeps_nobody_waiting_twice(cast, push_service):  # noqa: F811
    gone = Browser("https://127.0.0.1:9/bob")
    subscribed(cast, "bob", gone)
    subscribed(cast, "gus", push_service.browser("gus"))
    tell(cast, "bob", "gus")
    assert len(push_service.received) == 1
    assert Push.objects.get().tries == 1


def test_no_message_reaches_a_private_network(cast, push_service, settings):  # noqa: F811
    subscribed(cast, "bob", push_service.browser("bob"))
    settings.TILIOS_OUTSIDE_NETWORKS = []
    tell(cast, "bob")
    assert push_service.received == []
    assert Device.objects.get().failures == 1


def sign_out(cast):
    cast.client("bob").post("/compte/logout/")


def end_session(cast):
    accounts.end_session(account=cast.bob.account, pk=UserSession.objects.get(user=cast.bob.account).pk)


def change_password(cast):
    cast.bob.account.set_password("un autre mot de passe")
    cast.bob.account.save()


def come_back_as_somebody_else(cast):
    cast.client("bob").force_login(cast.gus.account)


def leave(cast):
    with scope(cast.fabrique):
        Person.objects.filter(pk=cast.bob.pk).update(status=Status.LEFT)


def close_account(cast):
    accounts.close_account(account=cast.bob.account)


def suspend(cast):
    cast.fabrique.suspended_at = timezone.now()
    cast.fabrique.save()


GOING = (sign_out, end_session, change_password, come_back_as_somebody_else, leave, close_account, suspend)


@pytest.mark.parametrize("go", GOING, ids=lambda go: go.__name__)
def test_nobody_who_has_gone_is_told_even_what_was_on_its_way(cast, push_service, go):  # noqa: F811
    subscribed(cast, "bob", push_service.browser("bob"))
    with scope(cast.fabrique):
        notify("portal.mentioned", to=[cast.bob], text=lambda: "Bonjour")
    assert Push.objects.count() == 1
    go(cast)
    run_all()
    assert push_service.received == []
    assert Push.objects.count() == 0
    assert Device.objects.exists() == (go in {leave, suspend})  # it still serves other structures


def test_erasing_a_person_takes_what_was_on_its_way_to_them_or_names_them(cast, push_service):  # noqa: F811
    for who in ("bob", "gus"):
        subscribed(cast, who, push_service.browser(who))
    with scope(cast.fabrique):
        notify("portal.mentioned", to=[cast.bob, cast.gus], text=lambda: "Bonjour")
        notify("portal.mentioned", to=[cast.gus], text=lambda: "Bob Lambert vous répond")
        erase(by=cast.alice, person=cast.bob)
    [left] = Push.objects.all()
    assert left.payload["body"] == "Bonjour"
    assert left.device.session.user == cast.gus.account


def test_telling_sixty_people_costs_as_many_queries_as_telling_ten(cast, push_service):  # noqa: F811
    people, counts = [], []
    for number in range(60):
        person = make_person(cast.fabrique, f"Membre {number}", Role.MEMBER)
        session = UserSession.objects.create(user=person.account, session_key=f"s{number}", ip="127.0.0.1")
        values = Browser(f"{push_service.url}/{number}").values
        Device.objects.create(session=session, **values)
        people.append(person)
    for size in (10, 60):
        with scope(cast.fabrique), CaptureQueriesContext(connection) as captured:
            notify("portal.mentioned", to=people[:size], text=lambda: "Bonjour")
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 7


def test_the_key_stays_the_same_and_is_no_other_key(settings):
    key = webpush.public_key()
    webpush._private_key.cache_clear()
    assert webpush.public_key() == key
    webpush._private_key.cache_clear()
    settings.SECRET_KEY = "un autre secret"
    try:
        assert webpush.public_key() != key
    finally:
        webpush._private_key.cache_clear()
