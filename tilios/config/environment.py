"""Read the settings of this instance: the environment first, then `tilios.toml`, then a default.

The only module that reads the environment. No secret has a default: secrets are made at first start
and kept in the data folder, readable by their owner alone.
"""

import os
import secrets
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

ROOT = Path(__file__).resolve().parents[2]


class BadSetting(Exception):
    """A setting has a value that Tilios cannot use; the message names it and says what is expected."""


@cache
def _file_values() -> dict[str, str]:
    path = Path(os.environ.get("TILIOS_CONFIG", "tilios.toml"))
    if not path.is_file():
        return {}
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadSetting(f"{path}: {error}") from error
    return {f"TILIOS_{key.upper()}": str(value) for key, value in values.items()}


def read(name: str, default: str = "") -> str:
    """The value of `name`, such as "TILIOS_URL"."""
    return os.environ.get(name) or _file_values().get(name, default)


def flag(name: str, default: bool = False) -> bool:
    """A yes/no setting; raises BadSetting on anything else."""
    value = read(name, "yes" if default else "no").lower()
    if value in {"1", "yes", "true", "on"}:
        return True
    if value in {"0", "no", "false", "off"}:
        return False
    raise BadSetting(f"{name} must be yes or no, not {value!r}")


def data_folder() -> Path:
    """The folder that holds everything of this instance; made on first use, closed to other users."""
    folder = Path(read("TILIOS_DATA", str(ROOT / "data"))).expanduser().resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def secret(name: str) -> str:
    """A secret of this instance, made the first time it is asked for.

    Two processes that start together agree: the one that creates the file wins.
    """
    folder = data_folder() / "secrets"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / name
    # SECURITY: created closed (0600) and exclusively, never opened up afterwards.
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.fsync(file.fileno())
    return path.read_text("ascii").strip()


@dataclass(frozen=True)
class PublicAddress:
    """Where people reach this instance: `url` without a trailing slash, and its parts."""

    url: str
    scheme: str
    host: str

    @property
    def secure(self) -> bool:
        return self.scheme == "https"


def public_address() -> PublicAddress:
    url = read("TILIOS_URL", "http://127.0.0.1:8000").rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadSetting(f"TILIOS_URL must look like https://tilios.example.org, not {url!r}")
    return PublicAddress(url, parts.scheme, parts.hostname)


def database() -> dict[str, object]:
    """Django's settings for TILIOS_DATABASE_URL: `sqlite:///path`, `postgresql://user@host/name` or,
    through a Unix socket, `postgresql://user@/name?host=/run/postgresql`.
    """
    url = read("TILIOS_DATABASE_URL")
    if not url:
        return sqlite(data_folder() / "tilios.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return sqlite(Path(unquote(parts.path)))
    if parts.scheme not in {"postgres", "postgresql"}:
        raise BadSetting("TILIOS_DATABASE_URL must begin with sqlite: or postgresql:")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    host = query.pop("host", "") or parts.hostname or ""
    port = query.pop("port", "") or (str(parts.port) if parts.port else "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(host),
        "PORT": port,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
    }


def sqlite(path: Path) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # IMMEDIATE: with DEFERRED, concurrent writers lose to "database is locked" (docs/decisions/0002).
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                "PRAGMA cache_size=-16000; PRAGMA mmap_size=134217728; PRAGMA temp_store=MEMORY;"
            ),
        },
    }


@dataclass(frozen=True)
class MailServer:
    """Where mail goes out, read from TILIOS_SMTP_URL: `smtp://user:password@host:587?from=…` (STARTTLS when
    the port is 587 or `tls=yes`) or `smtps://…`."""

    host: str
    port: int
    user: str
    password: str
    implicit_tls: bool
    starttls: bool


def mail_server() -> MailServer | None:
    """None when no server is set: messages are then kept for the host's administrator to read."""
    url = read("TILIOS_SMTP_URL")
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise BadSetting("TILIOS_SMTP_URL must look like smtp://user:password@mail.example.org:587")
    query = parse_qs(parts.query)
    implicit = parts.scheme == "smtps"
    port = parts.port or (465 if implicit else 25)
    starttls = not implicit and (port == 587 or query.get("tls") == ["yes"])
    return MailServer(
        parts.hostname, port, unquote(parts.username or ""), unquote(parts.password or ""), implicit, starttls
    )
