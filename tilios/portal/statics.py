"""Styles, scripts and pictures gathered in the data folder, compressed and named by what they hold."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

MARK = ".gathered"


def gather() -> bool:
    """Gather the static files unless those of the last time are the same; whether there was something to do.

    Compressing them takes seconds and a hundred megabytes: not at each start.
    """
    mark = Path(settings.STATIC_ROOT) / MARK
    wanted = _fingerprint()
    if mark.exists() and mark.read_text("utf-8") == wanted:
        return False
    mark.unlink(missing_ok=True)  # cut half-way, it starts again
    call_command("collectstatic", interactive=False, verbosity=0)
    mark.write_text(wanted, "utf-8")
    return True


def _fingerprint() -> str:
    """Of every file's path and content, and of what names and compresses them."""
    digest = hashlib.sha256(str(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda found: found[0]):
            with storage.open(path) as file:
                digest.update(f"\0{path}\0".encode() + hashlib.sha256(file.read()).digest())
    return digest.hexdigest()
