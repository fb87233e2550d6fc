"""The ways in, in a real Chromium: second lock, passkey, app password, devices; and how their pages read."""

import base64
import hashlib
import hmac
import struct
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.harness import browser as harness
from tests.harness import server as servers

SignIn = Callable[[Page, servers.DemoAccount], None]
PAGES = (
    "/compte/",
    "/compte/securite/",
    "/compte/email/",
    "/compte/password/change/",
    "/compte/sessions/",
    "/compte/2fa/",
    "/compte/2fa/totp/activate/",
    "/compte/2fa/webauthn/add/",
    "/compte/mots-de-passe-application/",
    "/compte/mots-de-passe-application/nouveau/",
    "/compte/donnees/",
    "/compte/supprimer/",
)
SIGNED_OUT = ("/compte/login/", "/compte/signup/", "/compte/password/reset/", "/compte/password/reset/done/")


def new_member(server: servers.Server, email: str) -> servers.DemoAccount:
    """Somebody of their own for one test: ways in are changed, and the demo's people are everybody's."""
    password = "une phrase à moi seul"
    server.tilios(
        "manage",
        "shell",
        "-c",
        "from allauth.account.models import EmailAddress\n"
        "from tilios.core.people.models import Account\n"
        f"account = Account.objects.create_user({email!r}, {password!r}, name='Zoé Lanvin', language='fr')\n"
        f"EmailAddress.objects.create(user=account, email={email!r}, verified=True, primary=True)\n",
    )
    return servers.DemoAccount(email, password, "member", "")


def code_of(secret: str) -> str:
    """The six digits an application shows now for `secret` (RFC 6238)."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    place = digest[-1] & 15
    number = struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06d}"


def sign_out(page: Page) -> None:
    page.goto("/compte/logout/")
    page.get_by_role("button", name="Se déconnecter").last.click()
    page.wait_for_url("**/compte/login/**")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_of_the_account_reads_well(
    new_page: Callable[..., Page], server: servers.Server, sign_in: SignIn, theme: str
) -> None:
    page = new_page(**harness.PHONE, color_scheme=theme)
    faults: dict[str, Any] = {}
    for path in SIGNED_OUT:
        page.goto(path)
        faults[path] = harness.axe(page)
    sign_in(page, server.account("member"))
    for path in PAGES:
        page.goto(path)
        assert page.url.endswith(path), page.url
        faults[path] = harness.axe(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            faults[path].append("wider than the screen")
    assert not {path: found for path, found in faults.items() if found}


def test_a_second_lock_is_added_used_and_rescued(
    new_page: Callable[..., Page], server: servers.Server, sign_in: SignIn
) -> None:
    page, zoe = new_page(), new_member(server, "zoe.totp@example.org")
    sign_in(page, zoe)
    page.goto("/compte/securite/")
    page.get_by_role("link", name="Ajouter un code du téléphone").click()
    page.get_by_text("Je ne peux pas le viser").click()
    secret = page.locator("#totp-secret").inner_text()
    page.get_by_label("Code affiché par l’application").fill(code_of(secret))
    page.get_by_role("button", name="Ajouter ce verrou").click()
    codes = page.locator("#codes code").all_inner_texts()
    assert len(codes) == 10

    sign_out(page)
    sign_in(page, zoe)
    assert "/2fa/authenticate/" in page.url
    assert not harness.axe(page)
    expect(page.get_by_role("button", name="Utiliser une clé d’accès")).to_have_count(0)
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_text("Ce code n’est pas le bon").first).to_be_visible()
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Se connecter").click()
    page.goto("/compte/securite/")
    expect(page.get_by_text("Il reste 9 codes")).to_be_visible()

    page.get_by_role("link", name="Retirer le code du téléphone").click()
    with page.expect_navigation():  # or it would be cut by the next one
        page.get_by_role("button", name="Retirer").click()
    page.goto("/compte/securite/")
    expect(page.get_by_role("link", name="Ajouter un code du téléphone")).to_be_visible()


def test_a_passkey_is_made_and_signs_in_alone(new_page: Callable[..., Page], server: servers.Server) -> None:
    # A passkey belongs to a name: browsers make none for an address made of numbers.
    address = server.url.replace("127.0.0.1", "localhost")
    page, zoe = new_page(url=address), new_member(server, "zoe.passkey@example.org")
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    key = device.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    page.goto("/compte/login/")
    page.get_by_label("Adresse électronique").fill(zoe.email)
    page.locator("input[name=password]").fill(zoe.password)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)
    page.goto("/compte/securite/")
    page.get_by_role("link", name="Ajouter une clé d’accès").click()
    page.get_by_label("Nom de cette clé").fill("Mon téléphone")
    page.get_by_role("button", name="Créer la clé").click()
    expect(page.locator("#codes code")).to_have_count(10)
    page.goto("/compte/2fa/webauthn/")
    expect(page.get_by_text("Mon téléphone").first).to_be_visible()
    assert not harness.axe(page)

    sign_out(page)
    page.get_by_role("button", name="Se connecter avec une clé d’accès").click()
    page.wait_for_url(lambda url: "/login/" not in url)
    page.goto("/compte/securite/")
    expect(page.get_by_text(zoe.email)).to_be_visible()

    sign_out(page)
    page.get_by_label("Adresse électronique").fill(zoe.email)
    page.locator("input[name=password]").fill(zoe.password)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/2fa/authenticate/**")  # the password alone no longer opens
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    page.wait_for_url(lambda url: "/2fa/" not in url)

    sign_out(page)
    device.send("WebAuthn.clearCredentials", {"authenticatorId": key})
    page.get_by_role("button", name="Se connecter avec une clé d’accès").click()
    expect(page.get_by_role("alert").filter(has_text="La clé n’a pas servi")).to_be_visible(timeout=90_000)


def test_a_passkey_is_refused_on_an_address_made_of_numbers(desk: Page) -> None:
    desk.goto("/compte/login/")
    desk.get_by_role("button", name="Se connecter avec une clé d’accès").click()
    expect(desk.get_by_role("alert").filter(has_text="adresse faite de nombres")).to_be_visible()


def test_an_app_password_is_made_copied_and_taken_back(phone: Page, server: servers.Server, sign_in: SignIn) -> None:
    zoe = new_member(server, "zoe.app@example.org")
    sign_in(phone, zoe)
    phone.goto("/compte/mots-de-passe-application/")
    phone.get_by_role("link", name="Nouveau mot de passe d’application").first.click()
    phone.get_by_label("Pour quel appareil").fill("Tablette")
    phone.get_by_label("Agendas (CalDAV)").check()
    phone.get_by_role("button", name="Créer le mot de passe").click()
    clear = phone.locator("#secret").inner_text()
    assert [len(part) for part in clear.split("-")] == [5] * 5
    assert not harness.axe(phone)
    phone.context.grant_permissions(["clipboard-read", "clipboard-write"])
    phone.get_by_role("button", name="Copier le mot de passe").click()
    expect(phone.get_by_role("button", name="Copié")).to_be_visible()
    assert phone.evaluate("navigator.clipboard.readText()") == clear

    phone.goto("/compte/mots-de-passe-application/")
    phone.get_by_role("button", name="Retirer Tablette").click()
    phone.get_by_role("dialog").get_by_role("button", name="Retirer").click()
    expect(phone.get_by_role("heading", name="Aucun mot de passe d’application")).to_be_visible()


def test_a_new_address_waits_for_its_confirmation(phone: Page, server: servers.Server, sign_in: SignIn) -> None:
    sign_in(phone, new_member(server, "zoe.address@example.org"))
    phone.goto("/compte/email/")
    phone.get_by_label("Nouvelle adresse").fill("zoe@nouveau.example")
    phone.get_by_role("button", name="Changer l’adresse").click()
    expect(phone.get_by_text("zoe@nouveau.example attend votre confirmation")).to_be_visible()
    assert not harness.axe(phone)
    phone.get_by_role("button", name="Garder l’adresse actuelle").click()
    expect(phone.get_by_text("attend votre confirmation")).to_have_count(0)


def test_another_device_is_signed_out_alone(
    new_page: Callable[..., Page], server: servers.Server, sign_in: SignIn
) -> None:
    zoe = new_member(server, "zoe.devices@example.org")
    here, there = new_page(), new_page(**harness.PHONE)
    sign_in(here, zoe)
    sign_in(there, zoe)
    here.goto("/compte/sessions/")
    here.locator("li", has_not_text="Cet appareil").get_by_role("button", name="Se déconnecter").first.click()
    expect(here.get_by_text("Cet appareil est déconnecté.")).to_be_visible()
    there.goto("/compte/")
    assert "/compte/login/" in there.url


def test_the_look_is_tried_before_it_is_saved_and_kept_after(
    desk: Page, server: servers.Server, sign_in: SignIn
) -> None:
    sign_in(desk, new_member(server, "zoe.look@example.org"))
    desk.goto("/compte/")
    desk.get_by_label("Sombre").check()
    expect(desk.locator("html")).to_have_attribute("data-theme", "dark")
    desk.get_by_role("button", name="Enregistrer").click()
    expect(desk.get_by_text("Votre compte est enregistré.")).to_be_visible()
    desk.goto("/compte/securite/")
    expect(desk.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_account_works_without_scripts(no_js: Page, server: servers.Server, sign_in: SignIn) -> None:
    sign_in(no_js, new_member(server, "zoe.plain@example.org"))
    no_js.goto("/compte/")
    no_js.get_by_label("Votre nom").fill("Zoé L.")
    no_js.get_by_role("button", name="Enregistrer").click()
    expect(no_js.get_by_label("Votre nom")).to_have_value("Zoé L.")
    no_js.goto("/compte/mots-de-passe-application/nouveau/")
    no_js.get_by_label("Pour quel appareil").fill("Liseuse")
    no_js.get_by_label("Fichiers (WebDAV)").check()
    no_js.get_by_role("button", name="Créer le mot de passe").click()
    expect(no_js.locator("#secret")).to_be_visible()
