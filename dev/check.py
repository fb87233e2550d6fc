"""Every check that comes before the tests. All are run, two at a time; those that fail show what they said."""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from dev import audit
from dev.places import BIN, PYTHON, Stop, run_quietly, say

# A secure instance, to which `check --deploy` has nothing to say.
IN_PRODUCTION = {
    "TILIOS_URL": "https://tilios.example.org",
    "TILIOS_DATABASE_URL": "",
    "TILIOS_TRUSTED_PROXIES": "1",
    "TILIOS_DEBUG": "no",
}
DJANGO: list[str | Path] = [PYTHON, "-m", "tilios.config.command", "manage"]


@dataclass(frozen=True)
class Check:
    name: str
    command: Sequence[str | Path] | Callable[[], str]
    environment: Mapping[str, str] = field(default_factory=dict)

    def run(self, environment: Mapping[str, str]) -> str:
        """What there is to say though it went well; raises Stop with what is wrong."""
        if callable(self.command):
            return self.command()
        run_quietly(self.command, env={**environment, **self.environment})
        return ""


CHECKS = [
    Check("types", [BIN / "mypy"]),
    Check("templates", [BIN / "djlint", "--quiet", "--lint", "tilios"]),
    Check("form of the code", [BIN / "ruff", "format", "--check", "."]),
    Check("lint", [BIN / "ruff", "check", "."]),
    Check("import rules", [BIN / "lint-imports", "--no-cache"]),
    Check("translations", [PYTHON, "-m", "dev.translations", "check"]),
    Check("Django", [*DJANGO, "check", "--fail-level", "WARNING"]),
    Check("Django, deployed", [*DJANGO, "check", "--deploy", "--fail-level", "WARNING"], IN_PRODUCTION),
    Check("migrations", [*DJANGO, "makemigrations", "--check", "--dry-run"]),
    Check("permissions page", [*DJANGO, "permissions", "--check"]),
    Check("known faults of the dependencies", audit.dependencies),
]


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="tilios-check-") as data, ThreadPoolExecutor(2) as pool:
        environment = {
            **{name: "" for name in os.environ if name.startswith("TILIOS_")},
            "TILIOS_CONFIG": os.devnull,
            "TILIOS_DATA": data,
            "DJANGO_SETTINGS_MODULE": "tilios.config.settings",
        }
        passed = list(pool.map(lambda check: _passes(check, environment), CHECKS))
    failed = passed.count(False)
    say(f"{len(passed)} checks, {failed} failed" if failed else f"{len(passed)} checks passed")
    return 1 if failed else 0


def _passes(check: Check, environment: Mapping[str, str]) -> bool:
    start = time.monotonic()
    try:
        remark = check.run(environment)
    except Stop as stop:
        say(f"✘ {check.name}\n{stop}\n")
        return False
    say(f"✔ {check.name} ({time.monotonic() - start:.1f} s)" + (f": {remark}" if remark else ""))
    return True


if __name__ == "__main__":
    sys.exit(main())
