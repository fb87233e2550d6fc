"""Tilios's settings, and the reception."""

from tilios.config.settings import *  # noqa: F403
from tilios.config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.harness.reception.apps.ReceptionConfig"]
ROOT_URLCONF = "tests.harness.reception.urls"
