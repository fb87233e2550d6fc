"""Make this checkout ready to run: environment, dependencies, islands, translations.

Quiet and repeatable: each step leaves a stamp of what it was made from, and is passed over while that has not changed.
`--dev` adds what the checks and the tests need.
"""

import argparse
import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dev.places import (
    BIN,
    FRONTEND,
    ISLANDS,
    PANGO,
    PYTHON,
    READERS,
    ROOT,
    VENV,
    Stop,
    has_pango,
    install_debian_packages,
    run_quietly,
    say,
)

OLDEST_NODE = 18
REQUIREMENTS = ROOT / "requirements"


def main() -> int:
    parser = argparse.ArgumentParser(description="Make this checkout ready to run.")
    parser.add_argument("--dev", action="store_true", help="also install what the checks and the tests need")
    options = parser.parse_args()
    try:
        with _one_at_a_time():
            _make_environment()
            _install_dependencies(dev=options.dev)
            _link_package()
            _build_islands()
            _install_what_draws_pdf()
            _install_what_reads_documents()
            _compile_translations()
    except Stop as stop:
        say(str(stop))
        return 1
    return 0


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    handle = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


# Stamps --------------------------------------------------------------------------------------------------------------


def _fingerprint(paths: Iterable[Path], *more: str) -> str:
    digest = hashlib.sha256()
    for part in more:
        digest.update(part.encode() + b"\0")
    for path in sorted(paths):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _once(stamp: Path, fingerprint: str, step: Callable[[], None]) -> None:
    """Run `step` unless `stamp` says that it was done with the same `fingerprint`."""
    if stamp.is_file() and stamp.read_text("ascii") == fingerprint:
        return
    step()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(fingerprint, "ascii")


# Environment ---------------------------------------------------------------------------------------------------------


def _make_environment() -> None:
    # An environment holds its own path and that of its Python: when either has moved, it is made anew.
    made_for = VENV / "stamps" / "made-for"
    if PYTHON.exists():
        here = f"{VENV} {os.path.realpath(PYTHON)}"
        if not made_for.exists():
            made_for.parent.mkdir(exist_ok=True)
            made_for.write_text(here, "utf-8")
        if made_for.read_text("utf-8") == here:
            return
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        install_debian_packages([f"python{version}-venv"], purpose="to make Python's environment (.venv)")
    say("Making Python's environment (.venv)…")
    run_quietly([sys.executable, "-m", "venv", "--clear", VENV])
    made_for.parent.mkdir()
    made_for.write_text(f"{VENV} {os.path.realpath(PYTHON)}", "utf-8")


def _install_dependencies(*, dev: bool) -> None:
    stamps = VENV / "stamps"
    # What `--dev` installed holds what running needs, at the same versions.
    stamp = stamps / "dev" if dev or (stamps / "dev").exists() else stamps / "run"
    lock = REQUIREMENTS / f"{stamp.name}.txt"
    build = REQUIREMENTS / "build.txt"

    def install() -> None:
        say(f"Installing the dependencies ({lock.relative_to(ROOT)})…")
        _pip_install(build)
        _pip_install(lock)

    _once(stamp, _fingerprint([build, lock], os.path.realpath(PYTHON)), install)


def _pip_install(lock: Path) -> None:
    pip: list[str | Path] = [PYTHON, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input", "install"]
    # SECURITY: only what the lock names by hash, building tools included (no isolation: they come from build.txt).
    run_quietly([*pip, "--require-hashes", "--no-build-isolation", "--no-deps", "--requirement", lock])


def _install_what_draws_pdf() -> None:
    """Pango lays out the text of PDF documents. Without it everything else works, and no page offers a PDF."""
    if has_pango():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        install_debian_packages(PANGO, purpose="to write PDF documents")
    else:
        say(f"PDF documents are left out until these Debian packages are installed: {', '.join(PANGO)}.")


def _install_what_reads_documents() -> None:
    """Without them fewer kinds of documents are read and shown, with lower walls around what reads them."""
    missing = [package for program, package in READERS.items() if not shutil.which(program)]
    if not missing:
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        install_debian_packages(missing, purpose="to read documents")
    else:
        say(f"Documents are read less well until these Debian packages are installed: {', '.join(missing)}.")


def _link_package() -> None:
    """Make `import tilios` and `.venv/bin/tilios` work from this checkout, without building anything."""
    site = next(VENV.glob("lib/python3*/site-packages"))
    _write(site / "tilios.pth", f"{ROOT}\n")
    _write(
        BIN / "tilios",
        # Through sh: a "#!" line holds neither a long path nor one with spaces.
        f"#!/bin/sh\n'''exec' \"{PYTHON}\" \"$0\" \"$@\"\n' '''\n"
        "import sys\n\nfrom tilios.config.command import main\n\nsys.exit(main())\n",
    )
    (BIN / "tilios").chmod(0o755)


def _write(path: Path, text: str) -> None:
    if not path.is_file() or path.read_text("utf-8") != text:
        path.write_text(text, "utf-8")


# Islands -------------------------------------------------------------------------------------------------------------


def _build_islands() -> None:
    if not (FRONTEND / "package.json").is_file():
        return
    lock = FRONTEND / "package-lock.json"
    modules = FRONTEND / "node_modules"

    def install() -> None:
        say("Installing what the islands are made of (frontend/)…")
        run_quietly(["npm", "ci", "--no-audit", "--no-fund"], cwd=FRONTEND, env=_with_node())

    def build() -> None:
        say("Building the islands (frontend/)…")
        run_quietly(["npm", "run", "build"], cwd=FRONTEND, env=_with_node())

    _once(modules / ".stamp", _fingerprint([lock]), install)
    _once(ISLANDS / ".stamp", _fingerprint(_island_sources()), build)


def _island_sources() -> Iterator[Path]:
    for folder, folders, files in os.walk(FRONTEND):
        folders[:] = [name for name in folders if name != "node_modules"]
        yield from (Path(folder, name) for name in files)


def _with_node() -> dict[str, str]:
    """The environment in which `npm` is found: the system's when it is recent enough, else the wheel's."""
    if _system_node_is_enough():
        return {}
    lock = REQUIREMENTS / "node.txt"

    def install() -> None:
        say("Installing Node for the islands (requirements/node.txt)…")
        _pip_install(lock)

    _once(VENV / "stamps" / "node", _fingerprint([lock], os.path.realpath(PYTHON)), install)
    return {"PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}


def _system_node_is_enough() -> bool:
    if not (shutil.which("node") and shutil.which("npm")):
        return False
    try:
        version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return False
    found = re.match(r"v(\d+)\.", version)
    return found is not None and int(found[1]) >= OLDEST_NODE


# Translations --------------------------------------------------------------------------------------------------------


def _compile_translations() -> None:
    catalogues = [path for top in ("locale", "tilios") for path in (ROOT / top).rglob("*.po")]

    def compile_catalogues() -> None:
        run_quietly([PYTHON, "-m", "dev.translations", "compile"])

    if catalogues:
        _once(VENV / "stamps" / "translations", _fingerprint(catalogues), compile_catalogues)


if __name__ == "__main__":
    sys.exit(main())
