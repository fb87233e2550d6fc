"""Tilios with one page more: the text of a poll, where the editor is tried apart from the tools that use it."""

from pathlib import Path
from typing import Any

from tilios.config.settings import *  # noqa: F403
from tilios.config.settings import TEMPLATES

ROOT_URLCONF = "tests.harness.texts.urls"
_pages: Any = TEMPLATES[0]
TEMPLATES = [_pages | {"DIRS": [*_pages["DIRS"], Path(__file__).parent / "templates"]}, *TEMPLATES[1:]]
