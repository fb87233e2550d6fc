"""What is joined to an event: addresses, or bytes in the event itself (ATTACH, RFC 5545 §3.8.1.1, RFC 8607)."""

import hashlib
import mimetypes
from base64 import b64decode
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from tilios.kit.ical.facts import calendar_of
from tilios.kit.ical.lines import Component, Property, made
from tilios.kit.ical.opened import Series


@dataclass(frozen=True, slots=True)
class Attachment:
    """One line ATTACH. `uri` is "" for bytes in the event, `size` is in bytes, 0 unknown; `key` tells it from others.

    What is not said is "": `name` is then the end of the address, perhaps.
    """

    uri: str = ""
    name: str = ""
    media_type: str = ""
    size: int = 0
    key: str = ""

    @property
    def is_inline(self) -> bool:
        return not self.uri


def attachments(data: bytes, recurrence_id: str = "") -> tuple[Attachment, ...]:
    """What is joined to one occurrence, or to the series."""
    series = Series(calendar_of(data))
    found = (series.override(series.wall(recurrence_id)) if recurrence_id else None) or series.master
    found = found or series.overrides[0]
    return tuple(attachment(line) for line in found.all("ATTACH"))


def attached_bytes(data: bytes, key: str) -> tuple[Attachment, bytes] | None:
    """The bytes that stand in the object under `key`, of any of its dates; None where nothing readable does."""
    for component in calendar_of(data).components:
        for line in component.all("ATTACH"):
            if _is_binary(line) and _key(line) == key:
                try:
                    return attachment(line), b64decode("".join(line.value.split()), validate=True)
                except ValueError:
                    return None
    return None


def attachment(line: Property) -> Attachment:
    """What a line ATTACH says."""
    media_type, name = line.parameter("FMTTYPE").strip().lower(), line.parameter("FILENAME").strip()
    if _is_binary(line):
        value = "".join(line.value.split())
        size = len(value) * 3 // 4 - value[-2:].count("=")
        extension = mimetypes.guess_extension(media_type) or ""
        return Attachment("", name or f"{_key(line)[:6]}{extension}", media_type, size, _key(line))
    size_said = line.parameter("SIZE")
    size = int(size_said) if size_said.isascii() and size_said.isdigit() and len(size_said) < 16 else 0
    uri = line.value.strip()
    return Attachment(uri, name or _last_part(uri), media_type, size, _key(line))


def attach(component: Component, wanted: tuple[Attachment, ...]) -> None:
    """Join `wanted` after what is joined already; the same address is not joined twice."""
    there = {line.value.strip() for line in component.all("ATTACH")}
    component.properties += [_line(one) for one in wanted if one.uri not in there]


def detach(component: Component, keys: tuple[str, ...]) -> None:
    """Take out the lines of these keys; the others stay as they came."""
    component.properties = [
        line for line in component.properties if line.name != "ATTACH" or _key(line) not in keys
    ]  # fmt: skip


def _line(wanted: Attachment) -> Property:
    said = {"FMTTYPE": wanted.media_type, "FILENAME": wanted.name, "SIZE": str(wanted.size) if wanted.size else ""}
    return made("ATTACH", wanted.uri, {name: [value] for name, value in said.items() if value})


def _is_binary(line: Property) -> bool:
    return line.parameter("VALUE").upper() == "BINARY" or line.parameter("ENCODING").upper() in ("BASE64", "B")


def _key(line: Property) -> str:
    return hashlib.sha256(line.value.encode()).hexdigest()[:16]


def _last_part(uri: str) -> str:
    try:
        path = urlsplit(uri).path
    except ValueError:  # brackets that hold no address of a host
        return ""
    return unquote(PurePosixPath(path).name)[:200]
