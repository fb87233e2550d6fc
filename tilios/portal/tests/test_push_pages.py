"""The devices on which one is told: subscribed by the browser, listed, tried, removed; nobody else's."""

import html
import json

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.harness.push import Browser, push_service  # noqa: F401
from tilios.core.jobs.worker import run_all
from tilios.core.journal.models import Entry
from tilios.core.notify import devices, webpush
from tilios.core.notify.models import Device, Push
from tilios.core.people.actions.mandates import give_mandate
from tilios.core.structures.scope import scope
from tilios.portal import own_data

CHOICES = "/s/la-fabrique/notifications/reglages/"
SUBSCRIPTION = "/compte/notifications/abonnement/"
CURVE_POINT = Browser("https://push.example.org/a").values["p256dh"]


def subscribe(client, browser):
    return client.post(SUBSCRIPTION, browser.subscription, content_type="application/json")


def page(client):
    return client.get(CHOICES).content.decode()


def test_a_browser_subscribes_is_listed_tried_and_removed(cast, push_service):  # noqa: F811
    client, browser = cast.client("bob"), push_service.browser("bob")
    assert "Aucun de vos appareils" in page(client)
    assert subscribe(client, browser).status_code == 201
    device = Device.objects.get()
    assert "aucun message pour le moment" in page(client)
    assert client.post(f"/s/la-fabrique/notifications/appareils/{device.pk}/essai/")["Location"] == CHOICES
    run_all()
    told = browser.read(push_service.received[0])
    assert told["title"] == "La Fabrique"
    assert told["url"] == CHOICES
    assert "dernier message" in page(client)
    assert client.post(f"/s/la-fabrique/notifications/appareils/{device.pk}/retirer/")["Location"] == CHOICES
    assert not Device.objects.exists()


def test_trials_that_wait_are_one(cast):
    client = cast.client("bob")
    subscribe(client, Browser("https://push.example.org/bob"))
    for _turn in range(3):
        client.post(f"/s/la-fabrique/notifications/appareils/{Device.objects.get().pk}/essai/")
    assert Push.objects.count() == 1


def test_the_matrix_has_a_box_for_devices_even_without_any(cast):
    client = cast.client("bob")
    shown = page(client)
    assert 'name="portal.mentioned:push" checked' in shown
    assert 'name="agenda.reminder:push" checked' in shown
    assert 'name="portal.replied:push"' in shown
    assert "doit exécuter JavaScript" in shown
    assert webpush.public_key() in shown


def test_a_service_worker_finds_what_it_needs_to_subscribe_again(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.bob.account)
    said = client.get(SUBSCRIPTION).json()
    assert said["key"] == webpush.public_key()
    assert subscribe(client, Browser("https://push.example.org/bob")).status_code == 403
    for name in ("premier", "second"):
        body = json.dumps(Browser(f"https://push.example.org/{name}").subscription)
        headers = {"X-CSRFToken": said["token"]}
        assert client.post(SUBSCRIPTION, body, "application/json", headers=headers).status_code == 201
    assert Device.objects.get().endpoint == "https://push.example.org/second"


def test_a_browser_tells_only_whoever_came_last(cast):
    shared = Browser("https://push.example.org/accueil")
    for who in ("bob", "gus"):
        subscribe(cast.client(who), shared)
    assert Device.objects.get().session.user == cast.gus.account
    assert "Aucun de vos appareils" in page(cast.client("bob"))


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"[]",
        b"\xff\xfe",
        json.dumps({"endpoint": "https://push.example.org/a"}).encode(),
        json.dumps({"endpoint": "https://push.example.org/a", "keys": "abc"}).encode(),
        json.dumps(
            {"endpoint": ["https://push.example.org/a"], "keys": {"p256dh": CURVE_POINT, "auth": "AAAA"}}
        ).encode(),
    ],
)
def test_what_is_no_subscription_is_refused_with_a_sentence(cast, sent):
    answer = cast.client("bob").post(SUBSCRIPTION, sent, content_type="application/json")
    assert answer.status_code == 422
    assert "navigateur" in answer.json()["message"]


@pytest.mark.parametrize(
    "change",
    [
        {"endpoint": "http://push.example.org/a"},
        {"endpoint": "ftp://push.example.org/a"},
        {"endpoint": "https://bob:mot@push.example.org/a"},
        {"endpoint": "https://push.example.org/" + "a" * 1000},
        {"endpoint": ""},
        {"p256dh": "AAAA"},
        {"p256dh": CURVE_POINT[:-4] + "AAAA"},
        {"p256dh": "é" * 87},
        {"auth": "AAAA"},
        {"auth": "A" * 200},
        {"auth": "??"},
    ],
)
def test_no_device_is_kept_that_could_not_be_reached(cast, change):
    values = Browser("https://push.example.org/a").values | change
    endpoint, keys = values.pop("endpoint"), values
    answer = cast.client("bob").post(SUBSCRIPTION, {"endpoint": endpoint, "keys": keys}, "application/json")
    assert answer.status_code == 422
    assert answer.json()["message"]
    assert not Device.objects.exists()


def test_an_account_has_ten_devices_at_most(cast):
    for number in range(devices.MOST):
        session = UserSession.objects.create(user=cast.bob.account, session_key=f"s{number}", ip="127.0.0.1")
        devices.register(session=session, **Browser(f"https://push.example.org/{number}").values)
    answer = subscribe(cast.client("bob"), Browser("https://push.example.org/onze"))
    assert answer.status_code == 409
    assert "10 appareils" in answer.json()["message"]
    assert Device.objects.count() == devices.MOST


def test_ten_devices_cost_the_page_a_bounded_number_of_queries(cast):
    client = cast.client("bob")
    page(client)
    with CaptureQueriesContext(connection) as without:
        page(client)
    for number in range(devices.MOST):
        other = Client()
        other.force_login(cast.bob.account)
        assert subscribe(other, Browser(f"https://push.example.org/{number}")).status_code == 201
    with CaptureQueriesContext(connection) as with_ten:
        page(client)
    assert len(with_ten) - len(without) <= 3 * devices.MOST  # whether each is still signed in


@pytest.mark.parametrize("step", ["essai", "retirer"])
def test_somebody_elses_device_does_not_exist(cast, step):
    subscribe(cast.client("bob"), Browser("https://push.example.org/bob"))
    url = f"/s/la-fabrique/notifications/appareils/{Device.objects.get().pk}/{step}/"
    for who in ("alice", "gus", "charlie"):
        assert cast.client(who).post(url).status_code == 404
    assert (Device.objects.count(), Push.objects.count()) == (1, 0)


def test_a_device_whose_session_is_over_is_listed_no_more(cast):
    gone = UserSession.objects.create(user=cast.bob.account, session_key="over", ip="127.0.0.1")
    devices.register(session=gone, **Browser("https://push.example.org/perdu").values)
    assert "Aucun de vos appareils" in page(cast.client("bob"))
    assert not Device.objects.exists()


def test_the_journal_tells_nothing_of_devices_and_ones_data_do(cast):
    before = Entry.objects.count()
    subscribe(cast.client("bob"), Browser("https://push.example.org/bob"))
    assert Entry.objects.count() == before
    said = own_data.collect(cast.bob.account)
    assert len(said["told_devices"]) == 1
    assert "push.example.org" not in json.dumps(said, default=str)  # whoever has the address may try to write there


def test_acting_for_somebody_shows_no_device_of_ones_own(cast):
    client = cast.client("bob")
    subscribe(client, Browser("https://push.example.org/bob"))
    with scope(cast.fabrique):
        mandate = give_mandate(by=cast.gus, person=cast.gus, delegate=cast.bob)
    client.post(f"/s/la-fabrique/representants/{mandate.pk}/agir/")
    shown = page(client)
    assert "qu'elle choisit elle-même" in html.unescape(shown)
    assert "data-push" not in shown
    assert "/essai/" not in shown
