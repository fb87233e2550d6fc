"""An empty server, its first administrator, the settings of the structure, and a second structure by the wizard."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.harness import browser as harness
from tests.harness import server as servers

pytestmark = pytest.mark.story

SETTINGS = ("reglages/", "reglages/apparence/", "reglages/outils/", "reglages/droits/")
HOST = (
    "/hebergeur/",
    "/hebergeur/structures/la-ruche/",
    "/hebergeur/hebergeurs/",
    "/hebergeur/messages/",
    "/hebergeur/structures/nouvelle/identite/",
)


@pytest.fixture(scope="module")
def empty_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Server]:
    with servers.running(tmp_path_factory.mktemp("empty") / "data", demo=False) as running:
        yield running


@pytest.fixture(scope="module")
def code(empty_server: servers.Server) -> str:
    """What the console shows."""
    printed = re.search(r"with the code (\S+)", empty_server.log.read_text("utf-8"))
    assert printed is not None
    return printed[1]


@pytest.fixture(scope="module")
def host(browser: Browser, empty_server: servers.Server) -> Iterator[Page]:
    """Whoever sets the server up, from one test to the next."""
    with harness.watched_context(browser, empty_server.url, **harness.DESK) as context:
        yield context.new_page()


def test_an_empty_server_leads_to_its_first_steps(host: Page, code: str) -> None:
    host.goto("/")
    expect(host).to_have_url(re.compile("/premiers-pas/$"))
    assert not harness.axe(host)
    host.get_by_label("Code").fill("AAAA-AAAA-AAAA")
    host.get_by_label("Votre nom").fill("Alice Moreau")
    host.get_by_label("Votre adresse électronique").fill("alice@exemple.fr")
    host.get_by_label("Choisir un mot de passe").fill("une phrase bien à moi")
    host.get_by_label("Nom de la structure").fill("La Ruche")
    host.get_by_role("button", name="Commencer").click()
    expect(host.get_by_text("Ce n’est pas le code").first).to_be_visible()
    assert not harness.axe(host)
    host.get_by_label("Code").fill(code)  # nothing else is typed again
    host.get_by_role("button", name="Commencer").click()
    expect(host.get_by_role("heading", name="Réglages")).to_be_visible()
    expect(host.get_by_text("Bienvenue")).to_be_visible()


def test_the_structure_is_described_and_coloured(host: Page, tmp_path: Path) -> None:
    host.goto("/s/la-ruche/reglages/")
    host.get_by_label("Code postal").fill("59000")
    host.get_by_label("SIREN ou SIRET").fill("732 829 321")
    host.get_by_role("button", name="Enregistrer").click()
    expect(host.get_by_text("la clé de contrôle ne correspond pas").first).to_be_visible()
    expect(host.get_by_label("Code postal")).to_have_value("59000")
    host.get_by_label("SIREN ou SIRET").fill("732 829 320")
    host.get_by_role("button", name="Enregistrer").click()
    expect(host.get_by_text("Les réglages sont enregistrés.")).to_be_visible()

    host.get_by_role("link", name="Apparence").click()
    colour = host.get_by_label("Couleur")
    with host.expect_response(lambda answer: "/apercu/" in answer.url and "ffee00" in answer.url):
        colour.fill("#ffee00")
    expect(host.get_by_text("Sur une page claire, les liens en prennent une nuance plus foncée")).to_be_visible()
    picture = tmp_path / "logo.png"
    Image.new("RGB", (600, 300), "#ffee00").save(picture)
    host.get_by_label("Logo").set_input_files(picture)
    host.get_by_role("button", name="Enregistrer").click()
    expect(host.get_by_text("L’apparence est enregistrée.")).to_be_visible()
    expect(host.locator(".sign img")).to_be_visible()


def test_another_structure_is_made_by_the_wizard_on_a_phone_without_scripts(
    browser: Browser, empty_server: servers.Server
) -> None:
    with harness.watched_context(browser, empty_server.url, **harness.PHONE, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/compte/login/")
        page.get_by_label("Adresse électronique").fill("alice@exemple.fr")
        page.locator("input[name=password]").fill("une phrase bien à moi")
        page.get_by_role("button", name="Se connecter").first.click()
        page.goto("/hebergeur/")
        page.get_by_role("link", name="Nouvelle structure").click()
        page.get_by_label("Nom", exact=True).fill("L’Atelier du canal")
        page.get_by_label("RNA").fill("W12")
        page.get_by_role("button", name="Continuer").click()
        expect(page.get_by_text("W suivi de neuf caractères").first).to_be_visible()
        expect(page.get_by_label("Nom", exact=True)).to_have_value("L’Atelier du canal")
        page.get_by_label("RNA").fill("W751004076")
        page.get_by_role("button", name="Continuer").click()
        page.get_by_role("button", name="Continuer").click()
        page.get_by_label("Quelqu’un d’autre, que j’invite").check()
        page.get_by_label("Son adresse électronique").fill("zoe@exemple.fr")
        page.get_by_role("button", name="Créer la structure").click()
        expect(page.get_by_role("heading", name="L’Atelier du canal")).to_be_visible()
        page.goto("/hebergeur/messages/")
        page.get_by_role("link", name=re.compile("vous invite à rejoindre")).click()
        expect(page.get_by_role("link", name=re.compile("invitation"))).to_be_visible()


def test_the_host_steps_in_and_leaves(host: Page) -> None:
    host.goto("/hebergeur/structures/l-atelier-du-canal/")
    host.get_by_label("Raison").first.fill("Zoé demande de l’aide pour les droits.")
    host.get_by_role("button", name="Entrer pour une heure").click()
    expect(host).to_have_url(re.compile("/s/l-atelier-du-canal/$"))
    expect(host.get_by_text("Vous êtes ici en tant qu’hébergeur")).to_be_visible()
    with host.expect_navigation():  # or it would be cut by the next one
        host.get_by_role("button", name="Sortir maintenant").click()
    answer = host.goto("/s/l-atelier-du-canal/")
    assert answer is not None
    assert answer.status == 404


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("screen", ["desk", "phone"])
def test_the_settings_and_the_hosts_pages_read_well(
    host: Page, browser: Browser, empty_server: servers.Server, theme: str, screen: str
) -> None:
    options = harness.DESK if screen == "desk" else harness.PHONE
    state = host.context.storage_state()
    faults: dict[str, list[str]] = {}
    with harness.watched_context(
        browser, empty_server.url, **options, color_scheme=theme, storage_state=state
    ) as context:
        page = context.new_page()
        for path in [*(f"/s/la-ruche/{name}" for name in SETTINGS), *HOST]:
            page.goto(path)
            faults[path] = harness.axe(page)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                faults[path].append("wider than the screen")
    assert not {path: found for path, found in faults.items() if found}
