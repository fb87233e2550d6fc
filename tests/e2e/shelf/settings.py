"""Tilios, and the shelf."""

from pathlib import Path

from tilios.config.settings import *  # noqa: F403
from tilios.config.settings import TEMPLATES

ROOT_URLCONF = "tests.e2e.shelf.urls"
TEMPLATES = [TEMPLATES[0] | {"DIRS": [Path(__file__).parent / "templates"]}]
