"""Being told on a device, in a real Chromium: the button, what shows up, where a press on it leads, signing out."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.harness import browser as harness
from tests.harness import server as servers
from tests.harness.push import Browser

HOME = "/s/la-fabrique/"
CHOICES = f"{HOME}notifications/reglages/"
SignIn = Callable[[Page, servers.DemoAccount], None]

#: The service of the browser's maker is out of reach here: the subscription it would give, kept as a browser keeps it.
SERVICE = """(subscription) => {
    const made = () => ({
        options: { applicationServerKey: null },
        toJSON: () => subscription,
        unsubscribe: async () => { localStorage.removeItem("subscribed"); return true; },
    });
    PushManager.prototype.subscribe = async function ({ userVisibleOnly, applicationServerKey }) {
        if (!userVisibleOnly || applicationServerKey.length !== 65) throw new TypeError("not as a browser asks it");
        localStorage.setItem("subscribed", "yes");
        return made();
    };
    PushManager.prototype.getSubscription = async () => (localStorage.getItem("subscribed") ? made() : null);
}"""

#: A press on a notification. The two acts that a browser keeps for the press of a human say what they would do.
PRESS = """async () => {
    const [notification] = await self.registration.getNotifications();
    const event = new NotificationEvent("notificationclick", { notification });
    const waited = [];
    event.waitUntil = (promise) => waited.push(promise);
    WindowClient.prototype.focus = async function () { return `shown again: ${new URL(this.url).pathname}`; };
    Clients.prototype.openWindow = async (url) => `opened: ${new URL(url).pathname}`;
    self.dispatchEvent(event);
    const [said] = await Promise.all(waited);
    return [said, (await self.registration.getNotifications()).length];
}"""

RENEW = """async (subscription) => {
    PushManager.prototype.getSubscription = async () => null;
    PushManager.prototype.subscribe = async () => subscription;
    const waited = [];
    const event = new Event("pushsubscriptionchange");
    event.waitUntil = (promise) => waited.push(promise);
    self.dispatchEvent(event);
    await Promise.all(waited);
}"""


@pytest.fixture
def told(new_page: Callable[..., Page], server: servers.Server, sign_in: SignIn) -> Page:
    """The choices of a member who has allowed notifications, the service worker at work."""
    page = new_page(permissions=["notifications"])
    sign_in(page, server.account("member", "la-fabrique"))
    page.goto(CHOICES)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return page


def deliver(page: Page, server: servers.Server, data: str) -> list[dict[str, Any]]:
    """Have the browser receive a push message, as from its service; the notifications that show."""
    session: CDPSession = page.context.new_cdp_session(page)
    registrations: list[dict[str, Any]] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: registrations.extend(event["registrations"]))
    session.send("ServiceWorker.enable")
    page.wait_for_timeout(300)
    number = registrations[-1]["registrationId"]
    session.send("ServiceWorker.deliverPushMessage", {"origin": server.url, "registrationId": number, "data": data})
    shown = """navigator.serviceWorker.ready.then((registration) => registration.getNotifications()).then((all) =>
        all.map(({ title, body, tag, lang, data }) => ({ title, body, tag, lang, data })))"""
    for _turn in range(50):
        page.wait_for_timeout(100)
        if found := page.evaluate(shown):
            return found
    return []


def endpoints(server: servers.Server) -> list[str]:
    code = "from tilios.core.notify.models import Device; print(*Device.objects.values_list('endpoint', flat=True))"
    return server.tilios("manage", "shell", "--no-imports", "-c", code).split()


def test_a_message_shows_up_and_leads_to_its_page(told: Page, server: servers.Server) -> None:
    message = {"title": "La Fabrique", "body": "Rappel : réunion", "url": f"{HOME}aide/", "tag": "a", "lang": "fr"}
    address = f"{server.url}{HOME}aide/"
    [shown] = deliver(told, server, json.dumps(message))
    assert shown == {name: message[name] for name in ("title", "body", "tag", "lang")} | {"data": {"url": address}}


@pytest.mark.parametrize(
    ("data", "title", "path"),
    [
        ("ce n'est pas du JSON", "Tilios", "/"),
        ("null", "Tilios", "/"),
        ('{"title": "Ailleurs", "url": "https://elsewhere.example/"}', "Ailleurs", "/"),
        ('{"title": "Ailleurs", "url": "//elsewhere.example/"}', "Ailleurs", "/"),
        ('{"title": "Ailleurs", "url": "javascript:alert(1)"}', "Ailleurs", "/"),
        ('{"title": "Ailleurs", "url": "https://["}', "Ailleurs", "/"),
    ],
)
def test_a_message_leads_to_no_other_server(
    told: Page, server: servers.Server, data: str, title: str, path: str
) -> None:
    [shown] = deliver(told, server, data)
    assert (shown["title"], shown["data"]["url"]) == (title, server.url + path)


def test_a_press_shows_the_page_that_is_open_or_opens_it(told: Page, server: servers.Server) -> None:
    [worker] = told.context.service_workers
    deliver(told, server, json.dumps({"title": "Ici", "url": CHOICES, "tag": "a"}))
    assert worker.evaluate(PRESS) == [f"shown again: {CHOICES}", 0]
    deliver(told, server, json.dumps({"title": "Ailleurs", "url": f"{HOME}aide/", "tag": "b"}))
    assert worker.evaluate(PRESS) == [f"opened: {HOME}aide/", 0]


def test_a_browser_that_cannot_reach_its_service_says_so(told: Page) -> None:
    told.get_by_role("button", name="Me prévenir sur cet appareil").click()
    expect(told.locator("[data-push-state]")).to_contain_text("propre service de notifications")
    assert not harness.axe(told)


def test_a_device_subscribes_at_a_press_renews_itself_and_is_forgotten_by_signing_out(
    told: Page, server: servers.Server
) -> None:
    told.add_init_script(f"({SERVICE})({json.dumps(Browser('https://push.example.org/un').subscription)})")
    told.goto(CHOICES)
    assert endpoints(server) == []  # nothing before the press
    told.get_by_role("button", name="Me prévenir sur cet appareil").click()
    expect(told.locator("#devices").get_by_text("Cet appareil", exact=True)).to_be_visible()
    expect(told.get_by_role("button", name="Me prévenir sur cet appareil")).to_be_hidden()
    assert endpoints(server) == ["https://push.example.org/un"]
    for theme in ("light", "dark"):
        told.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        told.evaluate("Promise.all(document.getAnimations().map(one => one.finished.catch(() => {})))")
        assert not harness.axe(told), theme
    [worker] = told.context.service_workers
    worker.evaluate(RENEW, Browser("https://push.example.org/deux").subscription)
    assert endpoints(server) == ["https://push.example.org/deux"]

    told.locator("#devices").get_by_role("button", name="Retirer").click()
    expect(told.get_by_role("button", name="Me prévenir sur cet appareil")).to_be_visible()
    assert told.evaluate("localStorage.getItem('subscribed')") is None
    told.get_by_role("button", name="Me prévenir sur cet appareil").click()
    expect(told.locator("#devices").get_by_text("Cet appareil", exact=True)).to_be_visible()
    told.goto("/compte/logout/")
    told.locator('main form[action*="logout"] button').click()
    told.wait_for_url(lambda url: "/logout/" not in url)
    assert told.evaluate("localStorage.getItem('subscribed')") is None
    assert endpoints(server) == []


def test_whoever_refused_is_told_how_to_come_back(
    new_page: Callable[..., Page], server: servers.Server, sign_in: SignIn
) -> None:
    page = new_page(permissions=[])
    sign_in(page, server.account("member", "la-fabrique"))
    page.goto(CHOICES)
    expect(page.locator("[data-push-state]")).to_contain_text("réglages du navigateur")


def test_an_iphone_is_told_to_go_by_the_home_screen(
    new_page: Callable[..., Page], server: servers.Server, sign_in: SignIn
) -> None:
    page = new_page(**harness.PHONE, user_agent="Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1")
    page.add_init_script("delete window.PushManager")
    sign_in(page, server.account("member", "la-fabrique"))
    page.goto(CHOICES)
    expect(page.locator("[data-push-state]")).to_contain_text("écran d'accueil")


def test_without_a_script_the_page_says_that_it_cannot(no_js: Page, server: servers.Server, sign_in: SignIn) -> None:
    sign_in(no_js, server.account("member", "la-fabrique"))
    no_js.goto(CHOICES)
    expect(no_js.get_by_text("doit exécuter JavaScript")).to_be_visible()
    expect(no_js.get_by_role("button", name="Me prévenir sur cet appareil")).to_be_hidden()
    expect(no_js.locator('input[name="agenda.reminder:push"]')).to_be_attached()
