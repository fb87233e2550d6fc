"""The import rules of pyproject.toml hold, and each one catches what it is there for."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the code, to break."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "tilios", tmp_path / "tilios", ignore=_all_but_python)
    for tool in ("first", "second"):
        package = tmp_path / "tilios" / "tools" / tool
        package.mkdir()
        (package / "__init__.py").touch()
    return tmp_path


def _all_but_python(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if not name.endswith(".py") and not Path(folder, name, "__init__.py").exists()]


def test_the_import_rules_hold():
    answer = lint_imports(ROOT)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_a_faithful_copy_passes(copy):
    answer = lint_imports(copy)
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize(
    ("importer", "imported", "rule"),
    [
        ("kit/wrong.py", "tilios.ui", "Imports go down"),
        ("ui/wrong.py", "tilios.core.people", "Imports go down"),
        ("core/people/wrong.py", "tilios.portal", "Imports go down"),
        ("core/people/wrong.py", "tilios.tools.first", "Imports go down"),
        ("tools/first/wrong.py", "tilios.config.settings", "Imports go down"),
        ("core/people/wrong.py", "tilios.core.notify", "Inside core"),
        ("core/structures/wrong.py", "tilios.core.people", "Inside core"),
        ("tools/first/wrong.py", "tilios.tools.second", "A tool never imports another tool"),
    ],
)
def test_a_wrong_import_is_caught(copy, importer, imported, rule):
    (copy / "tilios" / importer).write_text(f"import {imported}\n", "utf-8")

    answer = lint_imports(copy)

    assert answer.returncode == 1
    broken = [line for line in answer.stdout.splitlines() if " BROKEN" in line]
    assert any(line.startswith(rule) for line in broken), answer.stdout
