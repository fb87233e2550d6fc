"""What surrounds the tools, in a real Chromium: search, a mention, a link with a password, notifications, home."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.harness import browser as harness
from tests.harness import server as servers

HOME = "/s/la-fabrique/"
SignIn = Callable[[Page, servers.DemoAccount], None]


def themes(page: Page) -> None:
    """axe finds nothing, by day and by night."""
    page.wait_for_load_state()  # a page one has just gone to has no root yet
    for theme in ("light", "dark"):
        page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        page.evaluate("Promise.all(document.getAnimations().map(one => one.finished.catch(() => {})))")
        assert not harness.axe(page), theme


@pytest.fixture
def poll(server: servers.Server, new_page: Callable[..., Page], sign_in: SignIn) -> str:
    """The address of a poll of the demo that everybody may comment."""
    page = new_page()
    sign_in(page, server.account("admin", "la-fabrique"))
    page.goto(f"{HOME}recherche/?q=assemblée&sorte=polls.poll")
    page.get_by_role("link", name="Quand tenir notre assemblée générale").click()
    return re.sub(r"https?://[^/]+", "", page.url)


def test_ctrl_k_finds_as_one_types_and_arrows_lead_there(desk: Page, server: servers.Server, sign_in: SignIn) -> None:
    sign_in(desk, server.account("member", "la-fabrique"))
    desk.goto(HOME)
    desk.keyboard.press("Control+k")
    desk.keyboard.type("asemblée génér")  # one m, one s too few, an unfinished word
    hit = desk.locator("#quick-results").get_by_role("link", name="Quand tenir notre assemblée générale")
    expect(hit).to_be_visible()
    themes(desk)
    desk.keyboard.press("Escape")
    expect(hit).to_be_hidden()
    desk.keyboard.press("Control+a")
    desk.keyboard.type("tenir assemblées")  # the assembly itself is in the agenda
    expect(hit).to_be_visible()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Quand tenir notre assemblée générale")).to_be_visible()


def test_shortcuts_are_listed_and_do_nothing_while_one_writes(
    desk: Page, server: servers.Server, sign_in: SignIn
) -> None:
    sign_in(desk, server.account("member", "la-fabrique"))
    desk.goto(f"{HOME}aide/")
    desk.keyboard.press("?")
    expect(desk.get_by_role("dialog", name="Raccourcis clavier")).to_be_visible()
    themes(desk)
    desk.keyboard.press("Escape")
    desk.keyboard.press("/")
    desk.keyboard.type("nhc?")
    assert desk.url.endswith("/aide/")
    desk.keyboard.press("Tab")
    desk.locator("body").click(position={"x": 700, "y": 600})
    desk.keyboard.press("n")
    expect(desk.get_by_role("heading", name="Notifications", level=1)).to_be_visible()


def test_without_a_script_one_searches_on_a_phone(no_js: Page, server: servers.Server, sign_in: SignIn) -> None:
    sign_in(no_js, server.account("member", "la-fabrique"))
    no_js.goto(HOME)
    no_js.get_by_role("link", name="Chercher").or_(no_js.get_by_role("link", name="Rechercher")).first.click()
    no_js.get_by_label("Mots à chercher").fill("assemblees")
    no_js.get_by_role("button", name="Rechercher").click()
    expect(no_js.locator("mark").first).to_have_text(re.compile("assemblée", re.IGNORECASE))


def test_a_comment_names_somebody_who_reads_it(
    poll: str, server: servers.Server, new_page: Callable[..., Page], sign_in: SignIn
) -> None:
    bob = new_page(**harness.PHONE)
    sign_in(bob, server.account("member", "la-fabrique"))
    bob.goto(poll)
    field = bob.get_by_role("textbox", name="Prendre la parole")
    field.press_sequentially("Qui ouvre ? @man")
    bob.get_by_role("option", name="Manon Le Goff").click()
    field.press_sequentially("sans doute")
    themes(bob)
    bob.get_by_role("button", name="Commenter").click()
    said = bob.locator(".comment", has_text="Qui ouvre ?").last
    expect(said.locator(".mention")).to_have_text("@Manon Le Goff")
    expect(said).to_be_in_viewport()
    said.get_by_label("Réagir à ce commentaire").or_(said.locator("summary", has_text="Réagir")).first.click()
    said.get_by_role("button", name="Merci").first.click()
    expect(said.locator(".sign-chip[aria-pressed=true]")).to_be_visible()
    themes(bob)

    manon = new_page()
    sign_in(manon, server.account("manager", "la-fabrique"))
    manon.goto(f"{HOME}notifications/?montrer=non-lues")
    themes(manon)
    manon.get_by_role("link", name="Bob Lambert vous mentionne").first.click()
    expect(manon).to_have_url(re.compile(r"#comment-\d+$"))
    expect(manon.locator(".comment", has_text="Qui ouvre ?").last).to_be_in_viewport()
    manon.goto(f"{HOME}notifications/?montrer=non-lues")
    expect(manon.get_by_role("link", name="Qui ouvre ?")).to_have_count(0)


def test_a_removed_comment_comes_back_with_the_undo_button(
    poll: str, no_js: Page, server: servers.Server, sign_in: SignIn
) -> None:
    sign_in(no_js, server.account("member", "la-fabrique"))
    no_js.goto(poll)
    no_js.get_by_label("Prendre la parole").fill("Je me suis trompé de sujet")
    no_js.get_by_role("button", name="Commenter").click()
    said = no_js.locator(".comment", has_text="Je me suis trompé de sujet")
    said.locator("details.menu summary", has_text="Autres actions").click()
    said.get_by_role("button", name="Retirer").click()
    expect(said).to_have_count(0)
    no_js.get_by_role("button", name="Annuler").click()
    expect(said).to_have_count(1)


def test_a_link_with_a_password_opens_on_a_neighbours_phone(
    poll: str, server: servers.Server, new_page: Callable[..., Page], sign_in: SignIn
) -> None:
    alice = new_page()
    sign_in(alice, server.account("admin", "la-fabrique"))
    alice.goto(poll)
    alice.get_by_role("link", name="Partager").first.click()
    alice.get_by_label("Voter sans compte").check()
    alice.get_by_label("À quoi sert le lien").fill("Message aux voisins")
    alice.get_by_text("Mot de passe, dernier jour, nombre de personnes").click()
    alice.get_by_label("Mot de passe").fill("le marché du jeudi")
    alice.get_by_label("Nombre de personnes").fill("20")
    themes(alice)
    alice.get_by_role("button", name="Créer le lien").click()
    card = alice.locator(".share-link", has_text="Message aux voisins").first
    address = card.get_by_label("Adresse du lien").input_value()
    themes(alice)
    path = re.sub(r"https?://[^/]+", "", address)

    lise = new_page(**harness.PHONE)
    lise.goto(path)
    expect(lise.get_by_text("assemblée générale")).to_have_count(0)
    themes(lise)
    lise.get_by_label("Mot de passe").fill("raté")
    lise.get_by_role("button", name="Ouvrir").click()
    expect(lise.get_by_text("Ce n’est pas le mot de passe de ce lien.")).to_be_visible()
    lise.get_by_label("Mot de passe").fill("le marché du jeudi")
    lise.get_by_role("button", name="Ouvrir").click()
    expect(lise.get_by_role("heading", name="Quand tenir notre assemblée générale")).to_be_visible()
    talk = lise.locator("#comments")
    talk.get_by_label("Votre nom").last.fill("Lise Martin")
    talk.get_by_label("Prendre la parole").fill("Bonjour de la part des voisins")
    talk.get_by_role("button", name="Commenter").click()
    expect(talk.get_by_text("Bonjour de la part des voisins")).to_be_visible()
    lise.goto(path)
    expect(lise.locator("#comments").get_by_label("Votre nom")).to_have_count(0)  # remembered on this device

    alice.reload()
    expect(alice.locator(".share-link", has_text="Message aux voisins").first).to_contain_text("1 personne")
    card = alice.locator(".share-link", has_text="Message aux voisins").first
    card.get_by_role("link", name="Code à imprimer").click()
    expect(alice.get_by_role("img", name="Code du lien")).to_be_visible()
    themes(alice)
    alice.get_by_role("link", name="Retour aux liens").click()
    alice.locator(".share-link", has_text="Message aux voisins").first.get_by_role(
        "button", name="Fermer le lien"
    ).click()
    alice.get_by_role("dialog").get_by_role("button", name="Fermer le lien").click()
    expect(alice.locator(".share-link", has_text="Message aux voisins")).to_have_count(0)
    lise.goto(path)
    expect(lise.get_by_role("heading", name="Quand tenir notre assemblée générale")).to_have_count(0)


def test_the_matrix_is_kept_on_a_phone(phone: Page, server: servers.Server, sign_in: SignIn) -> None:
    sign_in(phone, server.account("guest", "la-fabrique"))
    phone.goto(f"{HOME}notifications/")
    themes(phone)
    phone.get_by_role("link", name="Choisir ce qui m’est signalé").first.click()
    box = phone.get_by_label("Quelqu'un vous mentionne, Dans le résumé du jour")
    box = box.or_(phone.get_by_label("Quelqu’un vous mentionne, Dans le résumé du jour")).first
    box.check()
    themes(phone)
    phone.get_by_role("button", name="Enregistrer ces choix").click()
    expect(phone.get_by_text("Vos choix sont enregistrés.")).to_be_visible()
    expect(box).to_be_checked()


def test_one_arranges_ones_home_and_reads_its_help(desk: Page, server: servers.Server, sign_in: SignIn) -> None:
    sign_in(desk, server.account("manager", "la-fabrique"))
    desk.goto(HOME)
    themes(desk)
    desk.get_by_role("link", name="Organiser cette page").click()
    themes(desk)
    desk.get_by_role("button", name="Ranger Outils").click()
    expect(desk.get_by_role("button", name="Afficher Outils")).to_be_visible()
    desk.get_by_role("button", name="Revenir à la disposition de départ").click()
    expect(desk.get_by_role("button", name="Ranger Outils")).to_be_visible()
    for path in ("aide/", "aide/portal/", "recherche/", "recherche/?q=rien-de-tel"):
        desk.goto(HOME + path)
        themes(desk)


def test_without_a_connection_the_device_says_so(
    server: servers.Server, new_page: Callable[..., Page], sign_in: SignIn
) -> None:
    page = new_page(**harness.PHONE)
    sign_in(page, server.account("member", "la-fabrique"))
    page.goto(HOME)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    page.goto(f"{HOME}notifications/")
    expect(page.get_by_role("heading", name="Vous êtes hors ligne")).to_be_visible()
    assert "Bob" not in page.content()
    page.context.set_offline(False)
    harness.faults(page).clear()  # what a page without a connection could not fetch
