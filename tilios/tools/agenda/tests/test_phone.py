"""Devices connected at one press: Apple's profile, DAVx5, a QR code that works once; seen, and taken back."""

import plistlib
import re
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from tests.cast import PASSWORD
from tilios.core.access import app_passwords, connecting
from tilios.core.access.models import AppPassword, DeviceRequest

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db
PHONE = "/s/la-fabrique/agenda/telephone/"


@pytest.fixture(autouse=True)
def address(settings: Any) -> None:
    settings.TILIOS_URL = "https://agenda.example.org"


@pytest.fixture
def bob(cast: "Cast") -> Client:
    """Bob, who has just given his password."""
    client = Client()
    client.post("/compte/login/", {"login": "bob.lambert@example.org", "password": PASSWORD})
    return client


def opens(email: str, password: str, scope: str) -> bool:
    request = RequestFactory().get("/")
    return app_passwords.check(request, email=email, password=password, scopes={scope}) is not None


def scanned(client: Client, **more: str) -> str:
    """The path that the QR code of the page leads to."""
    answer = client.post(f"{PHONE}connecter/", {"appareil": "iphone", "nom": "Mon téléphone", "scan": "1", **more})
    assert answer.status_code == 200
    assert "<svg" in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"
    address: str = answer.context["address"]
    assert address.startswith("https://agenda.example.org/")
    return urlsplit(address).path


def test_a_profile_holds_both_accounts_and_a_password_of_its_own(cast: "Cast", bob: Client) -> None:
    answer = bob.post(f"{PHONE}connecter/", {"appareil": "mac", "nom": "Mon Mac", "ici": "1"})
    assert answer.headers["Content-Type"] == "application/x-apple-aspen-config"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    profile = plistlib.loads(answer.content)
    calendar, contacts = profile["PayloadContent"]
    assert (calendar["PayloadType"], contacts["PayloadType"]) == (
        "com.apple.caldav.account", "com.apple.carddav.account",
    )  # fmt: skip
    assert (calendar["CalDAVHostName"], calendar["CalDAVPort"], calendar["CalDAVUseSSL"]) == (
        "agenda.example.org", 443, True,
    )  # fmt: skip
    assert calendar["CalDAVPrincipalURL"] == f"/dav/principals/{cast.bob.account_id}/"
    assert calendar["PayloadDisplayName"] == "Agendas · La Fabrique"
    assert len({profile["PayloadUUID"], calendar["PayloadUUID"], contacts["PayloadUUID"]}) == 3
    for scope in ("calendar", "contacts"):
        assert opens("bob.lambert@example.org", calendar["CalDAVPassword"], scope)
    assert not opens("bob.lambert@example.org", contacts["CardDAVPassword"], "files")
    assert AppPassword.objects.get().label == "Mon Mac"


def test_a_code_is_scanned_by_a_device_that_is_not_signed_in(cast: "Cast", bob: Client) -> None:
    path = scanned(bob)
    device = Client()
    page = device.get(path)
    assert page.status_code == 200
    assert "La Fabrique" in page.content.decode()
    assert not AppPassword.objects.exists()  # looking makes nothing
    profile = plistlib.loads(device.post(path, {"apple": "1"}).content)
    assert opens("bob.lambert@example.org", profile["PayloadContent"][0]["CalDAVPassword"], "calendar")
    assert AppPassword.objects.get().label == "Mon téléphone"


def test_a_code_works_once_and_not_for_long(cast: "Cast", bob: Client) -> None:
    path = scanned(bob)
    assert Client().post(path, {"apple": "1"}).status_code == 200
    for again in (Client().get(path), Client().post(path, {"apple": "1"})):
        assert again.status_code == 404
        assert "ne sert plus" in again.content.decode()
    old = scanned(bob)
    DeviceRequest.objects.update(created_at=timezone.now() - connecting.LASTS - timedelta(seconds=1))
    assert Client().post(old, {"apple": "1"}).status_code == 404
    assert AppPassword.objects.count() == 1


def test_davx5_opens_with_everything_filled_in(cast: "Cast", bob: Client) -> None:
    page = Client().post(scanned(bob, appareil="android"), {"android": "1"}).content.decode()
    found = re.search(r'href="(davx5://[^"]+)"', page)
    assert found is not None
    parts = urlsplit(unescape(found[1]))
    assert parts.hostname == "agenda.example.org"
    assert unquote(parts.username or "") == "bob.lambert@example.org"
    assert opens("bob.lambert@example.org", unquote(parts.password or ""), "calendar")


def test_connecting_asks_for_the_password_of_the_account_again(cast: "Cast") -> None:
    for answer in (
        cast.client("bob").get(f"{PHONE}connecter/"),
        cast.client("bob").post(f"{PHONE}connecter/", {"ici": "1"}),
    ):
        assert answer.status_code == 302
        assert "/compte/" in answer.headers["Location"]
    assert not AppPassword.objects.exists()


def test_devices_are_told_since_when_and_when_last_and_taken_back(cast: "Cast", bob: Client) -> None:
    row, clear = app_passwords.create(account=cast.bob.account, scope="phone", label="Téléphone de Bob")  # type: ignore[arg-type]
    app_passwords.create(account=cast.bob.account, scope="files", label="Dossier")  # type: ignore[arg-type]
    app_passwords.create(account=cast.alice.account, scope="phone", label="Chez Alice")  # type: ignore[arg-type]
    page = bob.get(PHONE).content.decode()
    assert "connecté depuis le" in page
    assert "pas encore vu" in page
    assert "Dossier" not in page
    assert "Chez Alice" not in page
    assert opens("bob.lambert@example.org", clear, "calendar")
    assert "vu pour la dernière fois" in bob.get(PHONE).content.decode()
    assert cast.client("alice").post(f"{PHONE}{row.pk}/deconnecter/").status_code == 404
    assert bob.post(f"{PHONE}{row.pk}/deconnecter/").status_code == 302
    assert not opens("bob.lambert@example.org", clear, "calendar")


@pytest.mark.parametrize("device", ["", "android", "iphone", "mac", "ordinateur", "nextcloud", "autre"])
def test_each_device_has_its_steps_with_drawings_that_say_what_they_show(bob: Client, device: str) -> None:
    page = bob.get(PHONE, {"appareil": device}).content.decode()
    drawings = re.findall(r'<svg class="agenda-drawing"[^>]*aria-label="([^"]+)"', page)
    assert len(drawings) >= 3
    assert page.count('aria-current="page"') >= 2


def test_the_server_without_a_certificate_is_told_to_devices_as_it_is(cast: "Cast", bob: Client, settings: Any) -> None:
    settings.TILIOS_URL = "http://10.0.0.2:8000"
    answer = bob.post(f"{PHONE}connecter/", {"appareil": "iphone", "ici": "1"})
    calendar = plistlib.loads(answer.content)["PayloadContent"][0]
    assert (calendar["CalDAVPort"], calendar["CalDAVUseSSL"]) == (8000, False)
