"""litmus, the test suite of the protocol, whole, on real files."""

import subprocess
from types import SimpleNamespace

import pytest

from tests.harness import programs


@pytest.mark.slow
def test_litmus_passes_whole_on_files(dav: SimpleNamespace, tmp_path) -> None:
    email, password = dav.login("bob")
    done = subprocess.run(
        [programs.find("litmus", package="litmus"), "-k", f"{dav.url}Commun/", email, password],
        cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    report = done.stdout
    assert "FAIL" not in report, report
    # uvicorn drops the fragment that a request must not have (RFC 9112, 3.2) before we could refuse it.
    warnings = [line for line in report.splitlines() if "WARNING" in line]
    assert all("including fragment" in line for line in warnings), warnings
    assert report.count("summary for") == 5, report
