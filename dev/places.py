"""Where things are in the repository, and how the scripts of `dev/` talk and run programs."""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON = BIN / "python"
FRONTEND = ROOT / "frontend"
ISLANDS = ROOT / "tilios" / "ui" / "static" / "ui" / "build"


class Stop(Exception):
    """Something a person must do first; the message is the sentence that says what."""


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def run_quietly(command: Sequence[str | Path], *, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> str:
    """Run `command` and return what it printed; that is shown only when it fails."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        line = " ".join(str(part) for part in command)
        raise Stop(f"{error.stdout}\nThis command failed (exit {error.returncode}): {line}") from error
    return done.stdout


def install_debian_packages(packages: Sequence[str], *, purpose: str) -> None:
    """Install `packages` with apt when root; otherwise stop with the sentence to type."""
    line = f"apt-get install {' '.join(packages)}"
    if not shutil.which("apt-get"):
        raise Stop(f"Please install {', '.join(packages)} (names of the Debian packages), needed {purpose}.")
    if os.geteuid() != 0:
        raise Stop(f"Please type this first, it is needed {purpose}:\n\n    sudo {line}\n")
    say(f"Installing {', '.join(packages)} {purpose}…")
    env = {"DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *packages]
    try:
        run_quietly(install, env=env)
    except Stop:  # the package lists are missing or older than the archive
        run_quietly(["apt-get", "update", "--quiet"], env=env)
        run_quietly(install, env=env)


PANGO = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-dejavu-core"]


def has_pango() -> bool:
    """Whether the libraries that lay out the text of PDF documents are there."""
    try:
        for library in ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0"):
            ctypes.CDLL(library)
    except OSError:
        return False
    return True


#: The walls around what reads documents.
READERS = {"bwrap": "bubblewrap"}
#: What lays out office documents: heavy, so only the tests install it.
OFFICE = ["libreoffice-writer-nogui", "libreoffice-calc-nogui", "libreoffice-impress-nogui"]
