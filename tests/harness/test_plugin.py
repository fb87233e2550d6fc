"""What the plugin does to the order of tests."""

import os
import subprocess
import sys

STORY = """
import pytest
pytestmark = pytest.mark.story
told = []
def test_d_the_first_step(): told.append(1)
def test_c_the_second_step(): assert told == [1]; told.append(2)
def test_b_the_third_step(): assert told == [1, 2]; told.append(3)
def test_a_the_last_step(): assert told == [1, 2, 3]
"""


def test_a_story_is_told_in_order_by_one_process(pytestconfig, tmp_path):
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = story\n", "utf-8")
    (tmp_path / "test_story.py").write_text(STORY, "utf-8")
    (tmp_path / "test_other.py").write_text("def test_one(): pass\ndef test_two(): pass\n", "utf-8")
    plugins = ["-p", "tests.harness.plugin", "--ds=tests.harness.settings"]
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            *plugins,
            "-n2",
            "--dist=loadgroup",
            "--no-loadscope-reorder",
            "--randomly-seed=1",
            str(tmp_path),
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(pytestconfig.rootpath)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "6 passed" in done.stdout
