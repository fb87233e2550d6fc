"""docs/new-tool.md, followed word for word in a copy: the folder alone makes menu, routes, isolation, export."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.harness import prepared
from tests.harness.server import tilios

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"```(?:python|html|po)\n(?:# |<!-- )(tilios/tools/ideas/\S+)(?: -->)?\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with the folder of the page in it, and its migration made."""
    place = tmp_path_factory.mktemp("copy")
    skip = shutil.ignore_patterns("__pycache__", "node_modules", "*.pyc")
    for name in ("tilios", "tests", "locale", "docs", "dev"):
        shutil.copytree(ROOT / name, place / name, ignore=skip)
    shutil.copy(ROOT / "pyproject.toml", place)
    (place / "frontend").mkdir()
    shutil.copy(ROOT / "frontend" / "icons.txt", place / "frontend")
    written = []
    for name, code in BLOCK.findall((ROOT / "docs" / "new-tool.md").read_text("utf-8")):
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code, "utf-8")
        written.append(name)
    assert len(written) == 10, written
    for folder in ("", "tests"):
        (place / "tilios/tools/ideas" / folder / "__init__.py").touch()
    run(place, "-m", "tilios.config.command", "manage", "makemigrations", "ideas")
    run(place, "-m", "dev.translations", "compile")
    return place


def run(place: Path, *arguments: str) -> str:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("TILIOS_", "DJANGO_", "PYTEST_"))},
        "PYTHONPATH": str(place),
        "TILIOS_DATA": str(place / "data"),
        "TILIOS_CONFIG": os.devnull,
        "TILIOS_LOG_LEVEL": "ERROR",
    }
    done = subprocess.run([sys.executable, *arguments], cwd=place, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_declaration_is_accepted(copy: Path) -> None:
    run(copy, "-m", "tilios.config.command", "manage", "check", "--fail-level", "WARNING")
    assert "ideas" in run(copy, "-m", "tilios.config.command", "tools")


def test_it_is_in_the_menu_and_its_pages_answer(copy: Path) -> None:
    prepared.fill(copy / "data", {**os.environ, "TILIOS_CONFIG": os.devnull}, demo=False, tilios=tilios)
    run(copy, "-m", "tilios.config.command", "init")
    code = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.harness.settings"
import django; django.setup()
from django.test import Client
from tests.cast import make_cast
client = Client(headers={"host": "localhost"})
client.force_login(make_cast().bob.account)
assert "/s/la-fabrique/idees/" in client.get("/s/la-fabrique/").content.decode()
assert client.post("/s/la-fabrique/idees/ajouter/", {"text": "Un four à pain"}).status_code == 302
assert "Un four à pain" in client.get("/s/la-fabrique/idees/").content.decode()
assert client.post("/s/la-fabrique/idees/ajouter/", {"text": " "}).status_code == 422
"""
    run(copy, "-c", code)
    archive = copy / "fabrique.zip"
    run(copy, "-m", "tilios.config.command", "export", "la-fabrique", str(archive))
    with zipfile.ZipFile(archive) as file:
        rows = file.read("data/ideas.idea.jsonl").decode()
    assert "Un four à pain" in rows


def test_it_is_in_the_isolation_matrix_and_the_contract_suite(copy: Path) -> None:
    suites = ["tests/isolation", "tests/contracts", "-k", "ideas"]
    done = run(copy, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", *suites)
    assert "3 passed" in done or re.search(r"([4-9]|\d\d) passed", done), done
