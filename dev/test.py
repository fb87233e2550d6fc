"""Every test: on SQLite, then on PostgreSQL, then in the browser; the last line adds up the three."""

import argparse
import ctypes
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from dev.places import OFFICE, PANGO, PYTHON, READERS, ROOT, Stop, has_pango, install_debian_packages, say

OPTIONS = ["-n", "2", "--dist=worksteal", "--durations=5", "--durations-min=5"]
BROWSER_TESTS = "tests/e2e"
#: What reads the code, starts servers with a database of their own, or whose subject is no database (what decodes
#: pictures and documents, buckets, programs that speak a protocol): once is enough. So it is for tests that see no
#: database at all: `--with-database` passes over them (tests/harness/plugin.py).
ONCE = [
    "tests/architecture",
    "tests/doors/test_files_front_server.py",
    "tests/doors/test_files_power_cuts.py",
    "tests/doors/test_mail.py",
    "tilios/core/blobs/tests/test_images.py",
    "tilios/core/blobs/tests/test_s3.py",
    "tilios/core/blobs/tests/test_zipping.py",
    "tilios/core/dav/tests/test_litmus.py",
    "tilios/core/documents/tests/test_bounds.py",
    "tilios/core/documents/tests/test_changing.py",
    "tilios/core/documents/tests/test_converting.py",
    "tilios/core/documents/tests/test_faults.py",
    "tilios/core/documents/tests/test_offices.py",
    "tilios/core/documents/tests/test_printing.py",
    "tilios/core/reading/tests/test_hostile.py",
    "tilios/core/reading/tests/test_words.py",
    "tilios/core/uploads/tests/test_faults.py",
    "tilios/kit",
    "tilios/tools/files/tests/test_clients.py",
    "tilios/tools/files/tests/test_litmus.py",
]

#: Programs by the Debian package that brings them.
PROGRAMS = {
    "litmus": "litmus", "rclone": "rclone", "cadaver": "cadaver", "curl": "curl", "mount.davfs": "davfs2",
    "nginx": "nginx", "strace": "strace", "dovecot": "dovecot-imapd", "zbarimg": "zbar-tools",
}  # fmt: skip

# How the test runner closes: "=== 2 failed, 40 passed, 1 warning in 12.34s (0:00:12) ==="
CLOSING_LINE = re.compile(r"^=+ (?P<counts>.+) in [\d.]+s(?: \([\d:]+\))? =+$")
COLOUR = re.compile(r"\x1b\[[\d;]*m")
ORDER = ("failed", "errors", "passed", "skipped", "xfailed", "xpassed", "warnings")


@dataclass
class Run:
    name: str
    arguments: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    closing: str = ""
    code: int = 0

    def start(self, extra: list[str]) -> None:
        """Run pytest, show what it says as it says it, and remember how it closed."""
        say(f"\n── Tests: {self.name}")
        colour = ["--color=yes"] if sys.stdout.isatty() else []
        command = [str(PYTHON), "-m", "pytest", *OPTIONS, *colour, *self.arguments, *extra]
        with subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout
            for line in process.stdout:
                sys.stdout.write(line)
                sys.stdout.flush()
                self._read(COLOUR.sub("", line).strip())
        self.code = process.returncode

    def _read(self, line: str) -> None:
        found = CLOSING_LINE.match(line)
        if not found:
            return
        self.closing = line
        self.counts.clear()
        for number, word in re.findall(r"(\d+) (\w+)", found["counts"]):
            self.counts[{"error": "errors", "warning": "warnings"}.get(word, word)] += int(number)


RUNS = {
    "sqlite": Run("on SQLite", [f"--ignore={BROWSER_TESTS}"], {"TILIOS_TEST_DATABASE": "sqlite"}),
    "postgresql": Run(
        "on PostgreSQL",
        ["--with-database", *(f"--ignore={folder}" for folder in (BROWSER_TESTS, *ONCE))],
        {"TILIOS_TEST_DATABASE": "postgresql"},
    ),
    "browser": Run(
        "in the browser",
        [BROWSER_TESTS, "--dist=loadgroup", "--no-loadscope-reorder"],
        {"TILIOS_TEST_DATABASE": "sqlite"},
    ),
}


def main() -> int:
    parser = argparse.ArgumentParser(description="Run every test. What follows -- is given to pytest.")
    parser.add_argument("--only", choices=RUNS, help="only these")
    options, extra = parser.parse_known_args()
    runs = [RUNS[options.only]] if options.only else list(RUNS.values())
    start = time.monotonic()
    try:
        install_programs()
    except Stop as stop:
        say(str(stop))
        return 1
    with tempfile.TemporaryDirectory(prefix="tilios-prepared-") as prepared:  # what servers of the tests start from
        os.environ["TILIOS_TEST_PREPARED"] = prepared
        for run in runs:
            run.start([argument for argument in extra if argument != "--"])
    print()
    for run in runs:
        print(f"{run.name:>14}: {run.closing or f'the test runner stopped (exit {run.code})'}")
    total: Counter[str] = sum((run.counts for run in runs), Counter())
    failed = any(run.code for run in runs) or not total["passed"]
    counts = ", ".join(f"{total[word]} {word}" for word in ORDER if total[word]) or "nothing ran"
    closing = f" {counts} in {time.monotonic() - start:.2f}s ".center(100, "=")
    print(closing, flush=True)
    return 1 if failed else 0


def install_programs() -> None:
    """What tests need and Python's registry does not have."""
    missing = []
    if not shutil.which("chromium"):
        missing += ["chromium", "fonts-dejavu-core"]
    if not (shutil.which("initdb") or list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))):
        missing += ["postgresql"]
    try:
        ctypes.CDLL("libatomic.so.1")  # what Playwright is driven by asks for it
    except OSError:
        missing += ["libatomic1"]
    if not has_pango():
        missing += PANGO
    # The test suite of WebDAV, its clients, a front server, and what injects faults.
    for name, package in PROGRAMS.items():
        if not shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"):
            missing.append(package)
    missing += [package for program, package in READERS.items() if not shutil.which(program)]
    missing += [package for package in OFFICE if not _has_office(package)]
    for program, package in (("unzip", "unzip"), ("7z", "p7zip-full")):  # open the zips we make
        if not shutil.which(program):
            missing += [package]
    if missing:
        install_debian_packages(missing, purpose="for the tests")


def _has_office(package: str) -> bool:
    """Whether this part of LibreOffice is there: it may have been installed without the others."""
    if not shutil.which("dpkg-query"):
        return shutil.which("soffice") is not None
    asked = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package]
    whole = package.removesuffix("-nogui")  # a desk has the part with its windows
    found = [subprocess.run([*asked[:-1], one], capture_output=True, check=False).stdout for one in (package, whole)]
    return b"installed" in found


if __name__ == "__main__":
    sys.exit(main())
