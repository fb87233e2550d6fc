"""Run one of our modules on something that nobody has checked, in a process that can harm little and not for long.

    output = jail.run("tilios.kit.documents.jailed", ["read", "pdf"], stdin=file, limits=Limits(wall_s=30))

How strong the walls are depends on the machine, `walls()` says it:

- BUBBLEWRAP: no network, no file but the programs and `stdin`, another user, killed with us;
- NAMESPACES (`unshare` alone): no network, but files that the server may read can be read;
- LIMITS: nothing but the limits of time, memory and size below, which hold everywhere.
"""

import contextlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import IO

import tilios

MIB = 2**20
# Where programs, their settings and fonts are. What is missing here is passed over.
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/opt/libreoffice")
SETTINGS = (
    "alternatives",
    "fonts",
    "libreoffice",
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "localtime",
    "papersize",
)
NOWHERE = Path("/tmp")  # noqa: S108  # of a trial that writes nothing
KILLED = {signal.SIGKILL, signal.SIGXCPU, signal.SIGXFSZ, signal.SIGALRM}


class Walls(StrEnum):
    """What keeps the process in; see the top of this module."""

    BUBBLEWRAP = "bubblewrap"
    NAMESPACES = "namespaces"
    LIMITS = "limits"


@dataclass(frozen=True)
class Limits:
    """`memory` (of each process) and `output` in bytes, `cpu_s` of each process and `wall_s` of all in seconds."""

    memory: int = 1024 * MIB
    output: int = 64 * MIB
    cpu_s: int = 30
    wall_s: int = 40


class Exhausted(Exception):
    """It took more time, memory or room than it may."""


class Crashed(Exception):
    """The process ended badly, by itself."""


@cache
def walls() -> Walls:
    """The strongest walls that this machine allows. Tried once: having a program is not being allowed to use it."""
    for found, command in ((Walls.BUBBLEWRAP, _bubblewrap(NOWHERE, proc=False)), (Walls.NAMESPACES, _UNSHARE)):
        if shutil.which(command[0]) and _works([*command, "true"]):
            return found
    return Walls.LIMITS


@cache
def has_proc() -> bool:
    """Whether a /proc of its own can be given to what is behind bubblewrap: some hardened services may not."""
    return _works([*_bubblewrap(NOWHERE, proc=True), "true"])


def run(module: str, arguments: Sequence[str], *, stdin: IO[bytes], limits: Limits) -> bytes:
    """What `module` writes when run with `arguments`, reading `stdin`, a file at its first byte.

    The module must call `confine` before it reads anything. Raises Exhausted, Crashed.
    """
    with tempfile.TemporaryDirectory(prefix="tilios-jail-") as folder, tempfile.TemporaryFile() as output:
        Path(folder).chmod(0o777 if walls() is Walls.BUBBLEWRAP else 0o700)  # another user in there; nobody above it
        command = [*_prefix(Path(folder)), sys.executable, "-I", "-m", module, json.dumps(asdict(limits)), *arguments]
        code = _wait(command, stdin, output, _environment(folder), limits.wall_s)
        if code:
            _raise(code)
        size = output.seek(0, os.SEEK_END)
        if size > limits.output:
            raise Exhausted
        output.seek(0)
        return output.read()


def confine(limits: str) -> None:
    """Called first in the jailed module, with its first argument: bound what this process and its children may use."""
    bounds = Limits(**json.loads(limits))
    for name, bound in (
        (resource.RLIMIT_AS, bounds.memory),
        (resource.RLIMIT_CPU, bounds.cpu_s),
        (resource.RLIMIT_FSIZE, 4 * bounds.output),
        (resource.RLIMIT_NOFILE, 512),
        (resource.RLIMIT_CORE, 0),
    ):
        _soft, hard = resource.getrlimit(name)
        most = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(name, (most, most))


def _wait(command: list[str], stdin: IO[bytes], output: IO[bytes], env: dict[str, str], wall_s: int) -> int:
    with subprocess.Popen(  # noqa: S603
        command, stdin=stdin, stdout=output, stderr=subprocess.DEVNULL, env=env, cwd="/", start_new_session=True
    ) as process:
        try:
            return process.wait(wall_s)
        except subprocess.TimeoutExpired:
            raise Exhausted from None
        finally:
            # Whatever it has started ends with it: a namespace dies with its first process, a session is killed here.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _raise(code: int) -> None:
    # A shell and bwrap say 128 + the signal, Python says minus the signal.
    ended_by = -code if code < 0 else code - 128
    raise Exhausted if ended_by in KILLED else Crashed


def _environment(folder: str) -> dict[str, str]:
    # SECURITY: nothing of our own environment: it holds addresses and passwords.
    home = "/tmp" if walls() is Walls.BUBBLEWRAP else folder  # noqa: S108
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": home,
        "TMPDIR": home,
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _prefix(folder: Path) -> list[str]:
    match walls():
        case Walls.BUBBLEWRAP:
            return _bubblewrap(folder, proc=has_proc())
        case Walls.NAMESPACES:
            return list(_UNSHARE)
        case _:
            return []


_UNSHARE = ("unshare", "--user", "--map-root-user", "--net", "--pid", "--fork", "--kill-child", "--")


def _bubblewrap(folder: Path, *, proc: bool) -> list[str]:
    """The command that leaves nothing to see but programs, fonts, and `folder` as /tmp."""
    # SECURITY: the data folder (database, secrets, everybody's files) is not among what is bound, and must never be.
    binds = [part for path in _seen() for part in ("--ro-bind", str(path), str(path))]
    return [
        *("bwrap", "--unshare-all", "--unshare-user", "--uid", "65534", "--gid", "65534"),
        *("--die-with-parent", "--new-session", "--cap-drop", "ALL"),
        *(("--proc", "/proc") if proc else ()),
        *("--dev", "/dev", "--bind", str(folder), "/tmp", *binds),  # noqa: S108
        *("--chdir", "/tmp", "--"),  # noqa: S108
    ]


def _seen() -> Iterator[Path]:
    """What the jailed process may read: the system's programs, Python with its libraries, and our code."""
    paths = [Path(name) for name in SYSTEM]
    paths += [Path("/etc") / name for name in SETTINGS]
    paths += [Path("/var/cache/fontconfig"), Path(sys.base_prefix), Path(sys.prefix), Path(tilios.__file__).parent]
    seen: list[Path] = []
    for path in paths:
        if path.exists() and not any(path.is_relative_to(other) for other in seen):
            seen.append(path)
    yield from seen


def _works(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=10, check=False).returncode == 0  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return False
