"""Static files are gathered when they changed, and only then."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from tilios.portal import statics


@pytest.fixture(autouse=True)
def no_finder_is_remembered() -> Iterator[None]:
    finders.get_finder.cache_clear()
    yield
    finders.get_finder.cache_clear()


@pytest.fixture
def root(tmp_path: Path, settings) -> Path:
    source = tmp_path / "source"
    source.mkdir()
    (source / "page.css").write_text("a { color: red }")
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    return source


def test_files_are_gathered_once(root: Path, settings) -> None:
    assert statics.gather()
    assert not statics.gather()
    assert (settings.STATIC_ROOT / "page.css").exists()


def test_a_changed_file_is_gathered_again(root: Path, settings) -> None:
    statics.gather()
    (root / "page.css").write_text("a { color: blue }")
    os.utime(root / "page.css", (time.time() + 5, time.time() + 5))  # Django compares whole seconds
    assert statics.gather()
    assert "blue" in (settings.STATIC_ROOT / "page.css").read_text()


def test_a_gathering_cut_half_way_starts_again(root: Path, settings) -> None:
    statics.gather()
    (settings.STATIC_ROOT / statics.MARK).unlink()
    assert statics.gather()
