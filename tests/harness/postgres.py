"""A PostgreSQL of the tests' own: made in a temporary folder, reached by a Unix socket, gone at the end.

Also from a shell: `python -m tests.harness.postgres -- COMMAND...` runs COMMAND with TILIOS_DATABASE_URL set.
"""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.harness import programs

FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin")
START_WITHIN_S = 60
NAME = "tilios"

# Nothing here outlives the run, so nothing needs to reach the disk.
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "400",
    "shared_buffers": "128MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "jit": "off",
    "timezone": "UTC",
}


@contextmanager
def cluster() -> Iterator[str]:
    """Start a cluster with one empty database and give its URL; stop and remove it on the way out.

    Raises programs.Missing when PostgreSQL is not installed, RuntimeError with its log when it does not start.
    """
    initdb = programs.find("initdb", package="postgresql", folders=FOLDERS)
    user = _server_user()
    # Not in TMPDIR: the path of a socket may not be longer than 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="tilios-pg-", dir="/tmp"))
    try:
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)
        data = folder / "data"
        _run_as(user, [initdb, "--pgdata", data, "--username", NAME, "--auth", "trust", "--encoding", "UTF8",
                       "--locale", "C.UTF-8", "--no-sync", "--no-instructions"], folder)  # fmt: skip
        server = _start(user, initdb.with_name("postgres"), data, folder)
        try:
            _create_database(server, folder)
            yield f"postgresql://{NAME}@/{NAME}?host={folder}"
        finally:
            server.send_signal(signal.SIGQUIT)
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _server_user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: then it runs as its own user, or as nobody."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise programs.Missing("PostgreSQL does not run as root and there is no user `postgres` or `nobody`.")


def _identity(user: pwd.struct_passwd | None) -> dict[str, object]:
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


def _run_as(user: pwd.struct_passwd | None, command: list[str | Path], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, **_identity(user))  # type: ignore[call-overload]
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed:\n{done.stdout}{done.stderr}")


def _start(user: pwd.struct_passwd | None, postgres: Path, data: Path, folder: Path) -> subprocess.Popen[bytes]:
    command = [str(postgres), "-D", str(data), "-k", str(folder)]
    for name, value in SETTINGS.items():
        command += ["-c", f"{name}={value}"]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(  # type: ignore[call-overload]
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # A Ctrl-C is for the tests; they stop the server themselves.
            start_new_session=True,
            preexec_fn=_die_with_parent,
            **_identity(user),
        )


def _die_with_parent() -> None:
    """Ask Linux to stop the server when the tests are killed, so that no run leaves one behind."""
    set_parent_death_signal = 1  # PR_SET_PDEATHSIG, prctl(2)
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGQUIT)


def _create_database(server: subprocess.Popen[bytes], folder: Path) -> None:
    """Create the database as soon as the server answers."""
    deadline = time.monotonic() + START_WITHIN_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            connection = psycopg.connect(host=str(folder), user=NAME, dbname="postgres", autocommit=True)
        except psycopg.OperationalError:
            time.sleep(0.05)
            continue
        with connection:
            connection.execute(f"CREATE DATABASE {NAME}")
        return
    raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'log').read_text('utf-8', 'replace')}")


def main() -> int:
    arguments = sys.argv[1:]
    if arguments[:1] == ["--"]:
        arguments = arguments[1:]
    if not arguments:
        print("Usage: python -m tests.harness.postgres -- COMMAND...", file=sys.stderr)
        return 2
    try:
        with cluster() as url:
            return subprocess.run(arguments, env={**os.environ, "TILIOS_DATABASE_URL": url}, check=False).returncode
    except programs.Missing as missing:
        print(missing, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
