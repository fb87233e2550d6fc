"""Files stay small enough to hold in one's head, and none is a drawer."""

from pathlib import Path

import tilios

ROOT = Path(tilios.__file__).parent
MOST_LINES = 450


def sources() -> list[Path]:
    return [path for path in ROOT.rglob("*.py") if "migrations" not in path.parts]


def test_no_file_is_a_giant() -> None:
    giants = {
        str(path.relative_to(ROOT)) for path in sources() if len(path.read_text("utf-8").splitlines()) > MOST_LINES
    }
    assert not giants, "make each a package of the same name, split by subject"


def test_no_file_is_a_drawer() -> None:
    assert not [path for path in sources() if path.stem in {"utils", "helpers", "common", "misc"}]
