"""Read the settings of this instance: the environment first, then `tilios.toml`, then a default.

The only module that reads the environment. No secret has a default: secrets are made at first start
and kept in the data folder, readable by their owner alone.
"""

import ipaddress
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


def send_file() -> str:
    """How the server in front sends files: an internal location of nginx ("/blobs/"), "X-Sendfile", or "" for not."""
    how = read("TILIOS_SENDFILE")
    if how and not how.startswith("/") and how != "X-Sendfile":
        raise BadSetting("TILIOS_SENDFILE must be an internal location of nginx, such as /blobs/, or X-Sendfile")
    return how


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
                "PRAGMA cache_size=-2000; PRAGMA temp_store=MEMORY;"
            ),
        },
    }


def blobs() -> dict[str, object]:
    """Where the bytes of files are, for Django's STORAGES: a folder of the data, or with TILIOS_BLOBS=s3 the bucket
    TILIOS_S3_BUCKET of the server TILIOS_S3_ENDPOINT (Amazon's without it), opened by TILIOS_S3_KEY_ID and
    TILIOS_S3_SECRET.
    """
    where = read("TILIOS_BLOBS", "disk")
    if where == "disk":
        return {"BACKEND": "tilios.core.blobs.storage.DiskStorage", "OPTIONS": {"location": data_folder() / "blobs"}}
    if where != "s3":
        raise BadSetting(f"TILIOS_BLOBS must be disk or s3, not {where!r}")
    wanted = {"bucket_name": "TILIOS_S3_BUCKET", "access_key": "TILIOS_S3_KEY_ID", "secret_key": "TILIOS_S3_SECRET"}
    options: dict[str, object] = {option: read(name) for option, name in wanted.items()}
    if missing := sorted(name for option, name in wanted.items() if not options[option]):
        raise BadSetting(f"TILIOS_BLOBS=s3 needs {' and '.join(missing)}")
    endpoint = read("TILIOS_S3_ENDPOINT")
    if endpoint and urlsplit(endpoint).scheme not in {"http", "https"}:
        raise BadSetting(f"TILIOS_S3_ENDPOINT must look like https://s3.example.org, not {endpoint!r}")
    options |= {"endpoint_url": endpoint or None, "region_name": read("TILIOS_S3_REGION", "us-east-1")}
    return {"BACKEND": "tilios.core.blobs.s3.S3Blobs", "OPTIONS": options}


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


def mailroom() -> tuple[str, str]:
    """Where a mail server hands letters over (core/mailroom), and for which domain: TILIOS_LMTP, "127.0.0.1:8024" or
    the path of a socket, and TILIOS_MAIL_DOMAIN. Both "" when no letter comes in so.
    """
    place, domain = read("TILIOS_LMTP"), read("TILIOS_MAIL_DOMAIN").strip().lower()
    host, _colon, port = place.rpartition(":")
    if place and not place.startswith("/") and not (host and port.isascii() and port.isdecimal()):
        raise BadSetting(f"TILIOS_LMTP must look like 127.0.0.1:8024 or /run/tilios/lmtp.sock, not {place!r}")
    if place and not domain:
        raise BadSetting("TILIOS_LMTP needs TILIOS_MAIL_DOMAIN, the domain whose letters come in")
    return place, domain


def uploads() -> dict[str, int]:
    """Limits of files sent from a page (core/uploads/limits.py), from TILIOS_UPLOAD_MAX_GIB, of one file;
    TILIOS_UPLOAD_WAITING_GIB, of all that somebody has not finished; TILIOS_UPLOAD_DAYS, how long an unfinished one is
    kept. Half of the threads may be receiving at once.
    """
    most = whole_number("TILIOS_UPLOAD_MAX_GIB", 50)
    return {
        "most_bytes": most * 2**30,
        "most_waiting_bytes": max(most, whole_number("TILIOS_UPLOAD_WAITING_GIB", 200)) * 2**30,
        "days": whole_number("TILIOS_UPLOAD_DAYS", 7),
        "at_once": max(1, whole_number("TILIOS_THREADS", 16) // 2),
    }


def outside_networks() -> list[str]:
    """Private networks that people of this instance may have it fetch from (core/outside), from
    TILIOS_OUTSIDE_NETWORKS: "10.1.0.0/16, fd00:1::/64". None by default.
    """
    found = read("TILIOS_OUTSIDE_NETWORKS").replace(",", " ").split()
    for text in found:
        try:
            ipaddress.ip_network(text, strict=False)
        except ValueError as error:
            raise BadSetting(f"TILIOS_OUTSIDE_NETWORKS must list networks such as 10.1.0.0/16, not {text!r}") from error
    return found


def whole_number(name: str, default: int) -> int:
    """A setting that counts, from one up; raises BadSetting on anything else."""
    value = read(name, str(default))
    if not (value.isascii() and value.isdecimal() and int(value) > 0):
        raise BadSetting(f"{name} must be a whole number above zero, not {value!r}")
    return int(value)
