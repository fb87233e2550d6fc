"""The pytest plugin that gives tests their place: an empty data folder, a database, no network but this machine.

`TILIOS_TEST_DATABASE=postgresql` runs them on a private PostgreSQL, started for the run; the default is SQLite.
The cast (Alice, Bob, Gus, Charlie, Nobody) is in `tests/cast.py`.
"""

import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.db.backends.postgresql.creation import DatabaseCreation
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from tests.harness import postgres, programs

EVERYWHERE = ("tests.cast", "tests.harness.emptying")
BROWSER_TESTS = Path(__file__).resolve().parents[1] / "e2e"
#: A test that asks for none of these, nor has the mark `django_db`, sees no database.
DATABASE = {"db", "transactional_db", "database"}

# A busy machine is no fault of the code.
hypothesis.settings.register_profile(
    "tilios", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], print_blob=True
)
hypothesis.settings.load_profile("tilios")

_cleanup = ExitStack()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--with-database", action="store_true", help="pass over the tests that see no database: once is enough for them"
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Before anything reads Django's settings: see that they can only lead to folders and databases of this run."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:  # started by a process that has been here
        folder = Path(os.environ["TILIOS_DATA"]) / worker
    else:
        _forget_this_machine()
        folder = Path(tempfile.mkdtemp(prefix="tilios-tests-"))
        _cleanup.callback(shutil.rmtree, folder, ignore_errors=True)
        os.environ["TILIOS_TEST_FOLDER"] = str(folder)  # what every process of the run may share
        os.environ.update(_database())
    os.environ["TILIOS_DATA"] = str(folder)
    yield


def _forget_this_machine() -> None:
    """Drop the settings of the instance that a developer may be running."""
    for name in list(os.environ):
        if name.startswith("TILIOS_") and not name.startswith("TILIOS_TEST_"):
            del os.environ[name]
    os.environ["TILIOS_CONFIG"] = os.devnull


def _database() -> dict[str, str]:
    wanted = os.environ.get("TILIOS_TEST_DATABASE", "sqlite")
    if wanted == "sqlite":
        return {}
    if wanted != "postgresql":
        raise pytest.UsageError(f"TILIOS_TEST_DATABASE must be sqlite or postgresql, not {wanted!r}")
    try:
        return {"TILIOS_DATABASE_URL": _cleanup.enter_context(postgres.cluster())}
    except programs.Missing as missing:
        raise pytest.UsageError(str(missing)) from missing


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """What plays in every test, those of the core and of the tools included: read once Django is set up."""
    for name in EVERYWHERE:
        config.pluginmanager.import_plugin(name)
    DatabaseCreation._destroy_test_db = _destroy_test_db  # type: ignore[attr-defined]


def _destroy_test_db(creation: DatabaseCreation, name: str, verbosity: int) -> None:
    """As Django does on PostgreSQL, even where a thread of a test (a server's, a room's) still holds a session."""
    with creation._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(f"DROP DATABASE IF EXISTS {creation.connection.ops.quote_name(name)} WITH (FORCE)")


def pytest_unconfigure() -> None:
    _cleanup.close()


def pytest_report_header() -> str:
    return f"database: {os.environ.get('TILIOS_TEST_DATABASE', 'sqlite')}"


class _ByStory(LoadScopeScheduling):
    """One process takes the whole of a file that tells a story, or has a server of its own; other tests go anywhere."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return file if _is_whole(self.config.rootpath / file) else nodeid


@cache
def _is_whole(file: Path) -> bool:
    text = file.read_text("utf-8")
    return "pytest.mark.story" in text or 'scope="module"' in text


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling | None:
    """For `--dist=loadgroup`, whose groups pytest 9 does not take from pytest-xdist 3.8."""
    return _ByStory(config, log) if config.getoption("dist") == "loadgroup" else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Undo the shuffle where order has a meaning."""
    if config.getoption("--with-database"):
        passed_over = [item for item in items if not _sees_database(item)]
        config.hook.pytest_deselected(items=passed_over)
        items[:] = [item for item in items if _sees_database(item)]
    # Browser tests come last: Playwright leaves an event loop in the thread, where Django refuses the database.
    # The long ones first, or one worker would be alone with the last of them.
    items.sort(key=lambda item: (BROWSER_TESTS in item.path.parents, not item.get_closest_marker("slow")))
    stories: dict[Path, list[int]] = {}
    for index, item in enumerate(items):
        if item.get_closest_marker("story"):
            stories.setdefault(item.path, []).append(index)
    for places in stories.values():
        steps = sorted((items[place] for place in places), key=lambda item: item.location[1] or 0)
        for place, step in zip(places, steps, strict=True):
            items[place] = step


def _sees_database(item: pytest.Item) -> bool:
    return bool(item.get_closest_marker("django_db") or DATABASE & set(getattr(item, "fixturenames", ())))
