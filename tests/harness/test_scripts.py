"""What the scripts of `dev/` and the harness promise: steps done once, sentences that help, sums that add up."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest

from dev import audit, places, setup
from dev.places import Stop
from dev.test import Run
from tests.harness import postgres, programs


def test_a_missing_program_says_what_to_install():
    with pytest.raises(programs.Missing, match="sudo apt-get install no-such-package"):
        programs.find("no-such-program", package="no-such-package")


def test_the_newest_version_of_a_program_is_found(tmp_path):
    for version in ("9", "15", "14"):
        folder = tmp_path / version / "bin"
        folder.mkdir(parents=True)
        (folder / "initdb").touch()
    assert programs.find("initdb", package="", folders=(f"{tmp_path}/*/bin",)) == tmp_path / "15" / "bin" / "initdb"


def test_without_root_apt_is_left_to_the_person(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(places.shutil, "which", lambda _name: "/usr/bin/apt-get")
    with pytest.raises(Stop, match="sudo apt-get install chromium postgresql"):
        places.install_debian_packages(["chromium", "postgresql"], purpose="for the tests")


def test_a_step_is_done_again_only_when_its_source_changes(tmp_path, monkeypatch):
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    source = tmp_path / "lock.txt"
    done = []

    def step() -> None:
        done.append(source.read_text())

    for content in ("one", "one", "two", "two"):
        source.write_text(content)
        setup._once(tmp_path / "stamps" / "step", setup._fingerprint([source]), step)

    assert done == ["one", "two"]


def test_a_step_that_fails_is_not_taken_for_done(tmp_path):
    def step() -> None:
        raise Stop("no network")

    for _attempt in range(2):
        with pytest.raises(Stop):
            setup._once(tmp_path / "step", "fingerprint", step)


@pytest.mark.parametrize(
    ("line", "counts"),
    [
        ("====== 2 failed, 40 passed, 1 warning in 12.34s ======", {"failed": 2, "passed": 40, "warnings": 1}),
        ("= 1 passed, 1 error in 0.10s =", {"passed": 1, "errors": 1}),
        ("===== 1200 passed, 3 skipped in 75.30s (0:01:15) =====", {"passed": 1200, "skipped": 3}),
        ("=== short test summary info ===", {}),
    ],
)
def test_the_closing_line_is_read(line, counts):
    run = Run("", [])
    run._read(line)
    assert dict(run.counts) == counts


KNOWN = (
    '{"dependencies": [{"name": "django", "version": "2.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"]}]}]}'
)
CLEAN = '{"dependencies": [{"name": "django", "version": "5.2", "vulns": []}]}'
DEAF = '{"dependencies": [{"name": "django", "skip_reason": "Dependency not found on PyPI"}]}'


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([KNOWN, CLEAN], ""),
        ([DEAF], "no source of advisories can be reached from here, nothing was asked"),
        ([""], "no source of advisories can be reached from here, nothing was asked"),
        ([KNOWN, ""], "the source of advisories stopped answering"),
    ],
)
def test_the_audit_says_whether_anybody_answered(monkeypatch, answers, said):
    left = iter(answers)
    monkeypatch.setattr(audit.subprocess, "run", lambda *_args, **_options: SimpleNamespace(stdout=next(left)))
    assert audit.dependencies() == said


def test_the_audit_fails_on_a_known_fault(monkeypatch):
    monkeypatch.setattr(audit.subprocess, "run", lambda *_args, **_options: SimpleNamespace(stdout=KNOWN))
    with pytest.raises(Stop, match=r"django 2\.0: PYSEC-1 \(mended: 2\.1\)"):
        audit.dependencies()


def test_a_private_postgresql_is_gone_afterwards():
    with postgres.cluster() as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        folder = Path(url.partition("host=")[2])
        assert folder.is_dir()
    assert not folder.exists()


def test_a_private_postgresql_does_not_outlive_tests_that_are_killed():
    script = "import tests.harness.postgres as p\nwith p.cluster() as url: print(url, flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as tests:
        assert tests.stdout
        url = tests.stdout.readline().strip()
        tests.kill()
    for _attempt in range(100):
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            break
        time.sleep(0.05)
    else:
        pytest.fail("PostgreSQL still answers")
    shutil.rmtree(url.partition("host=")[2], ignore_errors=True)
