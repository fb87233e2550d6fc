import json
import re
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory

from tilios.ui import installable, styleguide

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"


def render(name: str, **context: object) -> str:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    return render_to_string(name, {"request": request, **context})


def test_the_style_guide_shows_everything():
    page = render("ui/styleguide.html", **styleguide.context())
    for part in ("rail", "dock", "topbar", "sign", "search", "toasts", "figure", "error-summary", "empty", "qr"):
        assert f'class="{part}' in page, part


def test_the_shell_stands_without_a_structure():
    page = render("ui/shell.html", shell=None)
    assert '<main class="page" id="main"' in page
    assert 'class="rail"' not in page
    assert 'class="dock"' not in page


def test_one_structure_needs_no_switcher():
    shell = {**styleguide.shell(), "structures": [{"name": "La Fabrique", "url": "#", "current": True}]}
    assert "<details" not in render("ui/shell/sign.html", shell=shell)


def test_acting_for_someone_is_always_said():
    assert "Zoé" in render("ui/shell.html", shell={**styleguide.shell(), "acting_for": "Zoé"})


def test_shortcuts_can_be_switched_off():
    assert "data-shortcuts" in render("ui/shell.html", shell=styleguide.shell())
    page = render("ui/shell.html", shell={**styleguide.shell(), "shortcuts": False})
    assert "data-shortcuts" not in page
    assert "ui-shortcuts" not in page


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_the_theme_is_on_the_root(theme):
    assert f'data-theme="{theme}"' in render("ui/page.html", theme=theme)


def test_the_system_is_followed_by_default():
    assert 'data-theme="auto"' in render("ui/page.html")


@pytest.mark.parametrize("name", ["404.html", "403.html", "403_csrf.html", "500.html", "offline.html"])
def test_error_pages_need_no_context(name):
    page = render_to_string(name)
    assert page.count("<h1>") == 1
    assert 'id="main"' in page


#: Laid out as PDF on the server, never sent to a browser.
PAGES = sorted(path for path in TEMPLATES.rglob("*.html") if path.name != "print.html")


# SECURITY: the policy of every page refuses inline style and script; a template that holds one is broken.
@pytest.mark.parametrize("template", PAGES, ids=lambda path: path.name)
def test_no_template_holds_a_style_or_a_script(template):
    text = template.read_text()
    assert not re.search(r"\sstyle=", text)
    assert not re.search(r"\son[a-z]+=\"", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert "<style" not in text


def test_ids_are_unique_on_a_page():
    found = re.findall(r'\sid="([^"]+)"', render("ui/styleguide.html", **styleguide.context()))
    assert len(found) == len(set(found))


def test_the_manifest_is_installable():
    manifest = installable.manifest(name="La Fabrique de Lille", start_url="/s/la-fabrique/", scope="/")
    assert json.dumps(manifest)
    assert {icon["sizes"] for icon in manifest["icons"]} >= {"192x192", "512x512"}
    assert any(icon.get("purpose") == "maskable" for icon in manifest["icons"])
    assert len(manifest["short_name"]) <= 14


def test_the_service_worker_keeps_the_offline_page_and_no_other():
    worker = installable.service_worker(offline_url="/hors-ligne/", subscription_url="/abonnement/")
    kept = re.search(r"const KEPT = \[(.*?)\]", worker, re.DOTALL)
    assert kept
    assert len(re.findall(r'"[^"]+"', kept[1])) == 5
    assert "hors\\u002Dligne" in kept[1]


def test_every_file_it_names_is_shipped():
    static = Path(__file__).resolve().parents[1] / "static"
    for icon in installable.manifest(name="T", start_url="/")["icons"]:
        assert (static / icon["src"].removeprefix("/static/")).is_file()
