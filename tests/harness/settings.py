"""Tilios's settings for the tests: the same, but for what would only make them slow."""

from tilios.config.settings import *  # noqa: F403
from tilios.config.settings import DATABASES, STORAGES

# A password check is made slow on purpose; here it is made thousands of times.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# The manifest is made when a server starts; tests start none.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}

if str(DATABASES["default"]["ENGINE"]).endswith("sqlite3"):
    # A file, like a real instance: in memory, threads would share one connection and never meet a lock.
    DATABASES["default"]["TEST"] = {"NAME": f"{DATABASES['default']['NAME']}.test"}
