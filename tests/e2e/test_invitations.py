"""An invitation as people live it: written on a desk, opened from a letter on a phone, answered without an account."""

import base64
import email
import email.policy
import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from playwright.sync_api import Page, expect

from tests.harness import browser as harness
from tests.harness.server import DemoAccount, Server

SignIn = Callable[[Page, DemoAccount], None]
NEW = "/s/la-fabrique/agenda/nouveau/"
READ = """
import base64, json
from tilios.core.notify.models import Mail
print("MAILS", json.dumps([base64.b64encode(bytes(one.message)).decode() for one in Mail.objects.order_by("pk")
                           if {who!r} in one.recipients]))
"""


def letters_to(server: Server, who: str) -> list[Any]:
    """What was written to `who`, oldest first."""
    said = server.tilios("manage", "shell", "-c", READ.format(who=who))
    rows = json.loads(said.partition("MAILS ")[2])
    return [email.message_from_bytes(base64.b64decode(one), policy=email.policy.default) for one in rows]


def invite(page: Page, who: str, title: str, day: date) -> None:
    """Write an event with a guest, by its form."""
    page.goto(f"{NEW}?jour={day}&debut=18:30&terme=20:00")
    page.get_by_label("Titre").fill(title)
    page.get_by_text("Personnes invitées", exact=False).first.click()
    page.get_by_label("Autres personnes").fill(f"Ada <{who}>")
    expect(page.get_by_label("Écrire aux personnes invitées")).to_be_checked()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()


def link_in(letter: Any, word: str) -> str:
    found = re.search(rf"{word}\s?: (http\S+)", letter.get_body(("plain",)).get_content())
    assert found is not None
    return found[1]


def test_a_guest_answers_on_a_phone_and_the_organizer_sees_it(
    new_page: Callable[..., Page], server: Server, sign_in: SignIn
) -> None:
    desk = new_page(**harness.DESK)
    sign_in(desk, server.account("member", "la-fabrique"))
    who = "ada.phone@example.org"
    invite(desk, who, "Atelier vélo", date.today() + timedelta(days=30))
    event = desk.url
    (letter,) = letters_to(server, who)

    phone = new_page(**harness.PHONE)
    phone.goto(link_in(letter, "Oui"))
    expect(phone.get_by_role("radio", name="Oui")).to_be_checked()
    assert not phone.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not harness.axe(phone)
    desk.goto(event)
    expect(desk.get_by_text("1 sans réponse")).to_be_visible()  # opening recorded nothing

    phone.get_by_label("Un mot pour la personne qui vous invite").fill("J'apporte ma pompe")
    phone.get_by_role("button", name="Répondre").click()
    expect(phone.get_by_text("votre réponse est enregistrée")).to_be_visible()
    desk.goto(event)
    expect(desk.get_by_text("1 oui")).to_be_visible()
    expect(desk.get_by_text("J'apporte ma pompe")).to_be_visible()
    assert not harness.axe(desk)

    phone.get_by_role("link", name="Proposer un autre moment").click()
    phone.get_by_label("De", exact=True).fill("19:15")
    phone.get_by_role("button", name="Envoyer").click()
    expect(phone.get_by_text("Votre proposition est envoyée")).to_be_visible()
    desk.goto(event)
    desk.get_by_role("button", name="Prendre ce moment").click()
    expect(desk.get_by_text("19:15 à 20:45").first).to_be_visible()
    assert "19:15" in str(letters_to(server, who)[1]["Subject"])


def test_a_guest_answers_with_the_keyboard_and_without_a_script(
    new_page: Callable[..., Page], no_js: Page, server: Server, sign_in: SignIn
) -> None:
    desk = new_page(**harness.DESK)
    sign_in(desk, server.account("member", "la-fabrique"))
    who = "ada.keys@example.org"
    invite(desk, who, "Goûter", date.today() + timedelta(days=31))
    (letter,) = letters_to(server, who)

    no_js.goto(link_in(letter, "Non"))
    no_js.get_by_role("radio", name="Non").focus()
    no_js.keyboard.press("ArrowUp")
    expect(no_js.get_by_role("radio", name="Peut-être")).to_be_checked()
    no_js.keyboard.press("Enter")
    expect(no_js.get_by_text("votre réponse est enregistrée")).to_be_visible()
    expect(no_js.get_by_role("radio", name="Peut-être")).to_be_checked()


def test_a_reader_elsewhere_is_offered_their_own_hours(
    new_page: Callable[..., Page], server: Server, sign_in: SignIn
) -> None:
    desk = new_page(**harness.DESK)
    sign_in(desk, server.account("member", "la-fabrique"))
    who = "ada.far@example.org"
    invite(desk, who, "Visite", date.today() + timedelta(days=32))
    (letter,) = letters_to(server, who)

    far = new_page(**(harness.PHONE | {"timezone_id": "Asia/Tokyo"}))
    far.goto(link_in(letter, "Peut-être"))
    far.get_by_role("link", name="Les voir à l'heure de chez moi").click()
    expect(far.get_by_text("Tokyo (UTC+9)")).to_be_visible()
    expect(far.get_by_role("radio", name="Peut-être")).to_be_checked()
