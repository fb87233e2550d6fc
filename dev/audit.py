"""Ask a source of advisories whether what we depend on has known faults.

Some mirrors answer "never heard of it" for everything, which reads like "no fault". So the source is first asked about
a version that is known to have faults; one that does not know it is no source, and the audit says so and goes on.
"""

import json
import subprocess
import tempfile
from pathlib import Path

from dev.places import BIN, ROOT, Stop

KNOWN_TO_HAVE_FAULTS = "django==2.0"
ANSWER_WITHIN_S = 10
AUDIT_WITHIN_S = 180


def dependencies() -> str:
    """One line to show when nothing was found or nobody could be asked. Raises Stop with the faults found."""
    with tempfile.TemporaryDirectory() as folder:
        probe = Path(folder, "probe.txt")
        probe.write_text(f"{KNOWN_TO_HAVE_FAULTS}\n", "ascii")
        if not _faults(probe, "--no-deps"):
            return "no source of advisories can be reached from here, nothing was asked"
    found = _faults(ROOT / "requirements" / "dev.txt", "--require-hashes")
    if found is None:
        return "the source of advisories stopped answering"
    if found:
        raise Stop("\n".join(found))
    return ""


def _faults(requirements: Path, option: str) -> list[str] | None:
    """The known faults of `requirements`, one sentence each; None when the source does not answer."""
    try:
        done = subprocess.run(
            [BIN / "pip-audit", "--requirement", requirements, "--disable-pip", option, "--format", "json",
             "--progress-spinner", "off", "--timeout", str(ANSWER_WITHIN_S)],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=AUDIT_WITHIN_S, check=False,
        )  # fmt: skip
        answer = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        return None
    return [
        f"{package['name']} {package['version']}: {fault['id']} (mended: {', '.join(fault['fix_versions']) or 'no'})"
        for package in answer["dependencies"]
        for fault in package.get("vulns", ())
    ]
