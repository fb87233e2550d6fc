"""The source of the running program, as the licence promises it to whoever uses it over a network (AGPL-3.0, 13)."""

import tarfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

import tilios

#: What the archive holds, and nothing else. SECURITY: named one by one: the data, the secrets and the settings of this
#: instance may lie in the same folder.
FOLDERS = ("tilios", "frontend", "locale", "docs", "dev", "deploy", "requirements", "tests", "bench", ".ci")
FILES = (
    "README.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "UPGRADE.md", "LICENSE",
    "Makefile", "pyproject.toml", ".gitignore",
)  # fmt: skip
LEFT_OUT = {"node_modules", "__pycache__", "results", "build"}


def _sources() -> Iterator[Path]:
    root = settings.ROOT
    yield from (root / name for name in FILES if (root / name).is_file())
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and not path.is_symlink() and not LEFT_OUT & set(path.relative_to(root).parts):
                yield path


def archive() -> Path:
    """A .tar.gz of the source, made once for each version of the files and kept in the data folder."""
    newest = max((path.stat().st_mtime_ns for path in _sources()), default=0)
    folder = settings.TILIOS_DATA / "source"
    target = folder / f"tilios-{tilios.__version__}-{newest}.tar.gz"
    if not target.is_file():
        folder.mkdir(exist_ok=True)
        for old in folder.glob("*.tar.gz"):
            old.unlink(missing_ok=True)
        unfinished = target.with_suffix(".part")
        with tarfile.open(unfinished, "w:gz") as tar:
            for path in _sources():
                tar.add(path, arcname=f"tilios-{tilios.__version__}/{path.relative_to(settings.ROOT)}")
        unfinished.rename(target)
    return target
